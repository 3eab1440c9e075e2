"""Schedules of payment plans against a slow plain one: to the cent, whatever is asked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.dunning.schedules import MOST, Rhythm, schedule_of

TOTALS = st.integers(1, 20_000)
COUNTS = st.integers(1, 40)
FIRSTS = st.none() | st.integers(1, 20_000)
DAYS = st.dates(date(2024, 1, 1), date(2031, 12, 31))
EVERY = st.sampled_from(["week", "month", "end-of-month"])


def plain_equal(total: int, count: int) -> list[int] | None:
    """Deal cents in rounds; what does not make a round goes to the last."""
    piles = [0] * count
    while total >= count:
        piles = [pile + 1 for pile in piles]
        total -= count
    piles[-1] += total
    return piles if min(piles) > 0 else None


def plain_amounts(total: int, amount: int) -> list[int]:
    piles = []
    while total > 0:
        piles.append(min(amount, total))
        total -= piles[-1]
    return piles


def last_of_month(day: date) -> date:
    while (day + timedelta(1)).month == day.month:
        day += timedelta(1)
    return day


def plain_days(first: date, every: str, count: int) -> list[date]:
    """Walk through the calendar day by day."""
    days, day, month = [], first, (first.year, first.month)
    while len(days) < count:
        if every == "week":
            days.append(first + timedelta(7 * len(days)))
            continue
        if (day.year, day.month) == month:
            last = last_of_month(day)
            wished = last.day if every == "end-of-month" else min(first.day, last.day)
            days.append(day.replace(day=wished))
            year, number = month
            month = (year + number // 12, number % 12 + 1)
        day += timedelta(1)
    return days


@given(TOTALS, COUNTS, FIRSTS, DAYS, EVERY)
def test_equal_instalments_are_those_dealt_cent_by_cent(total, count, first_amount, day, every):
    rhythm = Rhythm(day, every, count=count, first_amount=first_amount)
    begun = [] if first_amount is None else [first_amount]
    rest, left = total - sum(begun), count - len(begun)
    if left == 0:
        expected = begun if rest == 0 else None
    else:
        dealt = plain_equal(rest, left) if rest > 0 else None
        expected = None if dealt is None else [*begun, *dealt]

    made = schedule_of(total, rhythm)

    assert (None if made is None else [amount for _, amount in made]) == expected
    if made is not None:
        assert sum(amount for _, amount in made) == total
        assert [due for due, _ in made] == plain_days(day, every, count)


@given(TOTALS, st.integers(1, 20_000), FIRSTS, DAYS, EVERY)
def test_instalments_of_an_amount_end_with_what_is_left(total, amount, first_amount, day, every):
    rhythm = Rhythm(day, every, amount=amount, first_amount=first_amount)
    begun = [] if first_amount is None else [first_amount]
    rest = total - sum(begun)
    expected = [*begun, *plain_amounts(rest, amount)] if rest >= 0 else None
    if expected is not None and len(expected) > MOST:
        expected = None

    made = schedule_of(total, rhythm)

    assert (None if made is None else [each for _, each in made]) == expected
    if made is not None:
        assert sum(each for _, each in made) == total
        days = [due for due, _ in made]
        assert days == sorted(set(days))


@pytest.mark.parametrize(
    "rhythm",
    [
        Rhythm(date(2026, 1, 31), "month"),
        Rhythm(date(2026, 1, 31), "month", count=2, amount=5),
        Rhythm(date(2026, 1, 31), "month", count=0),
        Rhythm(date(2026, 1, 31), "month", count=-3),
        Rhythm(date(2026, 1, 31), "month", count=MOST + 1),
        Rhythm(date(2026, 1, 31), "month", amount=0),
        Rhythm(date(2026, 1, 31), "month", amount=-5),
        Rhythm(date(2026, 1, 31), "month", count=3, first_amount=0),
        Rhythm(date(2026, 1, 31), "month", count=3, first_amount=1000),
    ],
)
def test_what_is_no_schedule_is_none(rhythm):
    assert schedule_of(1000, rhythm) is None


def test_the_last_day_of_a_month_stays_the_last_day_of_the_shorter_ones():
    made = schedule_of(300, Rhythm(date(2026, 1, 31), "month", count=3))
    assert made == ((date(2026, 1, 31), 100), (date(2026, 2, 28), 100), (date(2026, 3, 31), 100))
