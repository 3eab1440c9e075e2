"""Ratios and working hours, against plain arithmetic."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from relance.dates import is_sending_day, working_hours
from relance.runs.brakes import (
    BRAKES,
    SMALLEST,
    balance_moved,
    exceeds,
    fell,
    fewer_rows,
    moved,
    unusual_number,
)
from relance.runs.figures import Figures, Import

PARIS = ZoneInfo("Europe/Paris")
amounts = st.integers(-(10**15), 10**15)
counts = st.integers(0, 10**6)
moments = st.datetimes(
    datetime(2024, 1, 1),  # noqa: DTZ001 - the strategy wants bounds without a zone
    datetime(2027, 12, 31),  # noqa: DTZ001
    timezones=st.just(PARIS),
)


def imported(rows: int, minor: int) -> Import:
    return Import(rows, {"EUR": (rows, minor)}, "", date(2026, 3, 2))


def figures(then: Import, now: Import, **given: object) -> Figures:
    return Figures(plan="p", notices=0, most=500, production=True, now={"s": now}, then={"s": then}, **given)  # type: ignore[arg-type]  # fmt: skip


@given(part=amounts, whole=st.integers(1, 10**15), percent=st.integers(1, 99))
def test_a_ratio_is_exact(part, whole, percent):
    assert exceeds(part, whole, percent) == (Fraction(part, whole) > Fraction(percent, 100))


@given(then=counts, now=counts)
def test_rows_stop_when_more_than_a_fifth_is_gone_and_never_when_they_grow(then, now):
    stops = bool(list(fewer_rows(figures(imported(then, 0), imported(now, 0)))))
    assert stops == (then >= SMALLEST and Fraction(now, then) < Fraction(4, 5))
    assert stops == fell(then, now, 20)


@given(then=amounts, now=amounts, rows=st.integers(SMALLEST, 10**6))
def test_a_balance_stops_alike_for_what_is_gone_and_what_is_new(then, now, rows):
    stops = bool(list(balance_moved(figures(imported(rows, then), imported(rows, now)))))
    assert stops == (abs(now - then) > Fraction(3, 10) * abs(then))
    assert stops == moved(-then, -now, 30)


@given(then=st.integers(0, SMALLEST - 1), now=st.integers(0, SMALLEST - 1), minor=amounts)
def test_a_small_book_is_never_stopped_by_a_ratio(then, now, minor):
    small = figures(imported(then, minor), imported(now, -minor), rejected=[("f", now, now)], debtors=then, moved=then)  # fmt: skip
    assert [found for brake in BRAKES for found in brake(small)] == []


@given(sent=st.lists(st.integers(1, 10**5), min_size=1, max_size=20), notices=counts)
def test_a_number_is_unusual_above_three_medians_and_twenty(sent, notices):
    ordered = sorted(sent)
    half = len(ordered) // 2
    middle = Fraction(ordered[half] + ordered[~half], 2)
    given_ = Figures("p", notices, 500, production=True, now={}, then={}, sent=sent)
    assert bool(list(unusual_number(given_))) == (notices > 20 and notices > 3 * middle)


@given(start=moments, hours=st.floats(0, 2000))
def test_working_hours_are_at_most_the_hours_and_add_up(start, hours):
    end = (start.astimezone(ZoneInfo("UTC")) + timedelta(hours=hours)).astimezone(PARIS)
    middle = (start.astimezone(ZoneInfo("UTC")) + timedelta(hours=hours / 3)).astimezone(PARIS)
    whole = working_hours(start, end, "FR")
    assert -1e-6 <= whole <= hours + 1e-6
    parts = working_hours(start, middle, "FR") + working_hours(middle, end, "FR")
    assert abs(whole - parts) < 1e-6


@given(day=st.dates(date(2024, 1, 1), date(2027, 12, 30)))
def test_a_day_has_all_its_hours_or_none(day):
    start = datetime(day.year, day.month, day.day, tzinfo=PARIS)
    after = day + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=PARIS)
    real = (end.timestamp() - start.timestamp()) / 3600
    assert working_hours(start, end, "FR") == (real if is_sending_day(day, ("FR",)) else 0)


def test_a_friday_evening_is_fresh_on_monday_morning():
    export = datetime(2026, 3, 6, 6, tzinfo=PARIS)
    assert working_hours(export, datetime(2026, 3, 9, 6, 30, tzinfo=PARIS), "FR") == 24.5
    assert working_hours(export, datetime(2026, 3, 5, tzinfo=PARIS), "FR") == 0
