"""Who paid: by the account that was paid to, the account that it came from, or the name."""

from __future__ import annotations

import polars as pl

from relance.lettering.words import name_key, plain

TELLING = ("reference", "virtual_iban", "number", "hand")
"""Evidence that shows whose account a payment came from."""


def holders(debtors: pl.DataFrame) -> pl.DataFrame:
    """Return `iban` and `payer` of the accounts that belong to one of `debtors` only."""
    return _only(debtors.select(iban=plain(pl.col("iban")), payer="debtor"), "iban")


def learned(paid: pl.DataFrame, debtors: pl.DataFrame) -> pl.DataFrame:
    """Return `iban` and `payer` of accounts that payments of one debtor only came from.

    Args:
        paid: `iban`, `payer` and `evidence` of allocations.
        debtors: accounts that it names are not learned otherwise.
    """
    known = debtors.select(iban=plain(pl.col("iban"))).drop_nulls()
    told = paid.filter(pl.col("evidence").is_in(TELLING)).select("iban", "payer")
    return _only(told.join(known, on="iban", how="anti"), "iban")


def name_payers(money: pl.DataFrame, debtors: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return `money` with `payer`, `payer_by`, `name_key` and `namesake`.

    Args:
        money: movements with `iban` (plain) and `past_debtor`.
        debtors: columns of DEBTORS, and `debtor_key`, the name as compared.
        known: `iban` and `payer`, as of `holders` and `learned`.
    """
    own = _only(debtors.select(to=plain(pl.col("virtual_iban")), by_account="debtor"), "to")
    names = _only(debtors.select(name_key="debtor_key", namesake="debtor"), "name_key")
    found = (
        money.with_columns(name_key=name_key(pl.col("counterparty")), to=plain(pl.col("account")))
        .join(own, on="to", how="left", maintain_order="left")
        .join(known.rename({"payer": "by_iban"}), on="iban", how="left", maintain_order="left")
        .join(names, on="name_key", how="left", maintain_order="left")
    )
    payer = pl.coalesce("past_debtor", "by_account", "by_iban")
    by = (
        pl.when(pl.col("past_debtor").is_not_null())
        .then(pl.lit("past"))
        .when(pl.col("by_account").is_not_null())
        .then(pl.lit("virtual_iban"))
        .when(pl.col("by_iban").is_not_null())
        .then(pl.lit("iban"))
    )
    return found.with_columns(payer=payer, payer_by=by).drop("to", "by_account", "by_iban")


def teach(money: pl.DataFrame, learned: pl.DataFrame) -> pl.DataFrame:
    """Return `money` with the payers that `learned` (`iban`, `payer`) tells where none was known."""
    told = learned.rename({"payer": "told"})
    found = money.join(told, on="iban", how="left", maintain_order="left")
    by = pl.when(pl.col("payer").is_null() & pl.col("told").is_not_null()).then(pl.lit("iban"))
    return found.with_columns(
        payer=pl.coalesce("payer", "told"), payer_by=pl.coalesce("payer_by", by)
    ).drop("told")


def _only(pairs: pl.DataFrame, key: str) -> pl.DataFrame:
    """Pairs whose `key` belongs to one debtor only."""
    pairs = pairs.filter(pl.col(key).is_not_null() & (pl.col(key) != "")).unique()
    return pairs.filter(~pl.col(key).is_duplicated())
