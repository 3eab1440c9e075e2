"""Accounts that two forms tell without anything that ties their movements."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import polars as pl

from relance.diagnostics import Diagnostic, Span
from relance.intake.bank import codes
from relance.intake.bank.identity import identified
from relance.intake.findings import shown


def told_twice(frame: pl.DataFrame, forms: Mapping[str, str]) -> list[Diagnostic]:
    """Return a warning for each account whose days two forms tell with no movement in common.

    Args:
        frame: columns of `frames.ROWS`, of all files together.
        forms: form by file.
    """
    if len(set(forms.values())) < 2 or not frame.height:
        return []
    form = pl.col("file").replace_strict(dict(forms), default=None, return_dtype=pl.String)
    told = frame.with_columns(form=form)
    several = told.filter(pl.col("form").n_unique().over("held", "currency") > 1)
    if not several.height:
        return []
    named = identified(several.drop("form")).with_columns(several["form"])
    said: list[Diagnostic] = []
    for part in named.partition_by("held", "currency", maintain_order=True):
        by_form = sorted(
            part.partition_by("form"), key=lambda p: (str(p["file"].min()), p["form"][0])
        )
        said += [found for pair in combinations(by_form, 2) if (found := _pair(*pair))]
    return said


def _pair(one: pl.DataFrame, other: pl.DataFrame) -> Diagnostic | None:
    first = max(str(one["booked"].min()), str(other["booked"].min()))
    last = min(str(one["booked"].max()), str(other["booked"].max()))
    during = pl.col("booked").cast(pl.String).is_between(pl.lit(first), pl.lit(last))
    before, after = one.filter(during), other.filter(during)
    if not before.height or not after.height:
        return None
    if after["movement"].is_in(before["movement"].implode()).any():
        return None
    facts = {
        "account": shown(one["held"][0]),
        "form": other["form"][0],
        "other": one["form"][0],
        "file": shown(before["file"].min()),
        "first": first,
        "last": last,
    }
    return Diagnostic(codes.TWO_FORMS, Span(str(after["file"].min())), facts)
