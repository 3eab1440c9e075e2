"""Amounts, dates and account numbers as the debtor reads them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, get_currency_precision

from relance.money import digits, to_decimal, to_minor, to_text

_HOME = {"fr": "fr_FR", "nl": "nl_NL", "de": "de_DE", "en": "en_GB"}


@lru_cache
def locale_name(language: str, country: str | None) -> str:
    """Return the locale of a debtor, such as "fr_BE"; the language's home country if Babel has none."""
    if country is None:
        return _HOME.get(language, language)
    name = f"{language}_{country}"
    try:
        Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        return _HOME.get(language, language)
    return name


@lru_cache(maxsize=8192, typed=True)  # 75 and Decimal(75) are equal, and other amounts
def money(amount: int | Decimal, currency: str, locale: str) -> str:
    """Return `amount` (minor units, or a Decimal of whole units) as text: "1 234,50 €"."""
    minor = amount if isinstance(amount, int) else to_minor(amount, currency)
    if get_currency_precision(currency) != digits(currency):
        return f"{to_text(minor, currency)}\u00a0{currency}"
    return format_currency(to_decimal(minor, currency), currency, locale=locale)


def percent(rate: Decimal, locale: str) -> str:
    """Return a yearly rate: "12,15 %"."""
    return f"{format_decimal(rate, '0.00##', locale=locale)}\u00a0%"


@lru_cache(maxsize=4096)
def date_long(day: date, locale: str) -> str:
    """Return `day` with its month in letters: "5 février 2026", "1er mars 2026"."""
    text = format_date(day, "long", locale=locale)
    return re.sub(r"^1 ", "1er ", text) if locale.startswith("fr") else text


@lru_cache(maxsize=4096)
def date_short(day: date, locale: str) -> str:
    """Return `day` for a table, its year in four digits: "05/02/2026"; in English "5 Feb 2026"."""
    return format_date(day, _short_pattern(locale), locale=locale)


@lru_cache
def _short_pattern(locale: str) -> str:
    """English readers disagree about 05/02: for them the month is in letters."""
    if locale.startswith("en"):
        return str(Locale.parse(locale).date_formats["medium"].pattern)
    pattern = str(Locale.parse(locale).date_formats["short"].pattern)
    for letter, wide in (("d", "dd"), ("M", "MM"), ("y", "yyyy")):
        pattern = re.sub(f"{letter}+", wide, pattern)
    return pattern


def iban(account: str) -> str:
    """Return an account number in groups of four."""
    compact = "".join(account.split()).upper()
    return " ".join(compact[i : i + 4] for i in range(0, len(compact), 4))


def enumerate_numbers(numbers: list[str], locale: str) -> str:
    """Return `numbers` as a list in a sentence: "F1, F2 et F3"."""
    return format_list(numbers, locale=locale)


def registration(number: str, country: str) -> str:
    """Return a company number as its country prints it: "732 829 320", "0123.456.789"."""
    plain = re.sub(r"\W", "", number)
    if country == "FR" and len(plain) in (9, 14) and plain.isdigit():
        return " ".join(part for part in (plain[:3], plain[3:6], plain[6:9], plain[9:]) if part)
    if country == "BE" and len(plain.removeprefix("BE")) == 10:
        plain = plain.removeprefix("BE")
        return f"{plain[:4]}.{plain[4:7]}.{plain[7:]}"
    return number
