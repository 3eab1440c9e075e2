"""Intervals against published figures and scipy."""

from __future__ import annotations

import random

import pytest
from scipy import stats

from relance.indicators.intervals import (
    detectable,
    mean_difference,
    share,
    share_difference,
    t_quantile,
)


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_shares_have_the_intervals_of_newcombe_1998a_table_1(
    count: int, of: int, low: float, high: float
) -> None:
    found = share(count, of)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
    ],
)
def test_differences_have_the_intervals_of_newcombe_1998b_method_10(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    found = share_difference(share(*one), share(*other))
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize("freedom", [10, 30.5, 199, 5000])
def test_the_quantile_of_student_is_that_of_scipy(freedom: float) -> None:
    assert t_quantile(0.975, freedom) == pytest.approx(stats.t.ppf(0.975, freedom), abs=1e-4)


def test_means_are_compared_as_scipy_does_by_welch() -> None:
    chance = random.Random(3)
    one = [chance.gauss(12, 9) for _ in range(210)]
    other = [chance.gauss(10, 4) for _ in range(350)]
    found = mean_difference(one, other)
    told = stats.ttest_ind(one, other, equal_var=False).confidence_interval(0.95)
    assert found.low == pytest.approx(told.low, abs=1e-4)
    assert found.high == pytest.approx(told.high, abs=1e-4)
    assert mean_difference([5, 5], [3, 3]).low == 2


def test_a_difference_that_can_be_found_shrinks_with_the_root_of_the_debtors() -> None:
    # Fleiss: about 392 of each for 10 points about one half.
    assert detectable(0.5, 392) == pytest.approx(0.1, abs=0.001)
    assert detectable(0.5, 4 * 392) == pytest.approx(0.05, abs=0.001)
