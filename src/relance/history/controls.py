"""What people set for all runs: a pause, and what was pinned (bank accounts, for one).

Each is the last event of its kind: nothing is ever overwritten.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from relance.history import schema
from relance.history.events import Event, Mark, append, moment, packed

_events = schema.events


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing is sent until somebody resumes."""

    since: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Pin:
    """A value that was pinned, by whom (None: by a run, on first use) and when."""

    value: str
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class News:
    """An event that is about no dispatch: what people enter, and what other programs observe."""

    seq: int
    type: str
    debtor: str | None
    item: str | None
    data: dict[str, Any]


def pause(connection: Connection, mark: Mark, by: str, reason: str) -> None:
    """Append that nothing is to be sent from now on."""
    append(connection, mark, [Event("paused", data=packed({"by": by, "reason": reason}))])


def resume(connection: Connection, mark: Mark, by: str) -> None:
    """Append that sending goes on."""
    append(connection, mark, [Event("resumed", data=packed({"by": by}))])


def paused(connection: Connection) -> Pause | None:
    """Return the pause that is in force; None if there is none."""
    row = _last(connection, "paused", "resumed")
    if row is None or row.type != "paused":
        return None
    data = json.loads(row.data)
    return Pause(moment(row.at), data.get("by", ""), data.get("reason", ""))


def pin(connection: Connection, mark: Mark, name: str, value: str, by: str | None) -> None:
    """Append that `value` is what `name` has to be from now on."""
    append(connection, mark, [Event(f"pinned_{name}", data=packed({"value": value, "by": by}))])


def pinned(connection: Connection, name: str) -> Pin | None:
    """Return what `name` was last pinned to; None before the first time."""
    row = _last(connection, f"pinned_{name}")
    if row is None:
        return None
    data = json.loads(row.data)
    return Pin(data["value"], moment(row.at), data.get("by"))


def head(connection: Connection) -> int:
    """Return the number of the last event; 0 before the first."""
    return int(
        connection.execute(select(_events.c.seq).order_by(_events.c.seq.desc()).limit(1)).scalar()
        or 0
    )


def news(connection: Connection, since: int) -> list[News]:
    """Return the events after number `since` that are about no dispatch, in order."""
    rows = connection.execute(
        select(*schema.TOLD)
        .where(_events.c.seq > since, _events.c.dispatch.is_(None))
        .order_by(_events.c.seq)
    )
    return [News(r.seq, r.type, r.debtor, r.item, json.loads(r.data)) for r in rows]


def _last(connection: Connection, *types: str) -> Any:
    return connection.execute(
        select(*schema.TOLD)
        .where(_events.c.type.in_(types), _events.c.dispatch.is_(None))
        .order_by(_events.c.seq.desc())
        .limit(1)
    ).one_or_none()
