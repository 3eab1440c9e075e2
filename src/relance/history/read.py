"""Reads the past as frames: the database writes lines of CSV, Polars reads them.

No Python object per row: hundreds of thousands of claims are read in a fraction of a second.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import text

from relance.dunning.events import (
    CONTACTS,
    CYCLES,
    HOLD_TYPES,
    HOLDS,
    PAST_LEVELS,
    REJECTED,
    Past,
)
from relance.history.database import Database
from relance.history.values import LEFT
from relance.ledger.schema import conform, empty, schema

_ROWS_PER_LINE = 50_000
"""Rows that SQLite joins into one text: far below its limit of a billion characters."""


def past(database: Database) -> Past:
    """Return all that the decision needs of the history."""
    with database.connection.begin():
        return Past(
            levels=_levels(database),
            contacts=_contacts(database),
            cycles=_cycles(database),
            holds=_holds(database),
            rejected=_rejected(database),
            tasks=_tasks(database),
        )


def _levels(database: Database) -> pl.DataFrame:
    claims = _frame(
        database,
        "claims",
        {
            "id": pl.Int64,
            "item": pl.String,
            "procedure": pl.String,
            "level": pl.String,
            "level_number": pl.Int32,
            "cycle": pl.Int32,
            "run_date": pl.Date,
            "dispatch": pl.String,
        },
        "released = '' AND level_number IS NOT NULL",
    )
    state = (
        pl.when(pl.col("dispatch") == "")
        .then(pl.lit("adopted"))
        .otherwise(pl.col("state").fill_null("sent"))
    )
    levels = (
        claims.join(_unusual(database), left_on="dispatch", right_on="key", how="left")
        .with_columns(state.alias("state"), date=pl.col("run_date"))
        .filter(pl.col("state") != "claimed")
        .sort("id")
    )
    key = pl.when(pl.col("state") != "adopted").then(pl.col("dispatch"))
    return conform(levels.with_columns(key.alias("dispatch")), PAST_LEVELS)


def _unusual(database: Database) -> pl.DataFrame:
    """Return key and state, as the decision sees it, of dispatches that were not simply sent."""
    frame = _frame(
        database,
        "dispatches",
        {"key": pl.String, "state": pl.String, "idempotent": pl.String},
        "state IN ('claimed', 'transmitting', 'in_doubt', 'resolved_sent', 'abandoned')",
    )
    repeated = pl.col("idempotent").is_in(["1", "t"])
    seen = (
        pl.when(pl.col("state") == "transmitting")
        .then(pl.when(repeated).then(pl.lit("sent")).otherwise(pl.lit("in_doubt")))
        .otherwise(pl.col("state").replace({"resolved_sent": "sent", "abandoned": "adopted"}))
    )
    return frame.select("key", seen.alias("state"))


def _contacts(database: Database) -> pl.DataFrame:
    states = ", ".join(f"'{state}'" for state in LEFT)
    frame = _frame(
        database,
        "dispatches",
        {"debtor": pl.String, "run_date": pl.Date},
        f"kind = 'notice' AND contact AND state IN ({states}, 'transmitting')",
    )
    counted = frame.group_by("debtor", date="run_date").agg(contacts=pl.len())
    return conform(counted.sort("debtor", "date"), CONTACTS)


def _rejected(database: Database) -> pl.DataFrame:
    """Return the recipients that a channel refused for good and has not taken since."""
    frame = _frame(
        database,
        "dispatches",
        {"debtor": pl.String, "recipient": pl.String, "state": pl.String, "changed": pl.String},
        "kind = 'notice' AND state IN ('rejected', 'sent', 'resolved_sent') AND recipient IN "
        "(SELECT recipient FROM dispatches WHERE state = 'rejected')",
    )
    last = frame.sort("changed").group_by("debtor", "recipient").agg(pl.col("state").last())
    return conform(last.filter(pl.col("state") == "rejected").sort("debtor"), REJECTED)


def _tasks(database: Database) -> frozenset[str]:
    """Return the keys of the tasks that were given, without those that were taken back."""
    frame = _frame(
        database, "dispatches", {"key": pl.String}, "kind = 'task' AND state NOT IN ('cancelled')"
    )
    return frozenset(frame["key"])


def _cycles(database: Database) -> pl.DataFrame:
    frame = _frame(
        database,
        "events",
        {"seq": pl.Int64, "item": pl.String, "type": pl.String},
        "dispatch IS NULL AND type IN ('settled_seen', 'reopened_seen')",
    )
    by_item = (
        frame.sort("seq")
        .group_by("item")
        .agg(
            cycle=(pl.col("type") == "reopened_seen").sum(),
            settled=pl.col("type").last() == "settled_seen",
        )
    )
    return conform(by_item.sort("item"), CYCLES)


def _holds(database: Database) -> pl.DataFrame:
    types = ", ".join(f"'{kind}'" for kind in HOLD_TYPES)
    rows = database.connection.execute(
        text(
            "SELECT seq, date, type, debtor, item, data FROM events "
            f"WHERE dispatch IS NULL AND type IN ({types}) ORDER BY seq"
        )
    ).all()
    if not rows:
        return empty(HOLDS)
    return pl.DataFrame([_hold(dict(row._mapping)) for row in rows], schema=schema(HOLDS))


def _hold(row: Mapping[str, Any]) -> dict[str, Any]:
    data = json.loads(row["data"])
    return {
        "seq": row["seq"],
        "date": _day(row["date"]),
        "type": row["type"],
        "debtor": row["debtor"],
        "item": row["item"],
        "until": _day(data.get("until")),
        "amount": data.get("amount"),
        "schedule": [
            {"due": _day(due), "amount": amount} for due, amount in data.get("schedule", [])
        ],
        "reason": data.get("reason"),
    }


def _day(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _frame(database: Database, table: str, columns: Mapping[str, Any], where: str) -> pl.DataFrame:
    """Return `columns` of the rows of `table` for which `where` holds, in no order."""
    lines = _copied if database.dialect == "postgresql" else _concatenated
    content = lines(database, table, columns, where)
    as_text = {name: pl.String if kind == pl.Date else kind for name, kind in columns.items()}
    if not content:
        return pl.DataFrame(schema=dict(columns))
    frame = pl.read_csv(content, has_header=False, schema=as_text)
    days = [name for name, kind in columns.items() if kind == pl.Date]
    return frame.with_columns(pl.col(days).str.to_date("%Y-%m-%d")) if days else frame


def _concatenated(database: Database, table: str, columns: Mapping[str, Any], where: str) -> bytes:
    line = " || ',' || ".join(_cell(name, kind) for name, kind in columns.items())
    query = (
        f"SELECT group_concat({line}, char(10)) FROM {table} WHERE {where} "
        f"GROUP BY rowid / {_ROWS_PER_LINE}"
    )
    rows = database.connection.exec_driver_sql(query).scalars()
    return "\n".join(rows).encode()


def _cell(name: str, kind: Any) -> str:
    if kind == pl.String:
        return f"""'"' || replace({name}, '"', '""') || '"'"""
    return f"coalesce({name}, '')"


def _copied(database: Database, table: str, columns: Mapping[str, Any], where: str) -> bytes:
    query = f"SELECT {', '.join(columns)} FROM {table} WHERE {where}"
    driver: Any = database.connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)") as copy:
        return b"".join(bytes(block) for block in copy)
