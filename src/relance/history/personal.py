"""All that is held about one debtor: to hand it out, or to erase it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import polars as pl
from sqlalchemy import Column, Connection, Table, func, select

from relance.history import covering, schema

_AT_ONCE = 500
UNSETTLED = ("claimed", "transmitting", "in_doubt", "retry")
"""States of dispatches whose story is not over."""


@dataclass(frozen=True, slots=True)
class Case:
    """Which rows are about one debtor: keys of dispatches, identities of items, numbers of rows."""

    debtor: str
    dispatches: tuple[str, ...]
    items: tuple[str, ...]
    events: tuple[int, ...]
    claims: tuple[int, ...]
    movements: tuple[int, ...]
    allocations: tuple[int, ...]
    rejections: tuple[int, ...]

    def __bool__(self) -> bool:
        return any((self.dispatches, self.items, self.events, self.movements, self.allocations))


def case(connection: Connection, debtor: str) -> Case:
    """Return which rows are about `debtor`; a false one when there are none."""
    sent, claims, events = schema.dispatches.c, schema.claims.c, schema.events.c
    paid, told, refused = schema.movements.c, schema.allocations.c, schema.rejections.c
    keys = _all(connection, sent.key, sent.debtor == debtor)
    items = _items(connection, debtor)
    allocated = {*_among(connection, told.movement, told.item, items)}
    allocated |= set(_all(connection, told.movement, told.debtor == debtor))
    return Case(
        debtor,
        tuple(keys),
        tuple(items),
        _numbers(
            _all(connection, events.seq, events.debtor == debtor),
            _among(connection, events.seq, events.item, items),
            _among(connection, events.seq, events.dispatch, keys),
        ),
        _numbers(_among(connection, claims.id, claims.item, items)),
        _numbers(_among(connection, paid.seq, paid.movement, sorted(allocated))),
        _numbers(
            _among(connection, told.seq, told.item, items),
            _all(connection, told.seq, told.debtor == debtor),
        ),
        _numbers(_among(connection, refused.seq, refused.item, items)),
    )


def unsettled(connection: Connection, debtor: str) -> list[str]:
    """Return the keys of the debtor's dispatches whose story is not over."""
    sent = schema.dispatches.c
    return _all(connection, sent.key, (sent.debtor == debtor) & sent.state.in_(UNSETTLED))


def idle_since(connection: Connection, moment: str) -> list[str]:
    """Return the debtors of whom nothing was recorded since `moment` (as events are stamped)."""
    events, sent, told = schema.events.c, schema.dispatches.c, schema.allocations.c
    chained = (events.type == covering.COVERED) & events.dispatch.is_not(None)
    kept = events.erased.is_(None)
    queries = (
        select(events.debtor, func.max(events.at)).where(kept, ~chained).group_by(events.debtor),
        select(told.debtor, func.max(told.at)).where(told.erased.is_(None)).group_by(told.debtor),
        select(sent.debtor, func.max(sent.changed)).group_by(sent.debtor),
    )
    of_events, of_payments, of_dispatches = (
        dict(connection.execute(query).all()) for query in queries
    )
    last = {
        debtor: max(known.get(debtor, "") for known in (of_events, of_payments, of_dispatches))
        for debtor in of_events.keys() | of_payments.keys()
        if debtor
    }
    return sorted(debtor for debtor, at in last.items() if at < moment)


def held(connection: Connection, about: Case) -> dict[str, Any]:
    """Return all rows about a debtor, by table, as plain values; messages without their bytes."""
    sent, told = schema.dispatches.c, schema.messages.c
    where: dict[str, tuple[Table, Column[Any], Sequence[Any]]] = {
        "dispatches": (schema.dispatches, sent.key, about.dispatches),
        "messages": (schema.messages, told.dispatch, about.dispatches),
        "claims": (schema.claims, schema.claims.c.id, about.claims),
        "events": (schema.events, schema.events.c.seq, about.events),
        "movements": (schema.movements, schema.movements.c.seq, about.movements),
        "allocations": (schema.allocations, schema.allocations.c.seq, about.allocations),
        "rejections": (schema.rejections, schema.rejections.c.seq, about.rejections),
        "mails_received": (schema.incoming, schema.incoming.c.debtor, (about.debtor,)),
    }
    found = {name: list(_rows(connection, *asked)) for name, asked in where.items()}
    return found | {"last_imports": list(in_snapshots(connection, about.debtor))}


def messages(connection: Connection, about: Case) -> Iterator[tuple[str, bytes]]:
    """Yield the file name and the bytes of each message to the debtor."""
    table = schema.messages.c
    for key in about.dispatches:
        wanted = select(table.filename, table.content).where(table.dispatch == key)
        for name, content in connection.execute(wanted):
            yield f"{key[:8]}-{name}" if name else key, content


def in_snapshots(connection: Connection, debtor: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of the last imports that are about the debtor."""
    for source, frame in frames(connection):
        mine = of_debtor(frame, debtor)
        if mine is not None:
            yield from ({"source": source, **row} for row in frame.filter(mine).to_dicts())


def frames(connection: Connection) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield the name and the rows of each import that is kept."""
    table = schema.snapshots.c
    for source, frame in connection.execute(select(table.source, table.frame)).all():
        yield source, pl.read_parquet(io.BytesIO(frame))


def of_debtor(frame: pl.DataFrame, debtor: str) -> pl.Expr | None:
    """Return which rows of an import are about the debtor; None if it names no debtors."""
    name = next((name for name in ("debtor", "id") if name in frame.columns), None)
    return None if name is None else pl.col(name).fill_null("") == debtor


def _items(connection: Connection, debtor: str) -> list[str]:
    found: set[str] = set()
    prefix = f"{debtor}|"
    for table in (schema.claims, schema.events, schema.allocations, schema.rejections):
        begins = func.substr(table.c.item, 1, len(prefix)) == prefix
        found.update(_all(connection, table.c.item, begins))
    return sorted(item for item in found if covering.debtor_in(item) == debtor)


def _all(connection: Connection, column: Any, where: Any) -> list[Any]:
    return list(
        connection.execute(select(column).where(where).distinct().order_by(column)).scalars()
    )


def _among(connection: Connection, column: Any, where: Any, values: Sequence[Any]) -> list[Any]:
    every, found = iter(values), []
    while part := list(islice(every, _AT_ONCE)):
        found += _all(connection, column, where.in_(part))
    return found


def _numbers(*found: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted({number for part in found for number in part}))


def _rows(
    connection: Connection, table: Table, number: Column[Any], values: Sequence[Any]
) -> Iterator[dict[str, Any]]:
    hidden = ("csv", "line", "salt", "seal", "hash", "content")
    columns = [column for column in table.c if column.name not in hidden]
    every = iter(values)
    while part := list(islice(every, _AT_ONCE)):
        wanted = select(*columns).where(number.in_(part)).order_by(number)
        yield from (_plain(row) for row in connection.execute(wanted).mappings())


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the row ready for JSON, its data unpacked, without what is null."""
    values = {str(name): value for name, value in row.items() if value is not None}
    if "data" in values:
        values["data"] = json.loads(values["data"])
    return values
