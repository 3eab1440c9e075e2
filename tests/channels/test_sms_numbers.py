"""Numbers as people write them, and what a service is given."""

from __future__ import annotations

import pytest

from relance.channels.sms_numbers import e164, sender_name


@pytest.mark.parametrize(
    ("written", "country", "expected"),
    [
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("06.12.34.56.78", "FR", "+33612345678"),
        ("06-12-34-56-78", "FR", "+33612345678"),
        ("06\u00a012\u202f34 56 78", "FR", "+33612345678"),
        ("+33 6 12 34 56 78", "BE", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "FR", "+33612345678"),
        ("+330612345678", "FR", "+33612345678"),
        ("0033612345678", "FR", "+33612345678"),
        ("33612345678", "FR", "+33612345678"),
        ("612345678", "FR", "+33612345678"),
        ("0692 12 34 56", "FR", "+262692123456"),
        ("0696 12 34 56", "FR", "+596696123456"),
        ("0470/12.34.56", "BE", "+32470123456"),
        ("079 123 45 67", "CH", "+41791234567"),
        ("621 123 456", "LU", "+352621123456"),
        ("0621123456", "NL", "+31621123456"),
        ("0151 23456789", "DE", "+4915123456789"),
        ("07400 123456", "GB", "+447400123456"),
        ("333 123 4567", "IT", "+393331234567"),
        ("+39 333 123 4567", "FR", "+393331234567"),
        ("+1 202 555 0123", "FR", "+12025550123"),
        ("01 42 68 53 00", "FR", None),
        ("+33 1 42 68 53 00", "FR", None),
        ("02 512 34 56", "BE", None),
        ("06 12 34 56", "FR", None),
        ("06 12 34 56 78 90", "FR", None),
        ("06 12 34 56 78 / 07 12 34 56 78", "FR", None),
        ("06 12 34 56 78 (Marie)", "FR", None),
        ("٠٦١٢٣٤٥٦٧٨", "FR", None),
        ("+", "FR", None),
        ("", "FR", None),
        ("00", "FR", None),
        ("+33", "FR", None),
        ("+0612345678", "FR", None),
        ("tel:+33612345678", "FR", None),
        ("marie@lenoir.example", "FR", None),
    ],
)
def test_numbers_as_people_write_them(written, country, expected):
    assert e164(written, country) == expected


@pytest.mark.parametrize("name", ["LENOIR", "Lenoir 38", "A", "36105", "+3212345678", "M-Lenoir"])
def test_senders_that_operators_accept(name):
    assert sender_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["MENUISERIES X", "Lénoir", "+33612345678", "+33712345678", "12", "123456789", " A", "A ", "-"],
)
def test_senders_that_operators_refuse(name):
    with pytest.raises(ValueError, match=r"sender|program"):
        sender_name(name)
