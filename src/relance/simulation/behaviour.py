"""How long debtors take: the share that is not paid by a day, each debtor's own shrunk to the book's.

What is still open counts for as long as it is open, so that a book of slow payers does not look quick
because only its quick invoices are paid. The estimator is that of Susarla and Van Ryzin (1976): the
Kaplan-Meier curve of the book stands beside a debtor's own receivables as WEIGHT of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from relance.dunning.estimate import WEIGHT

EARLIEST, LATEST = -120, 730
"""Days from the due date between which days are told apart."""

SEEN = pl.Schema({"debtor": pl.String, "book": pl.String, "days": pl.Int32, "paid": pl.Boolean})
"""What is known of a receivable: from the due date to its payment; or to the last day on which it was
still open. `debtor` is null where nothing may be learned of that debtor, `book` names whose curve it
belongs to."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What is known of how debtors pay.

    Attributes:
        books: `book`, `days`, `left`: the share that is not paid by the end of that day.
        own: `debtor`, `days`, and what is known of its receivables up to there: `after` (how many are
            known to be paid later, or open for longer) and `factor` (of those that are open).
        counts: `debtor` and `count`, its receivables.
    """

    books: pl.DataFrame
    own: pl.DataFrame
    counts: pl.DataFrame

    def left(self, asked: pl.DataFrame) -> pl.Series:
        """Return the share that is not paid by the end of each of `asked`: debtor, book, days.

        0 to 1; the debtor's own past and the book's, weighed.
        """
        places = asked.select(
            "debtor", "book", pl.col("days").clip(EARLIEST - 1, LATEST)
        ).with_row_index()
        found = (
            places.join(self.books, on=["book", "days"], how="left", maintain_order="left")
            .join(self.counts, on="debtor", how="left", maintain_order="left")
            .sort("days", "index")
            .join_asof(
                self.own, on="days", by="debtor", strategy="backward", check_sortedness=False
            )
            .sort("index")
        )
        count = pl.col("count").fill_null(0)
        after = pl.coalesce("after", count)
        prior = WEIGHT * pl.col("left").fill_null(1.0)
        share = (prior + after) / (WEIGHT + count) * pl.col("factor").fill_null(1.0)
        return found.select(share.clip(0.0, 1.0).alias("left"))["left"]


def behaviour_of(seen: pl.DataFrame) -> Behaviour:
    """Return how debtors pay, out of `seen`, columns of SEEN."""
    seen = seen.with_columns(
        pl.col("days").clip(EARLIEST, LATEST),
        paid=pl.col("paid") & (pl.col("days") <= LATEST),
    )
    books = _books(seen)
    theirs = seen.drop_nulls("debtor")
    return Behaviour(
        books, _own(theirs, books), theirs.group_by("debtor").agg(pl.len().alias("count"))
    )


def _books(seen: pl.DataFrame) -> pl.DataFrame:
    """Return the Kaplan-Meier curve of each book, for each day."""
    days = pl.DataFrame({"days": range(EARLIEST - 1, LATEST + 1)}, schema={"days": pl.Int32})
    counted = seen.group_by("book", "days").agg(
        pl.col("paid").sum().alias("events"), pl.len().alias("gone")
    )
    grid = seen.select("book").unique().join(days, how="cross")
    risk = (
        pl.col("gone").sum().over("book") - pl.col("gone").cum_sum().over("book") + pl.col("gone")
    )
    return (
        grid.join(counted, on=["book", "days"], how="left")
        .with_columns(pl.col("events", "gone").fill_null(0).cast(pl.Int64))
        .sort("book", "days")
        .with_columns(risk.alias("risk"))
        .with_columns(
            kept=pl.when(pl.col("risk") > 0)
            .then(1 - pl.col("events") / pl.col("risk"))
            .otherwise(1.0)
        )
        .select("book", "days", pl.col("kept").cum_prod().over("book").alias("left"))
    )


def _own(theirs: pl.DataFrame, books: pl.DataFrame) -> pl.DataFrame:
    """Return what is known of each debtor after each of its days; see `Behaviour.own`."""
    by_day = (
        theirs.group_by("debtor", "book", "days")
        .agg(
            pl.len().cast(pl.Int64).alias("gone"),
            (~pl.col("paid")).sum().cast(pl.Int64).alias("open"),
        )
        .sort("debtor", "days")
        .with_columns(
            after=pl.col("gone").sum().over("debtor") - pl.col("gone").cum_sum().over("debtor")
        )
        .join(books, on=["book", "days"], how="left", maintain_order="left")
    )
    beside = WEIGHT * pl.col("left") + pl.col("after")
    factor = pl.when(beside > 0).then((beside + pl.col("open")) / beside).otherwise(1.0)
    return (
        by_day.with_columns(factor.alias("factor"))
        .with_columns(pl.col("factor").cum_prod().over("debtor"))
        .select("debtor", "days", "after", "factor")
        .sort("days", "debtor")
    )


def paid_shares(behaviour: Behaviour, rows: pl.DataFrame, ends: Sequence[int]) -> pl.DataFrame:
    """Return for each of `rows` the share that is paid by each of `ends`, given that it is open yet.

    Args:
        rows: debtor, book, `open_for` (days from the due date at the end of which it was open), `wait`
            (days after that in which nothing is expected).
        ends: days after that of `open_for`, rising.

    Columns `by_0`, `by_1`, …, each 0 to 1 and none lower than the one before it. 0 where nobody was seen
    to pay so late.
    """
    since = pl.col("open_for") + pl.col("wait")
    base = behaviour.left(rows.with_columns(days=since)).alias("base")
    told = []
    for number, end in enumerate(ends):
        day = pl.max_horizontal(pl.col("open_for") + end, since)
        left = behaviour.left(rows.with_columns(days=day)).alias("left")
        share = pl.when(pl.col("base") > 1e-12).then(
            (1 - pl.col("left") / pl.col("base")).clip(0.0, 1.0)
        )
        told.append(
            pl.DataFrame([base, left])
            .select(share.otherwise(0.0).alias(f"by_{number}"))
            .to_series()
        )
    return pl.DataFrame(told)
