"""Stricter terms for firms that pay badly: proposed from facts, for a person to approve."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from relance.dunning.disputes import undisputed

Measure = Literal["prepayment", "deposit", "lower_limit", "shorter_terms"]
"""What is proposed, the strictest first; the first that holds is the one."""

OFTEN = 0.5
"""Chance of being late from which on a debtor pays badly: every other receivable."""

ENOUGH = 6
"""Receivables seen paid that it takes where the book is too small for an estimate."""

LONG = 60
"""Days past due from which on nothing more is delivered on credit."""

WELL_LATE = 15
"""Mean days late from which on shorter terms, or a lower limit, make a difference."""

DEPOSIT = 30
"""Percent of an order that are asked beforehand."""

SHORTEST = 8
"""Days that are left to pay in, whatever the habit."""


_LATE = (
    ~pl.col("credit") & ~pl.col("missing") & ~pl.col("disputed")
    & (undisputed() > 0) & (pl.col("days_past_due") > 0)
)  # fmt: skip
"""What is late and not contested."""


@dataclass(frozen=True, slots=True)
class Stricter:
    """What is proposed for one firm, and the facts that it rests on.

    Attributes:
        value: deposit: percent; lower_limit: minor units; shorter_terms: days; None for prepayment.
        paid, late, mean_days_late: receivables seen paid; those in time count as 0 days.
        chance: that the next one is late, 0 to 1; None where the book is too small to say.
        exposure, limit, overdue: minor units of the creditor's currency; None without a limit.
        oldest: days past due of what is open for longest, 0 if nothing is late.
        days: median of days from issue to due date of its invoices; None if not known.
    """

    debtor: str
    name: str
    measure: Measure
    value: int | None
    paid: int
    late: int
    mean_days_late: float
    chance: float | None
    exposure: int
    limit: int | None
    overdue: int
    oldest: int
    days: int | None


def stricter(facts: pl.DataFrame, habits: pl.DataFrame, step: int) -> tuple[Stricter, ...]:
    """Return what is proposed for the firms that pay badly, those who owe most first.

    Left out are natural persons and who may be one, public bodies (their terms are set by law) and
    who is in collective proceedings. No score of others is looked at.

    Args:
        facts: the frame of `decide`.
        habits: `debtor`, `paid`, `late`, `mean_days_late`, `chance` (null if not known).
        step: minor units of one unit of the currency.
    """
    firms = (
        facts.filter((pl.col("debtor_kind") == "business") & pl.col("verdict").ne("insolvent").all().over("debtor"))
        .group_by("debtor")
        .agg(
            pl.col("party_name").first().alias("name"),
            pl.col("outstanding", "credit_limit").first(),
            undisputed().filter(_LATE & (pl.col("currency") == pl.col("home_currency"))).sum().alias("overdue"),
            pl.col("days_past_due").filter(_LATE).max().fill_null(0).alias("oldest"),
            (pl.col("due") - pl.col("issued")).dt.total_days().filter(~pl.col("credit")).median().alias("days"),
        )
    )  # fmt: skip
    often = pl.col("chance").is_not_null() & (pl.col("chance") >= OFTEN)
    seen = pl.col("chance").is_null() & (pl.col("paid") >= ENOUGH)
    badly = often | (seen & (pl.col("late") >= OFTEN * pl.col("paid")))
    rows = firms.join(habits.filter(badly), on="debtor", how="inner")
    found = [each for row in rows.iter_rows(named=True) for each in _proposed(row, step)]
    return tuple(sorted(found, key=lambda each: (-each.exposure, each.debtor)))


def _proposed(row: dict[str, Any], step: int) -> Iterator[Stricter]:
    exposure, limit = int(row["outstanding"] or 0), row["credit_limit"]
    days = None if row["days"] is None else round(row["days"])
    measure: Measure
    value: int | None = None
    well_late = row["mean_days_late"] >= WELL_LATE
    if row["oldest"] >= LONG:
        measure = "prepayment"
    elif limit is not None and exposure > limit:
        measure, value = "deposit", DEPOSIT
    elif well_late and limit and exposure <= limit // 2 and _halved(limit, exposure, step) < limit:
        measure, value = "lower_limit", _halved(limit, exposure, step)
    elif well_late and days is not None and _shorter(days, row["mean_days_late"]) < days:
        measure, value = "shorter_terms", _shorter(days, row["mean_days_late"])
    else:
        return
    yield Stricter(
        row["debtor"], row["name"] or row["debtor"], measure, value, row["paid"], row["late"],
        row["mean_days_late"], row["chance"], exposure, limit, row["overdue"], row["oldest"], days,
    )  # fmt: skip


def _halved(limit: int, exposure: int, step: int) -> int:
    """Return half of the limit, not below what is owed, in whole hundreds of the currency."""
    hundred = 100 * step
    return -(-max(limit // 2, exposure) // hundred) * hundred


def _shorter(days: int, late: float) -> int:
    """Return terms after which the money would come when it was due before."""
    return max(SHORTEST, days - round(late))
