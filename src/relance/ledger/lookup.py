"""Looking rows up in a table that has each key once."""

from __future__ import annotations

import polars as pl


def look_up(frame: pl.DataFrame, table: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """Return `frame` with the other columns of `table`, null where a row's `keys` are not in it.

    Null is a key like another. The order and the columns of `frame` stay as they are: only the
    keys go through the join, so that a wide frame of a million rows is not copied for it.
    """
    names = [name for name in table.columns if name not in keys]
    if table.is_empty():
        return frame.with_columns(pl.lit(None, table.schema[name]).alias(name) for name in names)
    found = frame.select(keys).join(
        table, on=keys, how="left", nulls_equal=True, maintain_order="left"
    )
    return frame.hstack(found.select(names))
