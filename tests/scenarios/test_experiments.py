"""Experiments as a user meets them: arms in the plan, in explain and in the history, and what came of them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from relance.dunning.arms import arm_of
from relance.policy.model import Experiment

from .stage import Fields, Stage, new_stage, verdicts
from .test_debtor import ACCOUNT, SOURCES

TONES: Fields = {
    "name": "tone-2027",
    "arms": {"kind": {"share": 50, "tone": "friendly"}, "firm": {"share": 50, "tone": "firm"}},
}
NOTHING: Fields = {"name": "tone-2027", "arms": {"sent": 50, "none": {"share": 50, "send": False}}}
LATER: Fields = {"name": "tone-2027", "arms": {"sent": 50, "later": {"share": 50, "wait": 7}}}
SALES = "".join(f"F{n},C{n},2026-03-02,2026-04-01,250.50,250.50,EUR,invoice\n" for n in range(1, 9))
DAY = "2026-04-07"


def staged(root: Path, experiment: Fields, sales: str = SALES, **more: object) -> Stage:
    """Return a project whose first reminder, five days after the due date, is tried."""
    levels = [
        {"id": "reminder-1", "days": 5, "channel": "email", "template": "reminder", "experiment": experiment},
        {"id": "reminder-2", "days": 20, "channel": "email", "template": "reminder"},
    ]  # fmt: skip
    given = {"open": sales, "procedures": {"standard": {"levels": levels}}, **more}
    return new_stage(root, given)


def arms_of(experiment: Fields, count: int = 8) -> dict[str, str]:
    tried = Experiment.model_validate(experiment)
    return {f"C{n}": arm_of(tried, f"C{n}") for n in range(1, count + 1)}


def test_each_debtor_gets_its_arm_and_the_plan_says_which(tmp_path: Path) -> None:
    stage = staged(tmp_path / "p", TONES)
    plan = stage.plan(DAY)
    assert {n["debtor"]: n["arm"] for n in plan["notices"]} == arms_of(TONES)
    assert {n["experiment"] for n in plan["notices"]} == {"tone-2027"}
    assert stage("run", "--date", DAY).code == 0
    said = {path.read_bytes() for path in stage.outbox()}
    assert len(said) == 8


def test_explain_and_the_history_name_the_arm(tmp_path: Path) -> None:
    stage = staged(tmp_path / "p", TONES)
    arm = arms_of(TONES)["C1"]
    told = stage("explain", "F1", "--date", DAY)
    assert f"tone-2027: arm {arm} of level reminder-1, by the debtor's code" in " ".join(
        told.out.split()
    )
    assert stage("run", "--date", DAY).code == 0
    entry = stage("explain", "F1", "--date", DAY, "--json").json
    met = [event for event in entry["history"] if event["type"] == "exposed"]
    assert [(event["code"], event["arm"], event["level"]) for event in met] == [
        ("tone-2027", arm, "reminder-1")
    ]
    assert "part of an experiment" in stage("history").out


def test_who_gets_nothing_passes_the_level_over_and_meets_the_experiment_the_same_day(
    tmp_path: Path,
) -> None:
    stage = staged(tmp_path / "p", NOTHING)
    arms = arms_of(NOTHING)
    plan = stage.plan(DAY)
    assert {n["debtor"] for n in plan["notices"]} == {d for d, arm in arms.items() if arm == "sent"}
    held = {h["debtor"]: h for h in plan["held"]}
    assert {h["verdict"] for h in held.values()} == {"not_due"}
    assert {h["next_level"] for h in held.values()} == {"reminder-2"}
    assert stage("run", "--date", DAY).code == 0
    found = stage("experiments", "--json", "--date", DAY).json["experiments"][0]
    assert {arm["arm"]: arm["debtors"] for arm in found["arms"]} == {
        name: list(arms.values()).count(name) for name in ("sent", "none")
    }
    # The next level comes for all of them, at its own time.
    later = stage.plan("2026-04-21")
    assert {d for n in later["notices"] for d in [n["debtor"]]} == set(arms)


def test_who_waits_is_written_to_later_and_counts_from_the_same_day(tmp_path: Path) -> None:
    stage = staged(tmp_path / "p", LATER)
    waiting = sorted(d for d, arm in arms_of(LATER).items() if arm == "later")
    assert waiting
    assert stage("run", "--date", DAY).code == 0
    until = {h["debtor"]: h["until"] for h in stage.plan(DAY)["held"] if h["debtor"] in waiting}
    assert set(until.values()) == {"2026-04-13"}
    assert sorted(n["debtor"] for n in stage.plan("2026-04-13")["notices"]) == waiting
    assert stage("run", "--date", "2026-04-13").code == 0
    found = stage("experiments", "--json", "--date", "2026-04-13").json["experiments"][0]
    assert found["first"] == DAY
    assert sum(arm["debtors"] for arm in found["arms"]) == 8


def test_the_order_of_rows_changes_no_arm(tmp_path: Path) -> None:
    there = staged(tmp_path / "a", NOTHING).plan(DAY)
    back = staged(tmp_path / "b", NOTHING, "".join(reversed(SALES.splitlines(keepends=True))))
    assert verdicts(back.plan(DAY)) == verdicts(there)


def test_disputes_and_dry_runs_meet_no_experiment(tmp_path: Path) -> None:
    stage = staged(tmp_path / "p", TONES)
    assert stage("record", "dispute", "F1", "--reason", "price", "--date", DAY).code == 0
    assert stage("run", "--dry-run", "--date", DAY).code == 0
    found = stage("experiments", "--json", "--date", DAY).json["experiments"][0]
    assert sum(arm["debtors"] for arm in found["arms"]) == 0
    assert stage("run", "--date", DAY).code == 0
    found = stage("experiments", "--json", "--date", DAY).json["experiments"][0]
    assert sum(arm["debtors"] for arm in found["arms"]) == 7


def test_variants_can_be_the_arms(tmp_path: Path) -> None:
    levels = [
        {
            "id": "reminder-1", "days": 5, "channel": "email", "template": "reminder",
            "variants": [{"tone": "friendly"}, {"task": {"kind": "call", "subject": "Appeler"}, "channel": "task"}],
            "experiment": {"name": "tone-2027", "arms": {"mail": 50, "call": 50}},
        }
    ]  # fmt: skip
    stage = new_stage(
        tmp_path / "p", {"open": SALES, "procedures": {"standard": {"levels": levels}}}
    )
    plan = stage.plan(DAY)
    arms = arms_of({"name": "tone-2027", "arms": {"mail": {"share": 50}, "call": {"share": 50}}})
    assert {n["debtor"] for n in plan["notices"]} == {d for d, a in arms.items() if a == "mail"}
    assert {t["debtor"] for t in plan["tasks"]} == {d for d, a in arms.items() if a == "call"}


def paid_book(root: Path, experiment: Fields, count: int, quick: str) -> Stage:
    """Return a project of so many debtors whose arm `quick` pays three days after the call."""
    first, arms = date(2026, 3, 2), arms_of(experiment, count)
    names = [f"F-2026-{1000 + n}" for n in range(1, count + 1)]
    sales = "".join(
        f"{name},C{n},{first},2026-04-01,{1000 + n}.00,{1000 + n}.00,EUR,invoice\n"
        for n, name in enumerate(names, start=1)
    )
    call = {"id": "call", "days": 5, "channel": "task", "experiment": experiment}
    levels = [call | {"task": {"kind": "call", "subject": "Appeler {{ debtor.name }}"}}]
    given = {"open": sales, "procedures": {"standard": {"levels": levels}}}
    stage = new_stage(root, {**given, "policy": {"sources": SOURCES}})
    stage.write("banque.csv", "date,amount,counterparty,text,account\n")
    assert stage("run", "--date", DAY, "--quiet").code == 0
    bank = "date,amount,counterparty,text,account\n"
    for n, name in enumerate(names, start=1):
        if arms[f"C{n}"] == quick:
            day = date.fromisoformat(DAY) + timedelta(days=3)
            bank += f"{day},{1000 + n}.00,Client C{n},FACTURE {name},{ACCOUNT}\n"
    stage.write("banque.csv", bank)
    return stage


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return paid_book(tmp_path_factory.mktemp("large") / "p", NOTHING, 440, quick="sent")


def test_from_200_debtors_in_each_arm_on_they_are_compared(large: Stage) -> None:
    found = large("experiments", "tone-2027", "--json", "--date", "2026-05-20").json["experiments"][
        0
    ]
    (compared,) = found["comparisons"]
    assert (compared["arm"], compared["against"]) == ("sent", "none")
    assert compared["windows"][0]["difference"]["value"] == 1
    assert compared["windows"][0]["difference"]["low"] > 0.97
    assert compared["mean_days"]["value"] == -27
    said = " ".join(large("experiments", "--date", "2026-05-20").out.split())
    assert "Paid within 7 days, sent less none: 100.0 points" in said
    assert "Paid after a reminder is not because of it" not in said


def test_before_the_windows_are_over_nothing_is_compared(large: Stage) -> None:
    found = large("experiments", "--json", "--date", "2026-04-15").json["experiments"][0]
    windows = found["comparisons"][0]["windows"]
    assert windows[0]["difference"] is not None
    assert [window["difference"] for window in windows[1:]] == [None, None]
    assert [window["debtors_missing"] for window in windows[1:]] == [200, 200]


def test_small_experiments_are_refused_a_comparison_and_told_what_a_reminder_does_not_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    stage = paid_book(tmp_path / "p", TONES, 12, quick="firm")
    told = stage("experiments", "--date", "2026-05-20")
    said = " ".join(told.out.split())
    assert "not compared yet: 200 debtors for each arm" in said
    assert "Paid after a reminder is not because of it" in said
    assert "points" not in said
    assert max(map(len, told.out.splitlines())) <= 80


def test_without_experiments_there_is_nothing_and_a_wrong_name_is_told(tmp_path: Path) -> None:
    stage = new_stage(tmp_path / "p")
    assert stage("experiments", "--json", "--date", DAY).json["experiments"] == []
    assert "no experiment" in stage("experiments", "--date", DAY).err
    said = stage("experiments", "tone", "--date", DAY)
    assert said.code == 2
    assert "there is no experiment tone" in said.err


def test_a_wrong_arm_is_told_with_its_place(tmp_path: Path) -> None:
    wrong: Fields = {"name": "x", "arms": {"a": 50, "b": {"share": 50, "wat": 3}}}
    said = staged(tmp_path / "p", wrong)("validate")
    assert said.code == 2
    assert "procedures/standard.yaml:" in said.err + said.out
    assert "wat" in said.err + said.out
