"""Two runs at once: of one project, and of two machines that share a server."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from channels.servers import Scripted
from relance.channels.conformance import message
from relance.history.errors import AlreadyRunning
from relance.history.store import History
from relance.history.values import Claim, Claimed, Dispatch, Ending

from .projects import DAY, at_once, by_smtp, project, runners, schema_of

LONG = os.environ.get("RELANCE_TESTS") == "long"
TIMES = 50 if LONG else 5


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> str:
    return "" if request.param == "sqlite" else request.getfixturevalue("postgresql_server")


def test_of_two_runs_at_once_one_sends_and_one_says_that_it_is_running(tmp_path: Path, server):
    with runners(2) as both:
        for time in range(TIMES):
            stage = project(tmp_path / str(time), server)
            words = ["run", "-C", str(stage.root), "--date", DAY]
            codes = at_once(both, [words, words])
            assert set(codes) <= {0, 75}, codes
            assert 0 in codes
            assert len(stage.outbox()) == 3
            assert stage("doubt", "list", "--json").json["doubts"] == []


def test_two_machines_on_one_server_send_once(tmp_path: Path, postgresql_server):
    with runners(2) as both, Scripted().running() as mail:
        for time in range(TIMES):
            stage = project(tmp_path / str(time), postgresql_server, by_smtp(mail.port))
            other = shutil.copytree(stage.root, tmp_path / f"other-{time}")
            before = len(mail.accepted)
            calls = [["run", "--wait", "-C", str(r), "--date", DAY] for r in (stage.root, other)]
            assert set(at_once(both, calls)) == {0}
            assert len(mail.accepted) - before == 3


def test_a_run_that_lost_its_lock_sends_nothing_that_a_later_one_took_over(tmp_path, server):
    """A firewall closes the connection that holds the lock: another machine takes this run for dead."""
    moment, root = datetime(2026, 4, 8, 8, tzinfo=UTC), tmp_path
    url = schema_of(tmp_path, server) if server else "sqlite:///relance.db"
    key = "a" * 32
    dispatch = Dispatch(
        key, "notice", moment.date(), "C1", "email", "email", "x@b.example", "EUR", 100,
        "standard", "reminder-1", 1,
    )  # fmt: skip
    claims, mail = [Claim("F1", "standard", "reminder-1", 1)], message("email", key)
    with (
        History.open(url, root, creditor="x", now=lambda: moment) as one,
        History.open(url, root, creditor="x", now=lambda: moment) as other,
    ):
        first = one.begin_run(moment.date())
        assert one.claim(dispatch, claims, mail, first) == Claimed(1)
        second = other.begin_run(moment.date())
        assert other.recover(second) == []
        assert other.claim(dispatch, claims, mail, second) == Claimed(2)
        with pytest.raises(AlreadyRunning):
            one.transmitting(key, first)
        other.transmitting(key, second)
        with pytest.raises(AlreadyRunning):
            one.settle(key, Ending("transient"), first)
        assert other.settle(key, Ending("accepted"), second) == "sent"


def test_who_waits_runs_after_the_other_and_finds_nothing_to_do(tmp_path: Path, server):
    with runners(3) as three:
        stage = project(tmp_path / "p", server)
        words = ["run", "--wait", "-C", str(stage.root), "--date", DAY]
        assert at_once(three, [words] * 3) == [0, 0, 0]
        assert len(stage.outbox()) == 3
