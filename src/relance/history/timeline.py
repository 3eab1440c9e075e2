"""What happened, told in order and ready for JSON."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, or_, select

from relance.history import payments, schema
from relance.history.covering import COVERED
from relance.history.dispatches import of_row
from relance.history.events import moment
from relance.history.values import Doubt

_events, _claims, _dispatches = schema.events, schema.claims, schema.dispatches
_JOINED = _events.outerjoin(_dispatches, _events.c.dispatch == _dispatches.c.key)
_RUNG = ("procedure", "level")
"""A dispatch may cover receivables at several levels: each tells its own."""


def of_item(connection: Connection, item: str, debtor: str | None) -> list[dict[str, Any]]:
    """Return the events of a receivable, its payments too, and those of its whole debtor, oldest first.

    An adopted level has no event of its own: it comes first, with its date.
    """
    own = (
        select(_claims.c.dispatch, *(func.max(_claims.c[name]).label(name) for name in _RUNG))
        .where(_claims.c.item == item, _claims.c.dispatch != "")
        .group_by(_claims.c.dispatch)
        .subquery()
    )
    concerned = [_events.c.item == item, _events.c.dispatch.in_(select(own.c.dispatch))]
    if debtor is not None:
        whole = and_(_events.c.debtor == debtor, _events.c.item.is_(None))
        concerned.append(and_(whole, _events.c.dispatch.is_(None)))
    covered = _JOINED.outerjoin(own, own.c.dispatch == _events.c.dispatch)
    query = _asked(covered, [own.c[name] for name in _RUNG]).where(or_(*concerned))
    paid = payments.of_item(connection, item) if payments.are_kept(connection) else []
    return _adopted(connection, item) + payments.in_time(_told(connection, query), paid)


def latest(connection: Connection, limit: int, debtor: str | None) -> list[dict[str, Any]]:
    """Return the last `limit` events, of `debtor` if one is given, newest first."""
    query = _asked(_JOINED, [_dispatches.c[name] for name in _RUNG]).limit(limit)
    if debtor is not None:
        query = query.where(_events.c.debtor == debtor)
    told = _told(connection, query)
    if payments.are_kept(connection):
        told = payments.in_time(told, reversed(payments.latest(connection, limit, debtor)))
    return told[: -limit - 1 : -1]


def of_types(
    connection: Connection, types: Collection[str], debtor: str | None
) -> list[dict[str, Any]]:
    """Return what was recorded of `types`, of `debtor` if one is given, oldest first, with its `seq`."""
    query = select(*schema.TOLD).where(_events.c.type.in_(types), _events.c.dispatch.is_(None))
    if debtor is not None:
        query = query.where(_events.c.debtor == debtor)
    return [
        {
            "seq": row.seq,
            "at": row.at,
            "date": row.date.isoformat() if row.date else None,
            "type": row.type,
            "debtor": row.debtor,
            "item": row.item,
            **json.loads(row.data),
        }
        for row in connection.execute(query.order_by(_events.c.seq))
    ]


def doubts(connection: Connection) -> list[Doubt]:
    """Return the dispatches in doubt, oldest first."""
    rows = connection.execute(
        select(_dispatches)
        .where(_dispatches.c.state == "in_doubt")
        .order_by(_dispatches.c.changed, _dispatches.c.key)
    )
    return [Doubt(of_row(row), moment(row.changed), row.detail) for row in rows]


def _asked(source: Any, rung: Sequence[Any]) -> Select[Any]:
    """Return the query of events with what their dispatches are, newest first."""
    about = [_dispatches.c[name] for name in ("kind", "channel", "recipient")]
    told = select(*schema.TOLD, *about, *rung).where(_events.c.type != COVERED)
    return told.select_from(source).order_by(_events.c.seq.desc())


def _told(connection: Connection, query: Select[Any]) -> list[dict[str, Any]]:
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
