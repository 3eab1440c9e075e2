"""What stays where personal data was erased, and the digests that vouch for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from relance.history import chain, covering, schema

ERASED = "erased"
"""Type of the event that tells of an erasing."""

_events = schema.events


def of(connection: Connection, number: int) -> dict[str, Any]:
    """Return what vouches for what the event `number` left: count and digest of the rows by table.

    Of dispatches, one digest each: a new attempt is told by events of its own.
    """
    tables = {name: _payments(connection, name, number) for name in covering.PERSONAL}
    tables["events"] = _of_events(connection, number)
    tables["adopted"] = _of_claims(connection, schema.claims.c.id, _adopted_by(connection, number))
    found: dict[str, Any] = {
        name: [len(rows), chain.digest_of_rows(rows)] for name, rows in tables.items() if rows
    }
    keys = _dispatches(connection, number)
    return found | {"dispatches": {key: _of_dispatch(connection, key) for key in keys}}


def _dispatches(connection: Connection, number: int) -> list[str]:
    about = (_events.c.erased == number) & _events.c.dispatch.is_not(None)
    keys = select(_events.c.dispatch).where(about).distinct().order_by(_events.c.dispatch)
    return [str(key) for key in connection.execute(keys).scalars()]


def adopted(connection: Connection) -> set[int]:
    """Return the numbers of the claims set without sending whose debtor was erased."""
    return {number for _event, numbers in _told_adopted(connection) for number in numbers}


def _adopted_by(connection: Connection, number: int) -> list[int]:
    return [
        claim for event, numbers in _told_adopted(connection) if event == number
        for claim in numbers
    ]  # fmt: skip


def _told_adopted(connection: Connection) -> list[tuple[int, list[int]]]:
    c = _events.c
    told = select(c.erased, c.data).where(c.type == covering.COVERED, c.erased.is_not(None))
    rows = connection.execute(told.order_by(c.seq))
    return [(row.erased, json.loads(row.data).get("adopted", [])) for row in rows]


def _payments(connection: Connection, name: str, number: int) -> list[list[Any]]:
    table = covering.light(name, "seq", *covering.PERSONAL[name], "erased").c
    columns = (table.seq, *(table[each] for each in covering.PERSONAL[name]))
    rows = connection.execute(select(*columns).where(table.erased == number).order_by(table.seq))
    return [list(row) for row in rows]


def _of_events(connection: Connection, number: int) -> list[list[Any]]:
    c = _events.c
    wanted = select(c.seq, c.debtor, c.item, c.data).where(c.erased == number).order_by(c.seq)
    return [list(row) for row in connection.execute(wanted)]


def _of_dispatch(connection: Connection, key: str) -> str:
    wanted = select(schema.dispatches).where(schema.dispatches.c.key == key)
    row = connection.execute(wanted).mappings().one_or_none()
    facts = covering.of_facts(dict(row)) if row else None
    return chain.digest(facts, _of_claims(connection, schema.claims.c.dispatch, [key]))


def _of_claims(connection: Connection, column: Any, values: Sequence[Any]) -> list[list[Any]]:
    table, found = schema.claims, []
    for value in values:
        wanted = select(table).where(column == value).order_by(table.c.id)
        rows = connection.execute(wanted).mappings()
        found += [[row["id"], *(row[name] for name in covering.CLAIM)] for row in rows]
    return found
