"""The books of a portfolio: its documents, and what came off them as far as files and history tell."""

from __future__ import annotations

from datetime import date

import polars as pl

from relance.indicators.books import DOCUMENTS, PARTS, Books, books_of
from relance.ledger.build import IS_CREDIT
from relance.ledger.lookup import look_up
from relance.ledger.schema import conform
from relance.lettering.absorb import still_counted
from relance.runs.portfolio import Portfolio

_CASH = ("payment", "advance")
_SALES = ("invoice", "credit_note")


def books(portfolio: Portfolio) -> Books:
    """Return the books of `portfolio` on its day."""
    items = _items(portfolio)
    parts = _parts(items, portfolio)
    known, sales = _known(items, parts, portfolio.today)
    return books_of(conform(items, DOCUMENTS), conform(parts, PARTS), known, sales)


def _items(portfolio: Portfolio) -> pl.DataFrame:
    """Return the items of the day with the columns of DOCUMENTS, `left` and `source`."""
    items, day = portfolio.items, portfolio.today
    there = ~pl.col("missing") & (pl.col("issued").is_null() | (pl.col("issued") <= day))
    rows = items.filter(there).select(
        "item", "debtor", "source", "currency", "kind", "issued", "due",
        debit=~IS_CREDIT,
        sale=pl.col("kind").is_in(_SALES),
        cash=pl.col("kind").is_in(_CASH),
        left=pl.col("balance").abs(),
        amount=pl.max_horizontal(pl.col("amount").abs(), pl.col("balance").abs()),
    )  # fmt: skip
    rows = look_up(rows, _debtors(portfolio), "debtor")
    return rows.with_columns(pl.col("segment", "owner").fill_null("")).with_row_index("doc")


def _debtors(portfolio: Portfolio) -> pl.DataFrame:
    """Return segment and owner of each debtor that has items."""
    return portfolio.facts.select("debtor", "segment", "owner").unique("debtor", keep="any")


def _parts(items: pl.DataFrame, portfolio: Portfolio) -> pl.DataFrame:
    """Return what came off `items`: what payments were set against, and the rest without a day."""
    off = items.select("doc", "item", "debit", off=pl.col("amount") - pl.col("left"))
    off = off.filter(pl.col("off") != 0)
    counted = still_counted(portfolio.past.allocations).select("item", "day", "amount")
    named = counted.join(off, on="item", how="inner")
    sign = pl.when("debit").then(1).otherwise(-1)
    dated = (
        named.group_by("doc", "day")
        .agg((sign * pl.col("amount")).sum().alias("amount"))
        .filter(pl.col("amount") != 0)
    )
    told = dated.group_by("doc").agg(pl.col("amount").sum().alias("told"))
    rest = (
        look_up(off, told, "doc")
        .select(
            "doc", day=pl.lit(None, pl.Date), amount=pl.col("off") - pl.col("told").fill_null(0)
        )
        .filter(pl.col("amount") != 0)
    )
    return pl.concat([conform(dated, PARTS), conform(rest, PARTS)])


def _known(
    items: pl.DataFrame, parts: pl.DataFrame, day: date
) -> tuple[dict[str, date], dict[str, date]]:
    """Return by currency since when what is open is known, and since when sales are.

    A source that keeps its settled receivables (as many as open ones, or more) tells what was sold;
    where it tells of each when it was settled, what was open on any day is known. An export of open
    items tells how things are, and nothing of before.
    """
    undated = parts.filter(pl.col("day").is_null()).select("doc").with_columns(undated=True)
    rows = look_up(items, undated.unique(), "doc")
    debit, settled = pl.col("debit"), pl.col("left") == 0
    sums = (
        rows.group_by("source", "currency")
        .agg(
            first=pl.col("issued").filter(debit & settled).min(),
            last=pl.col("issued").max(),
            keeps=(debit & settled).sum() >= (debit & ~settled).sum(),
            sure=pl.col("undated").is_null().all(),
        )
        .sort("source", "currency")
    )
    known: dict[str, date] = {}
    sales: dict[str, date | None] = {}
    for row in sums.iter_rows(named=True):
        currency, last = row["currency"], row["last"] or day
        whole = row["keeps"] and row["first"] is not None
        known[currency] = max(
            known.get(currency, date.min), row["first"] if whole and row["sure"] else last
        )
        since = row["first"] if whole else None
        before = sales.get(currency, since)
        sales[currency] = None if since is None or before is None else max(before, since)
    return known, {currency: since for currency, since in sales.items() if since is not None}
