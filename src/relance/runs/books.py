"""The books of a portfolio: its documents, and what came off them as far as files and history tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl

from relance.indicators.books import DOCUMENTS, PARTS, RECEIPTS, Books, books_of
from relance.ledger.build import IS_CREDIT, identity
from relance.ledger.due import with_due
from relance.ledger.lookup import look_up
from relance.ledger.schema import conform, empty
from relance.ledger.settling import settled_days
from relance.lettering.absorb import still_counted
from relance.runs.achieved import owners
from relance.runs.portfolio import Portfolio

_CASH = ("payment", "advance")
_SALES = ("invoice", "credit_note")


def books(portfolio: Portfolio) -> Books:
    """Return the books of `portfolio` on its day, which was assembled as of that day."""
    told = _of_entries(portfolio)
    kept = _of_items(portfolio, told[0].height)
    documents, parts, receipts = (pl.concat(pair) for pair in zip(told, kept, strict=True))
    known_owners = owners(portfolio)

    def with_owners(frame: pl.DataFrame) -> pl.DataFrame:
        own = look_up(frame.drop("segment", "owner", strict=False), known_owners, "debtor")
        return own.with_columns(pl.col("segment", "owner").fill_null(""))

    found = books_of(conform(with_owners(documents), DOCUMENTS), parts)
    known, sales = _known(documents, parts, portfolio)
    return replace(
        found,
        receipts=conform(with_owners(receipts), RECEIPTS),
        known_from=known,
        sales_from=sales,
    )


_Told = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]
"""Documents with `source`, `left` and `moved`; parts; receipts with `debtor`."""

_DOCUMENT = {**{c.name: c.dtype for c in DOCUMENTS}, "source": pl.String, "left": pl.Int64}
_RECEIPT = {"debtor": pl.String, "currency": pl.String, "day": pl.Date, "amount": pl.Int64}


def _as_documents(rows: pl.DataFrame) -> pl.DataFrame:
    blank = {name: pl.lit(None, pl.String) for name in ("segment", "owner")}
    return rows.with_columns(**blank).select(
        pl.col(name).cast(dtype) for name, dtype in _DOCUMENT.items()
    )


def _as_receipts(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(pl.col(name).cast(dtype) for name, dtype in _RECEIPT.items())


def _of_entries(portfolio: Portfolio) -> _Told:
    """Return what ledgers (FEC) tell: all documents and the days on which they met."""
    # An opening balance is what was open on the day before.
    booked = pl.col("booked") - pl.when("opening").then(1).otherwise(0) * pl.duration(days=1)
    rows = portfolio.reading.entries.with_columns(booked).with_row_index("row")
    terms = {source.name: source.terms for source in portfolio.policy.item_sources}
    rows = with_due(rows, portfolio.debtors.select("debtor", "terms"), terms)
    met = settled_days(rows).rename({"row": "doc", "cash": "paid"})
    paid = _paid_since(rows, portfolio)
    off = paid.group_by("doc").agg(pl.col("amount").sum().alias("off"))
    debit = pl.col("amount") > 0
    found = look_up(rows.rename({"row": "doc"}), off, "doc").with_columns(
        debit=debit,
        amount=pl.col("amount").abs(),
        left=pl.col("balance").abs() - pl.col("off").fill_null(0),
        cash=pl.col("cash") & pl.col("kind").is_in([*_CASH, "charge"]),
    )
    claims = pl.col("kind").is_not_null()
    money = claims & pl.col("cash") & ~pl.col("opening")
    sign = pl.when("debit").then(-1).otherwise(1)
    receipts = found.filter(money).with_columns(day="booked", amount=sign * pl.col("amount"))
    later = paid.join(found.select("doc", "debtor", "currency"), on="doc")
    documents = _as_documents(found.filter(claims))
    parts = pl.concat([conform(met, PARTS), conform(paid, PARTS)])
    return (
        documents,
        parts.join(documents.select("doc"), on="doc", how="semi"),
        pl.concat([_as_receipts(receipts), _as_receipts(later)]),
    )


def _paid_since(rows: pl.DataFrame, portfolio: Portfolio) -> pl.DataFrame:
    """Return what payments took off the documents of ledgers that do not have them yet (PARTS)."""
    items = portfolio.items
    if rows.is_empty() or "paid" not in items.columns:
        return empty(PARTS)
    fresh = items.filter((pl.col("paid") != 0) & ~IS_CREDIT).select("item", "paid")
    first = (
        rows.filter(pl.col("amount") > 0)
        .with_columns(item=identity())
        .sort("balance", "row", descending=[True, False])
        .unique("item", keep="first", maintain_order=True)
        .select("item", doc="row")
    )
    last = portfolio.past.allocations.group_by("item").agg(pl.col("day").max())
    named = fresh.join(first, on="item").join(last, on="item", how="left")
    return conform(named.rename({"paid": "amount"}).with_columns(paid=pl.lit(value=True)), PARTS)


def _of_items(portfolio: Portfolio, first: int) -> _Told:
    """Return what the other sources tell; documents are numbered from `first`."""
    ledgers = [s.name for s in portfolio.policy.item_sources if s.kind == "fec"]
    own = ~pl.col("missing") & ~pl.col("source").is_in(ledgers)
    rows = portfolio.items.filter(own).with_row_index("doc", first)
    rows = rows.with_columns(
        booked="issued",
        debit=~IS_CREDIT,
        sale=pl.col("kind").is_in(_SALES),
        cash=pl.col("kind").is_in(_CASH),
        left=pl.col("balance").abs(),
        amount=pl.max_horizontal(pl.col("amount").abs(), pl.col("balance").abs()),
    )
    parts = _parts(rows, portfolio.past.allocations)
    return _as_documents(rows), parts, _receipts(rows, parts)


def _parts(rows: pl.DataFrame, allocations: pl.DataFrame) -> pl.DataFrame:
    """Return what came off `rows`: what payments were set against, and the rest.

    That came off on the day on which the source says that it was settled, else without a day.
    """
    told = pl.when(pl.col("left") == 0).then("settled_on").alias("on")
    off = rows.select("doc", "item", "debit", told, off=pl.col("amount") - pl.col("left"))
    off = off.filter(pl.col("off") != 0)
    counted = still_counted(allocations).select("item", "day", "amount", "kind")
    sign = pl.when("debit").then(1).otherwise(-1)
    dated = (
        counted.join(off, on="item", how="inner")
        .group_by("doc", "day", paid=pl.col("kind") == "payment")
        .agg((sign * pl.col("amount")).sum().alias("amount"))
        .filter(pl.col("amount") != 0)
    )
    lettered = dated.group_by("doc").agg(pl.col("amount").sum().alias("told"))
    rest = look_up(off, lettered, "doc").with_columns(
        day="on", amount=pl.col("off") - pl.col("told").fill_null(0), paid=pl.lit(value=True)
    )
    return pl.concat([conform(dated, PARTS), conform(rest.filter(pl.col("amount") != 0), PARTS)])


def _receipts(rows: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """Return the money: rows of payments where a source keeps them, else what came off on a day."""
    used = pl.col("cash") & ~pl.col("debit") & (pl.col("left") == 0)
    of_source = ["source", "currency"]
    keeping = rows.filter(used).select(of_source).unique()
    came = parts.filter(pl.col("paid") & pl.col("day").is_not_null()).select("doc", "day", "amount")
    named = rows.filter("debit").select("doc", "debtor", *of_source).join(came, on="doc")
    if keeping.is_empty():
        return _as_receipts(named)
    kept = rows.filter(pl.col("cash") & ~pl.col("debit")).join(keeping, on=of_source, how="semi")
    others = named.join(keeping, on=of_source, how="anti")
    return pl.concat([_as_receipts(kept.with_columns(day="booked")), _as_receipts(others)])


def _known(
    documents: pl.DataFrame, parts: pl.DataFrame, portfolio: Portfolio
) -> tuple[dict[str, date], dict[str, date]]:
    """Return by currency since when what is open is known, and since when sales are.

    A ledger tells all from its first entry on. Another source that keeps its settled receivables
    (as many as open ones, or more) tells what was sold; where it tells of each when it was settled,
    what was open on any day is known. An export of open items tells how things are, not how they were.
    """
    sources = [source.name for source in portfolio.policy.item_sources]
    undated = parts.filter(pl.col("day").is_null()).select("doc").unique()
    rows = look_up(documents, undated.with_columns(undated=pl.lit(value=True)), "doc")
    debit, settled = pl.col("debit"), pl.col("left") == 0
    sums = (
        rows.filter(pl.col("source").is_in(sources))
        .group_by("source", "currency")
        .agg(
            first=pl.col("booked").filter(debit & settled).min(),
            last=pl.col("booked").max(),
            keeps=(debit & settled).sum() >= (debit & ~settled).sum(),
            sure=pl.col("undated").is_null().all(),
        )
        .join(portfolio.reading.kept, on=["source", "currency"], how="left", suffix="_in_file")
        .with_columns(
            pl.min_horizontal("first", "first_in_file").alias("first"),
            pl.col("last").max().over("source"),  # an export is of one day, whatever its currencies
            pl.col("keeps") | pl.col("keeps_in_file").fill_null(value=False),
        )
        .sort("source", "currency")
    )
    known: dict[str, date] = {}
    sales: dict[str, date | None] = {}
    begins = _begins(portfolio.reading.entries)
    for row in sums.iter_rows(named=True):
        open_from, sold_from = begins.get(row["source"]) or _since(
            row, later=row["source"] in portfolio.reading.later
        )
        currency = row["currency"]
        known[currency] = max(known.get(currency, open_from), open_from)
        before = sales.get(currency, sold_from)
        sales[currency] = None if None in (before, sold_from) else max(before, sold_from)  # type: ignore[type-var]
    return known, {currency: since for currency, since in sales.items() if since is not None}


def _begins(entries: pl.DataFrame) -> dict[str, tuple[date, date]]:
    """Return by ledger since when what is open is known, and its first day.

    An opening balance tells what was open on the day before.
    """
    days = entries.group_by("source").agg(pl.col("booked").min(), pl.col("opening").any())
    return {
        source: (first - timedelta(days=int(opening)), first)
        for source, first, opening in days.iter_rows()
    }


def _since(row: Mapping[str, Any], *, later: bool) -> tuple[date, date | None]:
    sold = row["first"] if row["keeps"] else None
    if sold is not None and row["sure"]:
        return sold, sold
    return date.max if later else row["last"] or date.min, sold
