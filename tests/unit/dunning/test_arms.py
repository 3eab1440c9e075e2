"""In which arm a debtor is: by its code alone, as often as the shares say, and independently."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.dunning.arms import arm_of
from relance.policy.model import Experiment

COUNT = 4000
DEBTORS = [f"C{number}" for number in range(COUNT)]


def experiment(name: str, **shares: int) -> Experiment:
    arms = {arm: {"share": share, "wait": n} for n, (arm, share) in enumerate(shares.items())}
    return Experiment.model_validate({"name": name, "arms": arms})


@pytest.mark.parametrize(
    "shares", [{"a": 50, "b": 50}, {"a": 10, "b": 90}, {"a": 20, "b": 30, "c": 50}]
)
def test_shares_hold_within_sampling_error(shares: dict[str, int]) -> None:
    tried = experiment("tone-2027", **shares)
    found = [arm_of(tried, debtor) for debtor in DEBTORS]
    for arm, share in shares.items():
        part = share / 100
        assert abs(found.count(arm) / COUNT - part) < 4 * sqrt(part * (1 - part) / COUNT)


def test_arms_of_two_experiments_have_nothing_to_do_with_one_another() -> None:
    one, other = experiment("one", a=50, b=50), experiment("other", a=50, b=50)
    same = sum(arm_of(one, debtor) == arm_of(other, debtor) for debtor in DEBTORS)
    assert abs(same / COUNT - 0.5) < 4 * sqrt(0.25 / COUNT)


@given(st.text(min_size=1, max_size=12))
def test_the_order_of_the_arms_in_the_file_changes_nothing(debtor: str) -> None:
    there, back = experiment("x", a=30, b=30, c=40), experiment("x", c=40, b=30, a=30)
    assert arm_of(there, debtor) == arm_of(back, debtor)


def test_the_arm_is_the_same_on_every_machine() -> None:
    tried = experiment("tone-2027", firm=50, kind=50)
    assert [arm_of(tried, debtor) for debtor in ("C1", "C2", "C3", "C4")] == [
        "firm",
        "kind",
        "firm",
        "kind",
    ]
