"""What happened in the books: sales, receipts, what was paid late, when invoices were issued."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from relance.indicators.balances import Key
from relance.indicators.books import KEY, Books, scoped

Series = Mapping[Key, Mapping[date, int]]
"""Minor units by currency and scope, and by the first day of the month."""

Rows = Mapping[Key, Mapping[str, Any]]

END_OF_MONTH = 5
"""The last days of a month: invoices in heaps are issued then."""


def sales_by_month(books: Books, dimension: str) -> Series:
    """Return what was sold: invoices less credit notes, by the month of their booking."""
    signed = pl.when("debit").then("amount").otherwise(-pl.col("amount"))
    months = (
        scoped(books.documents.filter("sale"), dimension)
        .group_by(*KEY, pl.col("booked").dt.truncate("1mo").alias("month"))
        .agg(signed.sum().alias("sum"))
        .drop_nulls("month")
    )
    found: dict[Key, dict[date, int]] = defaultdict(dict)
    for currency, scope, month, amount in months.iter_rows():
        found[currency, scope][month] = amount
    return found


def sums_in(books: Books, dimension: str, first: date, last: date) -> Rows:
    """Return `sales`, `credit_notes` (positive) and `receipts` of a period."""
    signed = pl.when("debit").then("amount").otherwise(-pl.col("amount"))
    sold = books.documents.filter(pl.col("sale") & pl.col("booked").is_between(first, last))
    sales = (
        scoped(sold, dimension, "booked")
        .group_by(KEY)
        .agg(sales=signed.sum(), credit_notes=pl.col("amount").filter(~pl.col("debit")).sum())
    )
    came = books.receipts.filter(pl.col("day").is_between(first, last))
    receipts = scoped(came, dimension, "day").group_by(KEY).agg(receipts=pl.col("amount").sum())
    both = sales.join(receipts, on=KEY, how="full", coalesce=True).fill_null(0)
    return _by_key(both)


def payments_of(books: Books) -> pl.DataFrame:
    """Return what was paid of receivables: segment, owner, currency, `day`, `due`, `amount`."""
    names = ("segment", "owner", "currency", "due")
    split = books.pieces["doc"].unique().implode()
    at_once = books.documents.filter(
        pl.col("debit") & pl.col("closed_paid") & ~pl.col("doc").is_in(split)
    ).select(*names, day="closed", amount="amount")
    documents = books.documents.filter("debit").select("doc", *names)
    parts = books.pieces.filter(pl.col("paid") & pl.col("day").is_not_null())
    pieces = parts.join(documents, on="doc").select(*names, "day", "amount")
    return pl.concat([at_once, pieces]).drop_nulls("due")


def paid_late(payments: pl.DataFrame, dimension: str, first: date, last: date) -> Rows:
    """Return `days` (days late x amount) and `amount` of what was paid in a period.

    Args:
        payments: frame of `payments_of`.
    """
    rows = scoped(payments.filter(pl.col("day").is_between(first, last)), dimension, "day")
    days = (pl.col("day") - pl.col("due")).dt.total_days().clip(0)
    amount = pl.col("amount")
    return _by_key(rows.group_by(KEY).agg(days=(days * amount).sum(), amount=amount.sum()))


def late_so_far(standing: pl.DataFrame, dimension: str, day: date) -> Rows:
    """Return `days` (days late x amount) and `amount` of what is past due and open on `day`.

    Without it only those would count who paid in the end.
    """
    rows = scoped(standing.filter(pl.col("debit") & (pl.col("due") < day)), dimension)
    days = (pl.lit(day) - pl.col("due")).dt.total_days()
    left = pl.col("left")
    return _by_key(rows.group_by(KEY).agg(days=(days * left).sum(), amount=left.sum()))


def open_by_invoice_month(
    standing: pl.DataFrame, dimension: str, day: date
) -> Mapping[Key, Mapping[date, int]]:
    """Return by month of issue: days since issue x what is open of receivables, in minor units."""
    rows = standing.filter(pl.col("debit") & pl.col("issued").is_not_null())
    days = (pl.lit(day) - pl.col("issued")).dt.total_days().clip(0)
    months = (
        scoped(rows, dimension)
        .group_by(*KEY, month=pl.col("booked").dt.truncate("1mo"))
        .agg(weight=(days * pl.col("left")).sum())
    )
    found: dict[Key, dict[date, int]] = defaultdict(dict)
    for currency, scope, month, weight in months.iter_rows():
        found[currency, scope][month] = weight
    return found


def rhythm(books: Books, dimension: str, first: date, last: date) -> Rows:
    """Return of the invoices of a period: `amount`, `at_end` (amount), `count`, `days` and `largest`.

    `days` is on how many days any was issued, `largest` the amount of the day with most.
    """
    invoices = books.documents.filter(
        pl.col("sale") & pl.col("debit") & pl.col("issued").is_between(first, last)
    )
    by_day = (
        scoped(invoices, dimension, "issued")
        .group_by(*KEY, "issued")
        .agg(amount=pl.col("amount").sum(), count=pl.len())
    )
    left = pl.col("issued").dt.month_end().dt.day() - pl.col("issued").dt.day()
    at_end = pl.col("amount").filter(left < END_OF_MONTH).sum()
    return _by_key(
        by_day.group_by(KEY).agg(
            at_end=at_end,
            days=pl.len(),
            largest=pl.col("amount").max(),
            amount=pl.col("amount").sum(),
            count=pl.col("count").sum(),
        )
    )


def _by_key(frame: pl.DataFrame) -> Rows:
    return {(row["currency"], row["scope"]): row for row in frame.iter_rows(named=True)}
