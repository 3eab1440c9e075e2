"""What people and other programs record while a run goes on: read again before each notice."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Text, bindparam, literal_column, select, text, union_all

from relance.history import schema
from relance.history.controls import News
from relance.history.quick import Quick, words

PAYMENT = "payment"
"""Type of the news that a payment was set against an item."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far the record was read: the last event and the last allocation of a payment."""

    event: int = 0
    allocation: int = 0

    def after(self, news: Sequence[News]) -> Place:
        """Return the place behind `news`."""
        events = [one.seq for one in news if one.type != PAYMENT]
        payments = [one.seq for one in news if one.type == PAYMENT]
        return Place(max([self.event, *events]), max([self.allocation, *payments]))


@dataclass(frozen=True, slots=True)
class Look:
    """What to look for, from where on: events of `types`, and payments that others recorded."""

    place: Place
    types: tuple[str, ...]


_LAST = text("SELECT (SELECT max(seq) FROM events), (SELECT max(seq) FROM allocations)")


def place(connection: Connection) -> Place:
    """Return how far the record goes now."""
    event, allocation = connection.execute(_LAST).one()
    return Place(event or 0, allocation or 0)


def since(connection: Connection, look: Look, run: int | None) -> list[News]:
    """Return what was recorded since, in order; payments that `run` itself found are left out."""
    seen: Mapping[str, Any] = {
        "event": look.place.event, "allocation": look.place.allocation, "run": run or 0,
    }  # fmt: skip
    rows = _query(look.types).all(connection, seen)
    return [News(r.seq, r.type, r.debtor, r.item, json.loads(r.data)) for r in rows]


@lru_cache(maxsize=4)
def _query(types: tuple[str, ...]) -> Quick:
    events, allocations = schema.events.c, schema.allocations.c
    recorded = select(events.seq, events.type, events.debtor, events.item, events.data).where(
        events.dispatch.is_(None), events.type.in_(words(*types)), events.seq > bindparam("event")
    )
    others = allocations.run.is_(None) | (allocations.run != bindparam("run"))
    paid = select(
        allocations.seq,
        literal_column(f"'{PAYMENT}'", Text),
        allocations.debtor,
        allocations.item,
        literal_column("'{}'", Text),
    ).where(
        allocations.seq > bindparam("allocation"),
        others,
        allocations.evidence.not_in(words("undo", "return")),
    )
    return Quick(union_all(recorded, paid))
