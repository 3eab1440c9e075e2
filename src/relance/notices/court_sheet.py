"""The data sheet of a procedure: what the form, the lawyer or the bailiff asks for, filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from relance.language import N_, Translate, translator
from relance.law.routes import ROUTES
from relance.notices.declaration import claim_of_currency
from relance.notices.dossier_pages import (
    facts_html,
    notes_html,
    parties_html,
    print_page,
    table_html,
)
from relance.notices.figures import date_short, locale_name, money
from relance.notices.pdf import Made
from relance.policy.model import Creditor

Fields = Mapping[str, Any]

COURTS = {
    ("fr-order", "business"): N_("Commercial court (tribunal de commerce or TAE) of the debtor's seat; form CERFA 12946*02"),
    ("fr-order", "consumer"): N_("Judicial court (tribunal judiciaire) of the debtor's home, form CERFA 12948*06; consumer credit and leases: CERFA 16040*01"),
    ("fr-small-claims", "business"): N_("Commissaire de justice of the debtor's seat or home"),
    ("be-undisputed", "business"): N_("Bailiff of the debtor's seat, asked by the creditor's lawyer"),
}  # fmt: skip
"""Before whom a procedure goes, by its name and the kind of the debtor."""

CHECKS = {
    "fr-order": (
        N_("Join the invoices, orders, delivery slips and the formal notice as this dossier lists them."),
        N_("Up to 5,000 EUR before the judicial court an attempt to settle comes first (CPC art. 750-1)."),
        N_("Above 10,000 EUR, ask whether a lawyer is compulsory."),
        N_("The order is to be served within three months of its date (orders from 1 September 2026)."),
    ),
    "fr-small-claims": (
        N_("The debtor has one month to answer; without an agreement the creditor gets no title this way."),
        N_("The costs of this procedure stay with the creditor (CPCE art. L125-1)."),
    ),
    "be-undisputed": (
        N_("The debtor has one month from the summons to pay, to ask for time or to contest."),
        N_("A debt that is contested with reasons leaves this procedure."),
        N_("Interest and penalties are limited to a tenth of the principal."),
    ),
}  # fmt: skip
"""What a person looks at before it goes off."""


def sheet_pdf(sheet: Fields, creditor: Creditor) -> Made:
    """Return the PDF of `sheet`, a value of `runs.court_sheets.sheet_of`, in the creditor's language."""
    _ = translator(creditor.language)
    locale = locale_name(creditor.language, creditor.country)
    name, claim = sheet["sheet"], sheet["claim"]
    kind = "consumer" if sheet["debtor"]["kind"] == "consumer" else "business"
    court = COURTS.get((name, kind), COURTS.get((name, "business"), ""))
    about = [
        (_("Before"), _(court)),
        (_("Articles"), ROUTES[name].articles),
        (_("Formal notice"), _shown(sheet["formal_notice"], locale)),
        (_("Claim in court by"), _shown(sheet["court_until"], locale)),
    ]
    body = [
        notes_html([_("Data for the form or for those who fill it in: it is not the form.")]),
        parties_html(creditor, sheet["debtor"], _),
        facts_html(about),
        f"<h2>{_('Claim')}</h2>",
        *(claim_of_currency(c, claim, _, locale, _("Claimed in all")) for c in claim["totals"]),
        _claimed(sheet, _, locale),
        notes_html(_unknown(claim, _)),
        f"<h2>{_('Notices')}</h2>",
        _notices(sheet["notices"], _, locale),
        f"<h2>{_('Documents')}</h2>",
        notes_html([", ".join(sheet["proofs"]) or "–"]),
        f"<h2>{_('To check')}</h2>",
        "<ul>" + "".join(f"<li>{_(text)}</li>" for text in CHECKS[name]) + "</ul>",
        f"<div class='sign'>{_('Place and date, name and signature:')}<div class='blank'></div></div>",
    ]
    return print_page(_(ROUTES[name].title), "".join(body), creditor, "court-sheet")


def _unknown(claim: Fields, _: Translate) -> list[str]:
    """Return what is said of the items whose interest nobody could compute; nothing without any."""
    numbers = [item["number"] for item in claim["items"] if not item["computed"]]
    text = _("Interest could not be computed for: {numbers}.")
    return [text.format(numbers=", ".join(numbers))] if numbers else []


def _claimed(sheet: Fields, _: Translate, locale: str) -> str:
    """Return what is claimed, where the procedure limits what may be claimed beside the principal."""
    claimed = sheet["claimed"]
    if not claimed["limited"]:
        return ""
    return facts_html(
        [
            (_("Accessories computed"), _amount(claimed, "accessories", locale)),
            (_("Accessories claimed"), _amount(claimed, "accessories_claimed", locale)),
            (_("Claimed by this procedure"), _amount(claimed, "total", locale)),
        ]
    )


def _amount(claimed: Fields, name: str, locale: str) -> str:
    return money(Decimal(claimed[name]), claimed["currency"], locale)


def _notices(notices: Sequence[Fields], _: Translate, locale: str) -> str:
    heads = [_("Date"), _("Level"), _("Channel"), _("Outcome"), _("Proof")]
    rows = [
        [
            _shown(notice["date"], locale),
            notice["level"] or "–",
            notice["channel"] or "–",
            _(notice["state_name"]),
            notice["proof"] or "–",
        ]
        for notice in notices
    ]
    return table_html(heads, rows)


def _shown(text: str | None, locale: str) -> str:
    return date_short(date.fromisoformat(text), locale) if text else "–"
