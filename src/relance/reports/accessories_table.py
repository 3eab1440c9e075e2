"""Interest and compensation that are left where the principal was paid late."""

from __future__ import annotations

from typing import Any

import polars as pl

from relance.language import translator
from relance.money import to_text
from relance.reports.figures import amount_text, count_text, date_text, safe
from relance.reports.tables import Column, Table

SHOWN = 20
"""Items listed one by one; of more, the largest are shown and the rest is counted."""


def accessories_json(left: pl.DataFrame) -> list[dict[str, Any]]:
    """Return one entry per row of `left`, a frame of `dunning.accessories.accessories`."""
    return [
        {
            "number": row["number"],
            "debtor": row["debtor"],
            "currency": row["currency"],
            "due": row["due"].isoformat(),
            "paid": row["paid"].isoformat(),
            **{name: to_text(row[name], row["currency"]) for name in ("interest", "compensation")},
        }
        for row in left.iter_rows(named=True)
    ]


def accessories_table(left: pl.DataFrame, language: str) -> Table:
    """Return the items of `left`, the largest first, and their sum by currency."""
    _ = translator(language)
    total = pl.col("interest") + pl.col("compensation")
    rows = left.with_columns(total.alias("total")).sort("total", "item", descending=[True, False])
    more = left.height - SHOWN
    note = _("… and {count} smaller ones: --json has all of them")
    return Table(
        _("Paid late: interest and compensation are left"),
        [Column(_("Debtor"), fit="cut"), Column(_("Number")), Column(_("Due"), "right"),
         Column(_("Paid on"), "right"), Column(_("Interest"), "right"), Column(_("Compensation"), "right")],
        [_row(row, language) for row in rows.head(SHOWN).iter_rows(named=True)],
        [_sum(row, language) for row in _sums(left).iter_rows(named=True)],
        note=note.format(count=count_text(more, language)) if more > 0 else "",
    )  # fmt: skip


def _sums(left: pl.DataFrame) -> pl.DataFrame:
    sums = pl.col("interest", "compensation").sum()
    return left.group_by("currency").agg(sums).sort("currency")


def _row(row: dict[str, Any], language: str) -> list[str]:
    days = [date_text(row[name], language) for name in ("due", "paid")]
    return [safe(row["debtor"]), safe(row["number"]), *days, *_amounts(row, language)]


def _sum(row: dict[str, Any], language: str) -> list[str]:
    return [translator(language)("Total"), "", "", "", *_amounts(row, language)]


def _amounts(row: dict[str, Any], language: str) -> list[str]:
    return [
        amount_text(row[name], row["currency"], language) for name in ("interest", "compensation")
    ]
