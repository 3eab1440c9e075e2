"""Periods of one rate, in their order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Days that one rate holds for.

    Attributes:
        start, end: first and last day.
        percent: yearly rate in percent.
        source: table, period and publication, as they are printed.
        confirmed: whether the rate was read in a publication.
        ratio: `percent` as numerator and denominator; whole numbers are fast and exact.
    """

    start: date
    end: date
    percent: Decimal
    source: str
    confirmed: bool = True
    ratio: tuple[int, int] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ratio", self.percent.as_integer_ratio())


def semester(day: date) -> tuple[date, date]:
    """Return the first and the last day of the half-year of `day`."""
    if day.month <= 6:
        return date(day.year, 1, 1), date(day.year, 6, 30)
    return date(day.year, 7, 1), date(day.year, 12, 31)


def year(day: date) -> tuple[date, date]:
    """Return the first and the last day of the year of `day`."""
    return date(day.year, 1, 1), date(day.year, 12, 31)


class Schedule:
    """Periods in order, which may leave days out.

    Attributes:
        periods: oldest first, none overlaps another.
        missing: makes the exception for a day that no period holds.
    """

    __slots__ = ("_starts", "missing", "periods")

    def __init__(self, periods: Iterable[Period], missing: Callable[[date], Exception]) -> None:
        self.periods = tuple(periods)
        self.missing = missing
        self._starts = [period.start for period in self.periods]

    def at(self, day: date) -> Period:
        """Return the period of `day`.

        Raises:
            Exception: the schedule's own, when no period holds the day.
        """
        place = bisect_right(self._starts, day) - 1
        if place < 0 or self.periods[place].end < day:
            raise self.missing(day)
        return self.periods[place]

    def between(self, start: date, end: date) -> list[tuple[Period, date, date]]:
        """Return the periods from `start` to `end`, each with its first and last day in there.

        Raises:
            Exception: the schedule's own, when a day has no period.
        """
        found = []
        period = self.at(start)
        while period.end < end:
            found.append((period, start, period.end))
            start = period.end + ONE_DAY
            period = self.at(start)
        found.append((period, start, end))
        return found

    def held(self, day: date) -> Schedule:
        """Return the schedule in which the rate of `day` holds for ever: it was fixed then."""
        return Schedule((replace(self.at(day), end=date.max),), self.missing)


@lru_cache(maxsize=64)
def flat(percent: Decimal, source: str) -> Schedule:
    """Return the schedule of one rate that never changes."""
    return Schedule((Period(date.min, date.max, percent, source),), ValueError)


@lru_cache(maxsize=64)
def capped(percent: Decimal, source: str, cap: Schedule) -> Schedule:
    """Return the schedule of `percent`, or of the rate of `cap` where that is less."""
    periods = (
        period if period.percent <= percent else replace(period, percent=percent, source=source)
        for period in cap.periods
    )
    return Schedule(periods, cap.missing)
