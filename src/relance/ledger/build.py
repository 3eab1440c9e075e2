"""From rows of exports to receivables with an identity."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from relance.diagnostics import Diagnostic, Span
from relance.ledger import codes
from relance.ledger.schema import CREDIT_KINDS, ITEMS, conform

IS_CREDIT = pl.col("kind").is_in(CREDIT_KINDS)


def build_ledger(
    rows: pl.DataFrame, sources: Sequence[str], known: pl.Series | None = None
) -> tuple[pl.DataFrame, list[Diagnostic]]:
    """Return the items of `rows`, each with its identity, and what was found twice.

    A receivable is (debtor, number without spaces and in capitals, year of issue), never the
    number alone. Rows of one source that share all three are instalments of one invoice and are
    told apart by their due date. The same receivable in two sources is taken from the first one.

    Args:
        rows: frame of ITEMS columns, `item` null.
        sources: names of the sources, in the order of the policy.
        known: identities that the history knows. When only one instalment is left of several, it
            keeps the identity under which it was dunned.
    """
    identified = _tell_instalments_apart(rows.with_columns(identity().alias("item")), known)
    return _first_source_wins(identified, sources)


def identity() -> pl.Expr:
    """Return the identity of a row by its `debtor`, `number`, `issued` and `due`, before instalments."""

    def plain(column: str) -> pl.Expr:
        return pl.col(column).str.replace_all("|", "¦", literal=True)

    year = pl.coalesce(pl.col("issued").dt.year(), pl.col("due").dt.year(), pl.lit(0))
    number = plain("number").str.replace_all(" ", "", literal=True).str.to_uppercase()
    return pl.concat_str([plain("debtor"), number, year.cast(pl.String)], separator="|")


def number_in(item: str) -> str:
    """Return the number in an identity, in capitals and without spaces; else `item` as it is.

    For items that no export has any more: where the row is there, it has the number as written.
    """
    parts = item.split("|")
    return parts[1] if len(parts) == 3 else item


def _tell_instalments_apart(rows: pl.DataFrame, known: pl.Series | None) -> pl.DataFrame:
    dated = pl.concat_str(
        [pl.col("item"), pl.lit("@"), pl.col("due").dt.to_string("%Y-%m-%d").fill_null("-")]
    )
    shared = pl.col("item").is_duplicated()
    if rows["source"].n_unique() > 1:
        shared = pl.len().over("item", "source") > 1
    marks = rows.select(shared=shared, was_dated=_was_dated(dated, known))
    if not marks.select(pl.any_horizontal(pl.all().any())).item():
        return rows
    rows = rows.with_columns(
        pl.when(marks["shared"] | marks["was_dated"]).then(dated).otherwise("item").alias("item")
    )
    again = pl.struct("item", "source").is_duplicated()
    if not rows.select(again.any()).item():
        return rows
    # Same due date too: told apart by what is left, in an order that no file order can change.
    nth = pl.struct("amount", "open", "kind", "reference").rank("ordinal").over("item", "source")
    rows = rows.sort("item", "source", "amount", "open", "kind", "file", "line")
    return rows.with_columns(
        pl.when(again & (nth > 1))
        .then(pl.concat_str(pl.col("item"), pl.lit("#"), nth.cast(pl.String)))
        .otherwise("item")
        .alias("item")
    )


def _was_dated(dated: pl.Expr, known: pl.Series | None) -> pl.Expr:
    """Return whether the history knows the row as the instalment of that date, and only so."""
    instalments = known.filter(known.str.contains("@", literal=True)) if known is not None else None
    if known is None or instalments is None or instalments.is_empty():
        return pl.lit(False)
    return dated.is_in(instalments.implode()) & ~pl.col("item").is_in(known.implode())


def _first_source_wins(
    rows: pl.DataFrame, sources: Sequence[str]
) -> tuple[pl.DataFrame, list[Diagnostic]]:
    doubled = pl.col("item").is_duplicated()
    if len(sources) < 2 or not rows.select(doubled.any()).item():
        return conform(rows, ITEMS), []
    order = pl.col("source").replace_strict(
        {name: n for n, name in enumerate(sources)}, return_dtype=pl.Int32, default=len(sources)
    )
    ranked = rows.with_columns(order.alias("order"))
    ranked = ranked.sort("order", maintain_order=True)
    dropped = ranked.filter(~pl.col("item").is_first_distinct())
    kept = ranked.filter(pl.col("item").is_first_distinct())
    first = kept.select("item", pl.col("source").alias("first"))
    found = dropped.join(first, on="item", how="left").sort("file", "line")
    diagnostics = [
        Diagnostic(
            codes.TWO_SOURCES,
            Span(row["file"], row["line"]),
            {"number": row["number"], "debtor": row["debtor"], "kept": row["first"]},
        )
        for row in found.iter_rows(named=True)
    ]
    return conform(kept, ITEMS), diagnostics
