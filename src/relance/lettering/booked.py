"""Payments that the books have already, as credits of kind payment."""

from __future__ import annotations

import polars as pl

NEAR_DAYS = 10
"""Days between the bank's booking and that of the books."""


def find_booked(claims: pl.DataFrame, book: pl.DataFrame) -> pl.DataFrame:
    """Return which payments stand in `book` already: `m` and `i`, each at most once.

    A payment is taken as booked when a credit of kind payment has the same debtor, currency and
    amount, and a date within NEAR_DAYS of its booking. The nearest in time is taken first.

    Args:
        claims: `m`, `movement`, `debtor` (who may have paid, several rows where not certain),
            `currency`, `amount`, `booked`.
        book: columns of ITEMS and `i`.
    """
    credits = book.filter(pl.col("kind") == "payment").select(
        "i", "item", "debtor", "currency", amount=-pl.col("amount"),
        entered=pl.coalesce("issued", "due"),
    )  # fmt: skip
    if credits.is_empty() or claims.is_empty():
        return pl.DataFrame(schema={"m": pl.UInt32, "i": pl.UInt32})
    apart = (pl.col("entered") - pl.col("booked")).dt.total_days().abs()
    pairs = (
        claims.join(credits, on=["debtor", "currency", "amount"], how="inner")
        .with_columns(apart=apart)
        .filter(pl.col("apart") <= NEAR_DAYS)
        .sort("apart", "booked", "movement", "item")
    )
    return _each_once(pairs)


def _each_once(pairs: pl.DataFrame) -> pl.DataFrame:
    movements: set[int] = set()
    items: set[int] = set()
    kept = []
    for m, i in pairs.select("m", "i").iter_rows():
        if m not in movements and i not in items:
            movements.add(m)
            items.add(i)
            kept.append((m, i))
    return pl.DataFrame(kept, schema={"m": pl.UInt32, "i": pl.UInt32}, orient="row")


def use_up(book: pl.DataFrame, counted: pl.DataFrame, movements: pl.DataFrame) -> pl.DataFrame:
    """Return `book` with credits lowered by what their payments were allocated and still pends.

    When the books enter a payment without setting it against its invoice, both the invoice's
    pending part and the credit would lower what is owed: once is enough.
    """
    if counted.is_empty():
        return book
    pends = counted.join(book.select("item", "pending"), on="item", how="inner")
    pends = (
        pends.filter(pl.col("amount") > 0)
        .group_by("movement", "debtor")
        .agg(used=pl.min_horizontal("amount", "pending").sum())
    )
    claims = movements.join(pends, on="movement", how="inner").select(
        "m", "movement", "debtor", "currency", "amount", "booked", "used"
    )
    found = find_booked(claims.drop("used"), book).join(claims.select("m", "used"), on="m")
    found = found.group_by("i").agg(pl.col("used").first())
    rows = book.join(found, on="i", how="left", maintain_order="left")
    used = pl.min_horizontal(pl.col("used").fill_null(0), (-pl.col("left")).clip(0))
    return rows.with_columns(left=pl.col("left") + used, pending=pl.col("pending") - used).drop(
        "used"
    )
