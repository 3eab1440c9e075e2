"""The number of a document: PieceRef where it is one, else the label's or the entry's."""

from __future__ import annotations

import polars as pl

from relance.diagnostics import Diagnostic, Span
from relance.intake import fec_codes as codes
from relance.intake.findings import shown

# What software writes into PieceRef when it has no number to write.
_NO_NUMBER = (
    r"(?i)^(?:[-0./_* ]*|sans.*|r\.?a\.?n\.?|an[ ]?\d{0,6}|ano|[aà][- ]?nouveaux?.*|report.*|"
    r"pi[eè]ce|n[eé]ant|divers|ouv.*|solde.*|od)$"
)
_WORD = (
    r"(?i:\bfacture|\bfact\b\.?|\bfac\b\.?|\bavoir|\binvoice|\bn°|\bnr\b\.?)"
    r"[ ]*(?i:n°|no\b\.?|num\b\.?)?[ ]*[:#]?[ ]*([A-Z]{0,4}[-/]?\d[\dA-Za-z/_-]{2,})"
)
_CODE = r"(?i)\b((?:FAC|FA|FC|FV|FT|F|AV|AC|INV)[- ]{0,2}\d{3}[\dA-Z/_-]*)"
_DATE = r"^\d{1,2}[/-]\d{1,2}[/-]\d{2,4}$|^(?:19|20)\d\d$"


def numbered(rows: pl.DataFrame) -> pl.DataFrame:
    """Return customers' `rows` with `number`, and `numbered_by`: piece, label, entry or day.

    Needs the columns of `read_rows` with text trimmed, and `file`, `debtor`, `entry_id`,
    `amount`, `kind`, `keyed`. PieceRef counts unless it says nothing, stands on several entries
    of one customer and book, or is that of a batch or month throughout the book. Of payments it
    need not be unique: nobody asks for them by number.
    """
    rows = rows.with_columns(piece=pl.when(_may_be_number()).then("piece"), by=pl.lit("piece"))
    payment = pl.col("kind").is_in(["payment", "advance"])
    documents = rows.filter(~payment)
    own_piece = pl.concat(
        [
            rows.filter(payment).with_columns(number="piece"),
            documents.with_columns(number=pl.when(_is_own(documents)).then("piece")),
        ]
    )
    found = pl.col("number").is_not_null()
    return pl.concat([own_piece.filter(found), _otherwise(own_piece.filter(~found))]).rename(
        {"by": "numbered_by"}
    )


def _may_be_number() -> pl.Expr:
    return pl.col("piece").str.contains(r"\d") & ~pl.col("piece").str.contains(_NO_NUMBER)


def _is_own(documents: pl.DataFrame) -> pl.Series:
    """Whether a document's PieceRef is its own: not repeated, nor that of a batch or of an opening."""
    twice = documents.filter(pl.col("piece").is_duplicated() & pl.col("piece").is_not_null())
    key = ("file", "book", "debtor", "piece", pl.col("amount") < 0)
    repeated = twice.filter(pl.col("entry_id").n_unique().over(key) > 1)
    many = pl.col("debtor").n_unique().over("file", "book", "piece") > 1
    shared = twice.filter(pl.col("opening") & many)
    line = pl.struct("file", "line")
    taken = pl.concat([repeated, shared]).select(line).to_series().unique()
    return documents.select(~line.is_in(taken.implode()) & ~_batch()).to_series()


def _batch() -> pl.Expr:
    """Whether few PieceRefs stand for many entries of the book's side."""
    book = ("file", "book", pl.col("amount") < 0)
    pieces = pl.col("piece").n_unique().over(book)
    entries = pl.col("entry_id").filter(pl.col("piece").is_not_null()).n_unique().over(book)
    return (entries >= 4) & (pieces * 2 < entries)


def _otherwise(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows without a PieceRef of their own: numbered by label, entry or day."""
    rows = rows.with_columns(by_label=_in_label())
    key = ("file", "book", "debtor", "by_label", pl.col("amount") < 0)
    own = pl.col("entry_id").n_unique().over(key) < 2
    opening = pl.col("opening")
    day = pl.concat_str(
        pl.when(opening).then(pl.lit("AN")).otherwise("book"),
        pl.when(opening)
        .then(pl.col("date").dt.to_string("%Y"))
        .otherwise(pl.col("date").dt.to_string("%Y%m%d")),
        separator=" ",
    )
    rows = rows.with_columns(
        by_label=pl.when(own).then("by_label"),
        by_entry=pl.when(pl.col("keyed") & ~opening).then("entry"),
        by_day=day,
    )
    ways = ("label", "entry", "day")
    return rows.with_columns(
        number=pl.coalesce(f"by_{way}" for way in ways),
        by=pl.coalesce(
            pl.when(pl.col(f"by_{way}").is_not_null()).then(pl.lit(way)) for way in ways
        ),
    ).drop(f"by_{way}" for way in ways)


def _in_label() -> pl.Expr:
    found = pl.coalesce(
        pl.col("label").str.extract(_WORD), pl.col("label").str.extract(_CODE)
    ).str.strip_chars()
    return pl.when(~found.str.contains(_DATE)).then(found)


def number_findings(rows: pl.DataFrame) -> list[Diagnostic]:
    """Return an info for each book whose invoice numbers are not those of PieceRef."""
    sales = rows.filter(pl.col("kind") == "invoice", pl.col("numbered_by") != "piece")
    by_book = sales.group_by("file", "book").agg(
        pl.col("piece").drop_nulls().min().alias("example"),
        pl.col("numbered_by").mode().sort().first(),
    )
    columns = {"label": "EcritureLib", "entry": "EcritureNum", "day": "EcritureDate"}
    return [
        Diagnostic(
            codes.NUMBER_FROM_ENTRY,
            Span(file),
            {"journal": shown(book), "example": shown(example), "column": columns[by]},
        )
        for file, book, example, by in by_book.sort("file", "book").iter_rows()
    ]
