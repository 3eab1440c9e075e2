"""The pages of a dossier for those who collect: index, statement of account, computation of interest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from html import escape
from typing import Any

from relance.language import N_, Translate, translator
from relance.notices.assets import Assets
from relance.notices.declaration import CSS, claim_of_currency
from relance.notices.figures import date_short, locale_name, money
from relance.notices.pdf import Made, make_pdf
from relance.policy.model import Creditor

Fields = Mapping[str, Any]

CONTENTS = {
    "statement": N_("statement of account"),
    "interest": N_("computation of interest"),
    "invoice": N_("invoice"),
    "document": N_("document"),
    "notice": N_("notice, as it left"),
    "notices": N_("notices and their proofs, as a table"),
    "history": N_("history"),
    "sheet": N_("data sheet of the procedure"),
    "missing": N_("missing, to be asked for: invoice"),
    "erased": N_("missing, since it was erased: notice about"),
}
"""What is in a dossier, by kind."""


def index_pdf(dossier: Fields, parts: Sequence[Fields], creditor: Creditor) -> Made:
    """Return the first page: who, how much, and what is in the dossier, with digests."""
    page = _Page(dossier, creditor)
    _ = page.say
    rows = [
        [_(CONTENTS[part["kind"]]) + (f" {part['about']}" if part["about"] else ""), part["file"] or "–", (part["sha256"] or "–")[:12]]
        for part in parts
    ]  # fmt: skip
    sums = [
        (_("Claimed in all") + f" ({currency})", page.money(totals["total"], currency))
        for currency, totals in dossier["claim"]["totals"].items()
    ]
    about = [
        (_("Creditor"), "\n".join(creditor_lines(creditor))),
        (_("Debtor"), "\n".join(debtor_lines(dossier["debtor"], _))),
        (_("Handed over to"), dossier["to_name"]),
        (_("Stated to"), page.day(dossier["date"])),
        *sums,
        (_("Answers to"), " · ".join(t for t in (creditor.contact, creditor.email, creditor.phone) if t)),
    ]  # fmt: skip
    heads = [_("Content"), _("File"), _("SHA-256, beginning")]
    return page.print(
        _("Dossier"), facts_html(about) + table_html(heads, rows, (2,)), "dossier-index"
    )


def statement_pdf(dossier: Fields, creditor: Creditor) -> Made:
    """Return the statement of account: what is open, what is part of the claim, what was paid."""
    page = _Page(dossier, creditor)
    _ = page.say
    heads = [_("Number"), _("Issued"), _("Due"), _("Amount"), _("Open"), _("Part of the claim")]
    body = []
    for currency, account in dossier["account"].items():
        rows = [
            [
                row["number"],
                page.day(row["issued"]),
                page.day(row["due"]),
                page.money(row["amount"], currency),
                page.money(row["open"], currency),
                _("yes") if row["claimed"] else "–",
            ]
            for row in account["items"]
        ]
        body.append(table_html(heads, rows, (3, 4)))
        total = page.money(account["balance"], currency)
        body.append(facts_html([(_("Balance of the account"), total)]))
    if dossier["payments"]:
        rows = [
            [p["number"], page.day(p["day"]), page.money(p["amount"], p["currency"])]
            for p in dossier["payments"]
        ]
        body.append(f"<h2>{escape(_('Payments received on the invoices claimed'))}</h2>")
        body.append(table_html([_("Number"), _("Date"), _("Amount")], rows, (2,)))
    return page.print(
        _("Statement of account"), page.parties() + "".join(body), "dossier-statement"
    )


def interest_pdf(dossier: Fields, creditor: Creditor) -> Made:
    """Return the computation of interest and lump sums, period by period, with the articles."""
    page = _Page(dossier, creditor)
    _, claim = page.say, dossier["claim"]
    tables = [
        claim_of_currency(c, claim, _, page.locale, _("Claimed in all")) for c in claim["totals"]
    ]
    bases = dict.fromkeys(basis for item in claim["items"] for basis in item["legal_basis"])
    notes = [_("Simple interest; days of 365 a year, each period rounded to the cent.")]
    if bases:
        notes.append(_("Legal basis: {articles}.").format(articles="; ".join(bases)))
    unknown = [item["number"] for item in claim["items"] if not item["computed"]]
    if unknown:
        text = _("Interest could not be computed for: {numbers}.")
        notes.append(text.format(numbers=", ".join(unknown)))
    body = page.parties() + "".join(tables) + notes_html(notes)
    return page.print(_("Computation of interest"), body, "dossier-interest")


class _Page:
    """What the pages of one dossier share."""

    def __init__(self, dossier: Fields, creditor: Creditor) -> None:
        self.dossier, self.creditor = dossier, creditor
        self.say: Translate = translator(creditor.language)
        self.locale = locale_name(creditor.language, creditor.country)

    def money(self, text: str, currency: str) -> str:
        return money(Decimal(text), currency, self.locale)

    def day(self, text: str | None) -> str:
        return date_short(date.fromisoformat(text), self.locale) if text else "–"

    def parties(self) -> str:
        return parties_html(self.creditor, self.dossier["debtor"], self.say)

    def print(self, title: str, body: str, key: str) -> Made:
        _ = self.say
        stated = _("Prepared on {date}").format(date=self.day(self.dossier["date"]))
        return print_page(title, body + notes_html([stated]), self.creditor, key)


def print_page(title: str, body: str, creditor: Creditor, key: str) -> Made:
    """Return the PDF of a page with `title` over `body` (HTML)."""
    meta = f'<meta charset="utf-8"><title>{escape(title)}</title><meta name="author" content="{escape(creditor.name)}">'
    html = (
        f'<!DOCTYPE html><html lang="{creditor.language}"><head>{meta}</head>'
        f"<body><h1>{escape(title)}</h1>{body}</body></html>"
    )
    return make_pdf(html, Assets(CSS, {}), key)


def parties_html(creditor: Creditor, debtor: Fields, _: Translate) -> str:
    """Return creditor and debtor side by side."""
    ours = escape("\n".join([_("Creditor"), *creditor_lines(creditor)]))
    theirs = escape("\n".join([_("Debtor"), *debtor_lines(debtor, _)]))
    return f'<div class="parties"><div>{ours}</div><div>{theirs}</div></div>'


def creditor_lines(creditor: Creditor) -> list[str]:
    """Return name, address and numbers of the creditor."""
    lines = [creditor.name, *creditor.address, creditor.registration, creditor.vat, creditor.email]
    return [line for line in lines if line]


def debtor_lines(debtor: Fields, _: Translate) -> list[str]:
    """Return name, address and numbers of the debtor; what is not known is not there."""
    town = " ".join(part for part in (debtor["postcode"], debtor["city"]) if part)
    phones = ", ".join(dict.fromkeys(p for p in (debtor["phone"], debtor["mobile"]) if p))
    number = _("customer number {number}").format(number=debtor["id"])
    lines = [debtor["name"], *debtor["address"], town, debtor["country"], debtor["registration"],
             debtor["vat"], debtor["email"], phones, number]  # fmt: skip
    return [line for line in lines if line]


def table_html(
    heads: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()
) -> str:
    """Return a table of texts; columns `right` are numbers."""

    def cell(tag: str, place: int, text: str) -> str:
        kind = "n" if place in right else "wide"
        return f'<{tag} class="{kind}">{escape(text)}</{tag}>'

    head = "".join(cell("th", place, text) for place, text in enumerate(heads))
    body = "".join(
        "<tr>" + "".join(cell("td", place, text) for place, text in enumerate(row)) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def facts_html(facts: Sequence[tuple[str, str]]) -> str:
    """Return labels and what they say; lines break where the text does."""
    rows = "".join(
        f"<tr><th>{escape(label)}</th><td>{escape(text).replace(chr(10), '<br>')}</td></tr>"
        for label, text in facts
        if text
    )
    return f'<table class="facts">{rows}</table>'


def notes_html(notes: Sequence[str]) -> str:
    """Return small print, a paragraph each."""
    return "".join(f'<p class="soft">{escape(note)}</p>' for note in notes)
