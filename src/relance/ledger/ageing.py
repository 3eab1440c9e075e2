"""Ageing: how long open balances have been past due."""

from __future__ import annotations

import polars as pl

BUCKETS = ("not_due", "1-30", "31-60", "61-90", "91-120", "over_120")


def bucket(days_past_due: pl.Expr) -> pl.Expr:
    """Return the ageing bucket of `days_past_due`; without a due date an item is `not_due`."""
    days = days_past_due.fill_null(0)
    return (
        pl.when(days <= 0)
        .then(pl.lit("not_due"))
        .when(days <= 30)
        .then(pl.lit("1-30"))
        .when(days <= 60)
        .then(pl.lit("31-60"))
        .when(days <= 90)
        .then(pl.lit("61-90"))
        .when(days <= 120)
        .then(pl.lit("91-120"))
        .otherwise(pl.lit("over_120"))
    )
