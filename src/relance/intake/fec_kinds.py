"""Whose an entry is and what it is: debtor, kind, dates."""

from __future__ import annotations

import polars as pl

from relance.intake.fec_values import dates

KEPT_TEXT = ("entry", "auxiliary", "auxiliary_name", "account_name", "piece", "label", "letter")


def trimmed(rows: pl.DataFrame) -> pl.DataFrame:
    """Return `rows` with the text of KEPT_TEXT without spaces around it; empty is null."""
    rows = rows.with_columns(pl.col(KEPT_TEXT).str.strip_chars())
    return rows.with_columns(
        pl.when(pl.col(name) != "").then(name).alias(name) for name in KEPT_TEXT
    )


def shown_clean(texts: pl.Expr) -> pl.Expr:
    """Return `texts` as they may be shown: doubled spaces, control and direction characters gone."""
    return (
        texts.str.replace_all(r"[\p{Cc}\p{Cf}]+", " ")
        .str.replace_all(r"[\s\u{a0}\u{202f}]+", " ")
        .str.strip_chars()
    )


def with_debtors(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows with their `debtor`, and the rows of advances that name nobody.

    The debtor is the auxiliary account, else the customer's own account; a doubtful or advance
    account with the same ending as a customer's own account is that customer's.
    """
    own = rows.filter(pl.col("account").str.starts_with("411"))["account"].unique()
    ending = (
        pl.when(_is_advance())
        .then(pl.col("account").str.slice(4))
        .otherwise(pl.col("account").str.slice(3))
    )
    twin = pl.lit("411") + ending
    known_twin = pl.when(twin.is_in(own.implode()) & (ending.str.strip_chars("0") != "")).then(twin)
    account = pl.when(~_is_advance()).then("account")
    debtor = shown_clean(pl.coalesce("auxiliary", known_twin, account))
    accounts = rows.select("account", "auxiliary").unique().with_columns(debtor=debtor)
    found = rows.join(
        accounts, on=["account", "auxiliary"], how="left", maintain_order="left", nulls_equal=True
    )
    return found.filter(pl.col("debtor").is_not_null()), found.filter(pl.col("debtor").is_null())


def _is_advance() -> pl.Expr:
    return pl.col("account").str.starts_with("419")


def with_kinds(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with `kind`, `issued`, and `due` where the entry itself says it.

    Kinds are those of the items, and "opening_credit" until its number is known. A debit that
    touches a bank is a payment sent back or a refund: a charge that is due at once.
    """
    debit = pl.col("amount") > 0
    plain_sale = pl.col("sale") & ~pl.col("bank")
    sales_book = (plain_sale.mean().over("file", "book") > 0.5) & ~pl.col("bank")
    kind = (
        pl.when(_is_advance())
        .then(pl.lit("advance"))
        .when(pl.col("opening"))
        .then(pl.when(debit).then(pl.lit("opening")).otherwise(pl.lit("opening_credit")))
        .when(debit)
        .then(
            pl.when(pl.col("sale") | sales_book).then(pl.lit("invoice")).otherwise(pl.lit("charge"))
        )
        .when(~pl.col("bank") & (sales_book | pl.col("result")))
        .then(pl.lit("credit_note"))
        .otherwise(pl.lit("payment"))
    )
    piece_date = dates(rows["piece_date"])
    rows = rows.with_columns(kind=kind, piece_date=piece_date)
    paper = pl.col("kind").is_in(["invoice", "credit_note", "opening"])
    at_once = (pl.col("kind") == "charge") & pl.col("bank")
    return rows.with_columns(
        issued=pl.when(paper).then(pl.coalesce("piece_date", "date")).otherwise("date"),
        due=pl.when(at_once).then("date"),
    )


def with_opening_kinds(rows: pl.DataFrame) -> pl.DataFrame:
    """Return numbered `rows`: an opening entry with an invoice's number is that invoice."""
    has_number = pl.col("numbered_by").is_in(["piece", "label"])
    note = pl.concat_str([pl.col("number"), pl.col("label")], separator=" ", ignore_nulls=True)
    kind = (
        pl.when((pl.col("kind") == "opening") & has_number)
        .then(pl.lit("invoice"))
        .when(pl.col("kind") != "opening_credit")
        .then("kind")
        .when(has_number & note.str.contains(r"(?i)\bAV(?:OIR|\b|\d)"))
        .then(pl.lit("credit_note"))
        .otherwise(pl.lit("payment"))
    )
    return rows.with_columns(kind=kind)
