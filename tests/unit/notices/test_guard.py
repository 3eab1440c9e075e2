"""An account that the project does not declare is seen, however it is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from paper import DEBTOR, IBAN, MOMENT, line, notice, stationery

from relance.notices.codes import RenderError
from relance.notices.guard import foreign_accounts, text_of_html
from relance.notices.letter import qr_image
from relance.notices.payment import payment_of
from relance.notices.render import letter_html, render

FOREIGN = "BE68539007547034"


@pytest.mark.parametrize(
    "text",
    [
        "BE68539007547034",
        "BE68 5390 0754 7034",
        "be68-5390-0754-7034",
        "IBAN:BE68.5390.0754.7034.",
        "B E 6 8 5 3 9 0 0 7 5 4 7 0 3 4",
        "BE68\u200b5390\u200b0754\u200b7034",
        "ＢＥ６８５３９００７５４７０３４",
        "BE68\u00a05390\u202f0754\u20097034",
        "BE68 /5390/ 0754/ 7034 merci",
        "IBANBE68539007547034",
        "PAYEZBE68539007547034",
        "BE68      5390\t\t  0754      7034",
        "ВЕ68 5390 0754 7034",  # Cyrillic
        "ΒΕ68 5390 0754 7034",  # Greek
        "BE68 539O O754 7O34",  # letters O
        "be68 5390 0754 7034",
        "BE٦٨ ٥٣٩٠ ٠٧٥٤ ٧٠٣٤",  # Arabic digits
        "BE६८ ५३९० ०७५४ ७०३४",  # Devanagari
        "𝐁𝐄𝟔𝟖𝟓𝟑𝟗𝟎𝟎𝟕𝟓𝟒𝟕𝟎𝟑𝟒",
        "BE⑥⑧⑤③⑨⓪⓪⑦⑤④⑦⓪③④",
        "BE\u2060685390\u00ad0754\u200d7034",
    ],
)
def test_a_foreign_account_is_seen(text: str) -> None:
    assert foreign_accounts(text, [IBAN]) == [FOREIGN]


@pytest.mark.parametrize(
    "text",
    [
        "FR76 3000 6000 0112 3456 7890 189",
        "facture de 1 234,50 € du 05/02/2026, commande 4500012345678901234567",
        "BE68 5390 0754 7035",
        "TVA FR44732829320, SIREN 732 829 320",
        "RF18 5390 0754 7034",
        "+++090/9337/55493+++",
    ],
)
def test_what_is_no_foreign_account_passes(text: str) -> None:
    assert foreign_accounts(text, [IBAN]) == []


def test_an_account_cut_by_markup_is_seen() -> None:
    html = "<td>BE68&nbsp;53<b>90</b> 0754</td> 7034"
    assert foreign_accounts(text_of_html(html), [IBAN]) == [FOREIGN]
    link = f'<a href="https://pay.example/{FOREIGN}">Pay</a>'
    assert foreign_accounts(text_of_html(link), [IBAN]) == [FOREIGN]


def test_an_account_beside_the_text_of_a_page_is_seen() -> None:
    for markup in (
        f"<img alt='{FOREIGN}'>",
        "<a href='https://pay.example/?to=BE68%205390%200754%207034'>Pay</a>",
        f'<style>p:after {{ content: "{FOREIGN}" }}</style>',
    ):
        assert foreign_accounts(text_of_html(markup), [IBAN]) == [FOREIGN]


def test_an_account_that_only_the_style_sheet_writes_is_seen_on_the_page(tmp_path: Path) -> None:
    layout = tmp_path / "templates" / "_layout"
    layout.mkdir(parents=True)
    (layout / "letter.css").write_text("body::before { content: 'BE68 5390' ' 0754 7034' }")
    with pytest.raises(RenderError) as caught:
        render(notice(medium="letter"), stationery(tmp_path), MOMENT)
    assert caught.value.diagnostic.code == "T005"


def test_an_account_in_what_the_qr_code_carries_refuses_the_letter() -> None:
    hostile = notice(line(FOREIGN), medium="letter")
    given = stationery()
    with pytest.raises(RenderError) as caught:
        qr_image(hostile, payment_of(hostile, given), given)
    assert caught.value.diagnostic.code == "T005"
    assert "QR" in caught.value.diagnostic.message()


def test_an_account_in_the_name_of_a_debtor_refuses_the_enclosure_too() -> None:
    named = notice(debtor=replace(DEBTOR, name=f"Pay {FOREIGN}"), attach=("letter",))
    with pytest.raises(RenderError) as caught:
        render(named, stationery(), MOMENT)
    assert caught.value.diagnostic.code == "T005"


def test_a_message_of_a_test_says_so_first() -> None:
    made = render(notice(), stationery(environment="test"), MOMENT)
    assert made.subject.startswith("[TEST] ")
    sms = render(notice(medium="sms"), stationery(environment="test"), MOMENT)
    assert sms.content.startswith(b"[TEST] ")


@pytest.mark.parametrize("medium", ["email", "sms", "letter"])
def test_an_account_in_the_data_refuses_the_notice(medium: str) -> None:
    hostile = notice(line(f"Pay to {FOREIGN}"), medium=medium)
    with pytest.raises(RenderError) as caught:
        _ = (
            letter_html(hostile, stationery())
            if medium == "letter"
            else render(hostile, stationery(), MOMENT)
        )
    assert caught.value.diagnostic.code == "T005"
    assert FOREIGN in caught.value.diagnostic.message()


def test_an_account_written_into_a_wording_refuses_the_notice(tmp_path: Path) -> None:
    folder = tmp_path / "templates" / "reminder"
    folder.mkdir(parents=True)
    wording = "{% block opening %}Payez sur BE68 5390 0754 7034.{% endblock %}"
    (folder / "fr.wording").write_text(wording, encoding="utf-8")
    with pytest.raises(RenderError) as caught:
        render(notice(debtor=replace(DEBTOR, name="Honest")), stationery(tmp_path), MOMENT)
    assert caught.value.diagnostic.code == "T005"
