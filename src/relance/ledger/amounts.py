"""Amounts in frames: minor units as columns, bounds and texts."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal

import polars as pl

from relance.money import currencies_by_digits

_DIGITS = (0, 2, 3, 4)


def digits_of(currency: pl.Expr) -> pl.Expr:
    """Return the number of decimals of each currency code, as Int8."""
    chain = pl.lit(2, pl.Int8)
    for count, codes in currencies_by_digits().items():
        chain = pl.when(currency.is_in(codes)).then(pl.lit(count, pl.Int8)).otherwise(chain)
    return chain


def bound(amount: Decimal, end: Literal["min", "max"], digits: pl.Expr) -> pl.Expr:
    """Return `amount` in the minor units that `digits` says, rounded so that the bound is exact.

    An amount is at least 10.005 when it has at least 1,001 cents, at most when it has 1,000.
    """
    rounding = ROUND_CEILING if end == "min" else ROUND_FLOOR
    chain = pl.lit(None, pl.Int64)
    for count in _DIGITS:
        minor = int(amount.scaleb(count).to_integral_value(rounding))
        chain = pl.when(digits == count).then(pl.lit(minor, pl.Int64)).otherwise(chain)
    return chain


def text_of(minor: pl.Expr, currency: pl.Expr) -> pl.Expr:
    """Return `minor` units as the text of the JSON contract ("-20.00")."""
    sign = pl.when(minor < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    absolute = minor.abs()
    digits = digits_of(currency)
    chain = pl.concat_str(sign, absolute.cast(pl.String))
    for count in _DIGITS[1:]:
        unit = 10**count
        cents = (absolute % unit).cast(pl.String).str.zfill(count)
        whole = (absolute // unit).cast(pl.String)
        written = pl.concat_str(sign, whole, pl.lit("."), cents)
        chain = pl.when(digits == count).then(written).otherwise(chain)
    return chain
