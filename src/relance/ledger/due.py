"""Due dates of a whole frame of items, from the terms of debtors, items and sources."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from relance.ledger.schema import CREDIT_KINDS
from relance.ledger.terms import due_date, parse_terms


def with_due(
    items: pl.DataFrame,
    debtor_terms: pl.DataFrame | None,
    source_terms: Mapping[str, str | None],
) -> pl.DataFrame:
    """Return `items` (columns of ITEMS) with their null `due` filled in where terms give one.

    The debtor's own terms (`debtor_terms`: columns `debtor`, `terms`) win over the item's, and
    those over its source's (`source_terms`, by name). A credit is due when issued. `due` stays
    null without terms, without a date of issue, and under terms that cannot be read: a later
    source of terms must not stand in for what a debtor was promised.
    """
    rules = _rules(items, debtor_terms, source_terms)
    missing = rules.filter(pl.col("due").is_null() & ~_is_credit())
    known = _due_dates(missing.select("issued", "rule").unique().drop_nulls())
    due = rules.join(known, on=["issued", "rule"], how="left", maintain_order="left").select(
        pl.coalesce("due", pl.when(_is_credit()).then("issued").otherwise("computed"))
    )
    return items.with_columns(due.to_series())


def _is_credit() -> pl.Expr:
    return pl.col("kind").is_in(CREDIT_KINDS)


def _rules(
    items: pl.DataFrame, debtor_terms: pl.DataFrame | None, source_terms: Mapping[str, str | None]
) -> pl.DataFrame:
    """The items' kind, dates and the text of the terms that govern them, in order."""
    own = _own_terms(debtor_terms)
    frame = items.select("debtor", "source", "kind", "issued", "due", _blank_as_null("terms"))
    by_source = pl.DataFrame(
        {"source": list(source_terms), "by_source": list(source_terms.values())},
        schema={"source": pl.String, "by_source": pl.String},
    )
    return (
        frame.join(own, on="debtor", how="left", maintain_order="left")
        .join(by_source, on="source", how="left", maintain_order="left")
        .select("kind", "issued", "due", rule=pl.coalesce("own", "terms", "by_source"))
    )


def _own_terms(debtor_terms: pl.DataFrame | None) -> pl.DataFrame:
    if debtor_terms is None:
        return pl.DataFrame(schema={"debtor": pl.String, "own": pl.String})
    return (
        debtor_terms.select("debtor", own=_blank_as_null("terms"))
        .drop_nulls()
        .unique("debtor", keep="first", maintain_order=True)
    )


def _blank_as_null(name: str) -> pl.Expr:
    text = pl.col(name).str.strip_chars()
    return pl.when(text != "").then(text).alias(name)


def _due_dates(pairs: pl.DataFrame) -> pl.DataFrame:
    """Due dates of the distinct pairs of date and terms: few, so plain Python reads each once."""
    computed = [_due_or_none(issued, rule) for issued, rule in pairs.iter_rows()]
    return pairs.with_columns(pl.Series("computed", computed, dtype=pl.Date))


def _due_or_none(issued: date, rule: str) -> date | None:
    terms = parse_terms(rule)
    if terms is None:
        return None
    try:
        return due_date(issued, terms)
    except OverflowError:
        return None
