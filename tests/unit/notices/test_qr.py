import io
import struct

import pytest
import segno
from PIL import Image

from relance.notices.qr import epc_payload, qr_png, structured_reference
from relance.policy.model import Account

RED_CROSS = Account(iban="BE72 0000 0000 1616", bic="BPOTBEB1", holder="Red Cross of Belgium")
LENOIR = Account(iban="FR7630006000011234567890189", holder="Menuiserie Lenoir SARL")


def test_the_example_of_the_epc_guidelines():
    payload = epc_payload(RED_CROSS, 100, "EUR", None, "Urgency fund")
    assert payload == (
        "BCD\n002\n1\nSCT\nBPOTBEB1\nRed Cross of Belgium\nBE72000000001616\nEUR1.00\n\n\nUrgency fund"
    )


def test_a_belgian_reference_is_structured_as_twelve_digits():
    payload = epc_payload(RED_CROSS, 1230, "EUR", "+++090/9337/55493+++", "F1")
    assert payload.split("\n")[7:] == ["EUR12.30", "", "090933755493"]


def test_an_rf_reference_is_structured_without_its_spaces():
    payload = epc_payload(LENOIR, 1230, "EUR", "RF18 5390 0754 7034", "F1")
    assert payload.split("\n")[7:] == ["EUR12.30", "", "RF18539007547034"]


def test_any_other_reference_is_text_and_never_both():
    payload = epc_payload(LENOIR, 1230, "EUR", "F-2026-0042", "other words")
    assert payload.split("\n")[7:] == ["EUR12.30", "", "", "F-2026-0042"]


@pytest.mark.parametrize(
    ("reference", "structured"),
    [
        ("+++090/9337/55493+++", "090933755493"),
        ("***090/9337/55493***", "090933755493"),
        ("090933755493", "090933755493"),
        ("+++000/0000/09797+++", "000000009797"),  # remainder 0 is written 97
        ("+++090/9337/55494+++", None),
        ("+++000/0000/09700+++", None),
        ("RF18539007547034", "RF18539007547034"),
        ("rf18 5390 0754 7034", "RF18539007547034"),
        ("RF19539007547034", None),
        ("F2026-0042", None),
        ("", None),
    ],
)
def test_only_references_with_right_check_digits_are_structured(reference, structured):
    assert structured_reference(reference) == structured


@pytest.mark.parametrize(
    ("amount", "currency"), [(0, "EUR"), (-5, "EUR"), (10**11, "EUR"), (100, "CHF")]
)
def test_no_code_outside_of_what_the_epc_allows(amount, currency):
    assert epc_payload(LENOIR, amount, currency, None, "F1") is None


def test_the_largest_amount_has_a_code():
    assert "\nEUR999999999.99\n" in epc_payload(LENOIR, 10**11 - 1, "EUR", None, "F1")


def test_line_breaks_in_data_cannot_shift_the_payload():
    account = Account(iban=LENOIR.iban, holder="Lenoir\nDE89370400440532013000")
    payload = epc_payload(account, 100, "EUR", "F1\r\n\u202eEUR9\x0b", "")
    lines = payload.split("\n")
    assert lines[5:8] == ["Lenoir DE89370400440532013000", LENOIR.iban, "EUR1.00"]
    assert lines[10:] == ["F1 EUR9"]


def test_long_names_and_texts_stay_within_the_limits():
    account = Account(iban=LENOIR.iban, bic="AGRIFRPPXXX", holder="É" * 90)
    payload = epc_payload(account, 100, "EUR", None, "€" * 200)
    assert len(payload.encode()) <= 331
    assert payload.split("\n")[5] == "É" * 70
    assert segno.make_qr(payload, error="m", boost_error=False, encoding="utf-8").version <= 13


def test_the_image_shows_the_symbol_with_its_quiet_zone():
    payload = epc_payload(LENOIR, 1230, "EUR", None, "Facture n° 1 €")
    image = Image.open(io.BytesIO(qr_png(payload)))
    image.load()
    dots = 2
    shown = [
        [image.getpixel((x, y)) == 0 for x in range(0, image.width, dots)]
        for y in range(0, image.height, dots)
    ]
    symbols = [
        segno.make_qr(payload, error="m", boost_error=False, encoding="utf-8", mask=mask)
        for mask in range(8)
    ]
    assert shown in [[[bool(m) for m in row] for row in s.matrix_iter(border=4)] for s in symbols]


def test_the_image_is_a_grey_png():
    png = qr_png("BCD")
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">BB", png[24:26]) == (8, 0)
