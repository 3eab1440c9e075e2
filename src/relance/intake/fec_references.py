"""Entries that name an invoice of their debtor: payments sent back, moves to a doubtful account."""

from __future__ import annotations

import polars as pl

_SHORTEST = 4
_WORDS_TOGETHER = 3


def with_targets(rows: pl.DataFrame) -> pl.DataFrame:
    """Return `rows` with `target`: the `row` of the invoice that an entry names, else null.

    Looked at are debits that are no invoice, and both sides of a move from 411 to 416. They name
    an invoice by PieceRef or in the label; a move also by an amount that only one open invoice of
    the debtor has.
    """
    moves = pl.col("doubtful") & ~pl.col("opening") & (pl.col("kind") != "invoice")
    asking = rows.filter((pl.col("kind") == "charge") | moves)
    if asking.is_empty():
        return rows.with_columns(target=pl.lit(None, pl.UInt32))
    invoices = rows.filter(pl.col("kind") == "invoice").join(asking, on="debtor", how="semi")
    named = _named(asking, invoices)
    rest = asking.filter(moves).join(named, on="row", how="anti")
    found = pl.concat([named, _by_amount(rest, invoices)])
    return rows.join(found, on="row", how="left", maintain_order="left")


def _named(asking: pl.DataFrame, invoices: pl.DataFrame) -> pl.DataFrame:
    keys = invoices.select(
        "debtor", "issued", "number", target="row", key=_plain(pl.col("number"))
    ).filter(pl.col("key").str.len_chars() >= _SHORTEST)
    return (
        _references(asking)
        .join(keys, on=["debtor", "key"], how="inner")
        .sort(
            pl.col("key").str.len_chars(), "issued", "number", "target",
            descending=[True, False, False, False],
        )
        .unique("row", keep="first", maintain_order=True)
        .select("row", "target")
    )  # fmt: skip


def _references(asking: pl.DataFrame) -> pl.DataFrame:
    """`row`, `debtor` and each `key` that may be a number: PieceRef, and words of the label."""
    pieces = asking.select("row", "debtor", key=_plain(pl.col("piece")))
    words = asking.select(
        "row", "debtor", word=pl.col("label").str.to_uppercase().str.extract_all(r"[0-9A-Z]+")
    )
    words = words.explode("word")
    together = [
        words.select(
            "row",
            "debtor",
            key=pl.concat_str(pl.col("word").shift(-after).over("row") for after in range(count)),
        )
        for count in range(1, _WORDS_TOGETHER + 1)
    ]
    return pl.concat([pieces, *together]).drop_nulls().unique()


def _plain(text: pl.Expr) -> pl.Expr:
    return text.str.to_uppercase().str.replace_all(r"[^0-9A-Z]", "")


def _by_amount(asking: pl.DataFrame, invoices: pl.DataFrame) -> pl.DataFrame:
    open_ones = invoices.filter(pl.col("letter").is_null())
    single = open_ones.filter(pl.struct("debtor", "amount").is_unique())
    keys = single.select("debtor", size="amount", target="row")
    return (
        asking.select("row", "debtor", size=pl.col("amount").abs())
        .join(keys, on=["debtor", "size"], how="inner")
        .select("row", "target")
    )


def with_letters_of_moves(rows: pl.DataFrame) -> pl.DataFrame:
    """Return `rows` with a letter for each unlettered invoice and the credit that moves it to 416."""
    out = rows.filter(
        pl.col("target").is_not_null() & pl.col("letter").is_null() & (pl.col("amount") < 0)
    )
    invoices = rows.filter(pl.col("letter").is_null() & (pl.col("kind") == "invoice"))
    same = ["account", "auxiliary"]
    pairs = (
        out.select("row", "target", *same, size=-pl.col("amount"))
        .join(
            invoices.select(*same, target="row", size="amount"),
            on=["target", *same, "size"],
            how="inner",
            nulls_equal=True,
        )
        .unique("target", keep="first", maintain_order=True)
    )
    code = pl.format("416/{}", "target")
    letters = pl.concat([pairs.select("row", given=code), pairs.select(row="target", given=code)])
    joined = rows.join(letters, on="row", how="left", maintain_order="left")
    return joined.with_columns(letter=pl.coalesce("letter", "given")).drop("given")
