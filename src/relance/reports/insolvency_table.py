"""Open proceedings, and the claim on an insolvent debtor, as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from relance.language import translator
from relance.money import to_minor
from relance.reports.figures import amount_text, date_text, safe
from relance.reports.tables import Column, Table


def proceedings_table(
    found: Sequence[Mapping[str, Any]], kinds: Mapping[str, str], language: str
) -> Table:
    """Return `found`, entries of `runs.insolvencies.proceedings`; `kinds` says what kinds are called."""
    _ = translator(language)
    columns = [
        Column(_("Debtor"), fit="cut"),
        Column(_("Kind"), fit="wrap"),
        Column(_("Open"), "right"),
        Column(_("Declare by")),
        Column(_("Declared")),
        Column(_("Owner"), fit="cut"),
    ]
    rows = [
        [
            safe(each["debtor"]),
            _(kinds[each["kind"]]) if each["kind"] in kinds else safe(each["reason"] or "–"),
            "\n".join(_money(text, c, language) for c, text in each["open"].items()) or "–",
            _date(each["declare_by"], language),
            _date(each["declared"], language),
            safe(each["owner"] or "–"),
        ]
        for each in found
    ]
    return Table(_("Collective proceedings"), columns, rows)


def claim_table(claim: Mapping[str, Any], language: str) -> Table:
    """Return `claim`, a value of `runs.insolvencies.claim_of`."""
    _ = translator(language)
    columns = [
        Column(_("Number"), fit="cut"),
        Column(_("Due")),
        Column(_("Principal"), "right"),
        Column(_("Interest"), "right"),
        Column(_("Lump sum"), "right"),
    ]
    names = ("open", "interest", "compensation")
    rows = [
        [
            safe(row["number"]),
            _date(row["due"], language),
            *(_money(row[name], row["currency"], language) for name in names),
        ]
        for row in (*claim["items"], *claim["credits"])
    ]
    totals = [
        [_("Claim in all"), "", _money(sums["total"], currency, language), "", ""]
        for currency, sums in claim["totals"].items()
    ]
    title = _("Claim on {debtor}, stated to {date}").format(
        debtor=safe(claim["debtor"]), date=_date(claim["interest_until"], language)
    )
    return Table(title, columns, rows, totals)


def _date(text: str | None, language: str) -> str:
    return date_text(date.fromisoformat(text), language) if text else "–"


def _money(text: str, currency: str, language: str) -> str:
    return amount_text(to_minor(Decimal(text), currency), currency, language)
