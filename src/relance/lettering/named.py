"""Items that payments name: by reference, by an account of their own, by their number in the text."""

from __future__ import annotations

import polars as pl

from relance.lettering.rows import beside
from relance.lettering.words import grams, is_checked, is_distinctive, is_tail, plain, tail

HITS = {
    "m": pl.UInt32,
    "i": pl.UInt32,
    "evidence": pl.String,
    "checked": pl.Boolean,
    "strong": pl.Boolean,
    "shared": pl.Boolean,
    "agrees": pl.Boolean,
}
"""Columns of hits: payment, item, and what the fields of `match.Hit` say."""


def find_named(money: pl.DataFrame, book: pl.DataFrame) -> pl.DataFrame:
    """Return which items of `book` the payments of `money` name: columns of HITS, one row a pair.

    Items of another currency are no hits. A number inside a longer one that is known does not
    count, and a number that several debtors share only where the payer agrees, or the amount.
    """
    parts = [_by_words(money, book), _by_account(money, book)]
    found = (
        pl.concat(part for part in parts if part.height)
        if any(p.height for p in parts)
        else parts[0]
    )
    order = pl.col("evidence").replace_strict(
        {"reference": 0, "virtual_iban": 1, "number": 2}, return_dtype=pl.Int8
    )
    found = found.sort("m", "i", pl.col("checked").not_(), order, pl.col("strong").not_())
    found = found.unique(["m", "i"], keep="first", maintain_order=True)
    return _agreeing(found, money, book)


def _keys(book: pl.DataFrame) -> pl.DataFrame:
    """What may stand in a text for an item: `gram`, `i`, `by` ("reference", "number" or "tail")."""
    reference = book.filter(pl.col("reference").is_not_null())
    ends = book.select("i", gram=tail(pl.col("plain")), whole="plain", by=pl.lit("tail"))
    parts = [
        reference.select("i", gram=plain(pl.col("reference")), by=pl.lit("reference")),
        book.select("i", gram="plain", by=pl.lit("number")),
        ends.filter(pl.col("gram") != pl.col("whole")).drop("whole"),
    ]
    return pl.concat(parts)


def _by_words(money: pl.DataFrame, book: pl.DataFrame) -> pl.DataFrame:
    said = money.select("m", "text").filter(pl.col("text").str.contains("[0-9]{2}|[A-Z][0-9]|RF"))
    words = grams(said)
    zeros = words.filter(pl.col("gram").str.contains("^0[0-9]{4,}$"))
    words = pl.concat([words, zeros.with_columns(pl.col("gram").str.strip_chars_start("0"))])
    found = words.join(_keys(book), on="gram", how="inner")
    enough = pl.when(pl.col("by") == "tail").then(is_tail(pl.col("gram")))
    found = _outermost(found.filter(enough.otherwise(is_distinctive(pl.col("gram")))))
    # A reference that several debtors share is no more than a number: the payer must agree.
    one = pl.col("debtors") == 1
    checked = (pl.col("by") == "reference") & is_checked(pl.col("gram")) & one
    mixed = pl.col("gram").str.contains("[A-Z]")
    long = (pl.col("gram").str.len_bytes() >= 6) & (pl.col("pieces") == 1)
    found = beside(found, book, "debtor")
    debtors = found.group_by("m", "gram").agg(pl.col("debtor").n_unique().alias("debtors"))
    found = found.join(debtors, on=["m", "gram"], how="left")
    return found.select(
        "m",
        "i",
        evidence=pl.when(pl.col("by") == "reference").then("by").otherwise(pl.lit("number")),
        checked=checked,
        strong=checked | mixed | long,
        shared=~one,
    )


def _outermost(found: pl.DataFrame) -> pl.DataFrame:
    """Hits without those of grams that lie inside a longer gram of the same text."""
    spans = found.select("m", "at", end=pl.col("at") + pl.col("pieces")).unique()
    several = spans.filter(pl.col("m").is_duplicated())
    if several.is_empty():
        return found
    inner = (
        several.join(several, on="m", suffix="_outer")
        .filter(
            (pl.col("at_outer") <= pl.col("at"))
            & (pl.col("end_outer") >= pl.col("end"))
            & ((pl.col("end_outer") - pl.col("at_outer")) > (pl.col("end") - pl.col("at")))
        )
        .select("m", "at", pieces=(pl.col("end") - pl.col("at")))
        .unique()
    )
    return found.join(inner, on=["m", "at", "pieces"], how="anti")


def _by_account(money: pl.DataFrame, book: pl.DataFrame) -> pl.DataFrame:
    own = book.filter(pl.col("virtual_iban").is_not_null()).select(
        "i", account=plain(pl.col("virtual_iban"))
    )
    paid = money.select("m", account=plain(pl.col("account")))
    return paid.join(own, on="account", how="inner").select(
        "m",
        "i",
        evidence=pl.lit("virtual_iban"),
        checked=pl.lit(True),
        strong=pl.lit(True),
        shared=pl.lit(False),
    )


def _agreeing(found: pl.DataFrame, money: pl.DataFrame, book: pl.DataFrame) -> pl.DataFrame:
    """Hits of the payment's currency with `agrees`, without far-fetched ones of shared numbers."""
    said = money.select("m", "currency", "payer", "name_key", paying="left")
    found = found.join(said, on="m", how="left")
    found = beside(found, book, "debtor", "left", "debtor_key", of="currency")
    agrees = (pl.col("payer") == pl.col("debtor")).fill_null(False) | (
        pl.col("name_key") == pl.col("debtor_key")
    ).fill_null(False)
    found = found.filter(pl.col("of") == pl.col("currency")).with_columns(agrees=agrees)
    near = (
        ~pl.col("shared")
        | pl.col("agrees")
        | pl.col("checked")
        | (pl.col("left") == pl.col("paying"))
    )
    return found.filter(near).select(HITS.keys()).cast(HITS).sort("m", "i")  # type: ignore[arg-type]
