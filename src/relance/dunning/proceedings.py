"""Collective proceedings: until when the claim is to be declared, and whether it was."""

from __future__ import annotations

from datetime import date

import polars as pl

from relance.law.limitation import months_after
from relance.ledger.lookup import look_up

MONTHS, MONTHS_ABROAD = 2, 4
"""France, C. com. art. R622-24: two months from BODACC, two more for creditors abroad."""


def with_declarations(
    items: pl.DataFrame, active: pl.DataFrame, holds: pl.DataFrame
) -> pl.DataFrame:
    """Return `items` with what is known of their debtor's open proceedings.

    Adds `declare_by` (Date, last day to declare the claim; null if not known), `declared` (Boolean)
    and `proceedings_before` (how many were closed earlier; null for none).

    Args:
        active: frame of `holds.in_force`.
        holds: columns of HOLDS.
    """
    opened = active.filter(pl.col("family") == "insolvent").select(
        "debtor", "seq", pl.col("until").alias("declare_by")
    )
    declared = holds.filter(pl.col("type") == "insolvency_declared").select(
        "debtor", pl.col("seq").alias("_declared")
    )
    last = declared.group_by("debtor").agg(pl.col("_declared").max())
    known = look_up(opened.unique("debtor", keep="last"), last, "debtor").select(
        "debtor",
        "declare_by",
        (pl.col("_declared") > pl.col("seq")).fill_null(value=False).alias("declared"),
    )
    closed = holds.filter(pl.col("type") == "insolvency_closed")
    earlier = closed.group_by("debtor").agg(pl.len().cast(pl.Int32).alias("proceedings_before"))
    known = look_up(known, earlier, "debtor")
    return look_up(items, known, "debtor").with_columns(pl.col("declared").fill_null(value=False))


def last_day(published: date, country: str, creditor_country: str) -> date | None:
    """Return the last day to declare a claim; None where a court sets it (Belgium).

    France: two months from the publication in BODACC, four for a creditor abroad (C. com. art.
    R622-24).
    """
    if country != "FR":
        return None
    return months_after(published, MONTHS if creditor_country == "FR" else MONTHS_ABROAD)
