"""Runs: their beginning and end, and what a run that died left behind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from relance.history import dispatches, schema, witness
from relance.history.events import Event, Mark, append, moment, packed, stamp
from relance.history.values import Passage, Unfinished

_runs = schema.runs
_DEPARTED = ("sent", "in_doubt", "transmitting", "bounced")
_OF_OTHERS = schema.dispatches.c.run != bindparam("run")
_LEFT_BEHIND = (
    select(schema.dispatches)
    .where(
        (schema.dispatches.c.state.in_(("claimed", "transmitting")) & _OF_OTHERS)
        | ((schema.dispatches.c.state == "in_doubt") & schema.dispatches.c.idempotent)
    )
    .order_by(schema.dispatches.c.key)
)


def last_completed(connection: Connection) -> date | None:
    """Return the run date of the latest completed run; None if there is none."""
    return connection.execute(
        select(func.max(_runs.c.run_date)).where(_runs.c.status == "completed")
    ).scalar()


def latest(connection: Connection, limit: int, status: str | None = None) -> list[Passage]:
    """Return the last `limit` runs, newest first; of one `status` only, if it is given."""
    wanted = select(_runs).order_by(_runs.c.run.desc()).limit(limit)
    if status is not None:
        wanted = wanted.where(_runs.c.status == status)
    rows = connection.execute(wanted)
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
    witness.see_head(connection)


def recover(connection: Connection, mark: Mark) -> list[Unfinished]:
    """Settle what dead runs left behind; return what may be transmitted again, by key."""
    left = connection.execute(_LEFT_BEHIND, {"run": mark.run}).all()
    again = [row for row in left if _is_open(connection, mark, row)]
    return [
        Unfinished(dispatches.of_row(row), _begun(connection, row.key), row.state) for row in again
    ]


def _is_open(connection: Connection, mark: Mark, row: Row[Any]) -> bool:
    """Return whether the dispatch may be transmitted again; settle it if not."""
    if row.state == "in_doubt":
        return bool(row.idempotent)
    return dispatches.interrupt(connection, mark, row.key, "the run died")


def _begun(connection: Connection, key: str) -> datetime:
    """Return when the last attempt of a dispatch began to be transmitted for the first time."""
    events = schema.events.c
    of_it = (events.dispatch == key) & events.type.in_(("claimed", "transmitting"))
    marks = connection.execute(select(events.type, events.at).where(of_it).order_by(events.seq))
    begun = None
    for kind, at in marks:
        begun = None if kind == "claimed" else begun or at
    return moment(begun or "1970-01-01T00:00:00+00:00")


def departures(connection: Connection, channel: str, since: datetime) -> list[tuple[datetime, str]]:
    """Return when and to whom messages left, or may have left, by `channel` after `since`."""
    table = schema.dispatches.c
    rows = connection.execute(
        select(table.changed, table.recipient)
        .where(table.channel == channel, table.changed > stamp(since), table.state.in_(_DEPARTED))
        .order_by(table.changed)
    )
    return [(moment(changed), recipient) for changed, recipient in rows]
