"""Promises over real runs: kept, kept in part, broken, renewed, and what follows."""

from __future__ import annotations

from pathlib import Path

import pytest

from .stage import Stage, new_stage

DAY = "2026-04-10"  # F1 is due on the first of April: its first reminder is due
OPEN = "F1,C1,2026-03-02,2026-04-01,250.50,{open},EUR,invoice"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A project with one invoice of 250.50; two days of grace."""
    return new_stage(tmp_path / "project")


def promise(stage: Stage, *words: str, day: str = DAY) -> None:
    said = stage("promise", *words, "--date", day)
    assert said.code == 0, said


def states(stage: Stage, day: str) -> list[tuple[str, int]]:
    found = stage("promise", "list", "--json", "--date", day).json["promises"]
    return [(each["state"], each["renewals"]) for each in found]


def paid(stage: Stage, left: str) -> None:
    stage.sales(OPEN.format(open=left))


def test_a_promise_holds_to_its_date_and_grace(stage: Stage):
    promise(stage, "F1", "--until", "2026-04-20", "--by-whom", "Mme Roy")
    assert stage.verdict("F1", "2026-04-22") == "promised"
    assert states(stage, "2026-04-22") == [("open", 0)]
    assert stage.verdict("F1", "2026-04-23") == "act"
    assert states(stage, "2026-04-23") == [("broken", 0)]


def test_a_promise_is_kept_by_the_money_that_came(stage: Stage):
    promise(stage, "F1", "--until", "2026-04-20")
    paid(stage, "0.00")
    assert states(stage, "2026-04-23") == [("kept", 0)]


def test_a_promise_for_a_part_is_kept_when_the_part_came_and_the_rest_is_dunned(stage: Stage):
    promise(stage, "F1", "--until", "2026-04-20", "--amount", "100")
    assert stage.verdict("F1", "2026-04-15") == "promised"
    paid(stage, "150.50")
    assert states(stage, "2026-04-15") == [("kept", 0)]
    assert stage.plan("2026-04-15")["notices"][0]["total_due"] == "150.50"


def test_a_promise_of_which_a_part_came_is_kept_in_part_and_counts_as_broken(stage: Stage):
    promise(stage, "F1", "--until", "2026-04-20", "--amount", "200")
    paid(stage, "150.50")
    assert stage.verdict("F1", "2026-04-15") == "promised"
    assert states(stage, "2026-04-23") == [("part_kept", 0)]
    told = stage("explain", "F1", "--json", "--date", "2026-04-23").json
    assert told["facts"]["broken_promises"] == 1


def test_renewed_promises_count(stage: Stage):
    promise(stage, "F1", "--until", "2026-04-15")
    promise(stage, "F1", "--until", "2026-04-20")  # before the first was over
    promise(stage, "F1", "--until", "2026-05-04", day="2026-04-24")  # the second was broken
    assert states(stage, "2026-04-24") == [("open", 2), ("broken", 1), ("renewed", 0)]


def test_a_broken_promise_gives_one_task_with_what_came(stage: Stage):
    promise(stage, "F1", "--until", "2026-04-20", "--amount", "200")
    paid(stage, "150.50")
    [task] = stage.plan("2026-04-23")["tasks"]
    assert (task["kind"], task["receivables"]) == ("broken_promise", ["F1"])
    assert "100,00 EUR" in task["subject"]
    assert "200,00 EUR" in task["subject"]
    assert stage("run", "--date", "2026-04-23").code == 0
    assert stage.plan("2026-04-24")["tasks"] == []


def test_the_policy_says_which_level_follows_a_broken_promise(stage: Stage):
    stage.policy({"promises": {"after_broken": "reminder-2"}})
    promise(stage, "F1", "--until", "2026-04-13")
    assert stage.plan("2026-04-15")["notices"] == []
    [notice] = stage.plan("2026-04-16")["notices"]  # its age would be that of the first reminder
    assert notice["level"] == "reminder-2"


def test_a_level_that_is_mandatory_is_not_jumped_over(stage: Stage):
    stage.policy({"promises": {"after_broken": "formal-notice"}})
    stage.procedures({"standard": {"levels": [
        {"id": "reminder-1", "days": 5, "channel": "email", "template": "reminder", "mandatory": True},
        {"id": "formal-notice", "days": 40, "channel": "letter", "template": "formal-notice"},
    ]}})  # fmt: skip
    promise(stage, "F1", "--until", "2026-04-13")
    assert stage.plan("2026-04-16")["notices"][0]["level"] == "reminder-1"


def test_a_promise_of_the_debtor_is_about_what_was_issued_before(stage: Stage):
    promise(stage, "--debtor", "C1", "--until", "2026-04-20")
    stage.sales(OPEN.format(open="0.00") + "\nF2,C1,2026-04-12,2026-05-12,90.00,90.00,EUR,invoice")
    assert states(stage, "2026-04-23") == [("kept", 0)]


def test_a_promise_taken_back_holds_nothing(stage: Stage):
    promise(stage, "F1", "--until", "2026-04-20")
    promise(stage, "withdraw", "F1")
    assert stage.verdict("F1", DAY) == "act"
    assert states(stage, DAY) == [("withdrawn", 0)]


@pytest.mark.parametrize(
    "words",
    [
        ("F1",),
        ("F1", "--until", "2026-04-01"),
        ("F1", "--until", "2026-04-20", "--amount", "999"),
        ("F9", "--until", "2026-04-20"),
        ("F1", "F2", "--until", "2026-04-20"),
    ],
)
def test_what_cannot_be_promised_is_refused(stage: Stage, words: tuple[str, ...]):
    assert stage("promise", *words, "--date", DAY).code == 2
    assert stage.verdict("F1", DAY) == "act"


def test_an_unknown_level_after_a_broken_promise_is_an_error_with_its_place(stage: Stage):
    stage.policy({"promises": {"after_broken": "remainder-2"}})
    said = stage("validate")
    assert said.code == 2
    assert "remainder-2" in said.err + said.out


def test_the_table_fits_eighty_columns(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    promise(stage, "F1", "--until", "2026-04-20", "--by-whom", "Mme Roy, comptabilité fournisseurs")
    monkeypatch.setenv("COLUMNS", "80")
    shown = stage("promise", "list", "--date", DAY).out
    assert "250.50" in shown
    assert max(map(len, shown.splitlines())) <= 80
