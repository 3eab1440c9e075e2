"""How often forecasts of the past were right, and by how much the next one is widened for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, inf

from relance.simulation.cash import HIGH, LOW, Quantiles

FEWEST_WEEKS = 20
"""Weeks judged below which nothing is widened by them."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A week of the past: what was said of it, and what came. Minor units."""

    origin: date
    week: int
    currency: str
    said: Quantiles
    came: int


@dataclass(frozen=True, slots=True)
class Widening:
    """By how much the way from the middle to either end is too short; 1 where it is not.

    `weeks`: those that it was judged by.
    """

    down: float
    up: float
    weeks: int

    def of(self, said: Quantiles, most: int | None = None) -> Quantiles:
        """Return `said`, widened; nothing falls below 0, nor rises above `most`."""
        low = said.middle - round((said.middle - said.low) * self.down)
        high = said.middle + round((said.high - said.middle) * self.up)
        return Quantiles(max(0, low), said.middle, high if most is None else min(high, most))


AS_IS = Widening(1.0, 1.0, 0)


def widening_of(judged: Sequence[Judged]) -> Widening:
    """Return by how much intervals must be widened for one week of ten to fall out on either side.

    Each side apart: of how many times the way from the middle to the end what came was away, the
    value that nine of ten do not exceed, counted as split conformal prediction does (the smallest of
    rank ⌈0.9 (n + 1)⌉). Nothing is ever narrowed.
    """
    if len(judged) < FEWEST_WEEKS:
        return Widening(1.0, 1.0, len(judged))
    down = [_ways(one.said.middle - one.came, one.said.middle - one.said.low) for one in judged]
    up = [_ways(one.came - one.said.middle, one.said.high - one.said.middle) for one in judged]
    return Widening(_rank(down, 1 - LOW), _rank(up, HIGH), len(judged))


def _ways(away: int, way: int) -> float:
    if away <= 0:
        return 0.0
    return away / way if way > 0 else inf


def _rank(ways: Sequence[float], share: float) -> float:
    """Return the value of that rank, at least 1; where a way had no length the largest that had one."""
    ordered = sorted(ways)
    found = ordered[min(len(ordered), ceil(share * (len(ordered) + 1))) - 1]
    if found == inf:
        found = max((each for each in ordered if each < inf), default=1.0)
    return max(1.0, found)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often what came lay where it was said. Shares from 0 to 1.

    Attributes:
        weeks, origins: how many were judged; weeks of neighbouring origins overlap.
        within: between low and high. below_low, below_middle: under those.
    """

    weeks: int
    origins: int
    within: float
    below_low: float
    below_middle: float


def coverage_of(judged: Sequence[Judged]) -> Coverage | None:
    """Return how often what came lay where it was said; None of nothing."""
    if not judged:
        return None
    count = len(judged)
    return Coverage(
        count,
        len({one.origin for one in judged}),
        sum(one.said.low <= one.came <= one.said.high for one in judged) / count,
        sum(one.came < one.said.low for one in judged) / count,
        sum(one.came < one.said.middle for one in judged) / count,
    )
