"""Runs too often and too seldom: the same day twice, every minute, after days without any."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from channels.servers import Scripted
from proof.fake_clock import fake_clock

from .projects import DAY, by_smtp, project

LONG = os.environ.get("RELANCE_TESTS") == "long"


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> str:
    return "" if request.param == "sqlite" else request.getfixturevalue("postgresql_server")


def test_the_same_day_twice_sends_once(tmp_path: Path, server):
    stage = project(tmp_path, server)
    assert stage("run", "--date", DAY).code == 0
    first = stage.bytes_of() if not server else {}
    sent = [path.read_bytes() for path in stage.outbox()]
    assert stage("run", "--date", DAY).code == 0
    assert [path.read_bytes() for path in stage.outbox()] == sent
    assert len(sent) == 3
    assert {n for n in stage.bytes_of() if n.startswith("out")} == {
        n for n in first if n.startswith("out")
    } or server


def test_every_minute_for_an_hour_a_greylisted_notice_is_tried_when_its_time_has_come(
    tmp_path: Path, server
):
    """One of three recipients is greylisted: tried at once, after 15 minutes, then taken."""
    minutes = range(60) if LONG else (0, 1, 2, 14, 15, 16, 59)
    replies = {"RCPT": ["450 4.2.0 greylisted", "250 ok", "250 ok", "450 4.2.0 greylisted"]}
    start = datetime(2026, 4, 8, 6, 0, tzinfo=UTC)
    with Scripted(replies).running() as mail, fake_clock(start) as at:  # type: ignore[arg-type]
        stage = project(tmp_path, server, by_smtp(mail.port))
        tried = []
        for minute in minutes:
            at.moment = start + timedelta(minutes=minute)
            assert stage("run", "--date", DAY).code in (0, 1)
            tried.append((minute, mail.verbs.count("RCPT")))
        assert dict(tried)[2] == 3
        assert dict(tried)[15 if not LONG else 16] == 4
        assert dict(tried)[59] == 4  # the next try is an hour after the second
        assert len(mail.accepted) == 2
        at.moment = start + timedelta(minutes=80)
        assert stage("run", "--date", DAY).code == 0
        assert len(mail.accepted) == 3


@pytest.mark.parametrize("skipped", [1, 3, 10, 40])
def test_after_days_without_a_run_each_receivable_moves_one_level(tmp_path: Path, server, skipped):
    stage = project(tmp_path, server)
    assert stage("run", "--date", DAY).code == 0
    day = date.fromisoformat(DAY) + timedelta(days=1 + skipped)
    assert stage("run", "--date", str(day)).code == 0
    assert stage("run", "--date", str(day)).code == 0
    later = 3 if day >= date(2026, 4, 21) else 0
    assert len(stage.outbox()) == 3 + later
    verdicts = {h["verdict"] for h in stage.plan(str(day))["held"]}
    assert verdicts <= {"not_due", "interval"}
