"""Disputes: which part of an item is held, which are open, which are late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from relance.language import N_
from relance.ledger.lookup import look_up

REASONS = {
    "price": N_("price"),
    "quantity": N_("quantity"),
    "quality": N_("quality"),
    "not_delivered": N_("goods not delivered"),
    "not_received": N_("invoice not received"),
    "duplicate": N_("invoiced twice"),
    "paid": N_("already paid"),
    "terms": N_("terms of payment"),
    "other": N_("other reason"),
}
"""Why debtors dispute: the reason codes, with what they are called."""

OPEN_TYPES = ("dispute", "dispute_accepted")


def with_disputed_parts(items: pl.DataFrame, active: pl.DataFrame) -> pl.DataFrame:
    """Return `items` with `disputed` false where only a part is disputed, and that part.

    Adds `disputed_part` (minor units of the open balance that are not dunned; null where none) and
    `credit_expected` (whether that part is granted already). An accepted dispute is over when the
    open balance has fallen by exactly what was granted, so that a payment of the rest is not taken
    for the credit note.

    Args:
        items: frame with `item`, `debtor`, `open` and `disputed`.
        active: frame of `holds.in_force`.
    """
    disputes = active.filter(pl.col("family") == "disputed")
    parts = disputes.drop_nulls(["item", "amount"]).select(
        "item",
        pl.col("amount").alias("_disputed"),
        (pl.col("open") - pl.col("amount")).alias("_rest"),
        (pl.col("type") == "dispute_accepted").alias("credit_expected"),
    )
    whole = disputes.filter(pl.col("item").is_null())["debtor"].unique().implode()
    credited = (
        pl.col("credit_expected")
        & (pl.col("open") == pl.col("_rest"))
        & (pl.col("_rest") != pl.col("_disputed"))
    ).fill_null(value=False)
    part = pl.min_horizontal("_disputed", "open")
    partial = (part < pl.col("open")).fill_null(value=False) & ~pl.col("debtor").is_in(whole)
    return (
        look_up(items, parts, "item")
        .with_columns(
            (pl.col("disputed") & ~partial & ~credited).alias("disputed"),
            pl.when(partial & ~credited & (part > 0)).then(part).alias("disputed_part"),
            pl.col("credit_expected").fill_null(value=False),
        )
        .drop("_disputed", "_rest")
    )


def contested() -> pl.Expr:
    """Return whether an item is in dispute, wholly or in part."""
    return pl.col("disputed") | pl.col("disputed_part").is_not_null()


def undisputed() -> pl.Expr:
    """Return what of an item's open balance may be claimed, minor units."""
    return pl.col("open") - pl.col("disputed_part").fill_null(0)


def open_disputes(holds: pl.DataFrame, facts: pl.DataFrame, today: date) -> list[dict[str, Any]]:
    """Return the disputes that are not over, latest deadline last.

    Each has the columns of HOLDS, with `opened` (date), `rows` (its open items, rows of `facts`),
    `disputed` (minor units in dispute now), `late` (deadline past) and `accepted`.
    """
    known = holds.filter(
        pl.col("type").is_in([*OPEN_TYPES, "dispute_settled"]) & (pl.col("date") <= today)
    ).sort("seq")
    opened = dict(known.filter(pl.col("type") == "dispute").select("seq", "date").iter_rows())
    last = known.group_by("debtor", "item", maintain_order=True).last()
    disputed = _Disputed(facts)
    found = []
    for event in last.filter(pl.col("type").is_in(OPEN_TYPES)).iter_rows(named=True):
        rows = disputed.rows(event)
        if not rows:
            continue
        accepted = event["type"] == "dispute_accepted"
        found.append(
            event
            | {
                "opened": opened.get(event["about"], event["date"]) if accepted else event["date"],
                "rows": rows,
                "disputed": sum(disputed_part(row) for row in rows),
                "late": event["until"] is not None and event["until"] < today,
                "accepted": accepted,
            }
        )
    return sorted(found, key=lambda d: (d["until"] or date.max, d["seq"]))


class _Disputed:
    """The open items in dispute, in the order of their due dates, by item and by debtor."""

    def __init__(self, facts: pl.DataFrame) -> None:
        in_dispute = pl.col("disputed") | pl.col("disputed_part").is_not_null()
        rows = facts.filter(in_dispute & (pl.col("open") > 0) & ~pl.col("missing"))
        self._by: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for row in rows.sort("due", "number", "item", nulls_last=True).iter_rows(named=True):
            for own in ("item", "debtor"):
                self._by.setdefault((own, row[own]), []).append(row)

    def rows(self, event: Mapping[str, Any]) -> list[dict[str, Any]]:
        own = "item" if event["item"] else "debtor"
        return self._by.get((own, event[own]), [])


def disputed_part(row: Mapping[str, Any]) -> int:
    """Return the minor units of a disputed item that are in dispute."""
    part: int = row["open"] if row["disputed_part"] is None else row["disputed_part"]
    return part
