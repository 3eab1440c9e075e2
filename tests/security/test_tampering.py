"""History tampering: who changes the database is found out, also who rewrites all of it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from scenarios.stage import Said, Stage, new_stage

HEADS = "Head of the record"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    stage = new_stage(tmp_path / "firm")
    assert stage("run", "--date", "2026-04-08").code == 0
    assert stage("record", "block", "F1", "--date", "2026-04-09").code == 0
    assert stage("run", "--date", "2026-04-10").code == 0
    return stage


def verdict(stage: Stage, *words: str) -> tuple[int, str]:
    said = stage("history", "verify", "--json", *words)
    return said.code, str(said.json["verdict"])


def head_of(said: Said) -> str:
    """Return the head that a run printed, as a person keeps it."""
    line = next(line for line in (said.out + said.err).splitlines() if HEADS in line)
    return line.split()[-1].rstrip(".")


def changed(stage: Stage, *statements: str) -> None:
    """Do to the database what an operator with a shell can do, its guards taken off."""
    with sqlite3.connect(stage.root / "relance.db") as database:
        guards = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for (name,) in guards:
            database.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            assert database.execute(statement).rowcount != 0, statement
    database.close()


def test_a_record_that_nobody_touched_is_intact(stage: Stage) -> None:
    assert verdict(stage) == (0, "intact")


TAMPERED: dict[str, tuple[str, str]] = {
    "an event changed": ("UPDATE events SET data = '{\"by\":\"boss\"}' WHERE type = 'block'", "changed"),
    "an event back-dated": ("UPDATE events SET at = '2020-01-01 00:00:00.000000' WHERE seq = 3", "changed"),
    "an event removed": ("DELETE FROM events WHERE seq = 3", "removed"),
    "the end cut off": (
        "DELETE FROM events WHERE seq >= (SELECT max(seq) - 2 FROM events)", "truncated",
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", TAMPERED)
def test_each_way_to_change_the_record_has_its_verdict(way: str, stage: Stage) -> None:
    statement, wanted = TAMPERED[way]
    changed(stage, statement)
    code, found = verdict(stage)
    assert code != 0
    assert found == wanted


def _restore(stage: Stage, copy: Path) -> None:
    for name in ("relance.db", "relance.db-wal", "relance.db-shm"):
        (stage.root / name).unlink(missing_ok=True)
    shutil.copy(copy, stage.root / "relance.db")


@pytest.fixture
def rolled_back(stage: Stage) -> Callable[[], str]:
    """Put the database back to an earlier state; return the head that was printed in between."""

    def roll() -> str:
        copy = stage.root.parent / "copy.db"
        with sqlite3.connect(stage.root / "relance.db") as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        shutil.copy(stage.root / "relance.db", copy)
        head = head_of(stage("run", "--date", "2026-04-30"))
        _restore(stage, copy)
        return head

    return roll


def test_a_head_that_was_kept_outside_shows_what_is_gone(
    stage: Stage, rolled_back: Callable[[], str]
) -> None:
    head = rolled_back()
    shutil.rmtree(stage.root / ".relance")  # who cheats removes the witness too
    assert verdict(stage) == (0, "intact")  # alone, a shortened record cannot be told
    code, found = verdict(stage, "--head", head)
    assert code != 0
    assert found == "truncated"


def test_a_record_written_anew_does_not_have_the_head_that_was_kept(
    stage: Stage, rolled_back: Callable[[], str]
) -> None:
    head = rolled_back()
    shutil.rmtree(stage.root / ".relance")
    for day in ("2026-05-04", "2026-05-05", "2026-05-06"):  # another story, and a longer one
        stage("record", "block", "F1", "--until", "2026-12-31", "--date", day)
        stage("run", "--date", day)
    code, found = verdict(stage, "--head", head)
    assert code != 0
    assert found in ("rewritten", "truncated")


def test_the_database_itself_refuses_to_change_what_was_recorded(stage: Stage) -> None:
    with sqlite3.connect(stage.root / "relance.db") as database:
        for statement in ("UPDATE events SET data = '{}'", "DELETE FROM events"):
            with pytest.raises(sqlite3.DatabaseError):
                database.execute(statement)
    database.close()
