"""The columns of the frames that flow through relance, declared once."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its Polars type and what it means, with its unit and its null case."""

    name: str
    dtype: pl.DataType | type[pl.DataType]
    meaning: str


RECEIVABLE_KINDS = ("invoice", "charge", "instalment", "opening")
CREDIT_KINDS = ("credit_note", "payment", "advance")

ITEMS = (
    Column(
        "item", pl.String, "identity: debtor|NUMBER|year of issue, unique in the frame; see `build`"
    ),
    Column("number", pl.String, "number as people read it, inner spaces collapsed"),
    Column("debtor", pl.String, "id of the debtor"),
    Column("debtor_name", pl.String, "name that the source gives; null if it gives none"),
    Column("debtor_email", pl.String, "address that the source gives; null if it gives none"),
    Column("source", pl.String, "name of the source in relance.yaml"),
    Column("file", pl.String, "file read, relative to the project"),
    Column("line", pl.Int64, "1-based line of the file"),
    Column("kind", pl.String, "one of RECEIVABLE_KINDS or CREDIT_KINDS"),
    Column("issued", pl.Date, "date of the document; null if not known"),
    Column("due", pl.Date, "due date; null until terms give one"),
    Column("terms", pl.String, "terms that the source gives for this item; null if none"),
    Column("currency", pl.String, "ISO 4217, upper case"),
    Column("amount", pl.Int64, "minor units, negative for a credit"),
    Column(
        "open",
        pl.Int64,
        "minor units still to be paid, as far as it may be chased; negative for a credit",
    ),
    Column(
        "balance",
        pl.Int64,
        "minor units in the account's balance; differs from `open` only for a FEC's items lettered after closing",
    ),
    Column("reference", pl.String, "structured payment reference; null if none"),
    Column("order_number", pl.String, "the debtor's order number; null if none"),
    Column("doubtful", pl.Boolean, "stands on a doubtful account (416)"),
)

DEBTORS = (
    Column("debtor", pl.String, "id, unique in the frame"),
    Column("name", pl.String, "name; null if not known"),
    Column("kind", pl.String, "business, consumer or public; null if not known"),
    Column("country", pl.String, "ISO 3166 alpha-2; null if not known"),
    Column("language", pl.String, "fr, nl, de or en; null if not known"),
    Column("email", pl.String, "null if none"),
    Column("phone", pl.String, "null if none"),
    Column("mobile", pl.String, "null if none"),
    Column("address", pl.String, "street lines, separated by line feeds; null if none"),
    Column("postcode", pl.String, "null if none"),
    Column("city", pl.String, "null if none"),
    Column("region", pl.String, "null if none"),
    Column("registration", pl.String, "SIREN, SIRET or enterprise number; null if none"),
    Column("vat", pl.String, "null if none"),
    Column("sector", pl.String, "null if none"),
    Column("tags", pl.List(pl.String), "empty list if none"),
    Column("owner", pl.String, "who follows this debtor; null if nobody"),
    Column("since", pl.Date, "customer since; null if not known"),
    Column("terms", pl.String, "the debtor's own terms of payment; null if none"),
    Column("credit_limit", pl.Int64, "minor units of the creditor's currency; null if none"),
    Column("segment", pl.String, "segment set by hand; null if none"),
    Column("procedure", pl.String, "procedure set by hand; null if none"),
    Column("iban", pl.String, "null if none"),
    Column("file", pl.String, "file read; null if the debtor is known by its items only"),
    Column("line", pl.Int64, "1-based line of the file; null as above"),
)


def schema(columns: tuple[Column, ...]) -> pl.Schema:
    """Return the Polars schema of the declared `columns`."""
    return pl.Schema({column.name: column.dtype for column in columns})


def empty(columns: tuple[Column, ...]) -> pl.DataFrame:
    """Return a frame of the declared `columns` without rows."""
    return pl.DataFrame(schema=schema(columns))


def conform(frame: pl.DataFrame, columns: tuple[Column, ...]) -> pl.DataFrame:
    """Return `frame` with exactly the declared `columns`, in order and typed; absent ones are null."""
    return frame.select(
        (pl.col(c.name) if c.name in frame.columns else pl.lit(None)).cast(c.dtype).alias(c.name)
        for c in columns
    )
