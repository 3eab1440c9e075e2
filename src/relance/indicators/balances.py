"""What is open on a day, by age and by scope."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import polars as pl

from relance.indicators.books import KEY, scoped
from relance.indicators.report import Ageing, Bucket
from relance.ledger.ageing import BUCKETS, bucket

Basis = Literal["due", "issued"]
Key = tuple[str, str]
"""Currency and scope."""


def days_past(column: str, day: date) -> pl.Expr:
    """Return the days from `column` to `day`; null where it is null."""
    return (pl.lit(day) - pl.col(column)).dt.total_days()


def sums_of(standing: pl.DataFrame, dimension: str, day: date) -> dict[Key, dict[str, Any]]:
    """Return by currency and scope what is open on `day`, in minor units.

    Each has `receivables`, `credits` (positive), `overdue`, `not_due`, `over_60`, `unapplied` (what
    is left of payments), and for each bucket `due:NAME`, `due:NAME:items`, `issued:NAME`, ….

    Args:
        standing: frame of `Books.at`.
    """
    rows = scoped(standing, dimension).with_columns(
        due_bucket=bucket(days_past("due", day)),
        issued_bucket=bucket(days_past("issued", day)),
        late=days_past("due", day).fill_null(0),
    )
    left, debit = pl.col("left"), pl.col("debit")
    sums = {
        "receivables": left.filter(debit).sum(),
        "credits": left.filter(~debit).sum(),
        "overdue": left.filter(debit & (pl.col("late") > 0)).sum(),
        "not_due": left.filter(debit & (pl.col("late") <= 0)).sum(),
        "over_60": left.filter(debit & (pl.col("late") > 60)).sum(),
        "unapplied": left.filter(~debit & pl.col("cash")).sum(),
    }
    for basis in ("due", "issued"):
        for name in BUCKETS:
            own = debit & (pl.col(f"{basis}_bucket") == name)
            sums[f"{basis}:{name}"] = left.filter(own).sum()
            sums[f"{basis}:{name}:items"] = own.sum()
    found = rows.lazy().group_by(KEY).agg(**sums).sort(KEY).collect()
    return {(row["currency"], row["scope"]): row for row in found.iter_rows(named=True)}


NOTHING: Mapping[str, Any] = {}


def ageing_of(row: Mapping[str, Any], basis: Basis, unallocated: int = 0) -> Ageing:
    """Return the aged balance of a row of `sums_of`; an empty one of an empty row."""
    buckets = tuple(
        Bucket(name, row.get(f"{basis}:{name}", 0), row.get(f"{basis}:{name}:items", 0))
        for name in BUCKETS
    )
    receivables, credits = row.get("receivables", 0), row.get("credits", 0)
    return Ageing(basis, buckets, receivables, credits, unallocated, receivables - credits)


def net(row: Mapping[str, Any]) -> int:
    """Return receivables less credits."""
    return int(row.get("receivables", 0)) - int(row.get("credits", 0))


def net_not_due(row: Mapping[str, Any]) -> int:
    """Return what is not due of the net: credits are set against what is past due first."""
    return min(int(row.get("not_due", 0)), net(row))


def largest(standing: pl.DataFrame, dimension: str, count: int = 10) -> dict[Key, int]:
    """Return by currency and scope what the `count` debtors who owe most owe, minor units."""
    by_debtor = (
        scoped(standing.filter("debit"), dimension)
        .group_by(*KEY, "debtor")
        .agg(pl.col("left").sum())
    )
    most = by_debtor.group_by(KEY).agg(pl.col("left").top_k(count).sum())
    return {(currency, scope): amount for currency, scope, amount in most.iter_rows()}
