from __future__ import annotations

import pytest

from relance.law.compensation import reminder_fee, scaled


@pytest.mark.parametrize(
    ("principal", "most"),
    [
        ("20", "20"), ("150", "20"), ("150.01", "30.00"), ("200", "35"), ("300", "45"),
        ("500", "65"), ("500.01", "65.00"), ("750", "77.50"), ("1000", "90"), ("2500", "165"),
        ("10000", "540"), ("39200", "2000"), ("50000", "2000"), ("0", "0"),
    ],
)  # fmt: skip
def test_book_xix_caps_what_a_consumer_owes(principal: str, most: str) -> None:
    assert scaled("be_consumer", round(float(principal) * 100)) == round(float(most) * 100)


@pytest.mark.parametrize(
    ("principal", "costs"),
    [
        (125, 40), (1_000, 150), (5_000, 625), (10_000, 875), (23_000, 1_005), (200_000, 2_775),
        (1_000_000, 6_775), (5_000_000, 6_775), (0, 0),
    ],
)  # fmt: skip
def test_dutch_collection_costs_go_by_the_scale(principal: int, costs: int) -> None:
    assert scaled("nl_bik", principal * 100) == costs * 100


def test_the_first_three_reminders_of_a_regular_contract_are_free() -> None:
    """Monthly invoices: January, February and April unpaid are reminded of free, July is not."""
    assert [reminder_fee(before, postage=140) for before in range(4)] == [0, 0, 0, 890]
