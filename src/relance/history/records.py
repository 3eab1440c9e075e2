"""Events that are about no dispatch: what operators enter and what imports observe."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Connection, func, select

from relance.history import covering, schema
from relance.history.events import Event, Mark, append, head, moment, packed
from relance.history.values import Approval, Record

_events = schema.events


def record(connection: Connection, mark: Mark, records: Iterable[Record]) -> tuple[int, ...]:
    """Append what an operator entered; return the numbers of the events."""
    events = [_event(entry) for entry in records]
    first = head(connection).seq + 1
    append(connection, mark, events)
    return tuple(range(first, first + len(events)))


def adopt(
    connection: Connection, mark: Mark, levels: pl.DataFrame, creditor: str, by: str | None
) -> int:
    """Return how many levels were set without sending; those already reached stay as they are.

    `levels` has the columns item, procedure, level, level_number, cycle and date.
    """
    rows = [
        {
            "creditor": creditor,
            "item": row["item"],
            "procedure": row["procedure"],
            "level": row["level"],
            "level_number": row["level_number"],
            "cycle": row["cycle"],
            "part": "",
            "dispatch": "",
            "run_date": row["date"].isoformat(),
            "released": "",
        }
        for row in levels.iter_rows(named=True)
    ]
    covers: list[Event] = []
    last = connection.execute(select(func.max(schema.claims.c.id))).scalar() or 0
    if rows:
        connection.execute(unless_there(connection, schema.claims), rows)
    count = 0
    for debtor, data in covering.adopted(connection, last):
        count += len(data["adopted"])
        covers.append(Event(covering.COVERED, debtor=debtor, data=packed(data)))
    told = Event("adopted", data=packed({"levels": count, "by": by}))
    append(connection, mark, [told, *covers])
    return count


@dataclass(frozen=True, slots=True)
class Sighting:
    """Dunned receivables that an import shows settled, or open again after that."""

    settled: Collection[str]
    reopened: Collection[str]
    day: date


def see_cycles(connection: Connection, mark: Mark, seen: Sighting, known: pl.DataFrame) -> None:
    """Append what `seen` has beyond `known` (columns of CYCLES): each turn is recorded once."""
    standing = dict(known.select("item", "settled").iter_rows())
    turns = [("settled_seen", item) for item in seen.settled if not standing.get(item, False)]
    turns += [("reopened_seen", item) for item in seen.reopened if standing.get(item, False)]
    append(connection, mark, [Event(kind, seen.day, item=item) for kind, item in turns])


Facts = Mapping[str, Mapping[str, Any]]
"""What is approved, as it is now, by key."""


def approve(connection: Connection, mark: Mark, by: str, facts: Facts) -> None:
    """Append the approval of notices or plans; `facts` has each by its key or hash."""
    given = [
        Event("approved", data=packed({"key": key, "by": by, "facts": dict(about) or None}))
        for key, about in facts.items()
    ]
    append(connection, mark, given)


def approved(connection: Connection) -> list[Approval]:
    """Return all that was approved, oldest first."""
    wanted = (_events.c.type == "approved") & _events.c.dispatch.is_(None)
    rows = connection.execute(
        select(_events.c.at, _events.c.data).where(wanted).order_by(_events.c.seq)
    )
    given = [(moment(row.at), json.loads(row.data)) for row in rows]
    return [Approval(d["key"], at, d.get("by", ""), d.get("facts", {})) for at, d in given]


def _event(entry: Record) -> Event:
    data = {
        "until": entry.until.isoformat() if entry.until else None,
        "amount": entry.amount,
        "schedule": [(due.isoformat(), amount) for due, amount in entry.schedule] or None,
        "reason": entry.reason,
        "by": entry.by,
        "code": entry.code,
        "owner": entry.owner,
        "about": entry.about,
    }
    return Event(
        entry.type,
        entry.day,
        debtor=entry.debtor,
        item=entry.item,
        data=packed({**entry.facts, **data}),
    )


def unless_there(connection: Connection, table: Any) -> Any:
    """Return the insert into `table` that leaves out what its unique keys have already."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as insert_postgresql

        return insert_postgresql(table).on_conflict_do_nothing()
    from sqlalchemy.dialects.sqlite import insert as insert_sqlite

    return insert_sqlite(table).on_conflict_do_nothing()
