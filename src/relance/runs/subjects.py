"""What people name on the command line: an invoice by its number, or a debtor."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl


def bears(number: str) -> pl.Expr:
    """Return the expression that is true of the items with `number`, or of which it is the identity.

    Numbers are compared as identities are: without spaces and in capitals.
    """
    plain = pl.col("number").str.replace_all(r"\s", "").str.to_uppercase()
    return (plain == "".join(number.split()).upper()) | (pl.col("item") == number)


def rows_about(facts: pl.DataFrame, number: str | None, debtor: str | None) -> pl.DataFrame:
    """Return the rows of `number`, of `debtor` if one is given; all of the debtor without a number.

    Several debtors may use the same number.
    """
    of_debtor = pl.col("debtor") == debtor if debtor else pl.lit(True)
    return facts.filter(of_debtor & (bears(number) if number else pl.lit(True)))


def rows_named(
    facts: pl.DataFrame, numbers: Collection[str], debtors: Collection[str]
) -> pl.DataFrame:
    """Return all rows that any of `numbers` or `debtors` could name: few, to look each up in."""
    plain = {"".join(number.split()).upper() for number in numbers}
    written = pl.col("number").str.replace_all(r"\s", "").str.to_uppercase()
    return facts.filter(
        pl.col("debtor").is_in(sorted(debtors)) | written.is_in(sorted(plain))
        | pl.col("item").is_in(sorted(numbers))
    )  # fmt: skip
