"""Rows that say the same thing twice, lines of one invoice, and lettered rows that balance."""

from __future__ import annotations

import polars as pl

from relance.diagnostics import Diagnostic, Span
from relance.intake import codes
from relance.intake.sieve import Sieve

_SAME = ["debtor", "number", "due", "currency", "amount"]


def once_per_invoice(sieve: Sieve) -> None:
    """Keep the first line of each invoice; leave out invoices whose lines do not agree."""
    which = ["debtor", "number"]
    for column in ("amount", "open", "due"):
        if column in sieve.frame.columns:
            differs = pl.col(column).n_unique().over(which) > 1
            _reject_invoices(sieve, differs, column)
    sieve.frame = sieve.frame.sort("line").unique(which, keep="first", maintain_order=True)


def _reject_invoices(sieve: Sieve, differs: pl.Expr, column: str) -> None:
    mask = sieve.frame.select(differs.alias("m"))["m"]
    if mask.any():
        first = pl.col("line") == pl.col("line").min().over("debtor", "number")
        sieve.tell(codes.DISAGREE, differs & first, {"text": pl.col("number")}, column=column)
        sieve.rejected += int(mask.sum())
        sieve.frame = sieve.frame.filter(~mask)


def without_repeats(sieve: Sieve) -> None:
    """Leave out rows that repeat another cell by cell, and say which look like another."""
    if "row" not in sieve.frame.columns:
        return
    if "due" not in sieve.frame.columns:
        sieve.frame = sieve.frame.with_columns(due=pl.lit(None, pl.Date))
    suspects = sieve.frame.filter(sieve.frame["number"].is_duplicated())
    suspects = suspects.select(
        "line",
        whole=pl.col("line").min().over([*_SAME, "row"]),
        alike=pl.col("line").min().over(_SAME),
    ).filter(pl.col("line") > pl.col("alike"))
    if not suspects.height:
        return
    sieve.frame = sieve.frame.join(suspects, on="line", how="left", maintain_order="left")
    line, whole, alike = pl.col("line"), pl.col("whole"), pl.col("alike")
    text = {"text": pl.col("number")}
    sieve.reject(codes.REPEATED, line > whole, {**text, "first": whole})
    sieve.tell(codes.TWICE, line > alike, {**text, "first": alike})
    sieve.frame = sieve.frame.drop("whole", "alike")


def without_lettered(sieve: Sieve) -> None:
    """Leave out the lettered rows that balance by debtor, currency and letter."""
    if "letter" not in sieve.frame.columns:
        return
    group = ["debtor", "currency", "letter"]
    lettered = pl.col("letter").is_not_null()
    sums = sieve.frame.filter(lettered).group_by(group).agg(pl.col("amount").sum().alias("sum"))
    marked = sieve.frame.join(sums, on=group, how="left", maintain_order="left")
    settled, kept = int((marked["sum"] == 0).sum()), int((marked["sum"] != 0).sum())
    sieve.frame = marked.filter((pl.col("sum") != 0).fill_null(True)).drop("sum")
    if settled or kept:
        facts = {"settled": settled, "kept": kept}
        sieve.diagnostics.append(Diagnostic(codes.LETTERED, Span(sieve.file), facts))
