"""Intervals of shares, of differences of shares and of differences of means: 95 %."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, fmean, variance

LEVEL = 0.95
_Z = NormalDist().inv_cdf((1 + LEVEL) / 2)


@dataclass(frozen=True, slots=True)
class Between:
    """A figure and the interval that holds it 95 times of 100."""

    value: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out 0: no difference at all."""
        return self.low > 0 or self.high < 0


def share(count: int, of: int) -> Between:
    """Return `count` of `of` as a share, with the score interval of Wilson (1927). `of` is above 0."""
    part, square = count / of, _Z**2
    middle = 2 * count + square
    reach = _Z * sqrt(square + 4 * count * (1 - part))
    whole = 2 * (of + square)
    return Between(part, max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole))


def share_difference(one: Between, other: Between) -> Between:
    """Return `one` less `other`, two shares, by method 10 of Newcombe (1998): without a bell curve's
    intervals, which would leave the scale from -1 to 1."""
    gap = one.value - other.value
    down = sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    up = sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    return Between(gap, gap - down, gap + up)


def mean_difference(one: Sequence[float], other: Sequence[float]) -> Between:
    """Return the mean of `one` less that of `other`, each of two values or more, by Welch (1947)."""
    gap = fmean(one) - fmean(other)
    parts = [(variance(values) / len(values), len(values) - 1) for values in (one, other)]
    whole = sum(part for part, _ in parts)
    if whole == 0:
        return Between(gap, gap, gap)
    freedom = whole**2 / sum(part**2 / count for part, count in parts)
    reach = t_quantile((1 + LEVEL) / 2, freedom) * sqrt(whole)
    return Between(gap, gap - reach, gap + reach)


def t_quantile(probability: float, freedom: float) -> float:
    """Return the quantile of Student's t by its expansion about the normal one.

    Abramowitz and Stegun (1964) 26.7.5: right to four decimals from ten degrees of freedom on.
    """
    x = NormalDist().inv_cdf(probability)
    terms = (
        (x**3 + x) / 4,
        (5 * x**5 + 16 * x**3 + 3 * x) / 96,
        (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384,
        (79 * x**9 + 776 * x**7 + 1482 * x**5 - 1920 * x**3 - 945 * x) / 92160,
    )
    return x + sum(term / freedom**power for power, term in enumerate(terms, start=1))


def detectable(part: float, of: int) -> float:
    """Return which difference of two shares about `part`, of `of` each, is found four times in five."""
    found = NormalDist().inv_cdf(0.8) + _Z
    return found * sqrt(2 * part * (1 - part) / of)
