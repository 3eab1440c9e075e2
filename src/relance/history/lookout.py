"""What people and other programs record while a run goes on: read again before each notice."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, TextClause, text

from relance.history.controls import News

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
    rows = connection.execute(_query(look.types), seen)
    return [News(r.seq, r.type, r.debtor, r.item, json.loads(r.data)) for r in rows]


@lru_cache(maxsize=4)
def _query(types: tuple[str, ...]) -> TextClause:
    listed = ", ".join(f"'{kind}'" for kind in types)  # words of our own
    return text(
        "SELECT seq, type, debtor, item, data FROM events "
        f"WHERE dispatch IS NULL AND type IN ({listed}) AND seq > :event "
        f"UNION ALL SELECT seq, '{PAYMENT}', debtor, item, '{{}}' FROM allocations "
        "WHERE seq > :allocation AND (run IS NULL OR run <> :run) "
        "AND evidence NOT IN ('undo', 'return') ORDER BY seq"
    )
