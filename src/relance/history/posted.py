"""Letters that left: which of them were not seen printed, and which are about a receivable."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Row, Select, exists, func, select

from relance.history import schema

_dispatches, _messages, _claims = schema.dispatches, schema.messages, schema.claims
_LEFT = ("sent", "resolved_sent")
_COLUMNS = (
    *(_dispatches.c[name] for name in ("key", "channel", "debtor", "level", "run_date")),
    _messages.c.filename,
    _messages.c.sha256,
    func.length(_messages.c.content).label("size"),
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that left. `run_date` is the day on which it was written, `size` in bytes."""

    key: str
    channel: str
    debtor: str
    level: str | None
    run_date: date
    filename: str
    sha256: str
    size: int


def unprinted(connection: Connection, channels: Collection[str], since: date) -> list[Letter]:
    """Return the letters of `channels`, written on `since` or later, without event `printed`."""
    events = schema.events
    seen = exists().where(events.c.dispatch == _dispatches.c.key, events.c.type == "printed")
    query = _letters().where(
        _dispatches.c.channel.in_(channels), _dispatches.c.run_date >= since, ~seen
    )
    return [_letter(row) for row in connection.execute(query)]


def by_key(connection: Connection, beginning: str) -> list[Letter]:
    """Return the letters whose key begins so (hex digits), oldest first."""
    query = _letters().where(_dispatches.c.key.startswith(beginning, autoescape=True))
    return [_letter(row) for row in connection.execute(query)]


def about(connection: Connection, items: Collection[str]) -> list[Letter]:
    """Return the letters about any of the receivables `items` (identities), oldest first."""
    covered = select(_claims.c.dispatch).where(_claims.c.item.in_(items))
    query = _letters().where(_dispatches.c.key.in_(covered))
    return [_letter(row) for row in connection.execute(query)]


def receivables(connection: Connection, number: str) -> list[str]:
    """Return the identities of receivables that letters were about and whose text has `number`."""
    joined = _claims.join(_dispatches, _claims.c.dispatch == _dispatches.c.key)
    query = select(_claims.c.item).select_from(joined).distinct()
    letters = (_dispatches.c.medium == "letter") & _claims.c.item.contains(number, autoescape=True)
    return list(connection.execute(query.where(letters)).scalars())


def _letters() -> Select[tuple[object, ...]]:
    joined = _dispatches.join(_messages, _messages.c.dispatch == _dispatches.c.key)
    left = (_dispatches.c.medium == "letter") & _dispatches.c.state.in_(_LEFT)
    query = select(*_COLUMNS).select_from(joined).where(left)
    return query.order_by(_dispatches.c.run_date, _dispatches.c.changed, _dispatches.c.key)


def _letter(row: Row[tuple[object, ...]]) -> Letter:
    return Letter(**row._mapping)
