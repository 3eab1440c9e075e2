"""Runs: their beginning and end, and what a run that died left behind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from relance.history import dispatches, schema
from relance.history.events import Event, Mark, append, moment, packed, stamp
from relance.history.values import Dispatch, Passage

_runs = schema.runs


def last_completed(connection: Connection) -> date | None:
    """Return the run date of the latest completed run; None if there is none."""
    return connection.execute(
        select(func.max(_runs.c.run_date)).where(_runs.c.status == "completed")
    ).scalar()


def latest(connection: Connection, limit: int) -> list[Passage]:
    """Return the last `limit` runs, newest first."""
    rows = connection.execute(select(_runs).order_by(_runs.c.run.desc()).limit(limit))
    return [
        Passage(
            row.run,
            row.run_date,
            row.status,
            moment(row.started),
            moment(row.finished) if row.finished else None,
            json.loads(row.summary),
        )
        for row in rows
    ]


def begin(connection: Connection, mark: Mark, run_date: date, plan_hash: str) -> int:
    """Return the number of the run that begins; runs that never ended are marked as died."""
    unended = _runs.c.status == "running"
    connection.execute(_runs.update().where(unended).values(status="died"))
    row = {
        "run_date": run_date,
        "plan_hash": plan_hash,
        "started": stamp(mark.at),
        "status": "running",
        "summary": "{}",
    }
    inserted = connection.execute(_runs.insert().values(row))
    number = int(inserted.inserted_primary_key[0])  # type: ignore[index]
    append(connection, Mark(mark.at, number), [Event("run_begun", run_date)])
    return number


def finish(connection: Connection, mark: Mark, status: str, summary: Mapping[str, Any]) -> None:
    """Record how the run ended."""
    ended = {"status": status, "finished": stamp(mark.at), "summary": packed(summary)}
    this = _runs.c.run == mark.run
    connection.execute(_runs.update().where(this).values(ended))
    day = connection.execute(select(_runs.c.run_date).where(this)).scalar()
    append(connection, mark, [Event("run_ended", day, data=packed({"status": status, **summary}))])


def recover(connection: Connection, mark: Mark) -> list[Dispatch]:
    """Settle what dead runs left behind; return what must be transmitted again, by key."""
    table = schema.dispatches
    left = connection.execute(
        select(table)
        .where(table.c.state.in_(("claimed", "transmitting")), table.c.run != mark.run)
        .order_by(table.c.key)
    ).all()
    reason = "the run died"
    return [
        dispatches.of_row(row)
        for row in left
        if dispatches.interrupt(connection, mark, row.key, reason)
    ]
