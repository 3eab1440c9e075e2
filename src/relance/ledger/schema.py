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
    Column("market_number", pl.String, "number of the public contract; null if none"),
    Column("service_code", pl.String, "service of the buyer that Chorus routes by; null if none"),
    Column("virtual_iban", pl.String, "account that only this item is paid to; null if none"),
    Column("notes", pl.String, "mentions that the invoice carries; null if the source has none"),
    Column("settled_on", pl.Date, "when its open balance came to nothing; null if not told"),
)

ROLES = ("accounts", "buyer", "management")
"""What people of a debtor do, as notices may be addressed: accounts payable, who bought, who decides."""

CONTACT_FIELDS = ("name", "email", "phone", "language")

PEOPLE_OF_DEBTOR = pl.List(pl.Struct(dict.fromkeys(("role", *CONTACT_FIELDS), pl.String)))

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
    Column("score", pl.Float64, "score that others give, on their own scale; null if none"),
    Column("segment", pl.String, "segment set by hand; null if none"),
    Column("procedure", pl.String, "procedure set by hand; null if none"),
    Column("iban", pl.String, "account that the debtor pays from; null if not known"),
    Column("virtual_iban", pl.String, "account that only this debtor pays to; null if none"),
    Column(
        "requires",
        pl.List(pl.String),
        "what its invoices must carry, words of `policy.Requirement`; empty list if none",
    ),
    Column("portal", pl.String, "where its invoices are handed in; null if not known"),
    Column("people", PEOPLE_OF_DEBTOR, "people by role, each role once; null if none is known"),
    Column("link", pl.String, "page made for this debtor, https; null if none"),
    Column("file", pl.String, "file read; null if the debtor is known by its items only"),
    Column("line", pl.Int64, "1-based line of the file; null as above"),
)

MOVEMENT_KINDS = ("payment", "return", "other")

MOVEMENTS = (
    Column("movement", pl.String, "identity, the same in overlapping statements; unique"),
    Column("source", pl.String, "name of the source in relance.yaml; `import` for imported files"),
    Column("file", pl.String, "file read, relative to the project"),
    Column("line", pl.Int64, "1-based line (or entry, where the format has no lines)"),
    Column("account", pl.String, "IBAN or number of the creditor's account that was credited"),
    Column("currency", pl.String, "ISO 4217, upper case"),
    Column("booked", pl.Date, "booking date"),
    Column("value", pl.Date, "value date: when the money was at the creditor's disposal"),
    Column("amount", pl.Int64, "minor units, positive for money received, negative for money paid"),
    Column(
        "kind",
        pl.String,
        "one of MOVEMENT_KINDS: payment (received), return (a payment or direct debit that the bank"
        " took back), other (fees, payments made: nothing to letter)",
    ),
    Column("counterparty", pl.String, "name of the other party; null if not given"),
    Column("counterparty_iban", pl.String, "its account, without spaces; null if not given"),
    Column(
        "reference", pl.String, "structured reference: 12 digits of an OGM, RF…, or as given; null"
    ),
    Column("end_to_end", pl.String, "end-to-end id; null if none or NOTPROVIDED"),
    Column("text", pl.String, "free text, all lines joined by spaces; null if none"),
    Column("bank_reference", pl.String, "the bank's own reference of the entry; null if none"),
    Column("mandate", pl.String, "direct debit mandate; null if none"),
    Column("parts", pl.Int32, "payments in one entry whose details the bank does not give; else 1"),
)
"""Movements of bank accounts, as statements tell them."""

ALLOCATION_KINDS = ("payment", "discount", "bank_charge", "difference")

ALLOCATIONS = (
    Column("movement", pl.String, "payment that is set against the item"),
    Column("item", pl.String, "identity of the item"),
    Column(
        "amount",
        pl.Int64,
        "minor units taken off the item's open balance; negative puts back: for a credit that is"
        " used up, a returned payment, an undone allocation",
    ),
    Column("kind", pl.String, "one of ALLOCATION_KINDS; others than payment are not in the money"),
    Column(
        "evidence", pl.String, "one of `lettering.evidence.EVIDENCE`, or `hand`, `return`, `undo`"
    ),
    Column("confidence", pl.Int32, "in ten thousandths; 10000 for certain and by hand"),
    Column("day", pl.Date, "when the money came: interest runs to this day"),
    Column("due", pl.Date, "due date of the item when it was lettered; null if it had none"),
    Column("open_before", pl.Int64, "open balance that the source gave when it was lettered"),
    Column("debtor", pl.String, "debtor of the item"),
)
"""Payments set against receivables: rows are only ever added."""


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
