"""A portfolio that nobody has: debtors and receivables made from a seed, to try procedures on.

It says nothing of any firm. Amounts are spread as in most books (a few large, many small), a fifth of the
debtors owes half of the receivables, and debtors pay by temperaments: in time, a little late, late, hardly.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from relance.dunning.events import Past
from relance.ledger.schema import DEBTORS, ITEMS, conform
from relance.simulation.chance import marks_of, shares_of
from relance.simulation.draws import ASSUMED, Draw, Habits, payment_days
from relance.simulation.story import FLOWS, Period, Story

PER_DEBTOR = 8
"""Receivables per debtor, in the mean."""

TERMS = 30
"""Days from issue to due date."""

TEMPERAMENTS = ((0.55, 0.3), (0.80, 1.0), (0.95, 2.0), (1.0, 4.0))
"""Up to which share of the debtors, and by what their days late are more or fewer than assumed."""

_SEEN = 12
"""Payments of the past by which each debtor is known."""


def synthetic_story(count: int, period: Period, seed: int, home: tuple[str, str]) -> Story:
    """Return a story of `count` receivables whose invoices are issued from TERMS days before the period on.

    Args:
        home: currency and country of the creditor, which are those of all debtors.
    """
    debtors = _debtors(max(1, count // PER_DEBTOR), seed, home)
    items = _items(count, debtors["debtor"], period, seed, home)
    habits = _habits(debtors["debtor"], seed)
    before = period.first - timedelta(days=TERMS + 1)
    paid = items.with_columns(payment_days(items, habits, before, Draw(seed)))
    # Nobody pays what was not invoiced yet.
    paid = paid.with_columns(day=pl.max_horizontal("paid_on", "issued"), amount="open")
    flows = paid.filter(pl.col("day") <= period.last)
    whole = conform(items, ITEMS).with_columns(
        missing=pl.lit(value=False),
        appears=pl.when(pl.col("issued") > period.first).then("issued"),
    )
    return Story(whole, conform(flows, FLOWS), debtors, Past.nothing())


def _debtors(count: int, seed: int, home: tuple[str, str]) -> pl.DataFrame:
    names = [f"S{n:06d}" for n in range(1, count + 1)]
    marks = marks_of(names, names)
    kinds, reached = shares_of(marks, seed, "kind"), shares_of(marks, seed, "address")
    owners = shares_of(marks, seed, "owner")
    rows = pl.DataFrame({"debtor": names, "kinds": kinds, "reached": reached, "owners": owners})
    rows = rows.with_columns(
        name=pl.col("debtor"),
        kind=pl.when(pl.col("kinds") < 0.08).then(pl.lit("public")).otherwise(pl.lit("business")),
        country=pl.lit(home[1]),
        email=pl.when(pl.col("reached") < 0.93).then(pl.col("debtor") + "@client.example"),
        address=pl.lit("1"),
        postcode=pl.lit("1"),
        city=pl.lit("-"),
        owner=pl.concat_str(pl.lit("P"), (pl.col("owners") * 4 + 1).floor().cast(pl.Int32)),
        tags=pl.lit([], pl.List(pl.String)),
        requires=pl.lit([], pl.List(pl.String)),
        since=pl.lit(date(2015, 1, 1)),
    )
    return conform(rows, DEBTORS)


def _items(
    count: int, debtors: pl.Series, period: Period, seed: int, home: tuple[str, str]
) -> pl.DataFrame:
    numbers = [f"F{n:07d}" for n in range(1, count + 1)]
    marks = marks_of(numbers, numbers)
    days = period.length + TERMS
    drawn = pl.DataFrame(
        {name: shares_of(marks, seed, name) for name in ("debtor", "day", "amount")}
    )
    # Squared, the shares crowd on the first debtors; ten to the third power of ten spreads sums.
    place = (pl.col("debtor") ** 2 * debtors.len()).floor().cast(pl.Int64)
    rows = drawn.select(
        number=pl.Series(numbers),
        debtor=pl.lit(debtors).gather(place),
        issued=pl.lit(period.first - timedelta(days=TERMS))
        + pl.duration(days=(pl.col("day") * days).floor().cast(pl.Int64)),
        amount=(2000 * 10 ** (pl.col("amount") * 3)).round(0).cast(pl.Int64),
    )
    year = pl.col("issued").dt.year().cast(pl.String)
    rows = rows.with_columns(
        item=pl.concat_str("debtor", "number", year, separator="|"),
        due=pl.col("issued") + pl.duration(days=TERMS),
        open="amount",
        balance="amount",
        currency=pl.lit(home[0]),
        kind=pl.lit("invoice"),
        source=pl.lit("synthetic"),
        doubtful=pl.lit(value=False),
    )
    return rows.with_columns(marks_of(rows["debtor"], rows["item"]))


def _habits(debtors: pl.Series, seed: int) -> Habits:
    """Return the past of debtors: _SEEN payments of each, by its temperament."""
    own = shares_of(marks_of(debtors, debtors), seed, "temperament")
    times = pl.lit(TEMPERAMENTS[-1][1])
    for bound, each in reversed(TEMPERAMENTS):
        times = pl.when(pl.col("share") < bound).then(each).otherwise(times)
    each_debtor = pl.DataFrame({"debtor": debtors, "share": own})
    each_debtor = each_debtor.select("debtor", times.alias("times"))
    seen = pl.DataFrame({"nth": range(_SEEN)}, schema={"nth": pl.Int64})
    rows = each_debtor.join(seen, how="cross")
    marks = marks_of(rows["debtor"], rows["nth"].cast(pl.String))
    rows = rows.with_columns(shares_of(marks, seed, "days").alias("share"))
    assumed = pl.Series(ASSUMED, dtype=pl.Int32)
    base = pl.lit(assumed).gather((pl.col("share") * len(ASSUMED)).floor().cast(pl.Int64))
    late = (base * pl.col("times")).round(0).cast(pl.Int32)
    return Habits.of(rows.select("debtor", days=pl.when(base > 0).then(late).otherwise(base)))
