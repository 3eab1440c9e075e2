"""Settles the payments that leave no question by joins: most of them, at the speed of joins."""

from __future__ import annotations

import polars as pl


def settle_plainly(
    money: pl.DataFrame, hits: pl.DataFrame, book: pl.DataFrame, rejections: pl.DataFrame
) -> pl.DataFrame:
    """Return `m`, `i`, `amount`, `evidence` of payments that name one item and are its amount.

    The same as the stages of `resolve` would find, so that all else is left to them: payments that
    name several items, items that several payments name, amounts that differ, parts that the books
    have as paid, rejected pairs, and payers who owe the same amount elsewhere.
    """
    one = hits.filter(~pl.col("m").is_duplicated() & ~pl.col("i").is_duplicated())
    trusted = pl.col("checked") | pl.col("agrees") | (pl.col("strong") & ~pl.col("shared"))
    pairs = (
        one.filter(trusted)
        .join(money.select("m", "movement", "left", "payer", "namesake", "currency"), on="m")
        .join(book.select("i", "item", "debtor", "unexplained", owed="left"), on="i", how="inner")
        .filter((pl.col("left") == pl.col("owed")) & (pl.col("unexplained") != pl.col("left")))
        .join(rejections, on=["movement", "item"], how="anti")
    )
    against = _owes_the_same(pairs, book)
    pairs = pairs.join(against, on="m", how="anti")
    return pairs.select("m", "i", "evidence", amount="left").sort("m")


def _owes_the_same(pairs: pl.DataFrame, book: pl.DataFrame) -> pl.DataFrame:
    """Payments, but those with check digits, whose payer is another debtor who owes just as much."""
    unchecked = pairs.filter(~pl.col("checked"))
    who = pl.concat(
        [
            unchecked.select("m", "currency", "left", of="debtor", debtor=name)
            for name in ("payer", "namesake")
        ]
    ).filter(pl.col("debtor").is_not_null() & (pl.col("debtor") != pl.col("of")))
    return who.join(book, on=["debtor", "currency", "left"], how="semi")
