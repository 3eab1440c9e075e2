"""What people type after options: dates and amounts, or a way out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from relance.cli.exits import Exit, Stop
from relance.cli.words import _

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2100, 12, 31)
"""Dates outside are typing errors, as in exports; intervals after them could leave the calendar."""


_MOST = Decimal(10) ** 12
"""Amounts from here on are typing errors."""


def day_of(text: str, option: str) -> date:
    """Return the date that `text` writes.

    Raises:
        Stop: when it writes none, or one far from today's books.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.max
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Stop(
            Exit.USAGE,
            _("{option}: {text} is not a date").format(option=option, text=text),
            _("write it as YYYY-MM-DD, like 2026-03-02"),
        )
    return day


def number_of(text: str) -> Decimal:
    """Return the number that `text` writes, with a point or a comma; NaN for none."""
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return Decimal("NaN")


def amount_of(text: str, option: str) -> Decimal:
    """Return the amount that `text` writes.

    Raises:
        Stop: when it writes none, or none above zero.
    """
    amount = number_of(text)
    if not amount.is_finite() or not 0 < amount < _MOST:
        raise no_amount(text, option)
    return amount


def no_amount(text: str, option: str) -> Stop:
    """Return the refusal of an amount."""
    return Stop(
        Exit.USAGE,
        _("{option}: {text} is not an amount").format(option=option, text=text),
        _("write it without currency or spaces, like 1234.50"),
    )
