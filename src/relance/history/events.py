"""Writes the append-only record, and its moments and data in one form."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection

from relance.history import schema


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


def append(connection: Connection, mark: Mark, events: Iterable[Event]) -> None:
    """Add events to the record, in order."""
    rows = [_row(event, mark) for event in events]
    if rows:
        connection.execute(schema.events.insert(), rows)


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
