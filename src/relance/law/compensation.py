"""Compensation for recovery costs: lump sums, and scales by the sum that is due."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Literal

from relance.law.tables import read_data

Scale = Literal["be_consumer", "nl_bik", "uk"]
"""Scales of compensation: Book XIX (Belgium), the BIK (Netherlands), the Act of 1998 (UK)."""

FORTY = 4000
"""Lump sum of directive 2011/7/EU, art. 6, in cents of a euro."""

_LEAST: Mapping[Scale, int] = {"nl_bik": 4000}
_MOST: Mapping[Scale, int] = {"nl_bik": 677500, "be_consumer": 200000}

FREE_REMINDERS = 3
MOST_FOR_REMINDER = 750


@dataclass(frozen=True, slots=True)
class Band:
    """A part of a scale: `fixed` and `percent` of what is above `above`; minor units."""

    above: int
    fixed: int
    percent: Fraction


@cache
def bands(scale: Scale) -> tuple[Band, ...]:
    """Return the bands of `scale`, lowest first."""
    return tuple(
        Band(
            int(Decimal(line["above"]) * 100),
            int(Decimal(line["fixed"]) * 100),
            Fraction(line["percent"]),
        )
        for line in read_data("scales")
        if line["scale"] == scale
    )


def scaled(scale: Scale, principal: int) -> int:
    """Return the compensation that `scale` gives for `principal`, both in minor units; 0 for nothing.

    Rounded half up. Belgian consumers (CDE art. XIX.4): 20 € to 150 €, then 30 € and 10 % above
    150 €, from 500 € 65 € and 5 % above, 2,000 € at most. Netherlands (Besluit BIK): 15, 10, 5, 1
    and 0.5 %, from 40 € to 6,775 €. United Kingdom: 40, 70, 100 pounds.
    """
    if principal <= 0:
        return 0
    steps = bands(scale)
    band = steps[bisect_left(steps, principal, key=lambda step: step.above) - 1]
    amount = half_up(band.fixed + (principal - band.above) * band.percent / 100)
    return min(max(amount, _LEAST.get(scale, 0)), _MOST.get(scale, amount))


def half_up(amount: Fraction) -> int:
    """Return `amount`, not negative, as a whole number: halves go up."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def reminder_fee(reminded_before: int, postage: int) -> int:
    """Return the most that a Belgian consumer may be charged for a reminder, in cents.

    In contracts of regular deliveries, the reminders for three unpaid due dates in a calendar year
    are free; each later one costs 7.50 € and the postage at most (CDE art. XIX.2).

    Args:
        reminded_before: due dates of the same contract and calendar year that were reminded of before.
        postage: of this reminder, in cents.
    """
    return MOST_FOR_REMINDER + postage if reminded_before >= FREE_REMINDERS else 0
