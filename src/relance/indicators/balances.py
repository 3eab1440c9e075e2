"""What is open on a day, by age and by scope."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import polars as pl

from relance.indicators.books import DIMENSIONS, KEY, scoped
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
    is left of payments), and for each bucket of the due date `due:NAME` and `due:NAME:items`.

    Args:
        standing: frame of `Books.at`.
    """
    groups = _grouped(standing.select(*_ASKED, "due"), dimension, "due", day)
    found: dict[Key, dict[str, Any]] = {}
    for currency, scope, debit, cash, name, left, items in groups.iter_rows():
        row = found.setdefault((currency, scope), dict(_EMPTY, currency=currency))
        if not debit:
            row["credits"] += left
            row["unapplied"] += left if cash else 0
            continue
        row["receivables"] += left
        row["not_due" if name == "not_due" else "overdue"] += left
        row["over_60"] += left if name in _OVER_60 else 0
        row[f"due:{name}"] = row.get(f"due:{name}", 0) + left
        row[f"due:{name}:items"] = row.get(f"due:{name}:items", 0) + items
    return dict(sorted(found.items()))


_ASKED = ("currency", *DIMENSIONS, "debit", "cash", "left")
_EMPTY = dict.fromkeys(
    ("receivables", "credits", "overdue", "not_due", "over_60", "unapplied"), 0
)  # fmt: skip
_OVER_60 = ("61-90", "91-120", "over_120")


def issued_sums_of(standing: pl.DataFrame, dimension: str, day: date) -> dict[Key, dict[str, int]]:
    """Return by currency and scope the buckets of the date of issue: `issued:NAME`, with `:items`."""
    groups = _grouped(standing.select(*_ASKED, "issued"), dimension, "issued", day)
    found: dict[Key, dict[str, int]] = {}
    for currency, scope, debit, _, name, left, items in groups.iter_rows():
        row = found.setdefault((currency, scope), {})
        if debit:
            row[f"issued:{name}"] = row.get(f"issued:{name}", 0) + left
            row[f"issued:{name}:items"] = row.get(f"issued:{name}:items", 0) + items
    return found


def _grouped(rows: pl.DataFrame, dimension: str, column: str, day: date) -> pl.DataFrame:
    aged = scoped(rows, dimension).with_columns(bucket=bucket(days_past(column, day)))
    groups = aged.group_by(*KEY, "debit", "cash", "bucket")
    return groups.agg(pl.col("left").sum(), items=pl.len())


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
