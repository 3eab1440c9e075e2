"""Amounts, dates and numbers as the debtor's country writes them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from relance.notices import figures


@pytest.mark.parametrize(
    ("language", "country", "locale"),
    [
        ("fr", "FR", "fr_FR"),
        ("fr", "BE", "fr_BE"),
        ("nl", "BE", "nl_BE"),
        ("nl", "FR", "nl_NL"),
        ("de", "AT", "de_AT"),
        ("en", "GB", "en_GB"),
        ("en", "ES", "en_ES"),
        ("nl", "DE", "nl_NL"),
        ("fr", None, "fr_FR"),
        ("fr", "XX", "fr_FR"),
    ],
)
def test_the_locale_is_that_of_language_and_country(
    language: str, country: str | None, locale: str
) -> None:
    assert figures.locale_name(language, country) == locale


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "text"),
    [
        (123450, "EUR", "fr_FR", "1 234,50 €"),
        (123450, "EUR", "nl_BE", "€ 1.234,50"),
        (123450, "EUR", "de_DE", "1.234,50 €"),
        (123450, "EUR", "en_GB", "€1,234.50"),
        (1500, "JPY", "en_GB", "JP¥1,500"),
        (1500, "TND", "fr_FR", "1,500 TND"),
        (-2000, "EUR", "fr_FR", "-20,00 €"),
        (12345, "IQD", "en_GB", "12.345 IQD"),
    ],
)
def test_amounts_read_as_in_the_country(minor: int, currency: str, locale: str, text: str) -> None:
    shown = figures.money(minor, currency, locale)
    assert shown.replace("\u202f", " ").replace("\u00a0", " ") == text


def test_a_decimal_is_whole_units() -> None:
    assert figures.money(Decimal("12.5"), "EUR", "en_GB") == "€12.50"


def test_whole_units_and_as_many_minor_ones_are_two_amounts() -> None:
    """A capital of 7 500 € in the footer must not turn an invoice of 75,00 € into one of 7 500,00 €."""
    assert figures.money(Decimal(7500), "EUR", "fr_FR") == "7\u202f500,00\xa0€"
    assert figures.money(7500, "EUR", "fr_FR") == "75,00\xa0€"


@pytest.mark.parametrize(
    ("locale", "short", "long"),
    [
        ("fr_FR", "05/02/2026", "5 février 2026"),
        ("fr_BE", "05/02/2026", "5 février 2026"),
        ("fr_CH", "05.02.2026", "5 février 2026"),
        ("nl_BE", "05/02/2026", "5 februari 2026"),
        ("nl_NL", "05-02-2026", "5 februari 2026"),
        ("de_DE", "05.02.2026", "5. Februar 2026"),
        ("en_GB", "5 Feb 2026", "5 February 2026"),
        ("en_US", "Feb 5, 2026", "February 5, 2026"),
    ],
)
def test_dates_have_a_year_of_four_digits(locale: str, short: str, long: str) -> None:
    assert figures.date_short(date(2026, 2, 5), locale) == short
    assert figures.date_long(date(2026, 2, 5), locale) == long


def test_the_first_of_the_month_is_premier_in_french() -> None:
    assert figures.date_long(date(2026, 3, 1), "fr_FR") == "1er mars 2026"
    assert figures.date_long(date(2026, 3, 11), "fr_FR") == "11 mars 2026"
    assert figures.date_long(date(2026, 3, 1), "nl_BE") == "1 maart 2026"


@pytest.mark.parametrize(
    ("number", "country", "text"),
    [
        ("732829320", "FR", "732 829 320"),
        ("73282932000074", "FR", "732 829 320 00074"),
        ("BE0403170701", "BE", "0403.170.701"),
        ("0403.170.701", "BE", "0403.170.701"),
        ("HRB 1234", "DE", "HRB 1234"),
    ],
)
def test_company_numbers_are_grouped_as_at_home(number: str, country: str, text: str) -> None:
    assert figures.registration(number, country) == text


def test_an_account_is_read_in_fours() -> None:
    assert figures.iban("BE68539007547034") == "BE68 5390 0754 7034"
