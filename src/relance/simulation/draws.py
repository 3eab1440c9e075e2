"""When a debtor pays, drawn from how it paid: the same seed draws the same day, whatever is asked of whom.

A number is drawn by hashing what it is for, never by a generator that is called in turn: two
procedures that are played over one portfolio see the same payments, and so does one receivable
alone. `payment_days` is what `relance simulate` and `relance forecast` share:

    items = items.with_columns(marks_of(items["debtor"], items["item"]))  # once per portfolio
    days = payment_days(items, habits, today, Draw(seed))              # a Date for each row
    again = payment_days(items, habits, today, Draw(seed, trial=7))
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from relance.dunning.estimate import BOOK_FEWEST, WEIGHT
from relance.simulation.chance import shares_of

ASSUMED = (
    -12, -5, -3, -1, 0, 0, 0, 0, 1, 2, 3, 4, 6, 8, 10, 13, 17, 21, 26, 33, 42, 55, 75, 110,
)  # fmt: skip
"""Days from the due date to the payment where a book knows too little: an assumption, and told as one."""


@dataclass(frozen=True, slots=True)
class Draw:
    """Which draw it is: the same `seed` and `trial` give the same days."""

    seed: int
    trial: int = 0


@dataclass(frozen=True)
class Habits:
    """How a book paid, to draw days from.

    Attributes:
        own: columns `debtor`, `days` (from the due date to the payment, negative before it): a row
            for each receivable that is seen paid, of those debtors that may be estimated.
        book: the days of all of them, sorted.
        assumed: whether `book` is ASSUMED, because fewer than BOOK_FEWEST are known.
    """

    own: pl.DataFrame
    book: pl.Series
    assumed: bool = False

    @classmethod
    def of(cls, paid: pl.DataFrame) -> Habits:
        """Return the habits that `paid` shows: rows of `paid_receivables` of the debtors concerned."""
        days = paid.select("debtor", pl.col("days").cast(pl.Int32)).sort("debtor", "days")
        if days.height < BOOK_FEWEST:
            return cls(days.clear(), pl.Series("days", ASSUMED, dtype=pl.Int32), assumed=True)
        return cls(days, days["days"].sort())


def payment_days(items: pl.DataFrame, habits: Habits, today: date, draw: Draw) -> pl.Series:
    """Return, for each of `items`, the day after `today` on which it is paid; null for none foreseen.

    The day is drawn from the debtor's own past and WEIGHT receivables of the book, as `estimate`
    weighs them, of which only what was paid later than the item is open already can still happen.
    Null where nothing was ever paid that late, and without a due date.

    Args:
        items: columns `debtor`, `due`, `mark` (what `marks_of` gives of them).
    """
    left = _what_is_left(items, habits, today)
    drawn = shares_of(items["mark"], draw.seed, f"payment {draw.trial}")
    return _drawn(left.with_columns(drawn), habits).alias("paid_on")


def _what_is_left(items: pl.DataFrame, habits: Habits, today: date) -> pl.DataFrame:
    """Return `due`, and of the debtor's own days and of the book's the place of the first one that is
    still to come (`own_at`, `book_at`) and how many are (`own_left`, `book_left`)."""
    own = habits.own
    spans = (
        own.with_row_index("at")
        .group_by("debtor")
        .agg(
            pl.col("at").min().cast(pl.Int64).alias("first"), pl.len().cast(pl.Int64).alias("count")
        )
    )
    spans = spans.sort("first").with_row_index("party")
    numbered = own.join(
        spans.select("debtor", "party"), on="debtor", how="left", maintain_order="left"
    )
    ladder = numbered.select(_placed(pl.col("party"), pl.col("days")))["placed"]
    elapsed = (pl.lit(today) - pl.col("due")).dt.total_days().clip(-_FAR, _FAR)
    rows = items.select("debtor", "due", elapsed.alias("elapsed")).join(
        spans, on="debtor", how="left", maintain_order="left"
    )
    wanted = rows.select(_placed(pl.col("party"), pl.col("elapsed")).fill_null(0))["placed"]
    passed = pl.Series("own_at", ladder.search_sorted(wanted, side="right"), dtype=pl.Int64)
    at = pl.Series(
        "book_at",
        habits.book.cast(pl.Int64).search_sorted(
            rows["elapsed"].cast(pl.Int64).fill_null(_FAR), side="right"
        ),
        dtype=pl.Int64,
    )
    rows = rows.with_columns(passed, at)
    return rows.select(
        "due",
        "own_at",
        "book_at",
        (pl.col("first") + pl.col("count") - pl.col("own_at")).fill_null(0).alias("own_left"),
        (habits.book.len() - pl.col("book_at")).alias("book_left"),
    )


_FAR = 1 << 20
"""More days than any receivable is open."""


def _placed(party: pl.Expr, days: pl.Expr) -> pl.Expr:
    """Return a number that sorts by debtor and then by days."""
    return (party.cast(pl.Int64) * (4 * _FAR) + days.cast(pl.Int64)).alias("placed")


def _drawn(left: pl.DataFrame, habits: Habits) -> pl.Series:
    count = habits.book.len()
    weight = pl.col("own_left") + WEIGHT * pl.col("book_left") / count
    left = left.with_columns((pl.col("share") * weight).alias("at"), weight.alias("weight"))
    of_own = pl.col("at") < pl.col("own_left")
    nth_own = pl.col("own_at") + pl.col("at").floor().cast(pl.Int64)
    beyond = (pl.col("at") - pl.col("own_left")) * count / WEIGHT
    nth_book = pl.min_horizontal(
        pl.col("book_at") + beyond.floor().cast(pl.Int64), pl.lit(count - 1)
    )
    own = habits.own["days"] if habits.own.height else pl.Series([0], dtype=pl.Int32)
    days = (
        pl.when(of_own)
        .then(pl.lit(own).gather(nth_own.clip(0, own.len() - 1)))
        .otherwise(pl.lit(habits.book).gather(nth_book.clip(0, count - 1)))
    )
    paid = pl.col("due") + pl.duration(days=days)
    return left.select(pl.when(pl.col("weight") > 0).then(paid).alias("paid_on"))["paid_on"]
