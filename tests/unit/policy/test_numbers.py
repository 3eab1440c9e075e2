"""Our check digits agree with the library of numbers, which is too slow to load for `validate`."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban
from stdnum.be import vat as belgian_vat
from stdnum.fr import siren
from stdnum.fr import tva as french_vat

from relance.policy.numbers import is_enterprise, is_iban, is_siren, is_vat

DIGITS = st.text("0123456789", min_size=7, max_size=12)


def french(base: int) -> str:
    return f"FR{(12 + 3 * base) % 97:02d}{base:09d}"


def belgian(base: int) -> str:
    return f"{base:08d}{97 - base % 97:02d}"


@given(DIGITS)
def test_siren(number: str) -> None:
    assert is_siren(number) == siren.is_valid(number)


@given(st.one_of(DIGITS, st.integers(2_000_000, 19_999_999).map(belgian)))
def test_enterprise_number(number: str) -> None:
    if len(number) in (9, 10):
        assert is_enterprise(number) == belgian_vat.is_valid(number)


@given(st.one_of(DIGITS.map("FR".__add__), st.integers(1, 999_999_999).map(french)))
def test_french_vat(number: str) -> None:
    assert is_vat(number, "FR") == french_vat.is_valid(number)


@given(st.sampled_from(["FR76", "BE68", "DE89", "NL91"]), st.text("0123456789", max_size=26))
def test_iban_of_random_digits(head: str, tail: str) -> None:
    if is_iban(head + tail):
        assert iban.is_valid(head + tail, check_country=False)


@given(st.integers(0, 10**23 - 1))
def test_iban_with_its_own_check_digits(account: int) -> None:
    bban = f"{account:023d}"
    number = f"FR{iban.calc_check_digits('FR00' + bban)}{bban}"

    assert is_iban(number)
    assert iban.is_valid(number, check_country=False)
