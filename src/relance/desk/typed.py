"""What people type into forms: dates and amounts as they write them, or what is wrong."""

from __future__ import annotations

import re
from calendar import isleap
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from relance.language import N_

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2100, 12, 31)
"""Dates outside are typing errors, as in exports."""

_DAY_FIRST = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2})(?:[/. -]([0-9]{4}|[0-9]{2}))?")
_SPACES = re.compile(r"[\s\u00a0\u202f]")


class Mistyped(Exception):  # noqa: N818 - it is answered in the form
    """What was typed is not what is asked; the message is a template to translate, `text` fills it."""

    def __init__(self, message: str, text: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.text = text


def day_of(text: str, today: date) -> date | None:
    """Return the date that `text` writes: 2026-04-30, 30/04/2026, 30/04 (the next one), +7 (days).

    None for nothing.

    Raises:
        Mistyped: if it is no date.
    """
    plain = text.strip()
    if not plain:
        return None
    try:
        day = _day(plain, today)
    except (ValueError, OverflowError):
        day = date.max
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Mistyped(N_("{text} is not a date: write 2026-04-30, 30/04 or +7"), plain)
    return day


def _day(plain: str, today: date) -> date:
    if plain[0] == "+" and plain[1:].isdecimal():
        return today + timedelta(days=int(plain[1:]))
    found = _DAY_FIRST.fullmatch(plain)
    if found is None:
        return date.fromisoformat(plain)
    day, month, year = found.groups()
    if year is not None:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    return _next(today, int(month), int(day))


def _next(today: date, month: int, day: int) -> date:
    """Return the next such day: a 29 February may be years ahead."""
    years = range(today.year, today.year + (8 if (month, day) == (2, 29) else 1) + 1)
    days = (date(year, month, day) for year in years if (month, day) != (2, 29) or isleap(year))
    return next(found for found in days if found >= today)


def amount_of(text: str) -> Decimal | None:
    """Return the amount that `text` writes, with a point or a comma; None for nothing.

    Raises:
        Mistyped: if it is no amount above zero.
    """
    plain = _SPACES.sub("", text).removesuffix("€")
    if not plain:
        return None
    try:
        amount = Decimal(plain.replace(",", "."))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount <= 0:
        raise Mistyped(N_("{text} is not an amount: write it like 1234.50"), text.strip())
    return amount
