"""What happened in the months of the books: sales, credit notes, receipts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

import polars as pl

from relance.indicators.balances import Key
from relance.indicators.books import KEY, Books, scoped

Series = Mapping[Key, Mapping[date, int]]
"""Minor units by currency and scope, and by the first day of the month."""


def sales_by_month(books: Books, dimension: str, day: date) -> Series:
    """Return what was sold up to `day`: invoices less credit notes, by the month of issue."""
    rows = books.documents.filter(pl.col("sale") & (pl.col("issued") <= day))
    signed = pl.when("debit").then("amount").otherwise(-pl.col("amount"))
    return _by_month(scoped(rows, dimension), "issued", signed)


def credit_notes_by_month(books: Books, dimension: str, day: date) -> Series:
    """Return the credit notes issued up to `day`, positive."""
    rows = books.documents.filter(pl.col("sale") & ~pl.col("debit") & (pl.col("issued") <= day))
    return _by_month(scoped(rows, dimension), "issued", pl.col("amount"))


def _by_month(rows: pl.DataFrame, day: str, amount: pl.Expr) -> Series:
    months = (
        rows.lazy()
        .group_by(*KEY, pl.col(day).dt.truncate("1mo").alias("month"))
        .agg(amount.sum().alias("sum"))
        .collect()
    )
    found: dict[Key, dict[date, int]] = defaultdict(dict)
    for currency, scope, month, amount_of in months.iter_rows():
        found[currency, scope][month] = amount_of
    return found


def in_period(series: Mapping[date, int], first: date, last: date) -> int:
    """Return the sum of the months from that of `first` to that of `last`."""
    return sum(amount for month, amount in series.items() if first <= month <= last)
