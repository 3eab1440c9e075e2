"""Reads the values of the options of `relance interest`: dates, amounts, rates, codes."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from relance.cli.exits import Exit, Stop
from relance.cli.typed import day_of, no_amount, number_of
from relance.cli.words import _
from relance.law.claim import Payment
from relance.money import to_minor

MOST = 10**15
"""Minor units; an amount that is not below is a typing error."""


def minor_of(text: str, option: str, currency: str) -> int:
    """Return the amount that `text` writes, in minor units of `currency`.

    Raises:
        Stop: when it writes none, none above zero, or more decimals than the currency has.
    """
    amount = number_of(text)
    try:
        minor = to_minor(amount, currency) if 0 < amount < MOST else 0
    except (ValueError, InvalidOperation):  # comparing a NaN is invalid too
        minor = 0
    if not 0 < minor < MOST:
        raise no_amount(text, option)
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
    rate = number_of(text)
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
