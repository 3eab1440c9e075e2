"""Promises to pay as a table."""

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
    "open": N_("open"),
    "kept": N_("kept"),
    "part_kept": N_("kept in part"),
    "broken": N_("not kept"),
    "renewed": N_("renewed"),
    "withdrawn": N_("withdrawn"),
}
"""What became of a promise, in the words of the screen."""


def promises_table(promises: Sequence[Mapping[str, Any]], language: str) -> Table:
    """Return `promises`, entries of `runs.promises.promises`, in their order."""
    _ = translator(language)
    columns = [
        Column(_("Debtor"), fit="cut"),
        Column(_("Invoice"), fit="cut"),
        Column(_("Promised for")),
        Column(_("Promised"), "right"),
        Column(_("Paid"), "right"),
        Column(_("State"), fit="wrap"),
        Column(_("Renewals"), "right", fit="wrap"),
        Column(_("By whom"), fit="drop"),
    ]
    return Table(_("Promises to pay"), columns, [_row(each, language) for each in promises])


def _row(promise: Mapping[str, Any], language: str) -> list[str]:
    _ = translator(language)
    currency = promise["currency"]

    def money(text: str | None) -> str:
        if text is None:
            return "–"
        return amount_text(to_minor(Decimal(text), currency), currency, language)

    return [
        safe(promise["debtor"]),
        safe(promise["invoice"] or _("all")),
        date_text(date.fromisoformat(promise["until"]), language),
        money(promise["promised"]),
        money(promise["paid"]),
        _(STATES[promise["state"]]),
        str(promise["renewals"] or "–"),
        safe(promise["by_whom"] or "–"),
    ]
