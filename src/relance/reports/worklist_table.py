"""The worklist, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from relance.dunning.worklist import Order, Work
from relance.language import translator
from relance.money import to_decimal, to_text
from relance.reports import names
from relance.reports.figures import amount_text, count_text, counted, date_text, safe
from relance.reports.outlook_words import outlook_fields, outlook_text
from relance.reports.tables import Column, Table
from relance.reports.workbook import Cell

if TYPE_CHECKING:
    from rich.text import Text


def work_fields(work: Work) -> dict[str, Any]:
    """Return a task as JSON."""
    worth = work.worth
    return {
        "number": work.number,
        "key": work.key,
        "state": work.state,
        "kind": work.kind,
        "given": work.given.isoformat(),
        "due": work.due.isoformat() if work.due else None,
        "debtor": work.debtor,
        "debtor_name": work.debtor_name,
        "owner": work.owner,
        "subject": work.subject,
        "text": work.text,
        "level": work.level,
        "receivables": list(work.numbers),
        "currency": work.currency,
        "open": to_text(worth.open, work.currency) if worth else None,
        "days_late": worth.days_late if worth else None,
        "late_ratio": worth.late_ratio if worth else None,
        "worth": to_text(worth.points, work.currency) if worth else None,
        "expected": outlook_fields(worth.outlook) if worth else None,
        "attempts": work.attempts,
        "outcome": work.outcome,
        "note": work.note,
        "ended": work.ended.isoformat() if work.ended else None,
        "by": work.by,
    }


def worklist_table(
    works: Sequence[Work], outcomes: Mapping[str, str], language: str, by: Order = "worth"
) -> Table:
    """Return tasks in their order, which is `by`; `outcomes` has what each outcome is called."""
    _ = translator(language)
    columns = [
        Column(_("No."), "right"), Column(_("Due")), Column(_("Task"), fit="cut"),
        Column(_("Debtor"), fit="cut"), Column(_("Subject"), fit="wrap"), Column(_("Open"), "right"),
        Column(_("Expected")) if by == "expected" else Column(_("Days late"), "right", fit="drop"),
        Column(_("Owner"), fit="drop"),
    ]  # fmt: skip
    rows = [_row(work, outcomes, language, by) for work in works]
    return Table(_("Worklist"), columns, rows, note=_note(works, language, by))


def _row(work: Work, outcomes: Mapping[str, str], language: str, by: Order) -> list[str]:
    _ = translator(language)
    worth = work.worth
    late = count_text(worth.days_late, language) if worth and worth.days_late else "–"
    expected = date_text(worth.outlook.day, language) if worth else ""
    subject = safe(work.subject)
    if work.state == "done":
        subject += f" · {_(outcomes.get(work.outcome or '', work.outcome or ''))}"
    elif work.state == "settled":
        subject += " · " + _("paid meanwhile")
    elif work.attempts:
        subject += " · " + _("no answer so far: {count}").format(count=work.attempts)
    return [
        str(work.number),
        date_text(work.due, language),
        _(names.TASKS.get(work.kind, work.kind)),
        safe(work.debtor_name or work.debtor),
        subject,
        amount_text(worth.open, work.currency, language) if worth and worth.open else "–",
        expected or "–" if by == "expected" else late,
        safe(work.owner) or "–",
    ]


def _note(works: Sequence[Work], language: str, by: Order) -> str:
    _ = translator(language)
    still = [work for work in works if work.state == "open"]
    if not still:
        return ""
    orders = {
        "worth": _("{tasks} open. First what is worth most: amount, days late, and how its debtor pays."),
        "expected": _("{tasks} open. First what is expected last, or never was paid after so long."),
        "due": _("{tasks} open. First what is due first."),
    }  # fmt: skip
    told = orders[by].format(tasks=counted(len(still), "task", language))
    scored = {work.debtor for work in still if work.worth and work.worth.outlook.risk is not None}
    if scored and by == "worth":
        told += " " + _("Scores of others count: {debtors}.").format(
            debtors=counted(len(scored), "debtor", language)
        )
    return told


def work_view(work: Work, language: str, more: Sequence[tuple[str, str]] = ()) -> Text:
    """Return all there is to say of one task; `more` are lines of its call sheet."""
    from rich.text import Text

    _ = translator(language)
    worth = work.worth
    told = [
        (_("Task"), f"{work.number} · {_(names.TASKS.get(work.kind, work.kind))} · {safe(work.subject)}"),
        (_("Debtor"), safe(f"{work.debtor_name} ({work.debtor})")),
        (_("Receivables"), safe(", ".join(work.numbers))),
        (_("Open"), amount_text(worth.open, work.currency, language) if worth else ""),
        (_("Days late"), count_text(worth.days_late, language) if worth else ""),
        (_("Given on"), date_text(work.given, language)),
        (_("Due"), date_text(work.due, language)),
        (_("Owner"), safe(work.owner)),
        (_("Outcome"), " · ".join(part for part in (work.outcome, date_text(work.ended, language), safe(work.by))
                                  if part) if work.state == "done" else ""),
        (_("Remark"), safe(work.note)),
        *more,
    ]  # fmt: skip
    wide = max(len(name) for name, _value in told)
    lines = [f"{name:<{wide}}  {value}" for name, value in told if value]
    said = outlook_text(worth.outlook, language) if worth else ""
    text = "\n".join(safe(line) for line in work.text.splitlines())
    parts = ([part, ""] for part in (said, text) if part)
    return Text("\n".join([*lines, "", *(line for part in parts for line in part)]))


def sheet_rows(works: Sequence[Work], language: str) -> list[list[Cell]]:
    """Return the worklist as rows of a sheet, headings first; amounts are numbers of their currency."""
    _ = translator(language)
    head: list[Cell] = [
        _("No."), _("State"), _("Due"), _("Task"), _("Debtor"), _("Name"), _("Subject"), _("Receivables"),
        _("Open"), _("Currency"), _("Days late"), _("Owner"), _("Outcome"), _("Remark"),
    ]  # fmt: skip
    return [head, *(_cells(work, language) for work in works)]


def _cells(work: Work, language: str) -> list[Cell]:
    _ = translator(language)
    worth = work.worth
    return [
        work.number, work.state, work.due, _(names.TASKS.get(work.kind, work.kind)), work.debtor, work.debtor_name,
        work.subject, ", ".join(work.numbers),
        to_decimal(worth.open, work.currency) if worth else None,
        work.currency, worth.days_late if worth else None, work.owner or "",
        work.outcome or "", work.note or "",
    ]  # fmt: skip
