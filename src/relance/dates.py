"""Sending days: Monday to Friday without the public holidays of the countries concerned."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
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
