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
    return (
        paid_receivables(allocations)
        .group_by("debtor")
        .agg(
            pl.len().alias("count"),
            (pl.col("days") > 0).mean().alias("late_ratio"),
            pl.col("days").clip(0).mean().alias("mean_days_late"),
        )
        .filter(pl.col("count") >= FEWEST)
        .select("debtor", "late_ratio", "mean_days_late")
    )


def paid_receivables(allocations: pl.DataFrame) -> pl.DataFrame:
    """Return one row per receivable that is seen paid, by due date.

    Columns: `debtor`, `item`, `movement` (the last payment), `due`, `paid` (its day), `days` (from
    the due date to it, negative before) and `amount` (minor units that were open).

    Args:
        allocations: columns of ALLOCATIONS, undone and returned ones with their opposite.
    """
    by_movement = allocations.group_by("debtor", "item", "movement").agg(
        pl.col("amount").sum(),
        pl.col("day").max(),
        pl.col("due").max(),
        pl.col("open_before").max(),
    )
    stands = pl.col("amount") > 0
    by_item = by_movement.group_by("debtor", "item").agg(
        pl.col("amount").sum().alias("total"),
        pl.col("open_before").max().alias("whole"),
        pl.col("due").max(),
        pl.col("day").filter(stands).max().alias("paid"),
        pl.col("movement")
        .sort_by("day", "movement")
        .filter(stands.sort_by("day", "movement"))
        .last(),
    )
    settled = (pl.col("whole") > 0) & (pl.col("total") >= pl.col("whole"))
    return (
        by_item.filter(settled)
        .drop_nulls(["due", "paid"])
        .with_columns(days=(pl.col("paid") - pl.col("due")).dt.total_days())
        .select("debtor", "item", "movement", "due", "paid", "days", amount="whole")
        .sort("due", "item")
    )
