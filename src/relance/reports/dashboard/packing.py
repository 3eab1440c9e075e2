"""The rows of the page as columns, packed: a hundred thousand debtors in a few megabytes.

What is packed is base64, in which nothing can be markup, whatever the data say.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

_EPOCH = date(1970, 1, 1)
_NAMED = ("segment", "owner", "currency", "level", "next_level", "kind")
"""Columns of few values: the rows hold places in a list of them, -1 for none."""


def packed(debtors: pl.DataFrame, items: pl.DataFrame, beside: Mapping[str, Any]) -> str:
    """Return the rows and `beside`, which is JSON, as base64 of gzip. Same values, same text."""
    held = {"debtors": _columns(debtors), "items": _columns(_by_debtor(items)), **beside}
    text = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode("utf-8", "replace"), 9, mtime=0)).decode()


def _by_debtor(items: pl.DataFrame) -> pl.DataFrame:
    """Return `items` with the steps from one debtor's place to the next, which are small numbers."""
    return items.with_columns(pl.col("place").cast(pl.Int64).diff().fill_null(pl.col("place")))


def _columns(frame: pl.DataFrame) -> dict[str, Any]:
    return {"rows": frame.height, **{column.name: _column(column) for column in frame}}


def _column(column: pl.Series) -> Any:
    if column.name in _NAMED:
        values = column.drop_nulls().unique().sort()
        places = {value: place for place, value in enumerate(values.to_list())}
        numbers = column.replace_strict(places, default=-1, return_dtype=pl.Int32).fill_null(-1)
        return {"values": values.to_list(), "rows": numbers.to_list()}
    if column.dtype == pl.Date:
        return (column - _EPOCH).dt.total_days().to_list()
    return column.to_list()
