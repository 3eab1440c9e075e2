"""The terms of payment of each debtor, as a table."""

from __future__ import annotations

import polars as pl

from relance.language import N_, translator
from relance.reports.figures import count_text, safe
from relance.reports.tables import Column, Table

_SHOWN = 40
_MORE = N_("… and {count} more debtors")


def terms_table(terms: pl.DataFrame, language: str) -> Table:
    """Return the debtors with their terms, and the median of days that their open invoices give.

    Args:
        terms: `debtor`, `name`, `terms` (null if none are known), `days`, `invoices`.
        language: of the operator.
    """
    _ = translator(language)
    columns = [
        Column(_("Debtor"), fit="cut"),
        Column(_("Name"), fit="cut"),
        Column(_("Terms"), fit="cut"),
        Column(_("Days"), "right"),
        Column(_("Invoices"), "right"),
    ]
    rows = [
        [safe(row["debtor"]), safe(row["name"] or "–"), safe(row["terms"] or "–"),
         "–" if row["days"] is None else f"{row['days']:.0f}", count_text(row["invoices"], language)]
        for row in terms.head(_SHOWN).iter_rows(named=True)
    ]  # fmt: skip
    more = terms.height - _SHOWN
    note = _(_MORE).format(count=more) if more > 0 else ""
    return Table(_("Terms of payment"), columns, rows, note=note)
