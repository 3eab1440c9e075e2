"""Sending days: Monday to Friday without the public holidays of the countries concerned, and their hours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import cache


@cache
def public_holidays(country: str, year: int) -> frozenset[date]:
    """Return the nation-wide public holidays of `country` (ISO 3166 alpha-2) in `year`.

    A country that the calendar does not know has none.
    """
    import holidays  # imported here: it costs more than all the rest of `relance --help`

    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()


def is_sending_day(day: date, countries: Iterable[str]) -> bool:
    """Return whether `day` is a weekday and no public holiday in any of `countries`."""
    return day.weekday() < 5 and not any(day in public_holidays(c, day.year) for c in countries)


def next_sending_day(day: date, countries: Iterable[str]) -> date:
    """Return the first sending day that is not before `day`."""
    countries = tuple(countries)
    while not is_sending_day(day, countries):
        day += timedelta(days=1)
    return day


def working_hours(start: datetime, end: datetime, country: str) -> float:
    """Return the hours from `start` to `end` on Mondays to Fridays that are no public holidays.

    Both are in the time zone whose days count; a working day has all its hours, 23 or 25 where
    the clock changes. 0 if `end` is not after `start`.
    """
    hours, day = 0.0, start.date()
    while day <= end.date():
        midnight = datetime.combine(day, time(), start.tzinfo)
        day += timedelta(days=1)
        if is_sending_day(midnight.date(), (country,)):
            after = datetime.combine(day, time(), start.tzinfo)
            hours += max(0.0, _seconds(max(start, midnight), min(end, after))) / 3600
    return hours


def _seconds(start: datetime, end: datetime) -> float:
    """Return the seconds that pass, which those of one zone do not say on the night it changes."""
    return end.timestamp() - start.timestamp()
