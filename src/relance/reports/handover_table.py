"""Claims with agencies, bailiffs and lawyers as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from relance.language import N_, translator
from relance.money import to_minor
from relance.reports.figures import amount_text, date_text, safe
from relance.reports.tables import Column, Table

STATES = {
    "out": N_("with them"),
    "over": N_("days are over"),
    "paid": N_("paid to us"),
    "insolvent": N_("insolvent"),
    "returned": N_("came back"),
}
"""What states of cases are called."""

KINDS = {"agency": N_("agency"), "bailiff": N_("bailiff"), "lawyer": N_("lawyer")}


def cases_table(found: Sequence[Mapping[str, Any]], language: str) -> Table:
    """Return `found`, values of `runs.handover_cases.shown_case`, in their order."""
    _ = translator(language)
    columns = [
        Column(_("No."), "right"),
        Column(_("Debtor"), fit="cut"),
        Column(_("With"), fit="cut"),
        Column(_("Until")),
        Column(_("Open"), "right"),
        Column(_("Collected"), "right"),
        Column(_("Fees"), "right"),
        Column(_("State"), fit="wrap"),
    ]
    rows = [
        [
            str(each["case"]),
            safe(each["debtor"]),
            safe(each["to_name"] or each["to"] or "–"),
            _date(each["until"], language),
            *(_money(each[name], each["currency"], language) for name in ("open", "collected", "fees")),
            _(STATES[each["state"]]),
        ]
        for each in found
    ]  # fmt: skip
    return Table(_("Handed over"), columns, rows)


def proposed_table(found: Sequence[Mapping[str, Any]], language: str) -> Table:
    """Return `found`, values of `runs.handovers.proposed`: what waits for a person."""
    _ = translator(language)
    columns = [
        Column(_("Task"), "right"),
        Column(_("Debtor"), fit="cut"),
        Column(_("Invoices"), fit="wrap"),
        Column(_("Open"), "right"),
        Column(_("To"), fit="cut"),
    ]
    rows = [
        [
            str(each["task"]),
            safe(each["debtor"]),
            safe(", ".join(each["numbers"])),
            _money(each["open"], each["currency"], language),
            safe(each["to_name"] or "–"),
        ]
        for each in found
    ]
    note = _("`relance handover accept TASK` hands over; nothing leaves before.")
    return Table(_("To hand over"), columns, rows, note=note)


def case_table(case: Mapping[str, Any], language: str) -> Table:
    """Return one case: its facts, and what was reported, as totals."""
    _ = translator(language)
    currency = case["currency"]
    facts = [
        (_("Debtor"), f"{case['debtor']} {case['debtor_name'] or ''}"),
        (_("With"), case["to_name"] or case["to"] or "–"),
        (_("Kind"), _(KINDS[case["kind"]]) if case["kind"] in KINDS else "–"),
        (_("Invoices"), ", ".join(case["numbers"])),
        (_("Since"), _date(case["given"], language)),
        (_("Until"), _date(case["until"], language)),
        (_("State"), _(STATES[case["state"]])),
        (_("Given"), _money(case["amount"], currency, language)),
        (_("Open"), _money(case["open"], currency, language)),
        (_("Collected"), _money(case["collected"], currency, language)),
        (_("Fees"), _money(case["fees"], currency, language)),
        (_("Paid to us, not reported"), _money(case["unreported"], currency, language)),
        (_("Dossier"), case["file"] or "–"),
        ("SHA-256", case["sha256"] or "–"),
    ]
    results = [
        [
            _date(each["date"], language),
            _("{collected} collected, fee {fee}").format(
                collected=_money(each["collected"], each["currency"], language),
                fee=_money(each["fee"], each["currency"], language),
            ),
        ]
        for each in case["results"]
    ]
    title = _("Case {number}").format(number=case["case"])
    columns = [Column(""), Column("", fit="wrap")]
    return Table(title, columns, [[label, safe(text)] for label, text in facts], results)


def _date(text: str | None, language: str) -> str:
    return date_text(date.fromisoformat(text), language) if text else "–"


def _money(text: str | None, currency: str, language: str) -> str:
    if text is None:
        return "–"
    return amount_text(to_minor(Decimal(text), currency), currency, language)
