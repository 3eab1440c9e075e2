"""Rows out of invoices as frames of items and debtors, their texts cleaned as those of a CSV file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from relance.intake.texts import clean, without_edges
from relance.ledger.schema import DEBTORS, ITEMS, conform, schema
from relance.policy.model import EinvoiceSource

_ITEM_TEXTS = ("number", "debtor", "debtor_name", "reference", "order_number", "market_number",
               "service_code", "terms")  # fmt: skip
_DEBTOR_TEXTS = ("debtor", "name", "email", "phone", "postcode", "city", "region", "registration",
                 "vat")  # fmt: skip
_MORE: dict[str, pl.DataType | type[pl.DataType]] = {
    "issued": pl.Date,
    "legal": pl.String,
    "numbers": pl.List(pl.String),
}


def items_frame(rows: Sequence[dict[str, Any]], source: EinvoiceSource) -> tuple[pl.DataFrame, int]:
    """Return `rows` as columns of `ledger.schema.ITEMS`, and how many cells held unsafe characters."""
    frame = pl.DataFrame(list(rows), schema=_known(rows, schema(ITEMS)), orient="row")
    frame = conform(frame, ITEMS).with_columns(
        source=pl.lit(source.name),
        terms=pl.coalesce("terms", pl.lit(source.terms, pl.String)),
        balance=pl.col("open"),
        doubtful=pl.lit(False),
    )
    return _cleaned(frame, _ITEM_TEXTS, "notes")


def debtors_frame(rows: Sequence[dict[str, Any]]) -> tuple[pl.DataFrame, int]:
    """Return `rows` as columns of `ledger.schema.DEBTORS`, `legal` and `numbers`; a row per debtor.

    What the newest invoice says of a debtor wins; what it does not say is taken from earlier ones.
    """
    known = pl.Schema({**schema(DEBTORS), **_MORE})
    frame = pl.DataFrame(list(rows), schema=_known(rows, known), orient="row")
    missing = [pl.lit(None, dtype).alias(n) for n, dtype in known.items() if n not in frame.columns]
    frame, unsafe = _cleaned(frame.with_columns(missing), _DEBTOR_TEXTS, "address")
    # An address is one thing: its parts are never put together from several invoices.
    parts = ("address", "postcode", "city", "region")
    whole = pl.struct(parts)
    lacking = pl.all_horizontal(pl.col(name).is_null() for name in parts)
    newest = frame.sort("issued", "file", descending=True, nulls_last=True).with_columns(
        where=pl.when(~lacking).then(whole)
    )
    single = [
        name for name in known if name not in (*parts, "debtor", "numbers", "tags", "requires")
    ]
    merged = newest.group_by("debtor", maintain_order=True).agg(
        *(pl.col(name).drop_nulls().first() for name in (*single, "where")),
        pl.col("numbers").explode().drop_nulls().unique(maintain_order=True),
    )
    nothing = pl.lit([], pl.List(pl.String))
    return merged.unnest("where").with_columns(tags=nothing, requires=nothing), unsafe


def _known(rows: Sequence[dict[str, Any]], types: pl.Schema) -> pl.Schema:
    """The types of the columns that `rows` have; others of theirs are left out."""
    names = rows[0].keys() if rows else types.keys()
    return pl.Schema({name: types[name] for name in types if name in names})


def _cleaned(frame: pl.DataFrame, names: Sequence[str], lines: str) -> tuple[pl.DataFrame, int]:
    frame = without_edges(frame)
    texts = [clean(frame[name]) for name in names] + [clean(frame[lines], lines=True)]
    return frame.with_columns(text for text, _ in texts), sum(count for _, count in texts)
