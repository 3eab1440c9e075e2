"""Days of sales outstanding: counted back, simple, true, best possible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from relance.indicators.months import before, first_of, last_of

HUNDREDTH = Decimal("0.01")


def rounded(value: Fraction) -> Decimal:
    """Return `value` with two decimals, halves away from zero."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(HUNDREDTH, ROUND_HALF_UP)


def percent(part: int, whole: int) -> Decimal | None:
    """Return `part` in percent of `whole`; None where that is not positive."""
    return rounded(Fraction(100 * part, whole)) if whole > 0 else None


@dataclass(frozen=True, slots=True)
class Days:
    """A number of days, or that it is over a number of days."""

    value: Fraction
    over: bool = False


def count_back(owed: int, sales: Mapping[date, int], day: date, since: date | None) -> Days | None:
    """Return the days of sales that are still to be paid at the end of `day`.

    From `day` back: while `owed` is at least the month's sales they are taken off, and the month's
    days counted; the last month counts in proportion. A month whose sales are not positive counts
    its days and takes nothing off. Where the sales that are known are not enough, it is over the
    days that were counted: nothing is extrapolated. Source: the method of exhaustion (AFDCC).

    Args:
        owed: minor units. None is returned where `since` is None: no sales are known.
        sales: minor units by the first day of their month; those of the month of `day` up to it.
        since: first day from which sales are known.
    """
    if since is None:
        return None
    left, counted = owed, Fraction(0)
    if left <= 0:
        return Days(Fraction(0))
    month, end = first_of(day), day
    while end >= since:
        start = max(month, since)
        days = (end - start).days + 1
        sold = sales.get(month, 0)
        if sold > 0 and left < sold:
            return Days(counted + Fraction(left, sold) * days)
        counted += days
        left -= max(sold, 0)
        if left == 0:
            return Days(counted)
        month = before(month)
        end = last_of(month)
    return Days(counted, over=True)


def simple(owed: int, sold: int, days: int) -> Fraction | None:
    """Return owed / sales of the period x its days; None where nothing was sold in it."""
    return Fraction(owed * days, sold) if sold > 0 else None
