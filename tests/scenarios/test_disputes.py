"""Disputes over real runs: what is held, what goes on, who is told when nobody decides."""

from __future__ import annotations

from pathlib import Path

import pytest

from .stage import Stage, new_stage

DAY = "2026-04-10"  # F1 is due on the first of April: its first reminder is due
OPEN = "F1,C1,2026-03-02,2026-04-01,250.50,{open},EUR,invoice"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A project with one invoice of 250.50, and management that hears of late disputes."""
    return new_stage(
        tmp_path / "project",
        {"policy": {"disputes": {"days": 10, "escalate_after": 5, "escalate_to": "direction"}}},
    )


def dispute(stage: Stage, *words: str, day: str = DAY) -> None:
    said = stage("dispute", *words, "--date", day)
    assert said.code == 0, said


def disputes(stage: Stage, day: str = DAY) -> list[dict]:
    return stage("dispute", "list", "--json", "--date", day).json["disputes"]


def tasks(stage: Stage, day: str) -> list[tuple[str, str]]:
    return [(t["kind"], t["owner"]) for t in stage.plan(day)["tasks"]]


def test_a_dispute_without_an_amount_holds_the_whole_invoice(stage: Stage):
    dispute(stage, "open", "F1", "--code", "quality", "--reason", "scratched")
    assert stage.verdict("F1", DAY) == "disputed"
    [found] = disputes(stage)
    assert (found["invoices"], found["disputed"], found["until"]) == (
        ["F1"],
        "250.50",
        "2026-04-20",
    )


def test_the_undisputed_part_goes_on_being_claimed(stage: Stage):
    dispute(stage, "open", "F1", "--code", "price", "--amount", "120", "--owner", "paul")
    [notice] = stage.plan(DAY)["notices"]
    [line] = notice["receivables"]
    assert (line["amount"], line["open"], line["disputed"]) == ("250.50", "130.50", "120.00")
    assert notice["total_due"] == "130.50"
    told = stage("explain", "F1", "--json", "--date", DAY).json
    assert told["facts"]["disputed_part"] == "120.00"
    assert told["verdict"] == "act"


def test_what_leaves_claims_no_disputed_euro(stage: Stage):
    dispute(stage, "open", "F1", "--amount", "120")
    assert stage("run", "--date", DAY).code == 0
    [mail] = stage.outbox()
    assert "130,50" in mail.read_bytes().decode().replace("=C2=A0", " ")


def test_an_undisputed_rest_below_the_minimum_is_left_in_peace(stage: Stage):
    dispute(stage, "open", "F1", "--amount", "240")
    assert stage.verdict("F1", DAY) == "below_minimum"


def test_payment_of_the_undisputed_part_leaves_the_disputed_one_held(stage: Stage):
    dispute(stage, "open", "F1", "--amount", "120")
    stage.sales(OPEN.format(open="120.00"))
    assert stage.verdict("F1", "2026-04-13") == "disputed"


def test_payment_of_a_disputed_invoice_settles_it_and_its_dispute(stage: Stage):
    dispute(stage, "open", "F1")
    stage.sales(OPEN.format(open="0.00"))
    assert stage.verdict("F1", "2026-04-13") == "settled"
    assert disputes(stage, "2026-04-13") == []


def test_a_late_dispute_goes_to_its_owner_and_then_to_management(stage: Stage):
    dispute(stage, "open", "F1", "--owner", "paul", "--until", "2026-04-15")
    assert tasks(stage, "2026-04-15") == []
    assert tasks(stage, "2026-04-16") == [("late_dispute", "paul")]
    assert stage("run", "--date", "2026-04-16").code == 0
    assert tasks(stage, "2026-04-20") == []
    assert tasks(stage, "2026-04-21") == [("late_dispute", "direction")]
    assert stage.verdict("F1", "2026-04-21") == "disputed"


def test_a_rejected_dispute_is_dunned_again(stage: Stage):
    dispute(stage, "open", "F1")
    dispute(stage, "reject", str(disputes(stage)[0]["number"]), "--reason", "delivery note signed")
    assert stage.verdict("F1", DAY) == "act"
    assert disputes(stage) == []


def test_an_accepted_dispute_is_held_until_its_credit_note_is_set_off(stage: Stage):
    dispute(stage, "open", "F1", "--amount", "100")
    dispute(stage, "accept", "F1", "--until", "2026-04-20")
    assert stage.plan(DAY)["notices"][0]["total_due"] == "150.50"
    assert disputes(stage)[0]["state"] == "accepted"
    stage.sales(OPEN.format(open="150.50"))
    assert stage.plan("2026-04-13")["notices"][0]["total_due"] == "150.50"
    assert disputes(stage, "2026-04-13") == []


def test_a_payment_of_the_rest_is_not_taken_for_the_credit_note(stage: Stage):
    dispute(stage, "open", "F1", "--amount", "100")
    dispute(stage, "accept", "F1")
    stage.sales(OPEN.format(open="100.00"))
    assert stage.verdict("F1", "2026-04-13") == "disputed"


def test_a_credit_note_that_is_there_but_not_set_off_is_not_counted_twice(stage: Stage):
    dispute(stage, "open", "F1", "--amount", "120")
    dispute(stage, "accept", "F1")
    stage.sales(OPEN.format(open="250.50") + "\nA1,C1,2026-04-11,,-120.00,-120.00,EUR,credit_note")
    assert stage.plan("2026-04-13")["notices"][0]["total_due"] == "130.50"


def test_a_credit_note_that_does_not_come_is_asked_for(stage: Stage):
    dispute(stage, "open", "F1", "--owner", "paul")
    dispute(stage, "accept", "F1", "--until", "2026-04-20")
    assert tasks(stage, "2026-04-21") == [("credit_note", "paul")]
    assert stage.verdict("F1", "2026-04-21") == "disputed"


def test_a_dispute_of_the_whole_debtor_holds_every_invoice_and_takes_no_amount(stage: Stage):
    assert stage("dispute", "open", "--debtor", "C1", "--amount", "10", "--date", DAY).code == 2
    dispute(stage, "open", "--debtor", "C1", "--code", "terms")
    assert stage.verdict("F1", DAY) == "disputed"
    dispute(stage, "close", "C1")
    assert stage.verdict("F1", DAY) == "act"


@pytest.mark.parametrize(
    "words",
    [
        ("open", "F1", "--code", "mood"),
        ("open", "F1", "--amount", "300"),
        ("open", "F1", "--amount", "-3"),
        ("accept", "F1"),
        ("reject",),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_no_trace(stage: Stage, words: tuple[str, ...]):
    said = stage("dispute", *words, "--date", DAY)
    assert said.code == 2, said
    assert stage.verdict("F1", DAY) == "act"


def test_the_table_fits_eighty_columns(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    dispute(stage, "open", "F1", "--code", "price", "--amount", "120", "--owner", "paul",
            "--reason", "the offer of January said eight euros fifty a piece")  # fmt: skip
    monkeypatch.setenv("COLUMNS", "80")
    shown = stage("dispute", "list", "--date", DAY).out
    assert "120.00" in shown
    assert max(map(len, shown.splitlines())) <= 80
