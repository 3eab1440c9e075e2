"""Writes the append-only record, each event linked to the one before, its moments in one form."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, select

from relance.history import chain, schema
from relance.history.chain import Head
from relance.history.quick import Quick

_LAST = Quick(
    select(schema.events.c.seq, schema.events.c.hash).order_by(schema.events.c.seq.desc()).limit(1)
)
_INSERT = Quick(schema.events.insert(), *(c.name for c in schema.events.c if c.name != "erased"))
_HEAD = "relance: head of the record"
"""Where a connection keeps the head that it wrote: nobody else writes during its transaction."""


@dataclass(frozen=True, slots=True)
class Mark:
    """When something is recorded, and in which run (None outside of runs)."""

    at: datetime
    run: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A row of the record; `day` is the business date, None where it has none."""

    type: str
    day: date | None = None
    dispatch: str | None = None
    debtor: str | None = None
    item: str | None = None
    data: str = "{}"


def stamp(moment: datetime) -> str:
    """Return `moment` as text in UTC, always as wide, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """Return the moment that `stamp` wrote."""
    return datetime.fromisoformat(text)


def packed(data: Mapping[str, Any]) -> str:
    """Return `data` as canonical JSON: keys sorted, no spaces, what is None left out."""
    present = {name: value for name, value in data.items() if value not in (None, "")}
    return json.dumps(present, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def head(connection: Connection) -> Head:
    """Return the last event's number and hash; those of the start before the first event."""
    known: tuple[object, Head] | None = connection.info.get(_HEAD)
    if known is not None and known[0] is connection.get_transaction():
        return known[1]
    row = _LAST.first(connection)
    return Head() if row is None else Head(row.seq, row.hash or chain.START)


def append(connection: Connection, mark: Mark, events: Iterable[Event]) -> None:
    """Add events to the record, in order.

    The transaction has the right to write (see `database`), so that nobody else links to the same
    head. Numbers are given here, one after the other: a sequence of the server leaves gaps.
    """
    rows = [_row(event, mark) for event in events]
    if rows:
        linked = list(_linked(head(connection), rows))
        _INSERT.run(connection, *linked)
        last = Head(linked[-1]["seq"], linked[-1]["hash"])
        connection.info[_HEAD] = (connection.get_transaction(), last)


def _linked(last: Head, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        salt = chain.new_salt()
        seal = chain.seal(salt, row["debtor"], row["item"], row["data"])
        last = Head(last.seq + 1, hash_of(last.hash, row | {"seq": last.seq + 1, "seal": seal}))
        yield row | {"seq": last.seq, "salt": salt, "seal": seal, "hash": last.hash}


def hash_of(previous: str, row: Mapping[str, Any]) -> str:
    """Return the hash that links the event in `row`, with its seq and seal, to the `previous` one."""
    day = row["date"]
    return chain.link(
        previous, row["seq"], row["at"], day.isoformat() if day else None, row["run"],
        row["type"], row["dispatch"], row["seal"],
    )  # fmt: skip


def _row(event: Event, mark: Mark) -> dict[str, Any]:
    return {
        "at": stamp(mark.at),
        "date": event.day,
        "run": mark.run,
        "type": event.type,
        "dispatch": event.dispatch,
        "debtor": event.debtor,
        "item": event.item,
        "data": event.data,
    }
