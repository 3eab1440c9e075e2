"""Interest against a plain computation that goes day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import plain_interest
from hypothesis import assume, given
from hypothesis import strategies as st

from relance.law.claim import Agreed, Claim, Payment
from relance.law.compute import compute
from relance.law.rates import Rates

days = st.dates(date(2014, 1, 1), date(2026, 10, 31))
amounts = st.integers(1, 50_000_000)


@st.composite
def claims(draw: st.DrawFn, most_payments: int = 4) -> Claim:
    due = draw(days.filter(lambda day: (day.month, day.day) != (2, 28)))
    until = min(due + timedelta(days=draw(st.integers(0, 1200))), date(2026, 12, 31))
    principal = draw(amounts)
    payment = st.builds(
        Payment,
        st.dates(due - timedelta(days=40), until + timedelta(days=5)),
        st.integers(1, principal + 1000),
        st.booleans(),
    )
    rate = draw(st.none() | st.decimals("0.01", "40", places=2))
    return Claim(
        principal, "EUR", due, until, draw(st.sampled_from(["FR", "BE", "NL"])), "business",
        payments=tuple(draw(st.lists(payment, max_size=most_payments))),
        agreed=Agreed(
            contract_rate=rate, imputation=draw(st.sampled_from(["principal", "interest"]))
        ),
    )  # fmt: skip


@given(claims())
def test_it_is_what_goes_day_by_day_gives(claim: Claim) -> None:
    found = compute(claim, Rates.known())
    plain = plain_interest.owed(claim)
    assert found.interest == plain.total
    assert found.principal_left == plain.principal
    assert found.interest_left == plain.interest
    assert [line.amount for line in found.lines if line.amount] == [c for c in plain.printed if c]


@given(claims(), st.randoms(use_true_random=False))
def test_the_order_in_which_payments_are_given_does_not_matter(claim: Claim, order: object) -> None:
    shuffled = list(claim.payments)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    again = compute(replace(claim, payments=tuple(shuffled)), Rates.known())
    assert again == compute(claim, Rates.known())


@given(claims(), st.data())
def test_a_payment_in_two_parts_on_one_day_is_the_same_payment(
    claim: Claim, data: st.DataObject
) -> None:
    assume(claim.payments and claim.payments[0].amount > 1)
    whole = claim.payments[0]
    part = data.draw(st.integers(1, whole.amount - 1))
    parts = (replace(whole, amount=part), replace(whole, amount=whole.amount - part))
    split = replace(claim, payments=(*parts, *claim.payments[1:]))
    assert compute(split, Rates.known()) == compute(claim, Rates.known())


@given(claims())
def test_nothing_is_negative_and_the_lines_add_up(claim: Claim) -> None:
    found = compute(claim, Rates.known())
    assert min(found.interest, found.compensation, found.principal_left, found.interest_left) >= 0
    assert found.interest == sum(line.amount for line in found.lines)
    assert found.total == found.interest + found.compensation
    assert found.interest_left <= found.interest
    for line in found.lines:
        assert line.days == (line.end - line.start).days + 1 >= 1
        assert line.principal > 0
    following = list(zip(found.lines, found.lines[1:], strict=False))
    assert all(before.end < after.start for before, after in following)


@given(claims(most_payments=0), st.integers(0, 400))
def test_interest_never_shrinks_with_time(claim: Claim, more: int) -> None:
    later = min(claim.until + timedelta(days=more), date(2026, 12, 31))
    now = compute(claim, Rates.known())
    then = compute(replace(claim, until=later), Rates.known())
    assert then.total >= now.total


@given(claims(most_payments=0))
def test_a_printed_line_is_within_half_a_cent_of_the_exact_interest(claim: Claim) -> None:
    for line in compute(claim, Rates.known()).lines:
        exact = Decimal(line.principal) * line.days * line.rate / 36500
        assert abs(line.amount - exact) <= Decimal("0.5")
