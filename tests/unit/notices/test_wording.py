"""Every shipped text, in every language, medium and tone, says what it must and nothing odd."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes
from email import policy as mail_policy
from html import unescape
from itertools import product

import pytest
from paper import DEBTOR, IBAN, MOMENT, creditor, line, notice, stationery

from relance.dunning.plan import Line, Notice
from relance.notices.figures import iban
from relance.notices.guard import text_of_html
from relance.notices.render import letter_html, render
from relance.notices.sms import segments
from relance.notices.stationery import Stationery

TEMPLATES = ("courtesy", "reminder", "last-reminder", "formal-notice", "statement")
LANGUAGES = {"fr": "FR", "nl": "BE", "de": "DE", "en": "GB"}
TONES = ("friendly", "neutral", "firm")
MEDIA = ("email", "letter", "sms")
ONE_AMOUNT = {"fr": "1 234,50 €", "nl": "€ 1.234,50", "de": "1.234,50 €", "en": "€1,234.50"}
TWO_AMOUNT = {"fr": "2 469,00 €", "nl": "€ 2.469,00", "de": "2.469,00 €", "en": "€2,469.00"}
DUE = {"fr": "18/02/2026", "nl": "18/02/2026", "de": "18.02.2026", "en": "18 Feb 2026"}
BEFORE_DUE = {"fr": "05/03/2026", "nl": "05/03/2026", "de": "05.03.2026", "en": "5 Mar 2026"}

PAPER = stationery()


def texts(given: Notice, paper: Stationery = PAPER) -> list[str]:
    """What a reader sees of a notice: two versions of an e-mail, else one; spaces are plain."""
    if given.medium == "letter":
        shown = [text_of_html(letter_html(given, paper))]
    elif given.medium == "sms":
        shown = [render(given, paper, MOMENT).content.decode()]
    else:
        mail = message_from_bytes(render(given, paper, MOMENT).content, policy=mail_policy.default)
        bodies = [mail.get_body((kind,)) for kind in ("plain", "html")]
        text, html = (body.get_content() for body in bodies if body)
        shown = [f"{mail['subject']}\n{text}", text_of_html(html)]
    return [re.sub(r"\s+", " ", unescape(text)) for text in shown]


def case(template: str, language: str, medium: str, *lines: Line, **changes: object) -> Notice:
    debtor = replace(DEBTOR, language=language, country=LANGUAGES[language])
    return notice(*lines, debtor=debtor, template=template, medium=medium, **changes)


def lines_for(template: str, count: int) -> list[Line]:
    late = -3 if template == "courtesy" else 12
    return [line(f"F-2026-004{n}", late) for n in range(1, count + 1)]


@pytest.mark.parametrize(
    ("template", "language", "medium"), list(product(TEMPLATES, LANGUAGES, MEDIA))
)
@pytest.mark.parametrize("count", [1, 2])
def test_each_text_names_number_amount_due_date_and_account(
    template: str, language: str, medium: str, count: int
) -> None:
    for tone in TONES:
        given = case(template, language, medium, *lines_for(template, count), tone=tone)
        due = (BEFORE_DUE if template == "courtesy" else DUE)[language]
        amount = (ONE_AMOUNT if count == 1 else TWO_AMOUNT)[language]
        for text in texts(given):
            assert "F-2026-0041" in text
            assert amount in text
            assert due in text
            assert iban(IBAN) in text or IBAN in text
            assert not re.search(r"\{|\}|%\}|None|Undefined|  ", text), text


@pytest.mark.parametrize(("template", "language"), list(product(TEMPLATES, LANGUAGES)))
def test_each_template_says_something_else_for_one_and_for_two(
    template: str, language: str
) -> None:
    one, two = (
        texts(case(template, language, "email", *lines_for(template, count)))[0] for count in (1, 2)
    )
    assert not re.search(r"\b1 (fact|Rechn|invoice)", one)
    assert re.search(r"\b2 (\w+ )?(fact|Rechn|\w+ invoice|invoice)", two)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_three_tones_of_a_reminder_are_three_texts(language: str) -> None:
    subjects = {
        render(case("reminder", language, "email", tone=tone), PAPER, MOMENT).subject
        for tone in TONES
    }
    assert len(subjects) == 3


@pytest.mark.parametrize(("template", "language"), list(product(TEMPLATES, LANGUAGES)))
def test_an_sms_fits_the_cheap_alphabet_and_two_messages(template: str, language: str) -> None:
    [text] = texts(case(template, language, "sms", *lines_for(template, 1)))
    assert segments(text).encoding == "GSM-7"
    assert segments(text).count <= 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_lines_are_not_wider_than_76_columns(language: str) -> None:
    given = case(
        "reminder",
        language,
        "email",
        line("F-2026-0042", 112, order_number="PO-4500012345", open=1000),
        line("A-VERY-LONG-NUMBER-OF-AN-INVOICE/2026/00000042"),
        other_open=(line("F-9", -10),),
        credits=(line("A-1", kind="credit_note", due=None, days_past_due=None, open=-5000),),
    )
    mail = message_from_bytes(render(given, PAPER, MOMENT).content, policy=mail_policy.default)
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert max(map(len, text.splitlines())) <= 76


def test_what_comes_next_is_announced() -> None:
    [text, _] = texts(notice())
    assert "nous vous appellerons" in text
    [text, _] = texts(notice(next_level_id="formal-notice", next_level_days=35))
    assert "mise en demeure" in text
    [text, _] = texts(notice(next_level_id=None, next_level_days=None))
    assert "appellerons" not in text
    assert "mise en demeure" not in text


class TestLaw:
    def formal(self, kind: str | None, country: str | None, **changes: object) -> str:
        debtor = replace(DEBTOR, kind=kind, country=country)
        return texts(notice(debtor=debtor, template="formal-notice", **changes))[0]

    def test_a_french_business_is_told_article_1344_and_l441_10(self) -> None:
        text = self.formal("business", "FR")
        assert "mettons en demeure" in text
        assert "article 1344 du Code civil" in text
        assert "L. 441-10 du Code de commerce" in text
        assert "40 €" in text

    @pytest.mark.parametrize("kind", ["consumer", "public", None])
    def test_others_in_france_are_not_told_the_law_of_businesses(self, kind: str | None) -> None:
        text = self.formal(kind, "FR")
        assert "article 1344" in text
        assert "441-10" not in text
        assert "40 €" not in text

    @pytest.mark.parametrize(
        ("kind", "country"), list(product(("business", "consumer"), ("DE", "LU")))
    )
    def test_no_law_is_quoted_abroad(self, kind: str, country: str) -> None:
        text = self.formal(kind, country)
        assert "1344" not in text
        assert "441-10" not in text
        assert "loi du" not in text

    def test_a_belgian_business_is_told_the_law_of_2002(self) -> None:
        paper = stationery(creditor=creditor(country="BE", registration="0403170701"))
        debtor = replace(DEBTOR, country="BE")
        text = texts(notice(debtor=debtor, template="formal-notice"), paper)[0]
        assert "loi du 2 août 2002" in text
        assert "441-10" not in text

    @pytest.mark.parametrize("template", ["reminder", "last-reminder", "formal-notice"])
    def test_a_belgian_consumer_gets_14_days_free_of_charge(self, template: str) -> None:
        paper = stationery(creditor=creditor(country="BE", registration="0403170701"))
        debtor = replace(DEBTOR, country="BE", kind="consumer")
        for text in texts(notice(debtor=debtor, template=template), paper):
            assert "Ce rappel est gratuit" in text
            assert "14 jours calendrier" in text
            assert "0403.170.701" in text
            assert "17 mars 2026" in text
            assert "40 €" not in text

    def test_an_sms_to_a_belgian_consumer_has_the_company_number(self) -> None:
        paper = stationery(creditor=creditor(country="BE", registration="0403170701"))
        debtor = replace(DEBTOR, country="BE", kind="consumer")
        [text] = texts(notice(debtor=debtor, medium="sms"), paper)
        assert "Rappel gratuit" in text
        assert "0403.170.701" in text


@pytest.mark.parametrize(("language", "template"), list(product(LANGUAGES, TEMPLATES)))
def test_nothing_looks_like_a_court_or_a_bailiff(language: str, template: str) -> None:
    banned = r"huissier|saisie|tribunal|poursuites judiciaires|deurwaarder|beslag|rechtbank"
    banned += r"|Gerichtsvollzieher|Pfändung|bailiff|seizure|lawsuit|\bcourt\b"
    for text in texts(case(template, language, "email", *lines_for(template, 1))):
        assert not re.search(banned, text, re.IGNORECASE)


@pytest.mark.parametrize(("language", "medium"), list(product(LANGUAGES, MEDIA)))
def test_thanks_name_no_amount_no_account_and_no_invoice(language: str, medium: str) -> None:
    paid = replace(line("F-2026-0041", 3), open=0)
    for text in texts(case("thanks", language, medium, paid)):
        assert not re.search(r"0[.,]00|F-2026|IBAN|BIC", text)
        assert re.search("[Mm]erci|[Bb]edankt|Dank|[Tt]hank", text)
