"""What happened, told in order and ready for JSON."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select

from relance.history import schema
from relance.history.dispatches import of_row
from relance.history.events import moment
from relance.history.values import Doubt

_events, _claims, _dispatches = schema.events, schema.claims, schema.dispatches


def of_item(connection: Connection, item: str, debtor: str | None) -> list[dict[str, Any]]:
    """Return the events of a receivable, and those of its whole debtor, oldest first.

    An adopted level has no event of its own: it comes first, with its date.
    """
    covering = select(_claims.c.dispatch).where(_claims.c.item == item, _claims.c.dispatch != "")
    concerned = [_events.c.item == item, _events.c.dispatch.in_(covering)]
    if debtor is not None:
        whole = and_(_events.c.debtor == debtor, _events.c.item.is_(None))
        concerned.append(and_(whole, _events.c.dispatch.is_(None)))
    return _adopted(connection, item) + _told(connection, or_(*concerned), limit=None)


def latest(connection: Connection, limit: int, debtor: str | None) -> list[dict[str, Any]]:
    """Return the last `limit` events, of `debtor` if one is given, newest first."""
    wanted = _events.c.debtor == debtor if debtor is not None else _events.c.seq > 0
    return list(reversed(_told(connection, wanted, limit)))


def doubts(connection: Connection) -> list[Doubt]:
    """Return the dispatches in doubt, oldest first."""
    rows = connection.execute(
        select(_dispatches)
        .where(_dispatches.c.state == "in_doubt")
        .order_by(_dispatches.c.changed, _dispatches.c.key)
    )
    return [Doubt(of_row(row), moment(row.changed), row.detail) for row in rows]


def _told(connection: Connection, wanted: Any, limit: int | None) -> list[dict[str, Any]]:
    joined = _events.outerjoin(_dispatches, _events.c.dispatch == _dispatches.c.key)
    about = [_dispatches.c[name] for name in ("kind", "channel", "recipient", "procedure", "level")]
    query = (
        select(_events, *about)
        .select_from(joined)
        .where(wanted)
        .order_by(_events.c.seq.desc())
        .limit(limit)
    )
    return [_entry(row) for row in reversed(connection.execute(query).all())]


def _entry(row: Row[Any]) -> dict[str, Any]:
    entry = {
        "at": row.at,
        "date": row.date.isoformat() if row.date else None,
        "run": row.run,
        "type": row.type,
        "debtor": row.debtor,
        "item": row.item,
        "dispatch": row.dispatch,
        "kind": row.kind,
        "channel": row.channel,
        "recipient": row.recipient,
        "procedure": row.procedure,
        "level": row.level,
        **json.loads(row.data),
    }
    return {name: value for name, value in entry.items() if value is not None}


def _adopted(connection: Connection, item: str) -> list[dict[str, Any]]:
    rows = connection.execute(
        select(_claims)
        .where(_claims.c.item == item, _claims.c.dispatch == "")
        .order_by(_claims.c.id)
    )
    return [
        {
            "date": row.run_date,
            "type": "adopted",
            "item": row.item,
            "procedure": row.procedure,
            "level": row.level,
        }
        for row in rows
    ]
