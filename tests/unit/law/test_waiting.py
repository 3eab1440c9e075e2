from __future__ import annotations

from datetime import date

import pytest

from relance.law.waiting import first_day_of_costs, start_of_waiting


@pytest.mark.parametrize(
    ("sent", "medium", "start", "costs"),
    [
        ("2023-09-18", "letter", "2023-09-21", "2023-10-05"),
        ("2023-09-18", "email", "2023-09-19", "2023-10-03"),
        ("2026-11-09", "letter", "2026-11-13", "2026-11-27"),  # 11 November is a holiday
        ("2026-11-09", "sms", "2026-11-10", "2026-11-24"),
        ("2026-11-06", "registered", "2026-11-12", "2026-11-26"),  # and Saturday no working day
        ("2026-11-07", "email", "2026-11-08", "2026-11-22"),  # e-mail counts from a Sunday too
    ],
)
def test_belgian_consumers_have_14_days_from_the_third_working_day_or_the_day_after(
    sent: str, medium: str, start: str, costs: str
) -> None:
    day = date.fromisoformat(sent)
    assert start_of_waiting(day, medium) == date.fromisoformat(start)
    assert first_day_of_costs(day, medium) == date.fromisoformat(costs)


def test_dutch_consumers_have_14_days_from_the_day_after_receipt() -> None:
    sent = date(2026, 11, 9)
    assert first_day_of_costs(sent, "email", "NL") == date(2026, 11, 24)
    assert start_of_waiting(sent, "letter", "NL") == date(2026, 11, 13)


def test_elsewhere_there_is_nothing_to_wait_for() -> None:
    assert first_day_of_costs(date(2026, 11, 9), "letter", "FR") == date(2026, 11, 9)
