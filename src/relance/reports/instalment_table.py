"""Payment plans as tables: all of them, and the dates of one."""

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
    "proposed": N_("proposed"),
    "refused": N_("refused"),
    "withdrawn": N_("withdrawn"),
    "replaced": N_("replaced"),
    "running": N_("being kept"),
    "late": N_("late, within its grace"),
    "void": N_("void"),
    "done": N_("paid in full"),
    "ended": N_("ended"),
    "paid": N_("paid"),
    "part_paid": N_("paid in part"),
    "due": N_("to come"),
    "missed": N_("missed"),
    "draft": N_("not recorded"),
}
"""What became of a plan or an instalment, in the words of the screen."""


def plans_table(plans: Sequence[Mapping[str, Any]], language: str) -> Table:
    """Return `plans`, entries of `runs.instalment_list.listed`, in their order."""
    _ = translator(language)
    columns = [
        Column(_("No."), "right"),
        Column(_("Debtor"), fit="cut"),
        Column(_("Invoices"), fit="cut"),
        Column(_("State"), fit="wrap"),
        Column(_("In all"), "right"),
        Column(_("Paid"), "right"),
        Column(_("Next")),
    ]
    rows = [
        [
            str(plan["number"]),
            safe(plan["debtor"]),
            safe(", ".join(plan["invoices"])),
            _(STATES[plan["state"]]),
            _money(plan["total"], plan, language),
            _money(plan["paid"], plan, language),
            _day(plan["next"], language),
        ]
        for plan in plans
    ]
    return Table(_("Payment plans"), columns, rows)


def plan_dates_table(plan: Mapping[str, Any], language: str) -> Table:
    """Return the dates of `plan`, an entry of `runs.instalment_list.listed`, under what it is about."""
    _ = translator(language)
    columns = [
        Column(_("Due")),
        Column(_("Amount"), "right"),
        Column(_("Paid"), "right"),
        Column(_("State"), fit="wrap"),
    ]
    rows = [
        [
            _day(each["due"], language),
            _money(each["amount"], plan, language),
            _money(each["paid"], plan, language),
            _(STATES[each["state"]]) if each["state"] else "–",
        ]
        for each in plan["instalments"]
    ]
    return Table(_title(plan, language), columns, rows, note=_note(plan, language))


def _title(plan: Mapping[str, Any], language: str) -> str:
    _ = translator(language)
    text = _("{debtor}: {total} in {count} instalments, {state}")
    return text.format(
        debtor=safe(plan["debtor_name"] or plan["debtor"]),
        total=_money(plan["total"], plan, language),
        count=len(plan["instalments"]),
        state=_(STATES[plan["state"]]),
    )


def _note(plan: Mapping[str, Any], language: str) -> str:
    _ = translator(language)
    parts = [_("For {numbers}.").format(numbers=safe(", ".join(plan["invoices"])))]
    if plan["interest_mode"] == "keep" and Decimal(plan["interest"]):
        text = _("{amount} of interest and compensation is part of it.")
        parts.append(text.format(amount=_money(plan["interest"], plan, language)))
    elif plan["interest_mode"] == "waive":
        parts.append(_("Interest and compensation are waived while it is kept."))
    if plan["void_on"] and plan["state"] == "void":
        text = _("Void since {date}: its invoices are dunned again.")
        parts.append(text.format(date=_day(plan["void_on"], language)))
    elif plan["holds_until"]:
        text = _("Dunning is held until {date}.")
        parts.append(text.format(date=_day(plan["holds_until"], language)))
    if plan["over"] and Decimal(plan["over"]):
        text = _("{amount} was paid beyond it.")
        parts.append(text.format(amount=_money(plan["over"], plan, language)))
    return " ".join(parts)


def _money(text: str | None, plan: Mapping[str, Any], language: str) -> str:
    if text is None:
        return "–"
    currency = plan["currency"]
    return amount_text(to_minor(Decimal(text), currency), currency, language)


def _day(text: str | None, language: str) -> str:
    return date_text(date.fromisoformat(text), language) if text else "–"
