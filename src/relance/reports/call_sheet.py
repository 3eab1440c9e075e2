"""What there is to have at hand for a call, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from relance.language import N_, translator
from relance.reports.figures import date_text, safe

ROLES = {
    "accounts": N_("Accounts payable"),
    "buyer": N_("Buyer"),
    "management": N_("Management"),
}
"""What the people of a debtor do, as the screen calls it."""

NEEDS = {
    "order_number": N_("order number"),
    "market_number": N_("number of the contract"),
    "service_code": N_("service code"),
    "reference": N_("payment reference"),
    "registration": N_("registration of the buyer"),
    "vat": N_("VAT number of the buyer"),
    "mentions": N_("mandatory mentions"),
    "chorus": N_("Chorus Pro"),
}
"""What invoices must carry, as the screen calls it."""

VERIFIED = {
    "approved": N_("{number} received and approved on {date}"),
    "on_portal": N_("{number} on the portal on {date}"),
}


def sheet_lines(sheet: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """Return the lines of a call sheet, the JSON of `runs.call_sheet`: label and text."""
    _ = translator(language)
    reached = " · ".join(safe(sheet[n]) for n in ("phone", "mobile", "email") if sheet[n])
    people = [(_(ROLES[each["role"]]), person_text(each)) for each in sheet["people"]]
    said = [
        safe(_(VERIFIED[each["code"]]).format(
            number=each["number"], date=date_text(date.fromisoformat(each["date"]), language)
        ))
        for each in sheet["verified"]
    ]  # fmt: skip
    told = [(_("Verified"), "; ".join(said))] if said else []
    return [(_("To reach"), reached), *people, *billing_lines(sheet, language), *told]


def billing_lines(billing: Mapping[str, Any], language: str) -> Iterator[tuple[str, str]]:
    """Yield what a debtor's invoices need to be paid, and what open ones lack: label and text."""
    _ = translator(language)
    if billing.get("portal"):
        yield _("Invoices go to"), safe(billing["portal"])
    if billing.get("needs"):
        yield _("Invoices need"), ", ".join(_(NEEDS[need]) for need in billing["needs"])
    if billing.get("lacks"):
        lacking = (f"{safe(each['number'])} ({each['code']})" for each in billing["lacks"])
        yield _("Lacking"), ", ".join(lacking)


def person_text(person: Mapping[str, Any]) -> str:
    """Return name, e-mail, phone and language of a person of the debtor, on one line."""
    parts = [person[name] for name in ("name", "email", "phone", "language")]
    return " · ".join(safe(part) for part in parts if part)
