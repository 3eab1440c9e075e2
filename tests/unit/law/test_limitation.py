from __future__ import annotations

from datetime import date

import pytest

from relance.law.limitation import Period, last_day, months_after, period_of, stage


def period(country: str, kind: str, months: int | None = None) -> Period:
    found = period_of(country, kind, months)  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("kind", "end"),
    [
        ("business", date(2031, 5, 1)),  # five years, C. com. L110-4
        ("consumer", date(2028, 5, 1)),  # two years, C. conso. L218-2
        ("public", date(2030, 12, 31)),  # four years from the next 1 January, loi 68-1250
    ],
)
def test_periods_of_french_law_count_from_the_due_date(kind: str, end: date) -> None:
    assert last_day(date(2026, 5, 1), period("FR", kind)) == end


def test_the_year_of_a_public_debt_is_that_of_its_invoice() -> None:
    assert last_day(date(2026, 1, 15), period("FR", "public"), date(2025, 12, 10)) == date(
        2029, 12, 31
    )


def test_what_the_policy_gives_wins_and_belgian_law_gives_nothing_by_itself() -> None:
    assert period_of("BE", "business") is None
    assert last_day(date(2026, 2, 28), period("BE", "consumer", 12)) == date(2027, 2, 28)
    assert period("FR", "business", 12).months == 12


@pytest.mark.parametrize(
    ("today", "months"),
    [
        (date(2026, 11, 29), None),
        (date(2026, 11, 30), 6),
        (date(2027, 2, 27), 6),
        (date(2027, 2, 28), 3),
        (date(2027, 4, 29), 3),
        (date(2027, 4, 30), 1),
        (date(2027, 5, 31), 1),
        (date(2027, 6, 1), 0),
    ],
)
def test_the_nearest_warning_holds(today: date, months: int | None) -> None:
    assert stage(date(2027, 5, 31), today) == months


def test_months_end_with_the_month() -> None:
    assert months_after(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_after(date(2026, 1, 31), -2) == date(2025, 11, 30)
