"""Rows by their number: what a join on a row number would give, without the join."""

from __future__ import annotations

import polars as pl


def beside(frame: pl.DataFrame, book: pl.DataFrame, *columns: str, **renamed: str) -> pl.DataFrame:
    """Return `frame` with `columns` of `book`, of the row whose number its column `i` holds.

    Args:
        frame: has `i`, without nulls.
        book: its column `i` counts its rows.
        columns: taken as they are; `renamed` are taken under another name.
    """
    chosen = book.select(*columns, **{new: pl.col(old) for new, old in renamed.items()})
    return frame.hstack(chosen[frame["i"]])


def spread(values: pl.DataFrame, column: str, height: int, fill: int | None) -> pl.Series:
    """Return `height` values: those of `column` at the row numbers `i`, else `fill`."""
    whole = pl.repeat(fill, height, dtype=values.schema[column], eager=True)
    return whole.scatter(values["i"], values[column]).alias(column)
