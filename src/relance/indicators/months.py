"""Calendar months of a period."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

MONTHS_OF_REPORT = 12


def first_of(day: date) -> date:
    """Return the first day of the month of `day`."""
    return day.replace(day=1)


def last_of(day: date) -> date:
    """Return the last day of the month of `day`."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def before(first: date, months: int = 1) -> date:
    """Return the first day of the month that is `months` before that of `first`."""
    count = first.year * 12 + first.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def months_between(first: date, last: date) -> list[tuple[date, date]]:
    """Return the months of a period, oldest first: first day, and last day or `last`."""
    found = []
    start = first_of(first)
    while start <= last:
        end = last_of(start)
        found.append((max(start, first), min(end, last)))
        start = end + timedelta(days=1)
    return found
