"""Payments that a statement in another form seems to tell a second time."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from relance.diagnostics import Diagnostic, Span
from relance.dunning.events import Past
from relance.history.payments import TO_LETTER
from relance.runs import codes
from relance.runs.payments import NONE_OF_ALL

_MONEY = ("account", "currency", "booked", "amount")


def told_again(read: pl.DataFrame, past: Past) -> Iterator[Diagnostic]:
    """Yield for each file of `read` how many of its new payments the history probably has.

    Two movements of one account, day and amount, of which the file has one and the history the
    other, differ in what the bank says of them: it says so when a statement comes in another form.
    It may be two payments too, so both count until a person decides.

    Args:
        read: columns of MOVEMENTS, as files tell them now.
        past: what the history has; payments that were set aside are not looked at.
    """
    if not read.height or not past.movements.height:
        return
    aside = past.rejections.filter(pl.col("item") == NONE_OF_ALL)
    new, old = (
        _numbered(one.join(other, on="movement", how="anti").join(aside, on="movement", how="anti"))
        for one, other in ((read, past.movements), (past.movements, read))
    )
    both = new.join(old, on=[*_MONEY, "nth"], how="inner", suffix="_kept")
    for part in both.sort("file", "booked", "movement").partition_by("file", maintain_order=True):
        first = part.row(0, named=True)
        facts = {
            "count": part.height,
            "account": first["account"],
            "one": first["movement"][:12],
            "other": first["movement_kept"][:12],
        }
        yield Diagnostic(codes.TOLD_AGAIN, Span(first["file"], first["line"]), facts)


def _numbered(movements: pl.DataFrame) -> pl.DataFrame:
    """Return payments and returns, equal ones numbered, so that each has one partner at most."""
    rows = movements.filter(pl.col("kind").is_in(TO_LETTER)).sort("movement")
    rows = rows.select(*_MONEY, "movement", "file", "line")
    return rows.with_columns(nth=pl.int_range(pl.len()).over(_MONEY))
