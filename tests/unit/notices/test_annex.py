"""What notices say of interest, compensation and fees, and the annex that computes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from email import message_from_bytes
from email import policy as email_policy
from io import BytesIO
from typing import Any

import pytest
from paper import DEBTOR, MOMENT, creditor, line, notice, stationery
from pypdf import PdfReader

from relance.dunning.plan import Line, Notice
from relance.law.claim import Agreed, Claim, Payment
from relance.law.compute import compute
from relance.law.rates import Rates
from relance.notices.render import letter_html, render
from relance.policy.model import Law, Rate

TODAY = date(2026, 9, 1)
DUE = date(2026, 5, 1)
LANGUAGES = ("fr", "nl", "de", "en")


def owed(number: str = "F-42", amount: int = 1_000_000, **claim: Any) -> Line:
    """Return a line with what French law gives on it, unless `claim` says otherwise."""
    rates = claim.pop("rates", Rates.known())
    plain = Claim(amount, "EUR", DUE, TODAY, "FR", "business")
    given = compute(replace(plain, **claim), rates)
    return line(
        number, late=(TODAY - DUE).days, due=DUE, amount=amount, open=given.principal_left,
        interest=given.interest, compensation=given.compensation, computation=given,
    )  # fmt: skip


def charged(*lines: Line, **changes: Any) -> Notice:
    lines = lines or (owed(),)
    return notice(*lines, **({"run_date": TODAY, "tone": "firm"} | changes))


def text_of(made: Notice, **settings: Any) -> str:
    mail = message_from_bytes(
        render(made, stationery(**settings), MOMENT).content, policy=email_policy.default
    )
    body = mail.get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


def test_a_reminder_adds_to_the_principal_what_it_claims_and_asks_for_the_sum() -> None:
    text = text_of(charged())
    assert "de 10 000,00 €, échue le 1er mai 2026" in text
    assert "413,76 € d’intérêts de retard et 40,00 € d’indemnité de recouvrement" in text
    assert "la somme à régler est de 10 453,76 €" in text
    assert "Montant 10 453,76 €" in text
    assert "au taux annuel de 12,15 % et 12,40 %" in text
    assert "C. com. art. L441-10 II, C. com. art. D441-5" in text
    assert "ne sont pas soumis à la TVA" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_what_is_added_and_shows_it_on_the_invoice(language: str) -> None:
    made = charged(debtor=replace(DEBTOR, language=language))
    html = letter_html(replace(made, medium="letter"), stationery())
    text = text_of(made)
    for amount in ("413,76", "40,00"):
        assert html.count(amount) >= 2
        assert text.count(amount) >= 2
    assert "{" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_formal_notice_prints_its_computation_line_by_line(language: str) -> None:
    made = charged(template="formal-notice", debtor=replace(DEBTOR, language=language))
    html = letter_html(replace(made, medium="letter"), stationery())
    annex = html[html.index('class="annex"') :]
    for part in ("12,15", "199,73", "12,40", "214,03", "413,76", ">60<", ">63<", "L441-10 II"):
        assert part in annex
    assert "{" not in annex


def test_a_reminder_has_no_annex_and_a_notice_of_the_principal_says_nothing_of_charges() -> None:
    assert 'class="annex"' not in letter_html(charged(medium="letter"), stationery())
    plain = text_of(notice(line(), run_date=TODAY))
    assert "intérêts" not in plain


def test_part_payments_are_explained_with_the_other_way_to_count_them() -> None:
    paid = (Payment(date(2026, 6, 30), 400_000),)
    made = charged(owed(payments=paid), template="formal-notice")
    assert "imputés d’abord sur la somme due" in text_of(made)
    agreed = Agreed(imputation="interest")
    made = charged(owed(payments=paid, agreed=agreed), template="formal-notice")
    text = text_of(made, law=Law(imputation="interest"))
    assert "imputés d’abord sur les intérêts" in text
    assert "imputés d’abord sur la somme due" not in text


def test_an_agreed_rate_and_a_rate_of_the_policy_name_their_source() -> None:
    agreed = owed(agreed=Agreed(contract_rate=Decimal(15)))
    assert "taux convenu au contrat" in text_of(charged(agreed, template="formal-notice"))
    own = Rate.model_validate(
        {"table": "fr_default", "from": date(2026, 7, 1), "percent": "12.40", "source": "BdF, 1er juillet 2026"}
    )  # fmt: skip
    made = charged(owed(rates=Rates.known().and_also([own])), template="formal-notice")
    assert "BdF, 1er juillet 2026" in text_of(made, rates=(own,))


def test_a_rate_that_was_not_read_in_its_publication_is_marked() -> None:
    made = charged(owed(country="BE"), template="formal-notice")
    text = text_of(made)
    assert "* Taux établi d’après la règle légale" in text
    assert "loi du 2 août 2002, art. 5" in text
    dutch = replace(made, debtor=replace(DEBTOR, language="nl"), language="nl")
    assert "wet van 2 augustus 2002, art. 5" in text_of(dutch)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "BCE 2,40 % (2e semestre 2026) + 10 points"),
        ("nl", "ECB 2,40 % (2e semester 2026) + 10 procentpunten"),
        ("de", "EZB 2,40 % (2. Halbjahr 2026) + 10 Prozentpunkte"),
        ("en", "ECB 2.40 % (second half of 2026) + 10 points"),
    ],
)
def test_the_annex_says_in_words_where_a_rate_comes_from(language: str, said: str) -> None:
    party = replace(DEBTOR, language=language, country="GB" if language == "en" else "FR")
    text = text_of(charged(template="formal-notice", debtor=party))
    assert said in text.replace("\u00a0", " ")


def test_a_belgian_rate_names_one_language_alone() -> None:
    text = text_of(charged(owed(country="BE"), template="formal-notice")).replace("\u00a0", " ")
    assert "loi belge du 2 août 2002 : 10,50 % (1er semestre 2026)" in text
    assert "wet" not in text


def test_interest_that_does_not_run_from_the_due_date_says_from_when() -> None:
    consumer = replace(DEBTOR, kind="consumer")
    given = owed(kind="consumer", notice=date(2026, 6, 1))
    made = charged(given, debtor=consumer, template="formal-notice")
    text = text_of(made)
    assert "du 02/06/2026 au 01/09/2026" in text
    assert "lendemain de l’échéance" not in text
    assert "lendemain de chaque échéance" not in text
    later = owed("F-43", kind="consumer", notice=date(2026, 7, 1))
    both = text_of(charged(given, later, debtor=consumer))
    assert "à compter du jour où la loi les fait courir, jusqu’au 01/09/2026" in both
    assert "lendemain de chaque échéance" in text_of(charged())


def test_dutch_interest_says_that_it_is_added_each_year() -> None:
    old = owed(country="NL", due=date(2024, 5, 1))
    made = charged(replace(old, due=date(2024, 5, 1)), template="formal-notice")
    assert "À la fin de chaque année entière" in text_of(made)
    assert "année entière" not in text_of(charged(template="formal-notice"))


def test_an_invoice_that_was_paid_late_stands_in_the_table_with_its_day() -> None:
    late = replace(owed("F-7"), open=0, paid=date(2026, 8, 30))
    made = charged(paid_late=(late,))
    assert made.total_due == 2 * 45_376 + 1_000_000
    assert "réglée le 30/08/2026" in text_of(made)
    assert "réglée le 30/08/2026" in letter_html(replace(made, medium="letter"), stationery())


def belgian(**changes: Any) -> Notice:
    party = replace(DEBTOR, kind="consumer", country="BE", registration=None, vat=None)
    return notice(line(amount=20_000, open=20_000), debtor=party, **changes)


def test_the_free_reminder_of_a_belgian_consumer_names_what_will_be_claimed() -> None:
    home = creditor(country="BE", registration="0456789133", vat=None)
    text = text_of(belgian(), creditor=home, law=Law(consumer_clause=True))
    assert "Ce rappel est gratuit" in text
    assert "14 jours calendrier" in text
    assert "une indemnité de 35,00 €" in text
    assert "0456.789.133" in text
    without = text_of(belgian(), creditor=home)
    assert "35,00" not in without


def test_a_notice_that_claims_charges_does_not_call_itself_free() -> None:
    lines = (replace(belgian().receivables[0], compensation=3_500),)
    text = text_of(replace(belgian(), receivables=lines), law=Law(consumer_clause=True))
    assert "gratuit" not in text


def test_a_french_consumer_is_never_told_of_forty_euros() -> None:
    consumer = replace(DEBTOR, kind="consumer")
    given = owed(kind="consumer", notice=date(2026, 6, 1))
    text = text_of(charged(given, debtor=consumer, template="formal-notice"))
    assert "intérêts de retard" in text
    assert "Les intérêts ne sont pas soumis à la TVA" in text
    assert "indemnité" not in text
    assert "40" not in text.replace("12,40", "")
    assert "C. civ. art. 1231-6" in text


def test_a_letter_of_one_charged_invoice_is_one_page_and_its_annex_another() -> None:
    made = render(charged(medium="letter", template="formal-notice"), stationery(), MOMENT)
    pages = [page.extract_text() for page in PdfReader(BytesIO(made.content)).pages]
    assert len(pages) == 2
    assert "salutations" in pages[0]
    assert "Annexe" in pages[1]


def test_many_invoices_keep_the_sum_of_their_lines() -> None:
    lines = tuple(owed(f"F-{n}", 10_000 * n + 33) for n in range(1, 26))
    made = charged(*lines, template="formal-notice")
    parts = sum(p.amount for row in lines if row.computation for p in row.computation.lines)
    assert made.interest == parts
    assert made.total_due == sum(row.open for row in lines) + parts + 25 * 4_000
