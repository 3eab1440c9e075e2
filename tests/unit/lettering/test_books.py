"""What the sources know already: absorbed allocations, booked payments, first sight, undo."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from case import PAID, debtor, decided, item, left, lettered, paid, proposed, took

from relance.lettering.absorb import still_counted
from relance.lettering.letter import opposite

BANK = "BE68539007547034"
HOLDER = [debtor("C1", iban=BANK)]


def past(amount, open_before, movement="m1", number="F2026-1", **more):
    """An allocation of an earlier run."""
    return {
        "movement": movement, "item": f"C1|{number}|2026", "amount": amount, "kind": "payment",
        "evidence": "number", "confidence": 10_000, "day": PAID, "due": None,
        "open_before": open_before, "debtor": "C1",
    } | more  # fmt: skip


def again(amount, open_now, allocations, movements=()):
    """Open balance of an item of `amount` that its source has at `open_now`."""
    found = lettered(
        [item("F2026-1", amount, open=open_now)], list(movements), decided=decided(allocations)
    )
    return left(found)["F2026-1"]


@pytest.mark.parametrize(
    ("open_now", "expected"),
    [(10000, 6000), (8000, 6000), (6000, 6000), (5000, 5000), (0, 0), (12000, 8000)],
)
def test_what_was_allocated_counts_until_the_source_shows_it(open_now, expected):
    assert again(10000, open_now, [past(4000, 10000)]) == expected


def test_what_the_source_lowered_before_is_not_taken_for_a_later_allocation():
    # 40 allocated at 100; the source books it and 10 more; then 50 is allocated at 50.
    assert again(10000, 5000, [past(4000, 10000), past(5000, 5000, "m2")]) == 0


def test_an_undone_allocation_counts_for_nothing():
    done = past(4000, 10000)
    assert again(10000, 10000, [done, done | {"amount": -4000, "evidence": "undo"}]) == 10000


def test_what_is_allocated_again_after_an_undo_counts_from_then():
    done = past(4000, 10000)
    rows = [done, done | {"amount": -4000, "evidence": "undo"}, past(4000, 6000)]
    assert again(10000, 6000, rows) == 2000


def test_credits_are_absorbed_the_same_way():
    used = past(-700, -1000, number="AV2026-1")
    found = lettered([item("AV2026-1", -1000)], [], decided=decided([used]))
    assert left(found) == {"AV2026-1": -300}


def test_a_payment_is_lettered_once_however_often_it_is_read():
    movement = paid(5000, "F2026-1")
    first = lettered([item("F2026-1", 5000)], [movement])
    second = lettered([item("F2026-1", 5000)], [movement], decided=decided(first.allocations))
    assert second.allocations.is_empty()
    assert second.suspense.is_empty()
    assert second.items.equals(first.items)


def test_letter_and_undo_is_as_if_nothing_had_been():
    books, movement = [item("F2026-1", 5000), item("AV2026-1", -700)], paid(4300, "F2026-1")
    first = lettered(books, [movement], [debtor("C1")])
    assert first.allocations.height == 2
    both = pl.concat([first.allocations, opposite(first.allocations)])
    assert still_counted(both).is_empty()
    undone = lettered(books, [movement], [debtor("C1")], decided=decided(both))
    assert undone.items.equals(first.items)
    assert undone.allocations.equals(first.allocations)


def test_a_payment_that_the_books_have_as_a_credit_is_not_lettered():
    entered = item("B1", -5000, kind="payment", issued=PAID + timedelta(days=10), due=None)
    found = lettered([item("F2026-1", 5000), entered], [paid(5000, "F2026-1")])
    assert (took(found), found.suspense.height) == ([], 0)
    assert found.answered.rows()[0][:3] == ("m1", 5000, entered["item"])
    late = entered | {"issued": PAID + timedelta(days=11)}
    assert len(took(lettered([item("F2026-1", 5000), late], [paid(5000, "F2026-1")]))) == 1


def test_a_payment_entered_in_the_books_after_it_was_lettered_counts_once():
    entered = item("B1", -5000, kind="payment", issued=PAID)
    found = lettered(
        [item("F2026-1", 5000), entered],
        [paid(5000, "F2026-1")],
        decided=decided([past(5000, 5000)]),
    )
    assert left(found) == {"F2026-1": 0, "B1": 0}


def test_a_part_that_the_books_have_as_paid_is_a_question():
    books = [item("F2026-1", 8000, open=5000)]
    found = lettered(books, [paid(3000, "F2026-1", counterparty_iban=BANK)], HOLDER)
    assert took(found) == []
    assert proposed(found)[0][4] == "booked"
    # Unless an earlier allocation explains it.
    known = lettered(
        books,
        [paid(3000, "F2026-1", counterparty_iban=BANK, movement="m2")],
        HOLDER,
        decided=decided([past(3000, 8000)]),
    )
    assert took(known)[0][:3] == ("m2", "F2026-1", 3000)


def test_no_to_that_question_means_that_the_books_have_it():
    no = decided(rejected=[("m1", "C1|F2026-1|2026")])
    movement = paid(3000, "F2026-1", counterparty_iban=BANK)
    found = lettered([item("F2026-1", 8000, open=5000)], [movement], HOLDER, decided=no)
    assert (took(found), found.suspense.height, found.answered.height) == ([], 0, 1)


def test_a_payment_of_what_the_books_have_as_settled_is_answered():
    found = lettered([item("F2026-1", 5000, open=0)], [paid(5000, "F2026-1")])
    assert found.suspense.is_empty()
    assert found.answered["by"].to_list() == ["C1|F2026-1|2026"]


def test_a_payment_that_names_something_open_too_pays_that():
    books = [item("F2026-1", 9000, open=0), item("F2026-2", 5000)]
    found = lettered(books, [paid(5000, "F2026-1 F2026-2")])
    assert left(found) == {"F2026-1": 0, "F2026-2": 0}


def test_a_slip_that_names_what_is_settled_is_not_taken_for_booked():
    found = lettered([item("F2026-1", 9000, open=0)], [paid(5000, "F2026-1")])
    assert found.answered.is_empty()
    assert found.suspense["amount"].to_list() == [5000]


def test_the_rest_of_an_earlier_overpayment_stays_a_credit_of_its_debtor():
    found = lettered(
        [item("F2026-2", 9000)], [paid(6000, "F2026-1")], decided=decided([past(5000, 5000)])
    )
    assert found.suspense.rows()[0][:4] == ("m1", "C1", "EUR", 1000)
    assert found.items["open"].sum() == 8000


def returned(amount=-5000, **more):
    return paid(amount, movement="r1", booked=PAID + timedelta(days=5), end_to_end="E1", **more)


def test_a_returned_payment_opens_its_item_again():
    movements = [paid(5000, "F2026-1", end_to_end="E1"), returned()]
    found = lettered([item("F2026-1", 5000)], movements, decided=decided([past(5000, 5000)]))
    assert took(found) == [("r1", "F2026-1", -5000, "payment", "return")]
    assert left(found) == {"F2026-1": 5000}
    assert found.suspense.is_empty()
    after = pl.concat([decided([past(5000, 5000)]).allocations, found.allocations])
    again_ = lettered([item("F2026-1", 5000)], movements, decided=decided(after))
    assert (again_.allocations.height, left(again_)) == (0, {"F2026-1": 5000})


def test_a_return_takes_back_charges_and_credits_with_the_payment():
    movements = [paid(6000, "F2026-1", end_to_end="E1"), returned(-6000)]
    rows = [past(4000, 5000), past(1000, 5000, kind="bank_charge")]
    found = lettered([item("F2026-1", 5000)], movements, decided=decided(rows))
    assert left(found) == {"F2026-1": 5000}
    assert found.suspense.is_empty()
    assert sorted(found.answered.select("movement", "amount").rows()) == [
        ("m1", 2000),
        ("r1", -2000),
    ]


def test_a_payment_and_its_return_seen_together_pay_nothing():
    movements = [paid(5000, "F2026-1", end_to_end="E1"), returned()]
    found = lettered([item("F2026-1", 5000)], movements)
    assert (took(found), left(found), found.suspense.height) == ([], {"F2026-1": 5000}, 0)


def test_a_return_with_the_name_and_the_text_of_its_payment_opens_the_item_again():
    movements = [paid(5000, "F2026-1", counterparty="Dupont"),
                 paid(-5000, "F2026-1", counterparty="DUPONT", movement="r1", booked=PAID + timedelta(days=5))]  # fmt: skip
    found = lettered([item("F2026-1", 5000)], movements, decided=decided([past(5000, 5000)]))
    assert left(found) == {"F2026-1": 5000}


def test_an_unknown_return_that_names_a_lettered_number_is_a_question():
    back = returned(text="RETOUR F2026-1", counterparty="DUPONT")
    found = lettered([item("F2026-1", 5000)], [back], decided=decided([past(5000, 5000)]))
    assert proposed(found) == [("r1", 1, "F2026-1", -5000, "return")]


def test_a_return_that_nothing_matches_is_in_suspense_and_no_credit():
    found = lettered([item("F2026-1", 5000)], [returned()])
    assert found.suspense["amount"].to_list() == [-5000]
    assert found.items.height == 1


def test_a_return_of_one_of_two_payments_is_for_a_person():
    movements = [
        paid(5000, "F2026-1", end_to_end="E1"),
        paid(5000, "F2026-2", end_to_end="E1", movement="m2"),
        returned(),
    ]
    found = lettered([item("F2026-1", 5000), item("F2026-2", 5000)], movements)
    assert left(found) == {"F2026-1": 0, "F2026-2": 0}
    assert found.suspense["movement"].to_list() == ["r1"]


@pytest.mark.parametrize(
    ("days", "mandate", "meets"),
    [(60, None, True), (61, None, False), (396, "M1", True), (397, "M1", False)],
)
def test_how_long_a_return_is_looked_for(days, mandate, meets):
    first = paid(5000, "F2026-1", end_to_end="E1", mandate=mandate, booked=date(2025, 1, 1))
    back = returned(mandate=mandate) | {"booked": date(2025, 1, 1) + timedelta(days=days)}
    found = lettered([item("F2026-1", 5000)], [first, back])
    assert (took(found) == []) == meets


def test_an_unknown_return_that_names_a_lettered_item_is_a_question():
    books = [item("F2026-1", 5000, reference="010806817183")]
    back = returned(reference="010806817183")
    found = lettered(books, [back], decided=decided([past(5000, 5000)]))
    assert proposed(found) == [("r1", 1, "F2026-1", -5000, "return")]
    assert found.items["payment_pending"].to_list() == [None]
