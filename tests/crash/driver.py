"""Runs a delivery in children that are stopped, each at another step, and then runs it again.

Started as a program of its own, so that forking is safe: `driver.py JOB`, where the file JOB says
what to do; what was found is printed as JSON, one line per kill.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from types import FrameType
from typing import Any

import relance
from relance.channels.registry import load, open_channel
from relance.history.store import History
from relance.history.values import Claim, Dispatch
from relance.notices.message import Message
from relance.policy.model import ChannelConfig
from relance.runs import delivery

DAY = date(2026, 3, 2)
KEYS = ("a" * 32, "b" * 32)
WATCHED = (
    "channels/",
    "runs/delivery.py",
    "runs/lanes.py",
    "runs/pacing.py",
    "runs/second_look.py",
    "runs/sender.py",
    "history/chain.py",
    "history/opened.py",
    "history/passages.py",
    "history/sending.py",
    "history/witness.py",
)
"""What runs between a claim and its end; `history/dispatches.py` works inside one transaction."""

OURS = Path(relance.__file__).parent


class Axe:
    """Stops this process at its step number `last`, counted from 1.

    A step is a line about to run, or with `lines` False only the begin and the end of a function.
    `how` is "kill", or "interrupt" for what Ctrl-C does.
    """

    def __init__(self, last: int, how: str, lines: bool) -> None:
        self.last = last
        self.how = how
        self.events = ("line",) if lines else ("call", "return")
        self.steps = 0

    def __call__(self, frame: FrameType, event: str, argument: object) -> Any:
        return self.step(frame, event, argument) if is_watched(frame) else None

    def step(self, frame: FrameType, event: str, argument: object) -> Any:
        if event in self.events:
            self.steps += 1
            if self.steps == self.last and self.how == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            elif self.steps == self.last:
                raise KeyboardInterrupt
        return self.step


def is_watched(frame: FrameType) -> bool:
    path = frame.f_code.co_filename
    return path.startswith(f"{OURS}/") and path[len(f"{OURS}/") :].startswith(WATCHED)


def prepared(job: dict[str, Any], place: str) -> Any:
    """Yield a notice per key; each says where it belongs, so that the server's log can be told."""
    kind = load(job["channel"]["kind"])
    for key in KEYS:
        medium = job["medium"]
        content = f"From: a@lenoir.example\r\nX-Place: {place}/{key}\r\n\r\nBonjour\r\n".encode()
        message = Message(
            key, medium, job["recipient"], "a@lenoir.example", "Rappel", content,
            f"<{key}@lenoir.example>", f"2026-03-02-reminder-1-garage-{key[:8]}.pdf",
        )  # fmt: skip
        dispatch = Dispatch(
            key, "notice", DAY, "C1", "channel", medium, job["recipient"], "EUR", 100,
            "standard", "reminder-1", 1, idempotent=kind.capabilities.idempotent,
        )  # fmt: skip
        yield dispatch, [Claim(f"F{key}", "standard", "reminder-1", 1)], message


def run(job: dict[str, Any], place: str) -> list[list[str]]:
    """Do what a run does from recovery to its end; return the state of each delivery."""
    root = Path(job["folder"]) / place
    url = job["url"].replace("PLACE", schema(job, place))
    config = ChannelConfig.model_validate(job["channel"])
    with History.open(
        url, root, creditor="732829320", now=lambda: datetime(2026, 3, 2, 8, tzinfo=UTC)
    ) as history:
        number = history.begin_run(DAY)
        channels = {"channel": open_channel("channel", config, root)}
        try:
            done = list(delivery.recover(history, channels, number))
            done += delivery.deliver(prepared(job, place), history, channels, number)
        finally:
            channels["channel"].close()
        history.finish_run(number, "completed", {})
        return [[each.key, each.state] for each in done]


def after(job: dict[str, Any], place: str) -> dict[str, Any]:
    """Run again twice after the kill and return what can be seen then."""
    second = run(job, place)
    third = run(job, place)
    root = Path(job["folder"]) / place
    url = job["url"].replace("PLACE", schema(job, place))
    with History.open(
        url, root, creditor="732829320", now=lambda: datetime(2026, 3, 2, 9, tzinfo=UTC)
    ) as history:
        levels = history.past().levels
        return {
            "place": place,
            "second": second,
            "third": third,
            "doubts": [doubt.dispatch.key for doubt in history.in_doubt()],
            "levels": dict(levels.select("dispatch", "state").rows()),
        }


def steps_of(job: dict[str, Any]) -> int:
    """Return how many steps a run has that nothing stops."""
    read, write = os.pipe()
    prepare(job, "whole")
    child = os.fork()
    if child == 0:
        axe = Axe(0, "kill", job["lines"])
        sys.settrace(axe)
        run(job, "whole")
        sys.settrace(None)
        os.write(write, str(axe.steps).encode())
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    return int(os.read(read, 20))


def stopped(job: dict[str, Any], place: str, step: int) -> bool:
    """Run in a child that is stopped at `step`; return whether it got that far."""
    child = os.fork()
    if child == 0:
        sys.settrace(Axe(step, job["how"], job["lines"]))
        try:
            run(job, place)
        except KeyboardInterrupt:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] != 0


def main(path: str) -> None:
    job = json.loads(Path(path).read_text())
    total = steps_of(job)
    stride = max(1, total // job["samples"]) if job["samples"] else 1
    for step in range(1 + total % stride, total + 1, stride):
        place = str(step)
        prepare(job, place)
        stopped(job, place, step)
        print(json.dumps(after(job, place)), flush=True)


def schema(job: dict[str, Any], place: str) -> str:
    """Return the name of the schema of one try: several tests may share a server."""
    return f"p{sha256(job['folder'].encode()).hexdigest()[:12]}_{place}"


def prepare(job: dict[str, Any], place: str) -> None:
    """Make the place of one try, with an empty history in it."""
    root = Path(job["folder"])
    (root / place).mkdir(parents=True)
    if job["server"]:
        import psycopg

        with psycopg.connect(job["server"], autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {schema(job, place)}")
        return
    empty = root / "relance.db"
    if not empty.exists():
        now = datetime(2026, 3, 1, tzinfo=UTC)
        History.open(job["url"], root, creditor="732829320", now=lambda: now).close()
    shutil.copy(empty, root / place)


if __name__ == "__main__":
    main(sys.argv[1])
