"""Rejected disputes: what the next notice says of them, and which level the policy lets follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

REJECTED = "rejected"
"""The code of a dispute's end that the next notice tells the debtor of."""

_FAMILY = ("dispute", "dispute_accepted", "dispute_settled")
_WRITTEN = ("email", "letter")
_UNTOLD = {
    "debtor": pl.String,
    "item": pl.String,
    "date": pl.Date,
    "number": pl.Int64,
    "opened": pl.Date,
    "reason": pl.String,
}


@dataclass(frozen=True, slots=True)
class Rejection:
    """A dispute that was rejected: its number, when it was opened, and why it was, None if unsaid."""

    number: int
    opened: date
    reason: str | None


def untold(holds: pl.DataFrame, levels: pl.DataFrame, today: date) -> pl.DataFrame:
    """Return the rejections that no e-mail or letter told the debtor of before today.

    Columns: `debtor`, `item` (null for a dispute about all), `date`, `number`, `opened`, `reason`. A
    dispute that was opened since takes the place of a rejection. What leaves today tells of it, however
    often today's run is begun again.

    Args:
        holds, levels: frames of HOLDS and PAST_LEVELS columns.
    """
    known = holds.filter(pl.col("type").is_in(_FAMILY) & (pl.col("date") <= today)).sort("seq")
    opened = known.filter(pl.col("type") == "dispute").select("seq", opened="date")
    last = known.group_by("debtor", "item", maintain_order=True).last()
    found = last.filter((pl.col("type") == "dispute_settled") & (pl.col("code") == REJECTED))
    if found.is_empty():
        return pl.DataFrame(schema=_UNTOLD)
    found = found.join(opened, left_on="about", right_on="seq", how="left", maintain_order="left")
    sent = levels.filter(pl.col("medium").is_in(_WRITTEN) & (pl.col("date") < today))
    by_item = sent.group_by("item").agg(pl.col("date").max().alias("told"))
    identity = pl.col("item").str.split("|").list.first()
    by_debtor = sent.group_by(identity.alias("identity")).agg(
        pl.col("date").max().alias("told_all")
    )
    own = pl.col("debtor").str.replace_all("|", "¦", literal=True).alias("identity")
    found = (
        found.with_columns(own)
        .join(by_item, on="item", how="left", maintain_order="left")
        .join(by_debtor, on="identity", how="left", maintain_order="left")
    )
    told = pl.when(pl.col("item").is_null()).then("told_all").otherwise("told")
    return found.filter(told.is_null() | (told < pl.col("date"))).select(
        "debtor",
        "item",
        "date",
        number="about",
        opened=pl.coalesce("opened", "date"),
        reason="reason",
    )


class Rejections:
    """The rejections that today's notices tell of, by receivable."""

    def __init__(self, rows: pl.DataFrame) -> None:
        """Take the rows of `untold`."""
        self._items: dict[str, Rejection] = {}
        self._debtors: dict[str, tuple[date, Rejection]] = {}
        for row in rows.iter_rows(named=True):
            one = Rejection(row["number"] or 0, row["opened"], row["reason"])
            if row["item"]:
                self._items[row["item"]] = one
            else:
                self._debtors[row["debtor"]] = (row["date"], one)

    def __bool__(self) -> bool:
        return bool(self._items or self._debtors)

    def of(self, row: Mapping[str, Any]) -> Rejection | None:
        """Return the rejection of a row with `item`, `debtor` and `issued`; None if there is none.

        A dispute about all is about what was issued until its rejection.
        """
        if row["item"] in self._items:
            return self._items[row["item"]]
        day, one = self._debtors.get(row["debtor"], (None, None))
        covered = day is not None and (row["issued"] is None or row["issued"] <= day)
        return one if covered else None
