"""Good payers who slip: debtors who paid in time before, and do so no more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from relance.dunning.behaviour import SPAN
from relance.dunning.habits import FEWEST
from relance.indicators.books import Books
from relance.indicators.report import Deviating

SHOWN = 20

SINCE_DAYS = 365
"""A debtor none of whose latest receivables was due in this time is no news."""


def deviating(
    books: Books, standing: pl.DataFrame, day: date, names: Mapping[str, str]
) -> dict[str, list[Deviating]]:
    """Return by currency the debtors who slip, those with most past due first.

    Of each debtor the receivables that were paid, and those past due and open, late so far, in the
    order of their due dates: the median days from the due date of the latest third (FEWEST or more)
    against that of those before it (FEWEST or more). It slips where the earlier median was SPAN days
    or less, and the later one is SPAN days or more above it. Early payment counts as in time.

    Args:
        standing: frame of `Books.at(day)`.
        names: name by debtor.
    """
    size, days = pl.col("days").list.len(), pl.col("days")
    recent = pl.max_horizontal(FEWEST, size // 3)
    medians = (
        _lists(books, standing, day)
        .filter(size >= 2 * FEWEST)
        .with_columns(
            recent=recent,
            earlier=size - recent,
            recent_days=days.list.head(recent).list.median(),
            earlier_days=days.list.slice(recent).list.median(),
        )
        .filter(
            (pl.col("earlier_days") <= SPAN)
            & (pl.col("recent_days").clip(0) - pl.col("earlier_days").clip(0) >= SPAN)
            & ((pl.lit(day) - pl.col("newest")).dt.total_days() <= SINCE_DAYS)
        )
    )
    owed = (
        standing.filter("debit")
        .group_by("currency", "debtor")
        .agg(
            open=pl.col("left").sum(),
            overdue=pl.col("left").filter(pl.col("due") < day).sum(),
        )
    )
    worst = medians.join(owed, on=["currency", "debtor"], how="left").with_columns(
        pl.col("open", "overdue").fill_null(0)
    )
    worst = worst.sort(["overdue", "recent_days", "debtor"], descending=[True, True, False])
    found: dict[str, list[Deviating]] = {}
    for row in worst.iter_rows(named=True):
        found.setdefault(row["currency"], []).append(_as_deviating(row, names))
    return {currency: all_of_it[:SHOWN] for currency, all_of_it in found.items()}


def _lists(books: Books, standing: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return one row per debtor: `days` from the due date, the latest first, and `newest` (due date)."""
    columns = ["currency", "debtor", "segment", "owner", "due"]
    known = pl.col("debit") & pl.col("due").is_not_null()
    paid = books.documents.filter(known & pl.col("closed_paid"))
    paid = paid.select(*columns, days=(pl.col("closed") - pl.col("due")).dt.total_days())
    late = standing.filter(known & (pl.col("due") < day))
    late = late.select(*columns, days=(pl.lit(day) - pl.col("due")).dt.total_days())
    rows = pl.concat([paid, late]).sort("due", "days", descending=True)
    return rows.group_by("currency", "debtor", maintain_order=True).agg(
        pl.col("segment", "owner").first(), pl.col("days"), newest=pl.col("due").first()
    )


def _as_deviating(row: Mapping[str, Any], names: Mapping[str, str]) -> Deviating:
    return Deviating(
        row["debtor"], names.get(row["debtor"], row["debtor"]), row["segment"], row["owner"],
        row["recent"], row["earlier"], Decimal(str(row["recent_days"])), Decimal(str(row["earlier_days"])),
        row["open"], row["overdue"],
    )  # fmt: skip
