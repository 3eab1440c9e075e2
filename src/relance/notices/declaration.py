"""The declaration of a claim in collective proceedings, as a PDF to read, complete and sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from html import escape
from typing import Any

from relance.language import N_, translator
from relance.notices.assets import Assets
from relance.notices.figures import date_short, locale_name, money, percent
from relance.notices.pdf import Made, make_pdf
from relance.policy.model import Creditor

KINDS = {
    "safeguard": N_("safeguard proceedings"),
    "reorganisation": N_("judicial reorganisation"),
    "liquidation": N_("judicial liquidation"),
}
"""What proceedings are called."""

CSS = """
@page { size: A4; margin: 18mm 18mm 20mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt } }
body { font: 10pt/1.4 "DejaVu Sans", sans-serif }
h1 { font-size: 14pt; margin: 8mm 0 4mm }
.parties { display: flex; justify-content: space-between }
.parties div { white-space: pre-line; width: 48% }
table { width: 100%; border-collapse: collapse; margin: 4mm 0; font-size: 8.5pt }
th { text-align: left; border-bottom: 0.5pt solid #000 }
td, th { padding: 1mm 1.5mm; vertical-align: top }
.sum th { border: 0 }
.sum:last-child > * { border-top: 0.5pt solid #000; font-weight: bold }
.n { text-align: right; white-space: nowrap }
.soft { font-size: 8pt; color: #444 }
.sign { margin-top: 12mm }
.sign { break-inside: avoid }
.code { white-space: nowrap; font-size: 7.5pt }
.blank { border-bottom: 0.5pt solid #000; height: 8mm }
h2 { font-size: 10.5pt; margin: 6mm 0 1mm }
.facts th { width: 42mm; border: 0; font-weight: normal; color: #444 }
.facts { margin: 1mm 0; font-size: 9pt }
.wide { overflow-wrap: anywhere }
tr { break-inside: avoid }
ul { margin: 1mm 0; padding-left: 5mm; font-size: 8.5pt }
"""


def declaration_pdf(claim: Mapping[str, Any], creditor: Creditor, today: date) -> Made:
    """Return the PDF of `claim`, a value of `runs.insolvencies.claim_of`, in the creditor's language.

    It is a draft: a person checks it, adds preferences or securities, and signs.
    """
    return make_pdf(declaration_html(claim, creditor, today), Assets(CSS, {}), "declaration")


def declaration_html(claim: Mapping[str, Any], creditor: Creditor, today: date) -> str:
    """Return the page that `declaration_pdf` prints."""
    _ = translator(creditor.language)
    locale = locale_name(creditor.language, creditor.country)
    title = _("Declaration of claim")
    body = [
        f'<div class="parties"><div>{_creditor(creditor)}</div><div>{_court(claim, _)}</div></div>',
        f"<h1>{title}</h1>",
        f"<p>{_opening(claim, _, locale)}</p>",
        *(claim_of_currency(currency, claim, _, locale) for currency in claim["totals"]),
        *_notes(claim, _, locale),
        f"<p>{_('Preferences and securities:')}</p><div class='blank'></div>",
        f"<p class='sign'>{_('The undersigned certifies that the claim is sincere.')}</p>",
        f"<p>{_('Place and date, name and signature:')}</p><div class='blank'></div>",
    ]
    meta = f'<meta charset="utf-8"><title>{title}</title><meta name="author" content="{escape(creditor.name)}">'
    prepared = _("Prepared on {date}").format(date=date_short(today, locale))
    return (
        f'<!DOCTYPE html><html lang="{creditor.language}"><head>{meta}</head>'
        f"<body>{''.join(body)}<p class='soft'>{prepared}</p></body></html>"
    )


def _creditor(creditor: Creditor) -> str:
    lines = [creditor.name, *creditor.address, creditor.registration, creditor.email]
    return escape("\n".join(line for line in lines if line))


def _court(claim: Mapping[str, Any], _: Any) -> str:
    lines = [claim["representative"] or _("To the judicial representative"), claim["court"]]
    return escape("\n".join(line for line in lines if line))


def _opening(claim: Mapping[str, Any], _: Any, locale: str) -> str:
    name = f"{claim['debtor_name'] or claim['debtor']} ({claim['debtor']})"
    kind = _(KINDS.get(claim["kind"], "collective proceedings"))
    text = _("Claim on {name}, {kind}; principal and interest are stated to {date}.").format(
        name=name, kind=kind, date=date_short(_day(claim["interest_until"]), locale)
    )
    return escape(text)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def claim_of_currency(
    currency: str, claim: Mapping[str, Any], _: Any, locale: str, total: str = ""
) -> str:
    """Return the table of what is claimed in `currency`, with the periods of interest and the sums; `total` is what the last is called."""

    def shown(text: str) -> str:
        return escape(money(Decimal(text), currency, locale))

    heads = [_("Number"), _("Issued"), _("Due"), _("Principal"), _("Interest"), _("Lump sum")]
    rows = [each for each in [*claim["items"], *claim["credits"]] if each["currency"] == currency]
    totals = claim["totals"][currency]
    sums = [
        (_("Principal"), totals["principal"]),
        (_("Credits to be set off"), totals["credits"]),
        (_("Interest"), totals["interest"]),
        (_("Lump sums for recovery costs"), totals["compensation"]),
        (total or _("Claim in all"), totals["total"]),
    ]
    head = "".join(f"<th{_right(n)}>{text}</th>" for n, text in enumerate(heads))
    lines = "".join(_line(row, shown, _, locale) for row in rows)
    foot = "".join(
        f'<tr class="sum"><th colspan="3">{label}</th><td class="n" colspan="3">{shown(text)}</td></tr>'
        for label, text in sums
        if Decimal(text)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}{foot}</tbody></table>"


def _right(column: int) -> str:
    return ' class="n"' if column > 2 else ""


def _line(row: Mapping[str, Any], shown: Any, _: Any, locale: str) -> str:
    days = [date_short(_day(row[name]), locale) if row[name] else "–" for name in ("issued", "due")]
    told = escape(row["number"])
    if row["due"] and not row["fallen_due"] and not row["credit"]:
        told += f'<br><span class="soft">{_("not due yet at the opening")}</span>'
    if Decimal(row["disputed"]):
        disputed = _("of which disputed: {amount}").format(amount=shown(row["disputed"]))
        told += f'<br><span class="soft">{disputed}</span>'
    for period in row["periods"]:
        text = _("{start} to {end}, {days} days at {rate}").format(
            start=date_short(_day(period["start"]), locale),
            end=date_short(_day(period["end"]), locale),
            days=period["days"],
            rate=percent(Decimal(period["rate"]), locale),
        )
        told += f'<br><span class="soft">{escape(text)}</span>'
    cells = "".join(f'<td class="n">{shown(row[n])}</td>' for n in _AMOUNTS)
    return f"<tr><td>{told}</td><td>{days[0]}</td><td>{days[1]}</td>{cells}</tr>"


_AMOUNTS = ("open", "interest", "compensation")


def _notes(claim: Mapping[str, Any], _: Any, locale: str) -> Sequence[str]:
    notes = []
    if claim["declare_by"]:
        last = date_short(_day(claim["declare_by"]), locale)
        notes.append(_("Last day to declare: {date}.").format(date=last))
    bases = dict.fromkeys(basis for item in claim["items"] for basis in item["legal_basis"])
    if bases:
        notes.append(_("Legal basis: {articles}.").format(articles="; ".join(bases)))
    missing = [item["number"] for item in claim["items"] if not item["computed"]]
    if missing:
        text = _("Interest could not be computed for: {numbers}.")
        notes.append(text.format(numbers=", ".join(missing)))
    if claim["after_opening"]:
        text = _("Issued after the opening, and not part of this claim: {numbers}.")
        notes.append(text.format(numbers=", ".join(claim["after_opening"])))
    return [f'<p class="soft">{escape(note)}</p>' for note in notes]
