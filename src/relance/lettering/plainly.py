"""Settles the payments that leave no question by joins: most of them, at the speed of joins.

Each rule finds what the stages of `resolve` would, where no other payment can have a say.
"""

from __future__ import annotations

import polars as pl

from relance.lettering.rows import beside, spread

PLAIN = {"m": pl.UInt32, "i": pl.UInt32, "evidence": pl.String, "amount": pl.Int64}
"""Columns of what is settled: payment, item, and minor units taken off the item."""


_WEAKNESS = {"reference": 0, "virtual_iban": 1, "number": 2}
_EVIDENCE = {rank: name for name, rank in _WEAKNESS.items()}


def settle_named(
    money: pl.DataFrame, hits: pl.DataFrame, book: pl.DataFrame, rejections: pl.DataFrame
) -> pl.DataFrame:
    """Return the payments (columns of PLAIN) that come to the cent to all the items they name.

    Left to the stages: items that several payments name, items of several debtors, parts that the
    books have as paid, payments with rejections, and payers who owe the same amount elsewhere.
    """
    trusted = pl.col("checked") | pl.col("agrees") | (pl.col("strong") & ~pl.col("shared"))
    told = hits.with_columns(alone=~pl.col("i").is_duplicated(), trusted=trusted)
    pairs = told.join(money.select("m"), on="m", how="semi")
    pairs = beside(pairs, book, "debtor", "unexplained", owed="left")
    sums = (
        pairs.group_by("m")
        .agg(
            pl.all_horizontal("alone", "trusted").all().alias("clear"),
            _all_or_none("checked"),
            _all_or_none("agrees"),
            (pl.col("debtor").n_unique() == 1).alias("one"),
            ((pl.col("owed") != 0).all() & (pl.col("unexplained") <= 0).any()).alias("unpaid"),
            pl.col("owed").sum(),
            pl.col("checked").all().alias("sure"),
            pl.col("debtor").first(),
            # The weakest evidence speaks for all.
            weakest=pl.col("evidence").replace_strict(_WEAKNESS, return_dtype=pl.Int8).max(),
        )
        .with_columns(evidence=pl.col("weakest").replace_strict(_EVIDENCE, return_dtype=pl.String))
    )
    said = ["clear", "all_or_none_checked", "all_or_none_agrees", "one", "unpaid"]
    fitting = (
        sums.filter(pl.all_horizontal(said))
        .join(money.select("m", "movement", "left", "payer", "namesake", "currency"), on="m")
        .filter(pl.col("left") == pl.col("owed"))
        .join(rejections, on="movement", how="anti")
    )
    fitting = fitting.join(_owes_the_same(fitting, book), on="m", how="anti")
    found = pairs.select("m", "i", amount="owed").join(fitting.select("m", "evidence"), on="m")
    return _conform(found)


def _all_or_none(column: str) -> pl.Expr:
    return (pl.col(column).all() | ~pl.col(column).any()).alias(f"all_or_none_{column}")


def _owes_the_same(named: pl.DataFrame, book: pl.DataFrame) -> pl.DataFrame:
    """Payments, but those with check digits, whose payer is another debtor who owes just as much."""
    unchecked = named.filter(~pl.col("sure"))
    who = pl.concat(
        unchecked.select("m", "currency", "left", of="debtor", debtor=name)
        for name in ("payer", "namesake")
    ).filter(pl.col("debtor").is_not_null() & (pl.col("debtor") != pl.col("of")))
    return who.join(book, on=["debtor", "currency", "left"], how="semi")


def settle_silent(
    money: pl.DataFrame, hits: pl.DataFrame, book: pl.DataFrame, rejections: pl.DataFrame
) -> pl.DataFrame:
    """Return the payments (columns of PLAIN) that name nothing and are one item of their payer.

    Left to the stages: debtors whom another payment of `money` may concern.

    Args:
        money: payments that are not settled yet, `payer` as told by accounts.
        hits: what they name.
        book: items, what is settled taken off.
        rejections: columns of REJECTIONS.
    """
    named = beside(hits.join(money.select("m"), on="m", how="semi"), book, "debtor")
    concerned = pl.concat(
        [named.select("m", "debtor"), *(money.select("m", debtor=n) for n in ("payer", "namesake"))]
    )
    concerned = concerned.drop_nulls().unique().filter(~pl.col("debtor").is_duplicated())
    silent = (
        money.filter(pl.col("payer_by").is_in(["iban", "virtual_iban"]))
        .filter(pl.col("left") == pl.col("amount"))
        .join(named, on="m", how="anti")
        .join(rejections, on="movement", how="anti")
        .select("m", "currency", "left", debtor="payer")
        .join(concerned, on=["m", "debtor"], how="semi")
    )
    found = silent.join(
        book.select("i", "debtor", "currency", "left"), on=["debtor", "currency", "left"]
    )
    found = found.filter(~pl.col("m").is_duplicated())
    return _conform(found.with_columns(amount="left", evidence=pl.lit("amount_iban")))


def take_off(book: pl.DataFrame, plainly: pl.DataFrame) -> pl.DataFrame:
    """Return `book` with `left` lowered by what is settled."""
    taken = plainly.group_by("i").agg(taken=pl.col("amount").sum())
    return book.with_columns(left=pl.col("left") - spread(taken, "taken", book.height, 0))


def _conform(found: pl.DataFrame) -> pl.DataFrame:
    return found.select(pl.col(name).cast(dtype) for name, dtype in PLAIN.items()).sort("m", "i")
