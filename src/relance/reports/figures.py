"""Amounts, counts and dates in the operator's language, and data that cannot forge lines."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

from relance.language import N_, day_text, translator
from relance.money import to_decimal

_LOCALES = {"fr": "fr_FR", "en": "en_GB"}


def safe(text: str | None) -> str:
    """Return `text` with control, bidi and line-separator characters written out as escapes."""
    if text is None:
        return ""
    return "".join(
        ch if unicodedata.category(ch) not in ("Cc", "Cf", "Zl", "Zp", "Cs") else _escaped(ch)
        for ch in text
    )


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def amount_text(minor: int, currency: str, language: str) -> str:
    """Return `minor` units with the currency's sign, as `language` writes amounts."""
    from babel.numbers import format_currency

    text = format_currency(to_decimal(minor, currency), currency, locale=_LOCALES[language])
    return _CODE_BEFORE_DIGITS.sub("\\1\u00a0", text)


_CODE_BEFORE_DIGITS = re.compile(r"^(-?[A-Z]{2,3})(?=[0-9])")


def percent_text(rate: Decimal, language: str) -> str:
    """Return a yearly `rate` in percent, with two decimals or all it has."""
    from babel.numbers import format_decimal

    number = format_decimal(rate, "#,##0.00##########", locale=_LOCALES[language])
    return f"{number}\u00a0%" if language == "fr" else f"{number}%"


def count_text(number: int, language: str) -> str:
    """Return `number` with its thousands grouped as `language` does."""
    from babel.numbers import format_decimal

    return str(format_decimal(number, locale=_LOCALES[language]))


_NOUNS = {
    "notice": (N_("{count} notice"), N_("{count} notices")),
    "task": (N_("{count} task"), N_("{count} tasks")),
    "item": (N_("{count} item"), N_("{count} items")),
    "debtor": (N_("{count} debtor"), N_("{count} debtors")),
    "error": (N_("{count} error"), N_("{count} errors")),
    "day": (N_("{count} day"), N_("{count} days")),
}


def counted(number: int, noun: str, language: str) -> str:
    """Return `number` with its noun, one of "notice", "task", "item", "debtor", "error", "day"."""
    one, many = _NOUNS[noun]
    single = number == 1 or (number == 0 and language == "fr")
    return translator(language)(one if single else many).format(count=count_text(number, language))


def date_text(day: date | None, language: str) -> str:
    """Return `day` short, in columns; a dash for None."""
    return "–" if day is None else day_text(day, language)


def long_date_text(day: date, language: str) -> str:
    """Return `day` with its weekday, as `language` writes it in full."""
    from babel.dates import format_date

    return str(format_date(day, "full", locale=_LOCALES[language]))
