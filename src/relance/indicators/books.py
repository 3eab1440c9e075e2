"""The books as of any day: documents, what came off them and when, and from when on this is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from relance.ledger.schema import Column, empty

DOCUMENTS = (
    Column("doc", pl.UInt32, "number of the document, unique in the frame"),
    Column("debtor", pl.String, "id of the debtor"),
    Column("segment", pl.String, "its segment; empty if it has none"),
    Column("owner", pl.String, "who follows it; empty if nobody"),
    Column("currency", pl.String, "ISO 4217"),
    Column("debit", pl.Boolean, "a receivable; else a credit"),
    Column("sale", pl.Boolean, "an invoice or a credit note"),
    Column("cash", pl.Boolean, "a payment or an advance, or a payment that was sent back"),
    Column("booked", pl.Date, "from this day on it is in the books; null: always"),
    Column("issued", pl.Date, "date of the document; null if not known"),
    Column("due", pl.Date, "null if not known"),
    Column("amount", pl.Int64, "minor units, positive for receivables and for credits"),
)
"""Receivables and credits of all times that the sources tell."""

PARTS = (
    Column("doc", pl.UInt32, "document that it came off"),
    Column("day", pl.Date, "when; null where the sources do not tell"),
    Column("amount", pl.Int64, "minor units, positive; negative where it was put back"),
    Column("paid", pl.Boolean, "came off by money; else by a credit note or otherwise"),
)
"""What came off documents: payments, credit notes and whatever else settled them."""

RECEIPTS = (
    Column("segment", pl.String, "as of DOCUMENTS"),
    Column("owner", pl.String, "as of DOCUMENTS"),
    Column("currency", pl.String, "ISO 4217"),
    Column("day", pl.Date, "when the money came"),
    Column("amount", pl.Int64, "minor units, negative where it was taken back"),
)
"""Money of debtors, whatever it was set against."""

DIMENSIONS = ("segment", "owner")

KEY = ("currency", "scope")


@dataclass(frozen=True)
class Books:
    """Documents and what came off them.

    Attributes:
        documents: columns of DOCUMENTS, and `closed`: the day from which nothing is left, null
            while something is or where that day is not known; `closed_paid`: it was by money.
        pieces: columns of PARTS, of the documents that were not settled at one stroke.
        receipts: columns of RECEIPTS.
        known_from, sales_from: by currency, the first day at which what is open is known, and from
            which sales are; a currency without one is never known.
    """

    documents: pl.DataFrame
    pieces: pl.DataFrame
    receipts: pl.DataFrame = field(default_factory=lambda: empty(RECEIPTS))
    known_from: Mapping[str, date] = field(default_factory=dict)
    sales_from: Mapping[str, date] = field(default_factory=dict)

    def at(self, day: date) -> pl.DataFrame:
        """Return the documents of which something is left at the end of `day`, with `left`."""
        column = pl.col("closed")
        alive = self.documents.filter(
            (pl.col("booked") <= day).fill_null(value=True) & (column.is_null() | (column > day))
        )
        taken = self.pieces.filter((pl.col("day") <= day).fill_null(value=True))
        if taken.is_empty():
            return alive.with_columns(left="amount")
        off = taken.group_by("doc").agg(pl.col("amount").sum().alias("off"))
        left = pl.col("amount") - pl.col("off").fill_null(0)
        return (
            alive.join(off, on="doc", how="left", maintain_order="left")
            .with_columns(left=left)
            .drop("off")
            .filter(pl.col("left") != 0)
        )

    def parts(self) -> pl.DataFrame:
        """Return all that came off on a day that is known: columns of PARTS."""
        whole = self.documents.filter(pl.col("closed").is_not_null())
        whole = whole.join(self.pieces.select("doc").unique(), on="doc", how="anti")
        whole = whole.select("doc", day="closed", amount="amount", paid="closed_paid")
        return pl.concat([whole, self.pieces.filter(pl.col("day").is_not_null())])


def books_of(documents: pl.DataFrame, parts: pl.DataFrame) -> Books:
    """Return the books of `documents` (columns of DOCUMENTS) and `parts` (columns of PARTS).

    What is known since when is not in them yet.
    """
    sums = parts.group_by("doc").agg(
        pl.col("amount").sum().alias("_off"),
        pl.len().alias("_parts"),
        pl.col("day").max().alias("_last"),
        pl.col("day").is_null().any().alias("_undated"),
        pl.col("paid").any().alias("_paid"),
    )
    known = documents.join(sums, on="doc", how="left", maintain_order="left")
    settled = ((pl.col("_off") == pl.col("amount")) & ~pl.col("_undated")).fill_null(value=False)
    # What was settled before it was in the books is settled from then on.
    known = known.with_columns(
        closed=pl.when(settled).then(pl.max_horizontal("_last", "booked")),
        closed_paid=settled & pl.col("_paid").fill_null(value=False),
    )
    single = known.filter(settled & (pl.col("_parts") == 1)).select("doc")
    names = [column.name for column in DOCUMENTS]
    pieces = parts.join(single, on="doc", how="anti")
    return Books(known.select(*names, "closed", "closed_paid"), pieces)


def scoped(frame: pl.DataFrame, dimension: str, day: str = "") -> pl.DataFrame:
    """Return `frame` with `scope`: the value of `dimension`, or "" for the whole.

    Of the dimension `month` it is the month of the column `day`, as YYYY-MM.
    """
    if dimension == "month" and day:
        return frame.with_columns(scope=pl.col(day).dt.to_string("%Y-%m"))
    whole = pl.lit("")
    return frame.with_columns(scope=pl.col(dimension) if dimension in DIMENSIONS else whole)
