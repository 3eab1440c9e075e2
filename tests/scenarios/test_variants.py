"""Levels whose form changes from turn to turn: which one it is, and that it stays one level."""

from __future__ import annotations

from pathlib import Path

import pytest

from .stage import Fields, Stage, new_stage

CALL = {"channel": "task", "task": {"kind": "call", "subject": "Appeler {{ debtor.name }}"}}
MAIL = {"channel": "email", "template": "reminder"}
FORMS = [MAIL, CALL, MAIL, CALL]  # mail, call, mail; then call only
INVOICES = [  # one late invoice a month; each is paid before the next one is late
    ("F1", "2026-01-05", "2026-01-12"),
    ("F2", "2026-02-02", "2026-02-09"),
    ("F3", "2026-03-02", "2026-03-09"),
    ("F4", "2026-04-06", "2026-04-13"),
    ("F5", "2026-05-04", "2026-05-11"),
]


def project(tmp_path: Path, level: Fields, name: str = "project", debtor: str = "C1") -> Stage:
    levels = [{"id": "reminder-1", "days": 5, **level}]
    stage = new_stage(tmp_path / name, {"procedures": {"standard": {"levels": levels}}})
    late(stage, "F1", debtor=debtor)
    return stage


def late(stage: Stage, *numbers: str, debtor: str = "C1") -> None:
    dues = {number: due for number, due, _ in INVOICES}
    rows = [f"{n},{debtor},{dues[n]},{dues[n]},250.50,250.50,EUR,invoice" for n in numbers]
    stage.sales("\n".join(rows))
    stage.customers_of("\n".join(rows))


def forms(stage: Stage, debtor: str = "C1", count: int = 5) -> list[str]:
    """Run once a month, and return what each reminder was."""
    found = []
    for number, _, day in INVOICES[:count]:
        late(stage, number, debtor=debtor)
        plan = stage.plan(day)
        found += [notice["channel"] for notice in plan["notices"]]
        found += [task["kind"] for task in plan["tasks"]]
        assert stage("run", "--date", day).code == 0
    return found


def test_the_form_changes_with_each_turn_of_the_debtor_and_the_last_one_stays(tmp_path: Path):
    stage = project(tmp_path, {"variants": FORMS[:2] + FORMS[:1] + FORMS[1:2]})
    assert forms(stage) == ["email", "call", "email", "call", "call"]


def test_variants_come_round_where_the_policy_says_so(tmp_path: Path):
    stage = project(tmp_path, {"variants": [MAIL, CALL], "turns": "cycle"})
    assert forms(stage, count=4) == ["email", "call", "email", "call"]


def test_spread_debtors_begin_at_a_place_of_their_own_that_no_machine_changes(tmp_path: Path):
    level = {"variants": [MAIL, CALL], "turns": "spread"}
    first = {
        debtor: forms(project(tmp_path, level, debtor, debtor), debtor, 2)
        for debtor in ("C1", "C2", "C3", "C4")
    }
    assert first == {
        "C1": ["call", "email"],
        "C2": ["call", "email"],
        "C3": ["email", "call"],
        "C4": ["email", "call"],
    }


def test_a_dry_run_and_the_run_agree_and_a_second_run_of_the_day_does_nothing(tmp_path: Path):
    stage = project(tmp_path, {"variants": FORMS})
    forms(stage, count=1)
    late(stage, "F2")
    dry = stage("run", "--dry-run", "--json", "--date", "2026-02-09").json
    assert [task["kind"] for task in dry["tasks"]] == ["call"]
    assert stage("run", "--date", "2026-02-09").code == 0
    assert stage.verdict("F2", "2026-02-09") == "complete"
    assert stage.plan("2026-02-09")["notices"] == []


def test_an_invoice_is_never_claimed_twice_by_two_forms_of_its_level(tmp_path: Path):
    stage = project(tmp_path, {"variants": FORMS})
    forms(stage, count=1)
    late(stage, "F1")  # the turn is that of a call now, the level was sent
    assert stage.verdict("F1", "2026-02-16") == "complete"


def test_two_invoices_of_one_day_get_one_form_whatever_was_sent_that_day(tmp_path: Path):
    stage = project(tmp_path, {"variants": FORMS})
    assert stage("run", "--date", "2026-01-12").code == 0
    late(stage, "F1")
    stage.sales(
        "F1,C1,2026-01-05,2026-01-05,250.50,250.50,EUR,invoice\n"
        "F9,C1,2026-01-06,2026-01-06,80.00,80.00,EUR,invoice"
    )
    [notice] = stage.plan("2026-01-12")["notices"]
    assert (notice["channel"], notice["variant"]) == ("email", 1)
    assert [line["number"] for line in notice["receivables"]] == ["F9"]


def test_the_form_that_cannot_reach_the_debtor_gives_its_turn_away(tmp_path: Path):
    stage = project(tmp_path, {"variants": FORMS})
    stage.customers("C1,Client C1,business,FR,fr,,1 rue Haute,75001,Paris\n")
    [task] = stage.plan("2026-01-12")["tasks"]
    assert task["kind"] == "call"
    told = stage("explain", "F1", "--json", "--date", "2026-01-12").json
    assert told["variant"]["number"] == 2
    assert told["variant"]["reason"] == (
        "variant 2 of 4: variant 1, whose turn 1 it is, cannot reach the debtor"
    )


def test_explain_says_which_form_and_why(tmp_path: Path):
    stage = project(tmp_path, {"variants": [MAIL, CALL]})
    forms(stage, count=3)
    late(stage, "F4")
    told = stage("explain", "F4", "--json", "--date", "2026-04-13").json
    assert told["variant"] == {
        "number": 2,
        "count": 2,
        "turn": 4,
        "channels": ["task"],
        "task": "call",
        "reason": "variant 2 of 2: turn 4 of this debtor at this level, and the last variant stays",
    }
    assert "turn 4 of this debtor" in " ".join(
        stage("explain", "F4", "--date", "2026-04-13").out.split()
    )


def test_adopting_an_old_book_takes_no_turn_and_finds_the_level(tmp_path: Path):
    levels = [
        {"id": "reminder-1", "days": 5, "variants": FORMS},
        {"id": "reminder-2", "days": 20, **MAIL},
    ]
    stage = new_stage(tmp_path / "p", {"procedures": {"standard": {"levels": levels}}})
    late(stage, "F1")
    assert stage("adopt", "--date", "2026-02-02", "--yes").code == 0
    facts = stage("explain", "F1", "--json", "--date", "2026-02-03").json["facts"]
    assert facts["last_level"] == "reminder-2"
    late(stage, "F2")
    assert [n["variant"] for n in stage.plan("2026-02-09")["notices"]] == [1]


@pytest.mark.parametrize(
    "level", [{"mandatory": True}, {"variants": [MAIL, {"template": "formal-notice"}]}]
)
def test_a_formal_step_has_no_variants(tmp_path: Path, level: Fields):
    stage = project(tmp_path, {"channel": "letter", "variants": [MAIL, CALL], **level})
    said = stage("validate")
    assert said.code == 2
    assert "P230" in said.out + said.err
