"""Rows that the database joins to lines of CSV and Polars reads: no Python object per row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl

from relance.history.database import Database

_ROWS_AT_ONCE = 50_000
"""Rows that are joined into one text: far below SQLite's limit of a billion characters."""


def as_frame(texts: Iterable[str], columns: Mapping[str, Any]) -> pl.DataFrame:
    """Return the frame of lines of CSV; text that is empty adds no row."""
    content = "\n".join(text for text in texts if text).encode()
    if not content:
        return pl.DataFrame(schema=dict(columns))
    return pl.read_csv(content, has_header=False, schema=dict(columns))


def joined(database: Database, expression: str, source: str) -> str:
    """Return `expression` of all rows of `source`, one per line, joined by the database."""
    aggregate = (
        f"string_agg({expression}, chr(10))"
        if database.dialect == "postgresql"
        else f"group_concat({expression}, char(10))"
    )
    return scalar(database, f"SELECT {aggregate} FROM {source}") or ""


def joined_in_parts(
    database: Database, expression: str, table: str, number: str, where: str = "1 = 1"
) -> Iterator[str]:
    """Yield what `joined` gives for the rows of `table`, a part of its counter `number` at a time."""
    last = scalar(database, f"SELECT max({number}) FROM {table}") or 0
    for start in range(0, last + 1, _ROWS_AT_ONCE):
        part = f"{number} >= {start} AND {number} < {start + _ROWS_AT_ONCE} AND {where}"
        rows = f"SELECT {expression} AS row_text FROM {table} WHERE {part} ORDER BY {number}"
        yield joined(database, "row_text", f"({rows}) AS part")


def scalar(database: Database, query: str) -> Any:
    """Return the one value of `query`; None for no row."""
    return database.connection.exec_driver_sql(query).scalar()
