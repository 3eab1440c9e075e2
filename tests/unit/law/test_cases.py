"""Computations that were done by hand, or printed by others: periods, figures, sums."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from relance.law.claim import Agreed, Claim, Computation, Payment
from relance.law.compute import compute
from relance.law.rates import Rates


def owed(
    principal: int,
    due: str,
    until: str,
    country: str = "FR",
    kind: str = "business",
    currency: str = "EUR",
    **more: object,
) -> Computation:
    claim = Claim(
        principal, currency, date.fromisoformat(due), date.fromisoformat(until), country, kind,  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return compute(claim, Rates.known())


def lines(found: Computation) -> list[tuple[int, str, int]]:
    return [(line.days, str(line.rate), line.amount) for line in found.lines]


def paid(day: str, amount: int) -> Payment:
    return Payment(date.fromisoformat(day), amount)


def test_a_french_claim_over_two_half_years_adds_up_line_by_line() -> None:
    found = owed(1_000_000, "2026-05-01", "2026-09-01")
    assert lines(found) == [(60, "12.15", 19973), (63, "12.40", 21403)]
    assert (found.interest, found.compensation, found.total) == (41376, 4000, 45376)
    assert found.legal_basis == ("C. com. art. L441-10 II", "C. com. art. D441-5")
    assert [(line.start, line.end) for line in found.lines] == [
        (date(2026, 5, 2), date(2026, 6, 30)),
        (date(2026, 7, 1), date(2026, 9, 1)),
    ]


def test_the_due_date_bears_no_interest_and_the_day_of_payment_does() -> None:
    """The other convention counts from the due date to the day before payment.

    It counts as many days, but one more of them in the first half-year: 61 and 62, which makes
    413.68 where ours makes 413.76.
    """
    other = [round(Decimal(10000 * 1215 * 61) / 3650000, 2), Decimal(10000 * 124 * 62) / 365000]
    assert round(sum(other), 2) == Decimal("413.68")
    assert owed(1_000_000, "2026-05-01", "2026-09-01").interest == 41376


def test_a_contract_rate_makes_one_line() -> None:
    agreed = Agreed(contract_rate=Decimal(15))
    found = owed(1_500_000, "2026-06-15", "2026-07-15", agreed=agreed)
    assert lines(found) == [(30, "15", 18493)]
    assert found.lines[0].source == "contract"


def test_each_of_three_late_invoices_owes_forty_euros() -> None:
    found = [owed(sum_, "2026-06-30", "2026-07-20") for sum_ in (50000, 120000, 8050)]
    assert [one.interest for one in found] == [340, 815, 55]
    assert sum(one.total for one in found) == 13210


@pytest.mark.parametrize(("principal", "interest"), [(99999, 34), (500, 0)])
def test_one_day_late_owes_forty_euros_whatever_the_interest(principal: int, interest: int) -> None:
    found = owed(principal, "2026-07-01", "2026-07-02")
    assert (found.interest, found.compensation) == (interest, 4000)


def test_the_default_rate_is_not_raised_to_three_times_the_legal_rate() -> None:
    found = owed(200_000, "2024-01-31", "2024-03-01")
    assert lines(found) == [(30, "14.50", 2384)]
    assert found.remarks == ()


def test_a_french_consumer_owes_the_legal_rate_from_the_notice() -> None:
    found = owed(50_000, "2026-01-05", "2026-07-31", kind="consumer", notice=date(2026, 2, 10))
    assert lines(found) == [(140, "2.62", 502), (31, "2.75", 117)]
    assert (found.interest, found.compensation) == (619, 0)


def test_a_german_business_owes_nine_points_and_a_consumer_five() -> None:
    business = owed(119_000, "2026-06-15", "2026-08-14", "DE")
    assert lines(business) == [(15, "10.27", 502), (45, "10.52", 1543)]
    assert (business.interest, business.compensation) == (2045, 4000)
    consumer = owed(119_000, "2026-06-15", "2026-08-14", "DE", "consumer")
    assert (consumer.interest, consumer.compensation) == (1264, 0)


def test_a_british_claim_of_101_days() -> None:
    until = date(2025, 7, 31) + timedelta(days=101)
    found = owed(500_000, "2025-07-31", until.isoformat(), "GB", currency="GBP")
    assert lines(found) == [(101, "12.25", 16949)]
    assert found.compensation == 7000


def test_a_luxembourg_claim_counts_days_by_36500() -> None:
    found = owed(400_000, "2024-07-15", "2024-11-12", "LU")
    assert lines(found) == [(120, "12.25", 16110)]


def test_three_months_in_2014_are_near_a_quarter_of_the_yearly_interest() -> None:
    found = owed(1_000_000, "2014-01-31", "2014-04-30")
    assert [line.rate for line in found.lines] == [Decimal("10.25")]
    assert abs(found.interest - 25625) < 700


def test_paid_on_the_due_date_owes_nothing() -> None:
    assert owed(1_000_000, "2026-05-01", "2026-05-01").total == 0
    in_full = owed(1_000_000, "2026-05-01", "2026-09-01", payments=(paid("2026-05-01", 1_000_000),))
    assert (in_full.total, in_full.principal_left, in_full.lines) == (0, 0, ())


def test_paid_late_in_full_still_owes_interest_and_compensation() -> None:
    found = owed(1_000_000, "2026-05-01", "2026-11-22", payments=(paid("2026-09-01", 1_000_000),))
    assert (found.total, found.principal_left, found.interest_left) == (45376, 0, 41376)


def test_a_payment_cuts_the_period_and_still_bears_interest_on_its_day() -> None:
    found = owed(1_000_000, "2026-07-01", "2026-08-31", payments=(paid("2026-07-31", 400_000),))
    assert [(line.days, line.principal) for line in found.lines] == [(30, 1_000_000), (31, 600_000)]
    assert found.principal_left == 600_000
    assert found.interest_left == found.interest


def test_a_payment_before_the_due_date_reduces_the_principal_from_the_start() -> None:
    early = owed(1_000_000, "2026-07-01", "2026-08-31", payments=(paid("2026-06-15", 400_000),))
    assert [(line.days, line.principal) for line in early.lines] == [(61, 600_000)]
    assert early.compensation == 4000


def test_interest_first_leaves_more_principal() -> None:
    payments = (paid("2026-07-31", 400_000),)
    found = owed(
        1_000_000, "2026-07-01", "2026-08-31",
        payments=payments, agreed=Agreed(imputation="interest"),
    )  # fmt: skip
    first = found.lines[0].amount
    assert first == 10192
    assert found.principal_left == 1_000_000 - (400_000 - first)
    assert found.interest_left == found.lines[1].amount


def test_a_credit_note_reduces_the_principal_even_where_interest_comes_first() -> None:
    note = Payment(date(2026, 7, 31), 400_000, credit_note=True)
    found = owed(
        1_000_000, "2026-07-01", "2026-08-31",
        payments=(note,), agreed=Agreed(imputation="interest"),
    )  # fmt: skip
    assert found.principal_left == 600_000
    assert found.interest_left == found.interest


def test_more_than_was_owed_never_makes_negative_interest() -> None:
    found = owed(1_000_000, "2026-07-01", "2026-08-31", payments=(paid("2026-07-31", 5_000_000),))
    assert len(found.lines) == 1
    assert (found.principal_left, found.interest_left) == (0, 0)


def test_payments_after_the_last_day_do_not_count() -> None:
    found = owed(1_000_000, "2026-05-01", "2026-09-01", payments=(paid("2026-09-02", 400_000),))
    assert (found.interest, found.principal_left) == (41376, 1_000_000)
