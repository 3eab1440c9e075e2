"""Payments in the history: movements once each, and what they were set against, row upon row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
import polars.selectors as cs
from sqlalchemy import Connection, Row, Table, func, inspect, select

from relance.history import covering, schema
from relance.history.database import Database
from relance.history.events import Event, Mark, append, packed, stamp
from relance.history.lines import as_frame, joined_in_parts
from relance.history.records import unless_there
from relance.history.values import Payments
from relance.ledger.schema import ALLOCATIONS, MOVEMENTS, Column, conform, empty
from relance.lettering.letter import REJECTIONS
from relance.money import to_text

TO_LETTER = ("payment", "return")
"""Kinds of movements that are kept: of salaries and fees lettering needs nothing."""

_UNDONE = {"undo": "unlettered", "return": "returned"}


def are_kept(connection: Connection) -> bool:
    """Return whether the database has the tables of payments; one of an older relance has not."""
    return inspect(connection).has_table("allocations")


def movements(database: Database) -> pl.DataFrame:
    """Return the movements that were kept, columns of MOVEMENTS, in the order of their coming."""
    return _read(database, "movements", MOVEMENTS)


def allocations(database: Database) -> pl.DataFrame:
    """Return all allocations, columns of ALLOCATIONS, undone ones with their opposite."""
    return _read(database, "allocations", ALLOCATIONS)


def rejections(database: Database) -> pl.DataFrame:
    """Return what payments are not for, columns of REJECTIONS: the last word of each pair."""
    withdrawn = schema.rejections.c.withdrawn
    pair = (schema.rejections.c.movement, schema.rejections.c.item)
    rows = database.connection.execute(select(*pair, withdrawn).order_by(schema.rejections.c.seq))
    last = {(movement, item): taken_back for movement, item, taken_back in rows}
    kept = sorted(rejected for rejected, taken_back in last.items() if not taken_back)
    return pl.DataFrame(kept, schema=empty(REJECTIONS).schema, orient="row")


def store(connection: Connection, mark: Mark, payments: Payments, by: str | None) -> int:
    """Add `payments`; return how many of its movements are new."""
    head = {"at": stamp(mark.at), "run": mark.run, "by": by}
    before, numbers = _count(connection, schema.movements), covering.last_numbers(connection)
    kept = payments.movements.filter(pl.col("kind").is_in(TO_LETTER))
    _insert(connection, schema.movements, head, conform(kept, MOVEMENTS))
    _insert(connection, schema.allocations, head, _counted(payments))
    for frame, withdrawn in ((payments.rejections, False), (payments.withdrawn, True)):
        rejected = conform(frame, REJECTIONS).with_columns(pl.lit(withdrawn).alias("withdrawn"))
        _insert(connection, schema.rejections, head, rejected)
    told = covering.of_payments(connection, numbers)
    if told:
        append(connection, mark, [Event(covering.COVERED, data=packed(told))])
    return _count(connection, schema.movements) - before


def of_item(connection: Connection, item: str) -> list[dict[str, Any]]:
    """Return the events of an item's payments, oldest first, as the timeline tells them."""
    rows = _told().where(schema.allocations.c.item == item)
    return [_entry(row) for row in connection.execute(rows.order_by(schema.allocations.c.seq))]


def latest(connection: Connection, limit: int, debtor: str | None) -> list[dict[str, Any]]:
    """Return the last `limit` events of payments, of `debtor` if one is given, newest first."""
    rows = _told().order_by(schema.allocations.c.seq.desc()).limit(limit)
    if debtor is not None:
        rows = rows.where(schema.allocations.c.debtor == debtor)
    return [_entry(row) for row in connection.execute(rows)]


def _read(database: Database, table: str, columns: tuple[Column, ...]) -> pl.DataFrame:
    types = {c.name: pl.String if c.dtype == pl.Date else c.dtype for c in columns}
    rows = as_frame(joined_in_parts(database, "csv", table, "seq"), types)
    days = [c.name for c in columns if c.dtype == pl.Date]
    return conform(rows.with_columns(pl.col(days).str.to_date("%Y-%m-%d")), columns)


def _counted(payments: Payments) -> pl.DataFrame:
    """Return the allocations with `nth`, counted on from those that are known."""
    which = ("movement", "item", "kind")
    new = conform(payments.allocations, ALLOCATIONS)
    known = payments.known.group_by(which).agg(pl.len().cast(pl.Int64).alias("known"))
    own = pl.int_range(pl.len(), dtype=pl.Int64).over(which)
    both = new.join(known, on=which, how="left", maintain_order="left")
    return both.with_columns((own + pl.col("known").fill_null(0)).alias("nth")).drop("known")


def _insert(
    connection: Connection, table: Table, head: Mapping[str, Any], rows: pl.DataFrame
) -> None:
    if rows.height:
        written = rows.with_columns(cs.date().dt.to_string("%Y-%m-%d"))
        values = [
            covering.sealed(table.name, {**head, **row}) for row in written.iter_rows(named=True)
        ]
        connection.execute(unless_there(connection, table), values)


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar() or 0)


def _told() -> Any:
    told, paid, runs = schema.allocations, schema.movements, schema.runs
    joined = told.outerjoin(paid, told.c.movement == paid.c.movement)
    joined = joined.outerjoin(runs, told.c.run == runs.c.run)
    about = (paid.c.currency, paid.c.counterparty, runs.c.run_date)
    return select(told, *about).select_from(joined)


def _entry(row: Row[Any]) -> dict[str, Any]:
    currency = row.currency or "EUR"
    entry = {
        "at": row.at,
        "date": row.run_date.isoformat() if row.run_date else row.at[:10],
        "paid_on": row.day,
        "run": row.run,
        "type": _UNDONE.get(row.evidence, "lettered"),
        "debtor": row.debtor,
        "item": row.item,
        "movement": row.movement,
        "payment": to_text(row.amount, currency),
        "currency": currency,
        "evidence": row.evidence,
        "counterparty": row.counterparty,
        "by": row.by,
    }
    return {name: value for name, value in entry.items() if value is not None}


def in_time(*told: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the entries of all that is `told`, by their moment; those without one come first."""
    return sorted((entry for part in told for entry in part), key=lambda e: str(e.get("at", "")))
