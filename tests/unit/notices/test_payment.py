"""How to pay: the reference the bank matches, and the link filled in safely."""

from __future__ import annotations

from dataclasses import replace

import pytest
from paper import DEBTOR, MOMENT, creditor, line, notice, policy, stationery

from relance.notices.codes import RenderError
from relance.notices.payment import payment_of
from relance.notices.render import render
from relance.notices.stationery import Stationery


def test_a_belgian_reference_is_printed_with_its_signs() -> None:
    payment = payment_of(notice(line(reference="090933755493")), stationery())
    assert (payment.structured, payment.printed) == ("090933755493", "+++090/9337/55493+++")


def test_a_creditor_reference_is_printed_in_fours() -> None:
    payment = payment_of(notice(line(reference="RF18539007547034")), stationery())
    assert (payment.structured, payment.printed) == ("RF18539007547034", "RF18 5390 0754 7034")


def test_a_reference_of_one_invoice_does_not_pay_two() -> None:
    two = notice(line("F-1", reference="RF18539007547034"), line("F-2"))
    payment = payment_of(two, stationery())
    assert (payment.structured, payment.printed) == (None, "F-1, F-2")


def test_a_reference_that_all_share_pays_all() -> None:
    shared = [line(n, reference="RF18539007547034") for n in ("F-1", "F-2")]
    assert payment_of(notice(*shared), stationery()).structured == "RF18539007547034"


def test_many_numbers_become_the_account_and_the_first() -> None:
    many = notice(*(line(f"F-{n}") for n in range(1, 8)))
    assert payment_of(many, stationery()).printed == "C1 F-1"


def test_values_in_the_link_are_encoded() -> None:
    link = "https://pay.lenoir.example/{debtor}/{number}?a={amount}&c={currency}&r={reference}"
    paper = stationery(creditor=creditor(payment_link=link))
    hostile = notice(line("F 1&a=0/../é"), debtor=replace(DEBTOR, id="../C1?x"))
    assert payment_of(hostile, paper).link == (
        "https://pay.lenoir.example/..%2FC1%3Fx/F%201%26a%3D0%2F..%2F%C3%A9"
        "?a=1234.50&c=EUR&r=F%201%26a%3D0%2F..%2F%C3%A9"
    )


@pytest.mark.parametrize(
    "link", ["http://pay.example/{number}", "javascript:alert(1)", "https://p.example/{secret}"]
)
def test_a_link_that_cannot_be_trusted_refuses_the_notice(link: str) -> None:
    with pytest.raises(RenderError) as caught:
        payment_of(notice(), stationery(creditor=creditor(payment_link=link)))
    assert caught.value.diagnostic.code == "T009"
    assert "{number}" in caught.value.diagnostic.hint()


def test_a_currency_without_account_is_asked_for_without_bank_details() -> None:
    plain = policy()
    euro = plain.bank_accounts[0].model_copy(update={"currency": "EUR"})
    paper = Stationery.of(plain.model_copy(update={"bank_accounts": (euro,)}))
    text = render(notice(currency="CHF"), paper, MOMENT).content.decode()
    assert "CHF" in text
    assert "IBAN" not in text
