"""Open disputes as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from relance.dunning.disputes import REASONS
from relance.language import translator
from relance.money import to_minor
from relance.reports.figures import amount_text, date_text, safe
from relance.reports.tables import Column, Table


def disputes_table(disputes: Sequence[Mapping[str, Any]], language: str) -> Table:
    """Return `disputes`, entries of `runs.disputes.disputes`, in their order."""
    _ = translator(language)
    columns = [
        Column(_("No."), "right"),
        Column(_("Debtor"), fit="cut"),
        Column(_("Invoice"), fit="cut"),
        Column(_("In dispute"), "right"),
        Column(_("Why"), fit="wrap"),
        Column(_("Owner"), fit="cut"),
        Column(_("Until")),
        Column(_("State"), fit="wrap"),
    ]
    rows = [_row(dispute, language) for dispute in disputes]
    return Table(_("Disputes"), columns, rows)


def _row(dispute: Mapping[str, Any], language: str) -> list[str]:
    _ = translator(language)
    state = _("accepted") if dispute["state"] == "accepted" else _("open")
    why = [_(REASONS.get(dispute["code"], dispute["code"])) if dispute["code"] else ""]
    currency = dispute["currency"]
    return [
        str(dispute["number"]),
        safe(dispute["debtor"]),
        safe(", ".join(dispute["invoices"])),
        amount_text(to_minor(Decimal(dispute["disputed"]), currency), currency, language),
        safe(": ".join(part for part in (*why, dispute["reason"] or "") if part) or "–"),
        safe(dispute["owner"] or "–"),
        date_text(date.fromisoformat(dispute["until"]), language) if dispute["until"] else "–",
        f"{state}, {_('late')}" if dispute["late"] else state,
    ]
