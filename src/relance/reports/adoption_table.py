"""The levels that `relance adopt` sets, as a table."""

from __future__ import annotations

import polars as pl

from relance.language import translator
from relance.reports.figures import amount_text, count_text, counted
from relance.reports.tables import Column, Table


def adoption_table(levels: pl.DataFrame, language: str) -> Table:
    """Return how many items each level gets; `levels` has number, procedure, level, open, …."""
    _ = translator(language)
    groups = (
        levels.group_by("procedure", "level_number", "level", "currency")
        .agg(pl.len().alias("items"), pl.col("open").sum())
        .sort("procedure", "level_number", "currency")
    )
    if not levels.height:
        return Table(_("No open item is without a level whose day is reached."), (), ())
    return Table(
        _("Levels for {items} never dunned").format(items=counted(levels.height, "item", language)),
        [Column(_("Procedure"), fit="cut"), Column(_("Level")), Column(_("Items"), "right"),
         Column(_("Open"), "right")],
        [
            [row["procedure"], row["level"], count_text(row["items"], language),
             amount_text(row["open"], row["currency"], language)]
            for row in groups.iter_rows(named=True)
        ],
    )  # fmt: skip
