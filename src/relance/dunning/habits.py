"""How debtors pay: late or not, out of the payments that were set against their receivables."""

from __future__ import annotations

import polars as pl

FEWEST = 3
"""Receivables that must be paid before anything is said about how their debtor pays."""


def paying_habits(allocations: pl.DataFrame) -> pl.DataFrame:
    """Return one row per debtor of whom at least FEWEST receivables are seen paid.

    Columns: `debtor`, `late_ratio` (share of them paid after the due date, 0 to 1) and
    `mean_days_late` (days after the due date, 0 for those paid in time). A receivable is paid when
    what was set against it comes to what was open; the day is that of the last payment that stands.

    Args:
        allocations: columns of ALLOCATIONS, undone and returned ones with their opposite.
    """
    paid = _paid(allocations).with_columns(
        (pl.col("last") - pl.col("due")).dt.total_days().clip(0).alias("days")
    )
    return (
        paid.group_by("debtor")
        .agg(
            pl.len().alias("count"),
            (pl.col("days") > 0).mean().alias("late_ratio"),
            pl.col("days").mean().alias("mean_days_late"),
        )
        .filter(pl.col("count") >= FEWEST)
        .select("debtor", "late_ratio", "mean_days_late")
    )


def _paid(allocations: pl.DataFrame) -> pl.DataFrame:
    """Return the receivables that are paid: debtor, item, due and the last day of payment."""
    by_movement = allocations.group_by("debtor", "item", "movement").agg(
        pl.col("amount").sum(),
        pl.col("day").max(),
        pl.col("due").max(),
        pl.col("open_before").max(),
    )
    by_item = by_movement.group_by("debtor", "item").agg(
        pl.col("amount").sum().alias("total"),
        pl.col("open_before").max(),
        pl.col("due").max(),
        pl.col("day").filter(pl.col("amount") > 0).max().alias("last"),
    )
    whole = (pl.col("open_before") > 0) & (pl.col("total") >= pl.col("open_before"))
    return by_item.filter(whole).drop_nulls(["due", "last"])
