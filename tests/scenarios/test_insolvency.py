"""Collective proceedings over real runs: dunning stops, the claim is declared in time, or they close."""

from __future__ import annotations

from pathlib import Path

import pytest

from .stage import Stage, new_stage

DAY = "2026-04-10"  # F1 is due on the first of April: its first reminder is due


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A project with an overdue invoice, one that is not due and a credit note."""
    return new_stage(
        tmp_path / "project",
        {
            "open": "F1,C1,2026-02-02,2026-03-04,1000.00,1000.00,EUR,invoice\n"
            "F2,C1,2026-04-02,2026-05-02,200.00,200.00,EUR,invoice\n"
            "A1,C1,2026-03-20,,-50.00,-50.00,EUR,credit_note"
        },
    )


def insolvency(stage: Stage, *words: str, day: str = DAY) -> None:
    said = stage("insolvency", *words, "--date", day)
    assert said.code == 0, said


def opened(stage: Stage, *more: str) -> None:
    words = ("--kind", "liquidation", "--published", "2026-04-09", "--opened", "2026-04-07")
    insolvency(stage, "open", "C1", *words, *more)


def tasks(stage: Stage, day: str) -> list[tuple[str, str]]:
    return [(t["kind"], t["due"]) for t in stage.plan(day)["tasks"]]


def claim(stage: Stage) -> dict:
    return stage("insolvency", "claim", "C1", "--json", "--date", DAY).json


def test_dunning_stops_at_once_and_the_task_has_the_day_of_bodacc_plus_two_months(stage: Stage):
    opened(stage)
    plan = stage.plan(DAY)
    assert plan["notices"] == []
    assert {held["verdict"] for held in plan["held"]} == {"insolvent", "credit"}
    assert tasks(stage, DAY) == [("declare_claim", "2026-06-09")]


def test_two_months_end_on_the_last_day_of_a_shorter_month(stage: Stage):
    insolvency(stage, "open", "C1", "--published", "2025-12-31")
    assert tasks(stage, DAY) == [("declare_claim", "2026-02-28")]


def test_a_creditor_abroad_has_two_months_more(stage: Stage):
    stage.policy({"creditor": {"country": "BE", "registration": "0403170701"}})
    opened(stage)
    assert tasks(stage, DAY) == [("declare_claim", "2026-08-09")]


def test_in_belgium_the_judgment_says_the_last_day(stage: Stage):
    stage.customers("C1,Client 1,business,BE,fr,c1@client.example,1 rue Haute,1000,Bruxelles")
    said = stage("insolvency", "open", "C1", "--published", "2026-04-09", "--json", "--date", DAY)
    assert said.json["declare_by"] is None
    insolvency(stage, "open", "C1", "--until", "2026-05-07")
    assert tasks(stage, DAY) == [("declare_claim", "2026-05-07")]


def test_a_deadline_that_passes_does_not_let_dunning_go_on(stage: Stage):
    opened(stage)
    assert stage.verdict("F1", "2026-06-15") == "insolvent"


def test_a_declared_claim_asks_for_no_task_and_stays_held(stage: Stage):
    opened(stage)
    insolvency(stage, "declared", "C1", "--on", "2026-04-10")
    assert tasks(stage, "2026-04-13") == []
    assert stage.verdict("F1", "2026-04-13") == "insolvent"
    [found] = stage("insolvency", "list", "--json", "--date", DAY).json["proceedings"]
    assert (found["declared"], found["days_left"]) == ("2026-04-10", 60)


def test_proceedings_that_close_let_dunning_go_on(stage: Stage):
    opened(stage)
    assert stage("run", "--date", DAY).code == 0
    insolvency(stage, "close", "C1", "--reason", "plan adopted", day="2026-04-13")
    assert stage.verdict("F1", "2026-04-13") == "act"
    assert stage("insolvency", "list", "--json", "--date", "2026-04-13").json["proceedings"] == []


def closed(stage: Stage, outcome: str) -> list[str]:
    """Close proceedings of the seventh of April, after which F9 was issued; return what is blocked."""
    opened(stage)
    rows = (stage.root / "ventes.csv").read_text("utf-8")
    stage.sales(rows + "F9,C1,2026-04-08,2026-05-08,70.00,70.00,EUR,invoice\n")
    day = ("--outcome", outcome, "--json", "--date", "2026-05-18")
    said = stage("insolvency", "close", "C1", *day)
    assert said.code == 0, said
    numbers: list[str] = said.json["blocked"]
    return numbers


@pytest.mark.parametrize("outcome", ["insufficient", "plan"])
def test_what_is_older_than_closed_proceedings_is_not_dunned_again(stage: Stage, outcome: str):
    assert closed(stage, outcome) == ["F1", "F2"]
    verdicts = [stage.verdict(number, "2026-05-18") for number in ("F1", "F2", "F9")]
    assert verdicts == ["blocked", "blocked", "act"]
    assert stage("insolvency", "list", "--json", "--date", "2026-05-18").json["proceedings"] == []


def test_explain_says_why_what_is_older_stays_held(stage: Stage):
    closed(stage, "insufficient")
    reason = stage("explain", "F1", "--json", "--date", "2026-05-18").json["reason"]
    assert "pour insuffisance d'actif" in reason


def test_a_person_may_pursue_it_all_the_same(stage: Stage):
    closed(stage, "insufficient")
    assert stage("record", "unblock", "F1", "--date", "2026-05-18").code == 0
    assert stage.verdict("F1", "2026-05-18") == "act"


def test_without_an_outcome_closing_says_that_older_claims_may_be_lost(stage: Stage):
    opened(stage)
    said = stage("insolvency", "close", "C1", "--date", "2026-04-13")
    assert "--outcome" in said.out + said.err


def test_an_outcome_is_of_closing_alone(stage: Stage):
    opened(stage)
    said = stage("insolvency", "declared", "C1", "--outcome", "plan", "--date", DAY)
    assert said.code == 2


def test_in_belgium_nobody_guesses_the_last_day(stage: Stage):
    stage.customers("C1,Client 1,business,BE,fr,c1@client.example,1 rue Haute,1000,Bruxelles")
    said = stage("insolvency", "open", "C1", "--opened", "2026-04-07", "--date", DAY)
    assert "30 days" in said.out + said.err
    assert tasks(stage, DAY) == [("declare_claim", DAY)]
    [found] = stage("insolvency", "list", "--json", "--date", DAY).json["proceedings"]
    assert (found["declare_by"], found["days_left"]) == (None, None)


def test_new_proceedings_after_closed_ones_give_a_task_again(stage: Stage):
    opened(stage)
    assert stage("run", "--date", DAY).code == 0
    assert tasks(stage, DAY) == []
    insolvency(stage, "close", "C1", day="2026-04-13")
    insolvency(stage, "open", "C1", "--published", "2026-04-13", day="2026-04-13")
    assert tasks(stage, "2026-04-13") == [("declare_claim", "2026-06-13")]


def test_the_claim_has_interest_up_to_the_opening_and_takes_credits_off(stage: Stage):
    opened(stage)
    made = claim(stage)
    overdue, not_due = made["items"]
    assert made["interest_until"] == "2026-04-07"
    assert overdue["periods"][-1]["end"] <= "2026-04-07"
    assert float(overdue["interest"]) > 0
    assert (overdue["compensation"], not_due["compensation"]) == ("40.00", "0.00")
    assert (not_due["interest"], not_due["fallen_due"]) == ("0.00", False)
    sums = made["totals"]["EUR"]
    assert (sums["principal"], sums["credits"]) == ("1200.00", "-50.00")
    assert float(sums["total"]) == pytest.approx(1190 + float(sums["interest"]))


def test_what_was_issued_after_the_opening_is_not_in_the_claim(stage: Stage):
    insolvency(stage, "open", "C1", "--opened", "2026-03-25")
    made = claim(stage)
    assert [item["number"] for item in made["items"]] == ["F1"]
    assert made["after_opening"] == ["F2"]


def test_the_declaration_is_a_pdf_and_writes_over_nothing(stage: Stage):
    opened(stage, "--representative", "Me Roux <liquidateur>", "--court", "TC Nantes")
    file = stage.root / "claim.pdf"
    insolvency(stage, "claim", "C1", "-o", str(file))
    assert file.read_bytes().startswith(b"%PDF")
    assert stage("insolvency", "claim", "C1", "-o", str(file), "--date", DAY).code == 2


@pytest.mark.parametrize(
    "words", [("claim", "C1"), ("declared", "C1"), ("close", "C1"), ("open",), ("open", "C9")]
)
def test_what_is_not_open_cannot_be_closed_or_declared(stage: Stage, words: tuple[str, ...]):
    assert stage("insolvency", *words, "--date", DAY).code == 2


def test_the_tables_fit_eighty_columns(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    opened(stage, "--owner", "paul de la comptabilité")
    monkeypatch.setenv("COLUMNS", "80")
    for words, amount in ((("list",), "€1,150.00"), (("claim", "C1"), "€1,000.00")):
        shown = stage("insolvency", *words, "--date", DAY).out
        assert amount in shown
        assert max(map(len, shown.splitlines())) <= 80
