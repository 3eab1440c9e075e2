"""The shrunk estimate and its backtest, against figures worked out by hand and by brute force."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.dunning.backtest import _auc, enough, evaluate
from relance.dunning.estimate import WEIGHT, Known, estimate, late_chance, quantile

BOOK = Known(100, 40, sorted([*range(-5, 45), *range(-5, 45)]))


def test_the_chance_is_the_formula():
    assert late_chance(Known(3, 3, [9, 9, 9]), BOOK) == pytest.approx((5 * 0.4 + 3) / 8)


def test_a_debtor_without_a_past_is_the_book():
    found = estimate(Known(0, 0, []), BOOK)
    assert found is not None
    assert (found.late, found.days) == (0.4, 20)


def test_a_long_past_outweighs_the_book():
    found = estimate(Known(200, 0, [0] * 200), BOOK)
    assert found is not None
    assert found.late < 0.02
    assert (found.days, found.low, found.high) == (0, 0, 0)


def test_a_small_book_says_nothing():
    assert estimate(Known(9, 9, [1] * 9), Known(29, 5, [0] * 29)) is None


def test_what_is_open_is_expected_later_than_it_is_open():
    found = estimate(Known(0, 0, []), BOOK, 30)
    assert found is not None
    assert (found.late, 30 < found.low <= found.days <= found.high) == (1.0, True)
    assert estimate(Known(0, 0, []), BOOK, 44) is None


DAYS = st.lists(st.integers(-30, 90), min_size=1, max_size=40).map(sorted)


@given(st.lists(st.integers(-30, 90), max_size=20).map(sorted), DAYS, st.floats(0.01, 1))
def test_a_quantile_is_the_least_day_that_holds_for_the_share(own, book, share):
    def held(day: int) -> float:
        weight = WEIGHT * sum(d <= day for d in book) / len(book) + sum(d <= day for d in own)
        return weight / (WEIGHT + len(own))

    day = quantile(own, book, share)
    assert held(day) >= share - 1e-9
    assert day == min(own + book) or held(day - 1) < share


@given(
    st.lists(
        st.tuples(st.sampled_from([0.1, 0.4, 0.4, 0.9]), st.booleans()), min_size=2, max_size=30
    )
)
def test_the_auc_counts_pairs(pairs):
    late = [said for said, is_late in pairs if is_late]
    in_time = [said for said, is_late in pairs if not is_late]
    area, error = _auc([said for said, _ in pairs], [is_late for _, is_late in pairs])
    if not late or not in_time:
        assert (area, error) == (None, None)
        return
    wins = sum((a > b) + (a == b) / 2 for a in late for b in in_time)
    assert area == pytest.approx(wins / (len(late) * len(in_time)))


def settled(debtors: dict[str, int], each: int) -> pl.DataFrame:
    rows = [
        (debtor, f"{debtor}{n}", date(2025, 1, 1) + timedelta(days=n), days)
        for debtor, days in debtors.items()
        for n in range(each)
    ]
    frame = pl.DataFrame(rows, schema=["debtor", "item", "due", "days"], orient="row")
    return frame.with_columns(paid=pl.col("due") + pl.duration(days="days"))


def test_the_backtest_knows_only_what_was_known():
    # All is due within 30 days, so that of no receivable anything was known in time.
    assert evaluate(settled({"A": 20, "B": 0}, 30)) is None


def test_debtors_who_never_change_are_told_apart():
    found = evaluate(settled({"A": 20, "B": 0, "C": -3}, 120))
    assert found is not None
    assert (found.auc, found.settled, found.late) == (1.0, 360, 120)
    assert found.brier < found.book_brier
    assert found.coverage > 0.8


def test_too_few_are_refused():
    assert not enough(settled({"A": 20, "B": 0}, 99))
    assert not enough(settled({"B": 0}, 300))
    assert enough(settled({"A": 20, "B": 0}, 100))
