"""Draws that are made from what they are about: the same seed, debtor and item draw the same, anywhere.

No generator is kept: a draw is a hash of (seed, what is drawn for, number of the draw), so that the order
of rows changes nothing, and two procedures meet the same debtors.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from statistics import NormalDist

import polars as pl

_STEPS = 1 << 14
_EXACT = 53  # bits of a Float64
_SHIFTS = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
_LAST_SHIFT = 31
_GOLDEN = 0x9E3779B97F4A7C15


def keys_of(names: pl.Series, seed: str) -> pl.Series:
    """Return a number for each of `names` and `seed`, the same on every machine (UInt64)."""
    distinct = names.unique().drop_nulls().to_list()
    made = {name: _number(f"{seed}\0{name}") for name in distinct}
    return names.replace_strict(made, default=0, return_dtype=pl.UInt64)


def marks_of(debtors: Iterable[str], items: Iterable[str]) -> pl.Series:
    """Return a number (UInt64) for each pair of a debtor and an item, the same on every machine."""
    found = [_number(f"{debtor}\0{item}") for debtor, item in zip(debtors, items, strict=True)]
    return pl.Series("mark", found, dtype=pl.UInt64)


def shares_of(marks: pl.Series, seed: int, what: str) -> pl.Series:
    """Return a number from 0 up to 1 for each of `marks`: another one for each `seed` and `what`."""
    salt = pl.lit(_number(f"{seed}\0{what}"), pl.UInt64)
    bits = mixed(pl.col("mark") ^ salt, pl.lit(0)) // pl.lit(1 << (64 - _EXACT), pl.UInt64)
    share = (bits.cast(pl.Float64) / (1 << _EXACT)).alias("share")
    return marks.to_frame("mark").select(share)["share"]


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def mixed(key: pl.Expr, draw: pl.Expr) -> pl.Expr:
    """Return the bits of draw number `draw` of `key` (UInt64): SplitMix64 (Steele et al. 2014)."""
    bits = key + (draw.cast(pl.UInt64) + 1) * pl.lit(_GOLDEN, pl.UInt64)
    for shift, factor in _SHIFTS:
        bits = (bits ^ (bits // pl.lit(1 << shift, pl.UInt64))) * pl.lit(factor, pl.UInt64)
    return bits ^ (bits // pl.lit(1 << _LAST_SHIFT, pl.UInt64))


def normal(key: pl.Expr, draw: pl.Expr) -> pl.Expr:
    """Return a draw of the standard normal distribution, in 16,384 steps (Float64)."""
    place = mixed(key, draw) // pl.lit(1 << (64 - 14), pl.UInt64)
    return pl.lit(_normals()).gather(place)


@cache
def _normals() -> pl.Series:
    curve = NormalDist()
    return pl.Series([curve.inv_cdf((n + 0.5) / _STEPS) for n in range(_STEPS)], dtype=pl.Float64)


def score_of(share: pl.Expr) -> pl.Expr:
    """Return below which normal draw `share` (0 to 1) of them lie; -inf and inf at the ends."""
    place = (share * _STEPS).round().cast(pl.UInt32).clip(0, _STEPS)
    return pl.lit(_scores()).gather(place)


@cache
def _scores() -> pl.Series:
    curve, infinite = NormalDist(), float("inf")
    inner = [curve.inv_cdf(n / _STEPS) for n in range(1, _STEPS)]
    return pl.Series([-infinite, *inner, infinite], dtype=pl.Float64)
