"""The real thing: a project directory, its database, the real SMTP channel, a fake clock, and death.

A death at any line is simulated without a process: at that line the directory is copied as it lies
on the disk, the server stops listening to what the dead had not sent yet, and whatever the dying
code does afterwards is done to a directory that is thrown away.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import relance
from relance.channels import registry
from relance.history.lock import acquire
from relance.history.store import History
from relance.runs.execution import refuse_past, run
from relance.runs.opening import check, open_history
from relance.runs.report import RunReport
from scenarios.stage import PROCEDURE, Stage, new_stage

from .fake_clock import FakeClock
from .model import INTERVAL, LEVELS, Item
from .post_office import PostOffice

OURS = str(Path(relance.__file__).parent)
WATCHED = tuple(
    f"{OURS}/{name}"
    for name in (
        "channels/", "runs/delivery.py", "runs/lanes.py", "runs/observed.py", "runs/second_look.py",
        "runs/sender.py", "runs/sending.py", "history/claiming.py", "history/dispatches.py",
        "history/passages.py", "history/sending.py", "history/turns.py", "history/witness.py",
    )
)  # fmt: skip
"""Where a death finds something half done. What only reads is passed over: there is nothing to lose."""

KEPT = ("relance.db", "relance.db-wal", ".relance", "out")
"""What a run writes, and what survives a death; the rest of the directory is the user's."""


class Killed(BaseException):
    """Ends what a death interrupts; nobody listens to what it does on its way out."""


class Axe:
    """Calls `fell` once, at line number `last` of what is watched."""

    def __init__(self, last: int, fell: Any) -> None:
        self.left, self.fell, self.fallen = last, fell, False

    def __call__(self, frame: FrameType, event: str, argument: object) -> Any:
        return self.line if frame.f_code.co_filename.startswith(WATCHED) else None

    def line(self, frame: FrameType, event: str, argument: object) -> Any:
        if event == "line" and not self.fallen:
            self.left -= 1
            if self.left <= 0:
                self.fallen = True
                self.fell()
        return self.line


@dataclass(frozen=True)
class Row:
    """A dispatch as the database has it."""

    key: str
    state: str
    channel: str
    recipient: str
    message_id: str
    content: bytes
    changed: tuple[str, int]
    claims: frozenset[tuple[str, int, int]]


def policy_of(port: int) -> dict[str, Any]:
    mail = {
        "kind": "smtp", "host": "127.0.0.1", "port": port, "security": "none", "folder": None,
        "from": "compta@dubreuil.example", "reply_timeout": "0.4", "final_timeout": "0.4",
        "hostname": "test.example",
    }  # fmt: skip
    channels = {"email": mail, "letter": None, "folder": {"kind": "outbox", "folder": "out"}}
    return {"channels": channels}


def procedure() -> dict[str, Any]:
    levels = [
        {"id": f"level-{n}", "days": str(days), "channel": channel, "template": "reminder"}
        for n, (days, channel) in enumerate(LEVELS, start=1)
    ]
    levels[-1]["approval"] = "required"
    return {**PROCEDURE, "minimum": "0", "interval": str(INTERVAL), "levels": levels}


class World:
    """A project on `root`, and its mail server."""

    def __init__(self, root: Path, office: PostOffice, at: type[FakeClock]) -> None:
        self.root, self.office, self.clock = root, office, at
        shutil.rmtree(root, ignore_errors=True)
        self.stage: Stage = new_stage(root, {"policy": policy_of(office.port)})
        self.stage.write("procedures/standard.yaml", json.dumps(procedure()))
        reading = check(root)
        assert reading.policy, reading.diagnostics
        self.policy = reading.policy
        with self.history():
            pass
        self.empty = root.with_name(root.name + "-empty")
        self.spare = root.with_name(root.name + "-spare")
        self._copy(root, self.empty)

    def fresh(self) -> None:
        """Begin anew, as `relance init` leaves it."""
        self._copy(self.empty, self.root)
        self.office.accepted.clear()

    def export(self, items: list[Item], addresses: dict[str, str]) -> None:
        """Write the exports as they are on the fake day."""
        rows = [
            f"{i.number},{i.debtor},2026-08-03,{i.due},{i.amount / 100:.2f},{i.open / 100:.2f},EUR,invoice"
            for i in items
            if i.listed
        ]
        self.stage.sales("number,debtor,issued,due,amount,open,currency,kind\n" + "\n".join(rows))
        self.stage.customers(
            "".join(
                f"{d},Client {d},business,FR,fr,{a},1 rue Haute,75001,Paris\n"
                for d, a in sorted(addresses.items())
            )
        )
        written = (self.clock.moment - timedelta(minutes=5)).timestamp()
        for name in ("ventes.csv", "customers.csv"):
            os.utime(self.root / name, (written, written))

    @contextmanager
    def history(self) -> Iterator[History]:
        with open_history(self.policy, readonly=False) as history:
            yield history

    def run(self, day: date) -> RunReport | None:
        """Do what `relance run` does; None if no run may be dated `day`."""
        report = None
        with acquire(self.root, self.policy.database), self.history() as history:
            if refuse_past(history, day):
                return None
            for report in run(self.policy, day, history):  # noqa: B007 - the last is complete
                pass
        return report

    def run_and_die(self, day: date, line: int) -> RunReport | None:
        """Run until line number `line`, and die there; None if it died."""

        def fell() -> None:
            self._copy(self.root, self.spare)
            self.office.cut()
            raise Killed

        axe = Axe(line, fell)
        report = self._traced(day, axe, Killed)
        if axe.fallen:
            self._copy(self.spare, self.root)
            return None
        return report

    def run_and_stop(self, day: date, line: int) -> RunReport | None:
        """Run until line number `line`, and be asked to stop there (Ctrl-C, SIGTERM)."""

        def fell() -> None:
            raise KeyboardInterrupt

        return self._traced(day, Axe(line, fell), KeyboardInterrupt)

    def _traced(self, day: date, axe: Axe, end: type[BaseException]) -> RunReport | None:
        before = sys.gettrace()
        sys.settrace(axe)
        try:
            return self.run(day)
        except end:
            return None
        except Exception:
            if not axe.fallen:
                raise
            return None
        finally:
            sys.settrace(before)

    def rows(self) -> list[Row]:
        """Return the dispatches, with what each covers, or last covered."""
        with closing(sqlite3.connect(f"file:{self.root}/relance.db?mode=rw", uri=True)) as database:
            claims: dict[str, set[tuple[str, int, int]]] = {}
            for dispatch, item, level, cycle in database.execute(
                "SELECT dispatch, item, level_number, cycle FROM claims"
            ):
                claims.setdefault(dispatch, set()).add((item.split("|")[1], level, cycle))
            return [
                Row(*row, (changed, attempts), frozenset(claims.get(row[0], ())))
                for *row, changed, attempts in database.execute(
                    "SELECT key, state, dispatches.channel, recipient, message_id, content, "
                    "changed, attempts FROM dispatches JOIN messages ON dispatch = key "
                    "WHERE kind = 'notice' ORDER BY key"
                )
            ]

    def turns(self) -> dict[str, tuple[bool, int]]:
        """Return of each number whether it was last seen settled, and how often open again."""
        with closing(sqlite3.connect(f"file:{self.root}/relance.db?mode=rw", uri=True)) as database:
            counts: dict[str, list[int]] = {}
            for item, kind in database.execute(
                "SELECT item, type FROM events WHERE type IN ('settled_seen', 'reopened_seen')"
            ):
                count = counts.setdefault(item.split("|")[1], [0, 0])
                count[kind == "reopened_seen"] += 1
            return {number: (settled > again, again) for number, (settled, again) in counts.items()}

    def files(self) -> dict[str, bytes]:
        """Return the messages in the folder, by key."""
        return {path.stem: path.read_bytes() for path in (self.root / "out").glob("*.eml")}

    def _copy(self, source: Path, target: Path) -> None:
        target.mkdir(exist_ok=True)
        for path in target.iterdir():
            if path.name.startswith(KEPT):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for name in KEPT:
            if (source / name).is_dir():
                shutil.copytree(source / name, target / name)
            elif (source / name).exists():
                shutil.copyfile(source / name, target / name)


def warm_up() -> None:
    """Load what a run loads when it first needs it, so that no death falls into an import."""
    for kind in ("smtp", "outbox", "task"):
        registry.load(kind)
