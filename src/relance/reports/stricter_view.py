"""Stricter terms that are proposed, for people, for programs and for the ERP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relance.dunning.terms import Stricter
from relance.language import N_, translator
from relance.money import to_decimal, to_text
from relance.reports.approved_list import approval_lines
from relance.reports.figures import amount_text, counted, safe
from relance.reports.score_view import number_text, share_text
from relance.reports.tables import Column, Table
from relance.reports.workbook import Cell, comma_separated

MEASURES = {
    "prepayment": N_("prepayment"),
    "deposit": N_("deposit of {value}%"),
    "lower_limit": N_("credit limit {value}"),
    "shorter_terms": N_("{value} days to pay"),
}
REASONS = {
    "prepayment": N_(
        "{overdue} is overdue, the oldest for {oldest} days, and {late} of {paid} receivables were paid late."
    ),
    "deposit": N_(
        "{exposure} is open with a limit of {limit}, and {late} of {paid} receivables were paid late."
    ),
    "lower_limit": N_(
        "{late} of {paid} receivables were paid late, {mean} days on average, and {exposure} of the limit of {limit} "
        "is used."
    ),
    "shorter_terms": N_(
        "{late} of {paid} receivables were paid late, {mean} days on average, on terms of {days} days."
    ),
}
"""Why, in one sentence of facts."""

COLUMNS = (
    "debtor", "name", "measure", "value", "currency", "reason", "paid", "late", "exposure", "limit", "overdue",
    "list", "date", "approved_by", "approved_at",
)  # fmt: skip

Rows = Sequence[Stricter]


def reason_text(row: Stricter, money: str, language: str) -> str:
    """Return why `row` is proposed."""
    _ = translator(language)
    return _(REASONS[row.measure]).format(
        overdue=amount_text(row.overdue, money, language),
        exposure=amount_text(row.exposure, money, language),
        limit=amount_text(row.limit or 0, money, language),
        oldest=row.oldest, late=row.late, paid=row.paid, days=row.days,
        mean=number_text(row.mean_days_late, 0, language),
    )  # fmt: skip


def measure_text(row: Stricter, money: str, language: str) -> str:
    """Return what is proposed."""
    _ = translator(language)
    value: Any = row.value
    if row.measure == "lower_limit":
        value = amount_text(row.value or 0, money, language)
    return _(MEASURES[row.measure]).format(value=value)


def _value(row: Stricter, money: str) -> str | None:
    if row.measure == "lower_limit":
        return to_text(row.value or 0, money)
    return None if row.value is None else str(row.value)


def terms_json(rows: Rows, told: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return the JSON of `relance debtor --terms`; `told` is what is said of the whole list."""
    money = told["currency"]
    debtors = [
        {
            "debtor": row.debtor,
            "name": row.name,
            "measure": row.measure,
            "value": _value(row, money),
            "reason": reason_text(row, money, language),
            "paid": row.paid,
            "late": row.late,
            "mean_days_late": round(row.mean_days_late, 1),
            "late_chance": None if row.chance is None else round(row.chance, 4),
            "exposure": to_text(row.exposure, money),
            "limit": None if row.limit is None else to_text(row.limit, money),
            "overdue": to_text(row.overdue, money),
            "oldest_days_past_due": row.oldest,
        }
        for row in rows
    ]
    return {"schema_version": 1, **told, "debtors": debtors}


def terms_table(rows: Rows, told: Mapping[str, Any], language: str) -> Table:
    """Return the list as a table, with its key and who answers for it."""
    _ = translator(language)
    money = told["currency"]
    columns = [
        Column(_("Debtor")), Column(_("Name"), fit="drop"), Column(_("Proposed"), fit="wrap"),
        Column(_("Chance late"), "right", fit="drop"), Column(_("Reason"), fit="wrap"),
    ]  # fmt: skip
    cells = [
        [safe(row.debtor), safe(row.name), measure_text(row, money, language),
         share_text(row.chance, language), reason_text(row, money, language)]
        for row in rows
    ]  # fmt: skip
    return Table(_("Stricter terms proposed"), columns, cells, note=_note(rows, told, language))


def _note(rows: Rows, told: Mapping[str, Any], language: str) -> str:
    _ = translator(language)
    count = counted(len(rows), "debtor", language)
    said = [_("Terms list {list}: {count}.").format(list=told["list"], count=count)]
    said += approval_lines(told, language, any_rows=bool(rows))
    if told["persons"]:
        left = counted(told["persons"], "debtor", language)
        said.append(_("Natural persons, or perhaps, left out: {count}.").format(count=left))
    return " ".join(said)


def terms_csv(rows: Rows, approval: Mapping[str, Any], money: str, language: str) -> bytes:
    """Return the approved list for the ERP: CSV in UTF-8, values with a point."""
    cells: list[list[Cell]] = [list(COLUMNS)]
    for row in rows:
        amounts = [
            None if value is None else to_decimal(value, money)
            for value in (row.exposure, row.limit, row.overdue)
        ]
        cells.append(
            [row.debtor, row.name, row.measure, _value(row, money), money,
             reason_text(row, money, language), row.paid, row.late, *amounts,
             approval["list"], approval["date"], approval["by"], str(approval["at"])[:19] + "Z"]
        )  # fmt: skip
    return comma_separated(cells).encode()
