"""Real runs, day after day, and their replay: the same notices and tasks on the same days."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from relance.runs.opening import check, open_history
from relance.runs.portfolio import assemble
from relance.runs.reach import reach_of
from relance.runs.story import story_of
from relance.simulation.replay import replay
from relance.simulation.story import Period

from .stage import HEADER, Stage, new_stage
from .test_payments import ACCOUNT, HEAD, SOURCES

PERIOD = Period(date(2026, 4, 1), date(2026, 4, 29))  # Easter is in it
ROWS = """
F1,C1,2026-02-20,2026-03-22,250.50,250.50,EUR,invoice
F2,C1,2026-03-01,2026-03-31,480.00,480.00,EUR,invoice
F3,C2,2026-03-03,2026-04-02,120.00,120.00,EUR,invoice
F4,C2,2026-04-10,2026-04-13,90.00,90.00,EUR,invoice
A1,C2,2026-04-15,2026-04-15,-120.00,-120.00,EUR,credit_note
F5,C3,2026-03-06,2026-04-05,700.00,700.00,EUR,invoice
F6,C4,2026-03-02,2026-04-01,310.00,310.00,EUR,invoice
F7,C4,2026-03-20,2026-04-19,55.00,55.00,EUR,invoice
F8,C5,2026-02-15,2026-03-17,900.00,900.00,EUR,invoice
F9,C6,2026-02-26,2026-03-28,600.00,600.00,EUR,invoice
F10,C7,2026-03-15,2026-04-14,12.00,12.00,EUR,invoice
F11,C7,2026-03-25,2026-04-24,30.00,30.00,EUR,invoice
F12,C8,2026-02-10,2026-03-12,88.00,88.00,EUR,invoice
""".strip().splitlines()
MONEY = """
2026-04-09,250.50,Client C1,,VIR SEPA FACTURE F1,E1
2026-04-16,88.00,Client C8,,VIR SEPA FACTURE F12,E2
2026-04-14,100.00,Client C1,,ACOMPTE FACTURE F2,E4
2026-04-22,-250.50,Client C1,,REJET F1,E1
2026-04-27,310.00,Client C4,,VIR SEPA FACTURE F6,E3
""".strip().splitlines()
EVENTS = {
    "2026-04-03": ["instalments propose C6 --count 2 --first 2026-04-17", "instalments accept {last}"],
    "2026-04-08": ["promise F5 --until 2026-04-13", "dispute open F6 --reason price"],
    "2026-04-10": ["record block F8 --until 2026-04-21"],
    "2026-04-14": ["letter accept {pending}"],
    "2026-04-23": ["dispute reject F6"],
}  # fmt: skip
LEVELS = [
    {"id": "courtesy", "days": -3, "channel": "email", "template": "courtesy"},
    {"id": "reminder-1", "days": 5, "channel": "email", "template": "reminder"},
    {"id": "call", "days": 12, "channel": "task", "task": {"kind": "call", "subject": "Appeler"}},
    {"id": "reminder-2", "days": 20, "all": ["email", "letter"], "template": "reminder"},
    {"id": "formal-notice", "days": 35, "channel": "letter", "template": "formal-notice", "mandatory": True},
]  # fmt: skip


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    policy = {
        "sources": SOURCES,
        "limits": {"contacts_per_debtor": {"max": 1, "days": 5}},
        "instalments": {"grace": 3, "remind_before": 3, "channel": "email"},
        "promises": {"after_broken": "reminder-2"},
    }
    given = {"open": "\n".join(ROWS), "policy": policy, "procedures": {"standard": {"levels": LEVELS}}}  # fmt: skip
    return new_stage(tmp_path / "project", given)


def known(stage: Stage, day: str) -> None:
    """Write the export and the statement of `day`: what was issued and what came until then."""
    stage.sales("\n".join([HEADER, *(row for row in ROWS if row.split(",")[2] <= day)]))
    told = [f"{row},{ACCOUNT}\n" for row in MONEY if row.split(",")[0] <= day]
    stage.write("releves/avril.csv", HEAD + "".join(told))


def happen(stage: Stage, day: str) -> None:
    """Do what people do on `day`, before its run."""
    last = ""
    for line in EVENTS.get(day, ()):
        pending = stage("letter", "list", "--json", "--date", day).json["pending"]
        waiting = pending[0]["movement"] if pending else ""
        words = line.format(last=last, pending=waiting).split()
        said = stage(*words, "--json", "--date", day)
        assert said.code == 0, (words, said)
        last = str(json.loads(said.out).get("number", "")) if said.out.startswith("{") else ""


def sent(stage: Stage) -> Iterator[tuple[str, str, str, str, tuple[str, ...]]]:
    with closing(sqlite3.connect(stage.root / "relance.db")) as database:
        items = defaultdict(list)
        for dispatch, item in database.execute("SELECT dispatch, item FROM claims"):
            items[dispatch].append(item)
        rows = database.execute(
            "SELECT run_date, debtor, level, channel, key FROM dispatches "
            "WHERE kind = 'notice' OR level IS NOT NULL"
        )
        for day, debtor, level, channel, key in rows:
            yield day, debtor, level, channel, tuple(sorted(items[key]))


def test_a_replay_sends_what_real_runs_sent_day_after_day(stage: Stage):
    days = [day.isoformat() for day in PERIOD.sending_days("FR")]
    assert "2026-04-06" not in days
    for day in days:
        known(stage, day)
        happen(stage, day)
        said = stage("run", "--date", day)
        assert said.code == 0, (day, said)
    policy = check(stage.root).policy
    assert policy is not None
    with open_history(policy, readonly=True) as history:
        portfolio = assemble(policy, date(2026, 4, 30), history)
        story = story_of(portfolio, history, PERIOD, seed=1).story
    played = replay(story, policy, reach_of(policy), PERIOD)
    steps = played.steps.filter("is_task")
    found = {
        (str(day), debtor, level, channel, tuple(items))
        for day, debtor, level, channel, items in played.notices.select(
            "day", "debtor", "level", "channel", "items"
        ).rows()
    }
    found |= {
        (str(day), debtor, level, "task", tuple(items))
        for day, debtor, level, items in steps.group_by("day", "debtor", "level")
        .agg(pl.col("item").sort())
        .rows()
    }
    real = set(sent(stage))
    assert {level for _, _, level, _, _ in real} == {*(one["id"] for one in LEVELS), "reminder"}
    assert sorted(found) == sorted(real)
