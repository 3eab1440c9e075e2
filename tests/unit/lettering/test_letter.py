"""Which payment pays what: the rules of docs/lettering.md, one by one."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from case import PAID, debtor, decided, item, left, lettered, paid, proposed, took

BANK = "BE68539007547034"
HOLDER = [debtor("C1", iban=BANK), debtor("C2")]


def only(found, column):
    return found.suspense[column].to_list()


@pytest.mark.parametrize(
    ("said", "reference"),
    [
        ({"reference": "010806817183"}, "+++010/8068/17183+++"),
        ({"text": "facture +++010/8068/17183+++"}, "010806817183"),
        ({"text": "RF18 5390 0754 7034 merci"}, "RF18539007547034"),
        ({"reference": "RF18539007547034"}, "RF18 5390 0754 7034"),
        ({"reference": "CMD-7781"}, "CMD7781"),
    ],
)
def test_a_reference_names_its_item_however_it_is_written(said, reference):
    found = lettered(
        [item("F1", 5000, reference=reference), item("F2", 5000)], [paid(5000, **said)]
    )
    assert took(found) == [("m1", "F1", 5000, "payment", "reference")]
    assert left(found) == {"F1": 0, "F2": 5000}
    assert found.suspense.is_empty()


@pytest.mark.parametrize(
    "text",
    [
        "F-2026-042",
        "f2026042",
        "paiement F 2026 042",
        "fact.n°F2026/042;",
        "2026042",
        "REF:02026042",
    ],
)
def test_a_number_in_the_text_is_found_however_it_is_written(text):
    found = lettered([item("F-2026-042", 5000), item("F-2026-043", 5000)], [paid(5000, text)])
    assert took(found) == [("m1", "F-2026-042", 5000, "payment", "number")]


def test_a_short_number_of_digits_alone_is_no_number():
    found = lettered([item("42", 5000)], [paid(5000, "appartement 42")])
    assert took(found) == []


def test_a_number_inside_a_longer_one_does_not_count():
    books = [item("F-2026-042", 5000), item("2026042", 5000, "C2")]
    assert took(lettered(books, [paid(5000, "F 2026 042")]))[0][1] == "F-2026-042"


def test_several_numbers_pay_together():
    books = [item("F2026-1", 5000), item("F2026-2", 2500), item("F2026-3", 700)]
    found = lettered(books, [paid(7500, "F2026-1 et F2026-2")])
    assert left(found) == {"F2026-1": 0, "F2026-2": 0, "F2026-3": 700}


def test_a_credit_note_that_is_not_named_is_deducted():
    books = [item("F2026-1", 5000), item("AV2026-1", -700)]
    found = lettered(books, [paid(4300, "F2026-1")], [debtor("C1")])
    assert sorted(took(found)) == [
        ("m1", "AV2026-1", -700, "payment", "number"),
        ("m1", "F2026-1", 5000, "payment", "number"),
    ]
    assert left(found) == {"F2026-1": 0, "AV2026-1": 0}


def test_a_part_is_taken_off_and_the_rest_stays_open():
    books = [item("F2026-1", 5000)]
    found = lettered(books, [paid(2000, "F2026-1", counterparty_iban=BANK)], HOLDER)
    assert left(found) == {"F2026-1": 3000}
    assert found.items["paid"].to_list() == [2000]


def test_a_part_without_any_sign_of_the_payer_is_only_proposed():
    found = lettered([item("F2026-1", 5000)], [paid(2000, "F2026-1")])
    assert took(found) == []
    assert proposed(found) == [("m1", 1, "F2026-1", 2000, "number_only")]
    assert found.items["payment_pending"].to_list() == ["m1"]
    assert only(found, "amount") == [2000]


def test_what_is_paid_too_much_lowers_what_the_debtor_owes():
    books = [item("F2026-1", 5000), item("F2026-2", 9000)]
    found = lettered(books, [paid(6000, "F2026-1", counterparty_iban=BANK)], HOLDER)
    credit = found.items.filter(pl.col("kind") == "payment").row(0, named=True)
    assert (credit["debtor"], credit["open"], credit["balance"]) == ("C1", -1000, -1000)
    assert (credit["file"], credit["line"], credit["currency"]) == ("releve.xml", 1, "EUR")
    assert found.suspense.rows()[0][:4] == ("m1", "C1", "EUR", 1000)


def test_a_second_payment_of_the_same_item_is_a_credit():
    books = [item("F2026-1", 5000), item("F2026-2", 5000)]
    twice = [
        paid(5000, "F2026-1", counterparty_iban=BANK),
        paid(5000, "F2026-1", counterparty_iban=BANK, movement="m2"),
    ]
    found = lettered(books, twice, HOLDER)
    assert [row[:2] for row in took(found)] == [("m1", "F2026-1")]
    assert only(found, "movement") == ["m2"]
    assert found.items["open"].sum() == 0


def test_bank_charges_within_the_tolerance_close_the_item():
    found = lettered([item("F2026-1", 5000)], [paid(4000, "F2026-1")], bank_charges={"EUR": 1000})
    assert [row[2:4] for row in took(found)] == [(1000, "bank_charge"), (4000, "payment")]
    assert left(found) == {"F2026-1": 0}
    beyond = lettered([item("F2026-1", 5000)], [paid(3999, "F2026-1")], bank_charges={"EUR": 1000})
    assert took(beyond) == []


@pytest.mark.parametrize(("day", "takes"), [(date(2026, 1, 15), True), (date(2026, 1, 16), False)])
def test_the_discount_is_kept_only_in_its_days(day, takes):
    # 2.5 % of 50.20 is 1.255: half of a cent goes up.
    movement = paid(4894, "F2026-1", booked=day, value=day)
    found = lettered([item("F2026-1", 5020)], [movement], discount=("2.5", 10))
    assert [row[2:4] for row in took(found)] == (
        [(126, "discount"), (4894, "payment")] if takes else []
    )


def test_currencies_are_never_mixed():
    found = lettered([item("F2026-1", 5000, currency="USD")], [paid(5000, "F2026-1")])
    assert took(found) == []
    assert proposed(found) == []


def test_the_only_item_of_the_amount_of_the_accounts_holder():
    books = [item("F2026-1", 5000), item("F2026-2", 700), item("F2026-3", 5000, "C2")]
    found = lettered(books, [paid(5000, "merci", counterparty_iban="BE68 5390 0754 7034")], HOLDER)
    assert took(found) == [("m1", "F2026-1", 5000, "payment", "amount_iban")]


def test_one_of_several_items_of_the_amount_is_for_a_person_oldest_first():
    books = [item("F2026-1", 5000), item("F2026-2", 5000, due=date(2026, 1, 20))]
    found = lettered(books, [paid(5000, counterparty_iban=BANK)], HOLDER)
    assert took(found) == []
    assert [row[1:3] for row in proposed(found)] == [(1, "F2026-2"), (2, "F2026-1")]


def test_oldest_first_where_the_policy_says_so():
    books = [item("F2026-1", 5000), item("F2026-2", 5000, due=date(2026, 1, 20))]
    found = lettered(books, [paid(6000, counterparty_iban=BANK)], HOLDER, oldest_first=True)
    assert left(found) == {"F2026-1": 4000, "F2026-2": 0}
    assert {row[4] for row in took(found)} == {"oldest"}


def test_all_that_the_holder_owes_is_certain_and_a_sum_of_some_is_not():
    books = [item("F2026-1", 5001), item("F2026-2", 702), item("F2026-3", -103)]
    every = lettered(books, [paid(5600, counterparty_iban=BANK)], HOLDER)
    assert left(every) == {"F2026-1": 0, "F2026-2": 0, "F2026-3": 0}
    some = lettered(books, [paid(5703, counterparty_iban=BANK)], HOLDER)
    assert took(some) == []
    assert {row[2] for row in proposed(some)} == {"F2026-1", "F2026-2"}
    assert {row[4] for row in proposed(some)} == {"sum_iban"}


def test_an_account_of_its_own_names_item_and_debtor():
    own = "BE71096123456769"
    item_own = lettered([item("F2026-1", 5000, virtual_iban=own)], [paid(2000, account=own)])
    assert took(item_own) == [("m1", "F2026-1", 2000, "payment", "virtual_iban")]
    debtor_own = lettered(
        [item("F2026-1", 5000), item("F2026-2", 700)],
        [paid(700, account=own)],
        [debtor("C1", virtual_iban=own)],
    )
    assert took(debtor_own) == [("m1", "F2026-2", 700, "payment", "amount_iban")]


def test_names_are_the_same_without_legal_form_accents_and_order():
    books = [item("F2026-1", 5000)]
    known = [debtor("C1", name="Société Générale des Étangs SARL")]
    movement = paid(5000, counterparty="ETANGS DES GENERALE S.A.R.L.")
    assert took(lettered(books, [movement], known))[0][4] == "amount_name"
    nearly = paid(5000, counterparty="GENERALE DES ETANG")
    found = lettered(books, [nearly], known)
    assert (took(found), proposed(found)[0][4]) == ([], "near_name")


def test_a_slip_in_the_number_is_only_proposed():
    found = lettered([item("F-2026-0421", 5000)], [paid(5000, "F-2026-0427")])
    assert took(found) == []
    assert proposed(found)[0][4] == "near_number"


def test_a_slip_that_names_a_strangers_item_of_the_same_amount_is_not_believed():
    books = [item("F2026-1", 5000), item("F2026-2", 5000, "C2")]
    found = lettered(books, [paid(5000, "F2026-2", counterparty_iban=BANK)], HOLDER)
    assert took(found) == []
    assert {row[2] for row in proposed(found)} == {"F2026-1", "F2026-2"}


def test_somebody_else_may_pay_by_number():
    books = [item("F2026-1", 5000), item("F2026-2", 700, "C2")]
    found = lettered(books, [paid(700, "F2026-2", counterparty_iban=BANK)], HOLDER)
    assert took(found)[0][1] == "F2026-2"


def test_a_number_that_two_debtors_have_needs_the_payer():
    books = [item("F2026-1", 5000), item("F2026-1", 5000, "C2")]
    unclear = lettered(books, [paid(5000, "F2026-1")])
    assert took(unclear) == []
    assert {row[4] for row in proposed(unclear)} == {"number_only"}
    clear = lettered(books, [paid(5000, "F2026-1", counterparty_iban=BANK)], HOLDER)
    assert clear.allocations["debtor"].to_list() == ["C1"]


def test_instalments_of_one_invoice_are_paid_in_order():
    first = item("F2026-1", 5000) | {"item": "C1|F2026-1|2026@2026-02-04"}
    second = item("F2026-1", 5000, due=date(2026, 3, 4)) | {"item": "C1|F2026-1|2026@2026-03-04"}
    found = lettered([second, first], [paid(5000, "F2026-1")])
    assert found.allocations["due"].to_list() == [date(2026, 2, 4)]


def test_an_account_is_learned_from_what_it_paid_by_number():
    books = [item("F2026-1", 5000), item("F2026-2", 700)]
    movements = [
        paid(5000, "F2026-1", counterparty_iban=BANK),
        paid(700, "merci", counterparty_iban=BANK, movement="m2"),
    ]
    assert [row[4] for row in took(lettered(books, movements))] == ["number", "amount_iban"]


def test_an_unknown_payer_is_in_suspense():
    found = lettered([item("F2026-1", 5000)], [paid(123, "loyer")])
    assert (only(found, "debtor"), only(found, "amount")) == ([None], [123])
    assert found.items.height == 1


def test_a_known_debtor_without_fitting_item_has_a_credit():
    found = lettered([item("F2026-1", 5000)], [paid(123, counterparty_iban=BANK)], HOLDER)
    assert only(found, "debtor") == ["C1"]
    assert found.items["open"].sum() == 5000 - 123


def test_what_is_older_than_all_that_is_owed_is_no_credit():
    old = paid(123, counterparty_iban=BANK, booked=date(2025, 6, 1))
    found = lettered([item("F2026-1", 5000)], [old], HOLDER)
    assert only(found, "amount") == [123]
    assert found.items["open"].sum() == 5000


def test_a_rejected_pair_is_not_found_again():
    no = decided(rejected=[("m1", "C1|F2026-1|2026")])
    found = lettered([item("F2026-1", 5000)], [paid(5000, "F2026-1")], decided=no)
    assert (took(found), proposed(found)) == ([], [])


def test_movements_before_the_beginning_are_left_alone():
    early = lettered(
        [item("F2026-1", 5000)], [paid(5000, "F2026-1")], since={"banque": PAID + timedelta(1)}
    )
    assert (took(early), early.suspense.height) == ([], 0)
    in_books = lettered([item("F2026-1", 5000)], [paid(5000, "F2026-1")], booked_until=PAID)
    assert took(in_books) == []
    other = lettered([item("F2026-1", 5000)], [paid(5000, "F2026-1")], since={"banque": PAID})
    assert len(took(other)) == 1
