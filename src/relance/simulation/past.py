"""The forecast tried on the past: what it would have said each fortnight, beside what came in then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, exp, pi, sqrt
from statistics import NormalDist

import polars as pl

from relance.simulation.behaviour import SEEN, Behaviour, behaviour_of, paid_shares
from relance.simulation.cash import OPEN_ITEMS, Drawing, Together, drawn_sums, quantiles
from relance.simulation.judged import FEWEST_WEEKS, Judged, Widening, widening_of

PAST_ITEMS = pl.Schema(
    {
        "item": pl.String,
        "debtor": pl.String,
        "own": pl.String,
        "book": pl.String,
        "currency": pl.String,
        "due": pl.Date,
        "known_from": pl.Date,
        "settled": pl.Date,
        "open_now": pl.Int64,
    }
)
"""Receivables of the past and those that are open now. `known_from`: when it was issued. `settled`: when
what was left of it was paid; null while it is open. `open_now`: minor units. For `own` and `book` see
`cash.OPEN_ITEMS`."""

RECEIPTS = pl.Schema({"item": pl.String, "day": pl.Date, "amount": pl.Int64})
"""What was paid of each of them on which day, minor units; what was returned is negative."""

FEWEST_SETTLED = 200
"""Receivables that must have been settled before an origin; below that quantiles would be chance."""

FEWEST_OPEN = 20
"""Open receivables of a currency at an origin below which its weeks are not judged: a week in which
nothing can come says nothing about an interval."""

REMEMBERED = timedelta(days=1095)
"""How long before an origin receivables were due that teach anything."""

ORIGINS, STEP = 26, timedelta(days=14)
TRIED_DRAWS = 300
USUAL_TOGETHER = 0.2
FEWEST_PAIRS = 100
_CLOSEST = 0.95


@dataclass(frozen=True, slots=True)
class Book:
    """All that the past tells: frames of PAST_ITEMS and RECEIPTS."""

    items: pl.DataFrame
    receipts: pl.DataFrame

    def seen_before(self, day: date) -> pl.DataFrame:
        """Return what was known at the beginning of `day` of how debtors pay; columns of SEEN."""
        known = self.items.filter(
            (pl.col("known_from") < day) & (pl.col("due") >= day - REMEMBERED)
        )
        paid = (pl.col("settled") < day).fill_null(value=False)
        last = pl.when(paid).then("settled").otherwise(pl.lit(day - timedelta(days=1)))
        return known.select(
            pl.col("own").alias("debtor"),
            "book",
            (last - pl.col("due")).dt.total_days().cast(pl.Int32).alias("days"),
            paid.alias("paid"),
        ).cast(SEEN)

    def settled_before(self, day: date) -> int:
        """Return how many receivables were settled before `day`, among those that teach."""
        return self.seen_before(day).filter("paid").height

    def open_at(self, day: date) -> pl.DataFrame:
        """Return what was open at the beginning of `day`; columns of OPEN_ITEMS. Nothing promised."""
        later = (
            self.receipts.filter(pl.col("day") >= day).group_by("item").agg(pl.col("amount").sum())
        )
        open_then = pl.col("open_now") + pl.col("amount").fill_null(0)
        unsettled = pl.col("settled").is_null() | (pl.col("settled") >= day)
        return (
            self.items.filter((pl.col("known_from") < day) & unsettled)
            .join(later, on="item", how="left")
            .with_columns(
                amount=open_then,
                open_for=(pl.lit(day - timedelta(days=1)) - pl.col("due")).dt.total_days(),
                sure_in=pl.lit(None),
                sure_share=pl.lit(0.0),
                wait=pl.lit(0),
            )
            .filter(pl.col("amount") > 0)
            .select(OPEN_ITEMS.names())
            .cast(OPEN_ITEMS)
        )

    def came(self, items: pl.DataFrame, day: date, ends: Sequence[int]) -> pl.DataFrame:
        """Return what came of `items` from `day` on: `currency`, `week`, `amount`."""
        week = _week_of(pl.col("day"), day, ends)
        return (
            self.receipts.filter(pl.col("day") >= day)
            .join(items.select("item", "currency"), on="item", how="inner")
            .with_columns(week.alias("week"))
            .filter(pl.col("week") < len(ends))
            .group_by("currency", "week")
            .agg(pl.col("amount").sum())
        )


def _week_of(day: pl.Expr, first: date, ends: Sequence[int]) -> pl.Expr:
    place = (day - pl.lit(first)).dt.total_days()
    week = pl.lit(0, pl.Int32)
    for end in ends:
        week = week + (place >= end).cast(pl.Int32)
    return week


@dataclass(frozen=True, slots=True)
class Trial:
    """The forecast beside what came.

    Attributes:
        judged: the weeks, by origin.
        widened: the same as they would have been said then, widened by what was known by then of
            earlier ones; those of which too little was known are left out.
        together: how much the items of a debtor moved together. pairs: by how many pairs of them.
        widening: what all of it says about the next forecast.
    """

    judged: tuple[Judged, ...]
    widened: tuple[Judged, ...]
    together: Together
    pairs: int
    widening: Widening

    @property
    def origins(self) -> int:
        """How many days the forecast was made for."""
        return len({one.origin for one in self.judged})


def tried(book: Book, today: date, ends: Sequence[int]) -> Trial:
    """Return what forecasts of the past said and what came, for weeks that were over by `today`.

    An origin is left out where fewer than FEWEST_SETTLED receivables were settled by then.
    """
    moved: list[tuple[date, pl.DataFrame]] = []
    judged: list[Judged] = []
    for origin in _origins(book, today, ends):
        items = book.open_at(origin)
        if items.is_empty():
            continue
        behaviour = behaviour_of(book.seen_before(origin))
        known = [found for day, found in moved if day + timedelta(days=ends[-1]) <= origin]
        together, _ = together_of(known)
        moved.append((origin, _moves(book, items, behaviour, origin, ends)))
        judged += _weeks(book, items, (behaviour, together), origin, ends)
    together, pairs = together_of([found for _day, found in moved])
    return Trial(tuple(judged), tuple(_widened(judged, ends)), together, pairs, widening_of(judged))


def _origins(book: Book, today: date, ends: Sequence[int]) -> list[date]:
    last = today - timedelta(weeks=ceil(ends[-1] / 7))  # on the same day of the week as today
    days = [last - number * STEP for number in range(ORIGINS)]
    return [day for day in reversed(days) if book.settled_before(day) >= FEWEST_SETTLED]


def _weeks(
    book: Book,
    items: pl.DataFrame,
    how: tuple[Behaviour, Together],
    origin: date,
    ends: Sequence[int],
) -> list[Judged]:
    counts = dict(items.group_by("currency").len().iter_rows())
    sums = drawn_sums(items, how[0], ends, Drawing(how[1], TRIED_DRAWS))
    came = {(row[0], row[1]): row[2] for row in book.came(items, origin, ends).iter_rows()}
    found = []
    for currency in sorted(name for name, count in counts.items() if count >= FEWEST_OPEN):
        for week in range(len(ends)):
            own = sums.filter((pl.col("currency") == currency) & (pl.col("week") == week))
            said = quantiles(own["amount"].to_list(), TRIED_DRAWS)
            if said.high > said.low:
                found.append(Judged(origin, week, currency, said, came.get((currency, week), 0)))
    return found


def _moves(
    book: Book, items: pl.DataFrame, behaviour: Behaviour, origin: date, ends: Sequence[int]
) -> pl.DataFrame:
    """Return for each item how early or late it was for what was expected: `debtor`, `score`.

    The score is the mean of the normal draws that would have made it come when it came.
    """
    asked = items.select(pl.col("own").alias("debtor"), "book", "open_for", "wait")
    shares = paid_shares(behaviour, asked, ends)
    settled = items.join(
        book.items.select("item", "settled"), on="item", how="left", maintain_order="left"
    ).select("debtor", _week_of(pl.col("settled"), origin, ends).fill_null(len(ends)).alias("week"))
    below, above = pl.lit(0.0), pl.lit(1.0)
    for week in range(len(ends)):
        above = pl.when(pl.col("week") == week).then(f"by_{week}").otherwise(above)
        below = pl.when(pl.col("week") == week + 1).then(f"by_{week}").otherwise(below)
    return (
        settled.hstack(shares)
        .select("debtor", below.alias("below"), above.alias("above"))
        .filter(pl.col("above") > pl.col("below") + 1e-9)
        .select("debtor", score=_mean_between(pl.col("below"), pl.col("above")))
    )


def _mean_between(below: pl.Expr, above: pl.Expr) -> pl.Expr:
    return (_density(below) - _density(above)) / (above - below)


def _density(share: pl.Expr) -> pl.Expr:
    """Return the normal density at the quantile of `share`, from a table of a thousand steps."""
    curve = NormalDist()
    inner = [exp(-(curve.inv_cdf(n / 1000) ** 2) / 2) / sqrt(2 * pi) for n in range(1, 1000)]
    table = pl.Series([0.0, *inner, 0.0], dtype=pl.Float64)
    return pl.lit(table).gather((share * 1000).round().cast(pl.UInt32).clip(0, 1000))


def together_of(moves: Sequence[pl.DataFrame]) -> tuple[Together, int]:
    """Return how much items of one debtor moved together at one origin, and by how many pairs.

    It is the correlation of their scores over pairs of one debtor; below FEWEST_PAIRS the usual one.
    """
    if not moves:
        return Together(USUAL_TOGETHER), 0
    every = pl.concat(
        found.with_columns(origin=pl.lit(number)) for number, found in enumerate(moves)
    )
    squares = every.select((pl.col("score") ** 2).mean()).item()
    groups = every.group_by("origin", "debtor").agg(
        pl.len().cast(pl.Int64).alias("count"),
        pl.col("score").sum().alias("sum"),
        (pl.col("score") ** 2).sum().alias("squares"),
    )
    pairs = groups.select((pl.col("count") * (pl.col("count") - 1)).sum()).item()
    if not squares or pairs < 2 * FEWEST_PAIRS:
        return Together(USUAL_TOGETHER), pairs // 2
    product = groups.select((pl.col("sum") ** 2 - pl.col("squares")).sum()).item() / pairs
    return Together(min(max(product / squares, 0.0), _CLOSEST)), pairs // 2


def _widened(judged: Sequence[Judged], ends: Sequence[int]) -> list[Judged]:
    """Return each week as it would have been said with what was known by then of earlier ones."""
    told = []
    for origin in sorted({one.origin for one in judged}):
        over = [one for one in judged if one.origin + timedelta(days=ends[-1]) <= origin]
        if len(over) < FEWEST_WEEKS:
            continue
        widening = widening_of(over)
        told += [
            Judged(one.origin, one.week, one.currency, widening.of(one.said), one.came)
            for one in judged
            if one.origin == origin
        ]
    return told
