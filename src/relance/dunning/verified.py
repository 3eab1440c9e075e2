"""What debtors said of invoices before they were due: received and approved, or on their portal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

VERIFIED = ("approved", "on_portal")
"""What an invoice can be found to be, so that a later reminder may say so."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a debtor said of an invoice, one of VERIFIED, and on which day."""

    code: str
    on: date


def verified_of(holds: pl.DataFrame, today: date) -> Mapping[str, Verified]:
    """Return what was last said of each item up to `today`; a dispute opened since takes it back.

    Columns of `holds`: HOLDS.
    """
    told = holds.filter(pl.col("type").is_in(["verified", "dispute"]) & (pl.col("date") <= today))
    last = told.filter(pl.col("item").is_not_null()).sort("seq").group_by("item").last()
    return {
        row["item"]: Verified(row["code"], row["date"])
        for row in last.filter(pl.col("type") == "verified").iter_rows(named=True)
        if row["code"] in VERIFIED
    }
