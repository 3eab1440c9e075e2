"""How many notices and tasks there were, by debtor, day, channel and what became of them."""

from __future__ import annotations

import polars as pl

from relance.history.database import Database
from relance.history.lines import as_frame, joined
from relance.history.schema import quoted

_COLUMNS = {
    "debtor": pl.String,
    "currency": pl.String,
    "day": pl.String,
    "channel": pl.String,
    "kind": pl.String,
    "state": pl.String,
    "count": pl.UInt32,
}
_TEXTS = ("debtor", "currency", "channel", "kind", "state")


def dispatches_by_day(database: Database) -> pl.DataFrame:
    """Return debtor, currency, day, channel, kind (notice, task), state and count of all dispatches."""
    group = ", ".join((*_TEXTS, "run_date"))
    cells = {name: quoted(name) for name in _TEXTS}
    cells |= {"day": "CAST(run_date AS TEXT)", "count": "count(*)"}
    line = " || ',' || ".join(cells[name] for name in _COLUMNS)
    rows = f"(SELECT {line} AS line FROM dispatches GROUP BY {group}) AS total"
    with database.connection.begin():
        content = joined(database, "line", rows)
    return as_frame([content], _COLUMNS).with_columns(pl.col("day").str.to_date("%Y-%m-%d"))
