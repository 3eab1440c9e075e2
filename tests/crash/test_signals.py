"""SIGTERM and SIGINT at each phase of the real program: it says so, and the next run finishes."""

from __future__ import annotations

import os
import signal
from collections import Counter
from email.parser import BytesHeaderParser
from pathlib import Path

import pytest

import forked
from channels.servers import Scripted

from .projects import DAY, by_smtp, project

LONG = os.environ.get("RELANCE_TESTS") == "long"
PHASES = (
    "policy/load.py:read_project",
    "history/lock.py:acquire",
    "history/upgrade.py:bring_forward",
    "history/passages.py:begin",
    "history/read.py:past",
    "intake/reading.py:read",
    "dunning/decide.py:decide",
    "notices/render.py:render",
    "history/dispatches.py:claim",
    "channels/smtp_session.py:address",
    "history/dispatches.py:transmitting",
    "channels/smtp_session.py:offer",
    "channels/smtp_session.py:finish",
    "history/dispatches.py:settle",
    "runs/observed.py:save_snapshots",
    "history/passages.py:finish",
)
"""The program from its beginning to its end, each by a function that it then enters."""

SIGNALS = {signal.SIGTERM: 143, signal.SIGINT: 130}
CASES = [(phase, number) for phase in PHASES for number in SIGNALS]


@pytest.mark.parametrize(("phase", "number"), CASES if LONG else CASES[::3])
def test_a_signal_ends_the_run_in_order_and_the_next_one_finishes(tmp_path, phase, number):
    with Scripted().running() as server:
        stage = project(tmp_path, email=by_smtp(server.port))
        driver = ["-m", "crash.signal_driver", phase, str(int(number))]
        words = [*driver, "run", "-C", str(stage.root), "--date", DAY]
        done = forked.run(words, cwd=Path(__file__).parents[1], env=os.environ)
        assert f"reached {phase}" in done.stderr.decode()
        assert done.returncode == SIGNALS[number], done.stderr
        assert b"Traceback" not in done.stderr
        again = stage("run", "--date", DAY)
        doubts = stage("doubt", "list", "--json").json["doubts"]
        assert again.code in (0, 1)
        before = len(server.accepted)
        assert stage("run", "--date", DAY).code in (0, 1)
        assert len(server.accepted) == before
    parsed = [BytesHeaderParser().parsebytes(content)["Message-ID"] for content in server.accepted]
    assert set(Counter(parsed).values()) == {1}
    assert len(doubts) <= 1
    assert 3 - len(doubts) <= len(parsed) <= 3
