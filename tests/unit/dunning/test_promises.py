"""What becomes of promises: read from balances and lettered payments."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from book import frame, hold, item

from relance.dunning.events import HOLDS
from relance.dunning.promises import promise_states
from relance.ledger.schema import ALLOCATIONS, ITEMS

MADE, UNTIL = date(2026, 4, 1), date(2026, 4, 10)
OVER = UNTIL + timedelta(3)  # two days of grace


def states(holds, open_now: int, paid=(), today: date = OVER) -> list[tuple[str, int | None]]:
    rows = [{k: v for k, v in item("F1", date(2026, 3, 1), open_now).items() if k != "missing"}]
    money = [
        {"movement": f"M{n}", "item": rows[0]["item"], "debtor": "C1", "day": day, "amount": amount}
        for n, (day, amount) in enumerate(paid)
    ]
    found = promise_states(
        frame(HOLDS, holds), frame(ITEMS, rows), frame(ALLOCATIONS, money), (today, 2)
    )
    return list(found.select("state", "paid").iter_rows())


def promised(seq: int = 1, amount: int | None = None, was: int | None = 10_000, **keys):
    made = hold(seq, "promise", keys.pop("day", MADE), "F1", "C1", until=keys.pop("until", UNTIL))
    return made | {"amount": amount, "open": was}


@pytest.mark.parametrize(
    ("left", "amount", "expected"),
    [
        (10_000, None, "broken"),
        (4_000, None, "part_kept"),
        (0, None, "kept"),
        (4_000, 6_000, "kept"),
        (4_001, 6_000, "part_kept"),
        (12_000, None, "broken"),
    ],
)
def test_the_balance_says_what_came_of_it(left: int, amount: int | None, expected: str):
    assert states([promised(amount=amount)], left)[0][0] == expected


def test_money_after_date_and_grace_keeps_no_promise():
    late = [(OVER, 10_000)]
    assert states([promised()], 0, late, OVER + timedelta(9)) == [("broken", 10_000)]


def test_money_on_the_last_day_of_grace_keeps_it():
    assert states([promised()], 0, [(UNTIL + timedelta(2), 10_000)]) == [("kept", 10_000)]


def test_one_of_which_nobody_knows_what_was_open_is_kept_by_settling_alone():
    assert states([promised(was=None)], 4_000) == [("broken", None)]
    assert states([promised(was=None)], 0) == [("kept", None)]


def test_the_first_of_two_is_judged_by_what_was_open_at_the_second():
    second = promised(2, was=7_000, day=UNTIL, until=UNTIL + timedelta(20))
    kept = promised(1, amount=3_000)
    assert states([kept, second], 7_000) == [("kept", 3_000), ("open", 0)]
    assert states([promised(1), second], 7_000) == [("renewed", 3_000), ("open", 0)]


def test_an_item_gone_from_the_files_was_paid():
    gone = promised() | {"item": "C1|F9|2026"}
    assert states([gone], 10_000) == [("kept", 10_000)]


def test_nothing_promised_is_an_empty_frame():
    assert promise_states(
        frame(HOLDS, []), frame(ITEMS, []), frame(ALLOCATIONS, []), (OVER, 2)
    ).is_empty()
    assert pl.Series(states([], 100)).is_empty()
