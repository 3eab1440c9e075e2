"""Who is over the credit limit, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relance.language import N_, translator
from relance.money import to_text
from relance.reports.approved_list import approval_lines
from relance.reports.figures import amount_text, counted, safe
from relance.reports.tables import Column, Table

REASONS = {
    "stop_deliveries": N_("stop deliveries"),
    "prepayment": N_("prepayment"),
}
"""What the list asks for, and what it is called on the screen."""

Rows = Sequence[Mapping[str, Any]]


def hold_json(rows: Rows, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON of `relance debtor --over-limit`; `told` is what is said of the whole list."""
    money = told["currency"]
    debtors = [
        {
            **row,
            **{name: to_text(row[name], money) for name in ("exposure", "limit", "overdue")},
            "over": to_text(row["exposure"] - row["limit"], money),
        }
        for row in rows
    ]
    return {"schema_version": 1, **told, "debtors": debtors}


def hold_table(rows: Rows, told: Mapping[str, Any], language: str) -> Table:
    """Return the list as a table, with its key and who answers for it."""
    _ = translator(language)
    columns = [
        Column(_("Debtor")), Column(_("Name"), fit="drop"), Column(_("Exposure"), "right"),
        Column(_("Limit"), "right"), Column(_("Overdue"), "right"), Column(_("Reason"), fit="wrap"),
    ]  # fmt: skip
    money = told["currency"]
    cells = [
        [safe(row["debtor"]), safe(row["name"]),
         *(amount_text(row[name], money, language) for name in ("exposure", "limit", "overdue")),
         _(REASONS[row["reason"]])]
        for row in rows
    ]  # fmt: skip
    return Table(_("Over the credit limit"), columns, cells, note=_note(rows, told, language))


def _note(rows: Rows, told: Mapping[str, Any], language: str) -> str:
    _ = translator(language)
    said = [
        _("Hold list {list}: {count}.").format(
            list=told["list"], count=counted(len(rows), "debtor", language)
        )
    ]
    said += approval_lines(told, language, any_rows=bool(rows))
    if told["without_limit"]:
        count = counted(told["without_limit"], "debtor", language)
        said.append(_("Without a limit: {count}.").format(count=count))
    return " ".join(said)
