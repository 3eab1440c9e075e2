"""Reads the values of the options of `relance interest`: dates, amounts, rates, codes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from relance.cli.call import FIRST_DAY, LAST_DAY
from relance.cli.exits import Exit, Stop
from relance.cli.words import _
from relance.law.claim import Payment
from relance.money import to_minor

MOST = 10**15
"""Minor units; an amount that is not below is a typing error."""


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


def _number(text: str) -> Decimal:
    """Return the number that `text` writes, with a point or a comma; NaN for none."""
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return Decimal("NaN")


def minor_of(text: str, option: str, currency: str) -> int:
    """Return the amount that `text` writes, in minor units of `currency`.

    Raises:
        Stop: when it writes none, none above zero, or more decimals than the currency has.
    """
    amount = _number(text)
    try:
        minor = to_minor(amount, currency) if 0 < amount < MOST else 0
    except (ValueError, InvalidOperation):  # comparing a NaN is invalid too
        minor = 0
    if not 0 < minor < MOST:
        raise Stop(
            Exit.USAGE,
            _("{option}: {text} is not an amount").format(option=option, text=text),
            _("write it without currency or spaces, like 1234.50"),
        )
    return minor


def payment_of(text: str, option: str, currency: str) -> Payment:
    """Return the payment, or credit note, that DATE=AMOUNT writes.

    Raises:
        Stop: when the date or the amount cannot be read.
    """
    day, _equals, amount = text.partition("=")
    if not _equals:
        raise Stop(
            Exit.USAGE,
            _("{option}: {text} is not a date and an amount").format(option=option, text=text),
            _("write both, like 2026-07-15=500.00"),
        )
    credit_note = option == "--credit-note"
    return Payment(day_of(day, option), minor_of(amount, option, currency), credit_note)


def percent_of(text: str) -> Decimal:
    """Return the yearly rate that `text` writes, in percent.

    Raises:
        Stop: when it writes none between 0 and 100.
    """
    rate = _number(text)
    if not rate.is_finite() or not 0 <= rate <= 100 or rate != round(rate, 6):
        raise Stop(
            Exit.USAGE,
            _("--contract-rate: {text} is not a rate").format(text=text),
            _("write percent a year, like 12.5"),
        )
    return round(rate, 6) if len(f"{rate:f}") > 12 else rate


def country_of(text: str) -> str:
    """Return the country code (ISO 3166 alpha-2) that `text` writes.

    Raises:
        Stop: when it has not the form of one.
    """
    code = text.upper()
    if not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise Stop(
            Exit.USAGE,
            _("--country: {text} is not a country code").format(text=text),
            _("write two letters, like FR or BE"),
        )
    return "GB" if code == "UK" else code


def currency_of(text: str) -> str:
    """Return the currency code (ISO 4217) that `text` writes.

    Raises:
        Stop: when it has not the form of one.
    """
    code = text.upper()
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise Stop(
            Exit.USAGE,
            _("--currency: {text} is not a currency code").format(text=text),
            _("write three letters, like EUR"),
        )
    return code
