"""Exact amounts: integers of minor units inside, `Decimal` and text at the edges, never float."""

from __future__ import annotations

from decimal import Decimal

# ISO 4217 exponents that are not 2 (currencies in use, list of 2026).
_DIGITS = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    "CLF": 4,
}


def digits(currency: str) -> int:
    """Return how many decimals `currency` (an ISO 4217 code) has."""
    return _DIGITS.get(currency, 2)


def currencies_by_digits() -> dict[int, list[str]]:
    """Return the currencies whose decimals are not 2, by their number of decimals."""
    table: dict[int, list[str]] = {}
    for code, count in _DIGITS.items():
        table.setdefault(count, []).append(code)
    return table


def to_minor(amount: Decimal, currency: str) -> int:
    """Return `amount` in minor units of `currency`.

    Raises:
        ValueError: if the amount has more decimals than the currency.
    """
    scaled = amount.scaleb(digits(currency))
    whole = scaled.to_integral_value()
    if whole != scaled:
        raise ValueError(f"{amount} has more decimals than {currency} has")
    return int(whole)


def to_decimal(minor: int, currency: str) -> Decimal:
    """Return `minor` units of `currency` as a Decimal with the currency's number of decimals."""
    return Decimal(minor).scaleb(-digits(currency))


def sum_text(minor: int, currency: str, language: str) -> str:
    """Return `minor` units with their currency as operators of `language` read it: 2882,03 EUR."""
    text = to_text(minor, currency)
    return f"{text.replace('.', ',') if language == 'fr' else text} {currency}"


def to_text(minor: int, currency: str) -> str:
    """Return `minor` units as the text of the JSON contract ("120.00", "-20.00", "1500" for JPY)."""
    return f"{to_decimal(minor, currency):f}"
