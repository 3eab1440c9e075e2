"""Roll rates: what became of the receivables of one age within thirty days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise

import polars as pl

from relance.indicators.balances import days_past
from relance.indicators.dso import percent
from relance.indicators.ground import Ground
from relance.indicators.report import Roll
from relance.ledger.ageing import BUCKETS, bucket

STEP = timedelta(days=30)
"""A bucket is thirty days wide: what is open after them has moved on by exactly one."""


def rolls(ground: Ground, starts: Iterable[date]) -> dict[str, list[Roll]]:
    """Return by currency what became of each cohort: the receivables of one age on one of `starts`.

    A cohort of which thirty days are not over is left out, and one of a day on which it is
    not known what was open.
    """
    found: dict[str, list[Roll]] = {}
    for start in starts:
        if start + STEP > ground.day:
            continue
        for currency, roll in _of(ground, start):
            if ground.knows_stock(currency, start):
                found.setdefault(currency, []).append(roll)
    return found


def _of(ground: Ground, start: date) -> Iterator[tuple[str, Roll]]:
    end = start + STEP
    before = ground.standing(start).filter("debit").select("doc", "currency", "due", amount="left")
    after = ground.books.at(end).select("doc", "left")
    ages = before.join(after, on="doc", how="left").with_columns(
        age=bucket(days_past("due", start)), then=bucket(days_past("due", end))
    )
    left = pl.col("left").fill_null(0)
    sums = ages.group_by("currency", "age").agg(
        amount=pl.col("amount").sum(),
        rolled=left.filter(pl.col("age") != pl.col("then")).sum(),
        paid=(pl.col("amount") - left).sum(),
    )
    by_age = {(row["currency"], row["age"]): row for row in sums.iter_rows(named=True)}
    for currency in sorted({currency for currency, _ in by_age}):
        for age, into in pairwise(BUCKETS):
            row = by_age.get((currency, age))
            if row is not None:
                rate = percent(row["rolled"], row["amount"])
                month = start + timedelta(days=1)
                yield (
                    currency,
                    Roll(month, age, into, row["amount"], row["rolled"], row["paid"], rate),
                )
