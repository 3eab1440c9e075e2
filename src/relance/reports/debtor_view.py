"""The debtor's sheet for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from relance.dunning.disputes import REASONS as CONTESTED
from relance.language import translator
from relance.reports import names
from relance.reports.call_sheet import ROLES, billing_lines, person_text
from relance.reports.debtor_words import (
    DISPUTES,
    KINDS,
    OUTCOMES,
    STATES,
    Sheet,
    amount,
    behaviour_lines,
    estimate_text,
)
from relance.reports.figures import date_text, long_date_text, safe
from relance.reports.history_table import history_table
from relance.reports.hold_table import REASONS
from relance.reports.score_view import share_text
from relance.reports.scores_table import mark_text, scored_text
from relance.reports.tables import Column, Table, stacked

if TYPE_CHECKING:
    from rich.console import RenderableType

RECENT = 15
"""Events that the terminal shows; the page and the JSON have more."""


def debtor_view(sheet: Sheet, language: str) -> RenderableType:
    """Return a debtor's sheet, the JSON of `relance debtor`, for a terminal."""
    from rich.text import Text

    _ = translator(language)
    day = long_date_text(date.fromisoformat(sheet["run_date"]), language)
    parts: list[RenderableType] = [
        Text(f"{heading(sheet)} · {day}", style="bold"),
        _head(sheet, language),
    ]
    tables = (_items(sheet, language), *_stories(sheet, language))
    parts.append(_behaviour(sheet, language))
    parts += [table for table in tables if table.rows]
    if sheet["history"]:
        parts.append(history_table(sheet["history"][:RECENT], language))
    return stacked(parts)


def heading(sheet: Sheet) -> str:
    """Return the name and number of the debtor."""
    party = sheet["debtor"]
    return f"{safe(party['name'])} ({safe(party['id'])})" if party["name"] else safe(party["id"])


def _head(sheet: Sheet, language: str) -> Table:
    return Table(
        "", [Column("", style="dim"), Column("", fit="wrap")], list(head_rows(sheet, language))
    )


def head_rows(sheet: Sheet, language: str) -> Iterator[tuple[str, str]]:
    """Yield what there is to say of the debtor itself: label and text, only what is known."""
    _ = translator(language)
    party = sheet["debtor"]
    for balance in sheet["balances"]:
        said = _("{net} owed, {overdue} of it overdue")
        money = balance["currency"]
        yield (
            _("Balance"),
            said.format(
                net=amount(balance["net"], money, language),
                overdue=amount(balance["overdue"], money, language),
            ),
        )
    if sheet["credit"]["limit"] is not None:
        yield _("Credit limit"), limit_text(sheet, language)
    kind = [_(KINDS[party["kind"]])] if party["kind"] else []
    kind += [safe(party[name]) for name in ("country", "sector", "region") if party[name]]
    if kind or party["tags"]:
        yield _("Kind"), " · ".join([*kind, *map(safe, party["tags"])])
    yield (
        _("Procedure"),
        " · ".join(safe(party[n]) for n in ("segment", "procedure") if party[n]) or "–",
    )
    if party["score"] is not None:
        yield _("Score of others"), mark_text(party["score"], language)
    for scored in sheet["scores"]:
        yield _("Score of others"), scored_text(scored, language)
    if party["owner"]:
        yield _("Owner"), safe(party["owner"])
    if party["since"]:
        yield _("Customer since"), date_text(date.fromisoformat(party["since"]), language)
    if party["terms"]:
        yield _("Terms"), safe(party["terms"])
    if party["registration"]:
        yield _("Registration"), safe(party["registration"])
    yield _("Contacts"), contacts_text(sheet) or _("none is known")
    for person in sheet["contacts"].get("people", ()):
        yield _(ROLES[person["role"]]), person_text(person)
    yield from billing_lines(sheet.get("billing", {}), language)


def contacts_text(sheet: Sheet) -> str:
    """Return where the debtor can be reached, on one line."""
    found = sheet["contacts"]
    place = " ".join(found[name] for name in ("postcode", "city") if found[name])
    street = ", ".join((found["address"] or "").split("\n"))
    parts = [found["email"], found["phone"], found["mobile"], street, place]
    return " · ".join(safe(part) for part in parts if part)


def limit_text(sheet: Sheet, language: str) -> str:
    """Return the credit limit, how much of it is used, and what follows where it is passed."""
    _ = translator(language)
    credit, money = sheet["credit"], sheet["currency"]
    said = _("{limit}, {exposure} used").format(
        limit=amount(credit["limit"], money, language),
        exposure=amount(credit["exposure"], money, language),
    )
    if credit["used"] is not None:
        said += f" ({share_text(credit['used'], language)})"
    if credit["over"]:
        said += " · " + _("over the limit: {reason}").format(reason=_(REASONS[credit["reason"]]))
    return said


def _behaviour(sheet: Sheet, language: str) -> Table:
    _ = translator(language)
    lines = [*behaviour_lines(sheet, language), estimate_text(sheet, language)]
    columns = [Column(""), Column("", fit="wrap")]
    return Table(_("How it pays"), columns, [["·", line] for line in lines])


def _items(sheet: Sheet, language: str) -> Table:
    _ = translator(language)
    columns = [
        Column(_("Number")), Column(_("Due")), Column(_("Days"), "right"), Column(_("Open"), "right"),
        Column(_("Verdict"), fit="wrap"), Column(_("Next step"), fit="wrap"),
    ]  # fmt: skip
    rows = [
        [safe(item["number"]), _day(item["due"], language),
         "–" if item["days_past_due"] is None else str(item["days_past_due"]),
         amount(item["open"], item["currency"], language), _(names.VERDICTS.get(item["verdict"], item["verdict"])),
         next_text(item, language)]
        for item in sheet["items"]
    ]  # fmt: skip
    return Table(_("Open items"), columns, rows)


def next_text(item: Mapping[str, Any], language: str) -> str:
    """Return the next level and its day; a dash where there is none."""
    if not item["next_level"]:
        return "–"
    return " ".join(safe(part) for part in (item["next_level"], _day(item["next_date"], language)))


def _day(text: str | None, language: str) -> str:
    return date_text(date.fromisoformat(text[:10]) if text else None, language)


def _stories(sheet: Sheet, language: str) -> Iterator[Table]:
    _ = translator(language)
    yield Table(_("Promises"), promise_columns(language), list(promise_rows(sheet, language)))
    yield Table(_("Disputes"), dispute_columns(language), list(dispute_rows(sheet, language)))
    yield Table(_("Tasks"), task_columns(language), list(task_rows(sheet, language)))
    yield notes_table(sheet["notes"], language, alone=True)


def promise_columns(language: str) -> list[Column]:
    """Return the columns of `promise_rows`."""
    _ = translator(language)
    return [
        Column(_("Date")), Column(_("Invoice")), Column(_("Promised for")), Column(_("Amount"), "right"),
        Column(_("Paid"), "right"), Column(_("Outcome"), fit="wrap"),
    ]  # fmt: skip


def dispute_columns(language: str) -> list[Column]:
    """Return the columns of `dispute_rows`."""
    _ = translator(language)
    return [
        Column(_("Date")), Column(_("Invoice")), Column(_("Reason"), fit="wrap"), Column(_("Owner"), fit="drop"),
        Column(_("State"), fit="wrap"),
    ]  # fmt: skip


def task_columns(language: str) -> list[Column]:
    """Return the columns of `task_rows`."""
    _ = translator(language)
    return [
        Column(_("Due")),
        Column(_("Task")),
        Column(_("Subject"), fit="wrap"),
        Column(_("Owner"), fit="drop"),
    ]


def promise_rows(sheet: Sheet, language: str) -> Iterator[list[str]]:
    """Yield the promises: day, invoice, date promised, amount, paid, outcome."""
    _ = translator(language)
    for each in sheet["promises"]:
        money = each["currency"]
        yield [
            _day(each["date"], language), safe(each["number"] or _("all")), _day(each["until"], language),
            amount(each["amount"], money, language) if each["amount"] else _("all"),
            amount(each["paid"], money, language) if each["paid"] else "–", _(OUTCOMES[each["outcome"]]),
        ]  # fmt: skip


def dispute_rows(sheet: Sheet, language: str) -> Iterator[list[str]]:
    """Yield the disputes: day, invoice, reason, owner, state."""
    _ = translator(language)
    for each in sheet["disputes"]:
        ended = f" {_day(each['ended'], language)}" if each["ended"] else ""
        yield [
            _day(each["date"], language), safe(each["number"] or _("all")),
            safe(" · ".join(filter(None, (_why(each["code"], language), each["reason"])))) or "–",
            safe(each["owner"]) or "–", _(DISPUTES[each["state"]]) + ended,
        ]  # fmt: skip


def _why(code: str | None, language: str) -> str:
    """Return what the reason code of a dispute is called; the code itself of one that is not ours."""
    return translator(language)(CONTESTED.get(code, code)) if code else ""


def task_rows(sheet: Sheet, language: str) -> Iterator[list[str]]:
    """Yield the open tasks: due date, kind, subject, owner."""
    _ = translator(language)
    for task in sheet["tasks"]:
        if task["state"] == "open":
            kind = _(names.TASKS.get(task["kind"], task["kind"]))
            yield [
                _day(task["due"], language), kind, safe(task["subject"]), safe(task["owner"]) or "–",
            ]  # fmt: skip


def notes_table(notes: Sequence[Mapping[str, Any]], language: str, *, alone: bool = False) -> Table:
    """Return notes as a table; `alone` leaves the debtor out, where all are about one."""
    _ = translator(language)
    columns = [
        Column(_("No."), "right"), Column(_("Date")), Column(_("About"), fit="wrap"),
        Column(_("Note"), fit="wrap"), Column(_("By"), fit="drop"),
    ]  # fmt: skip
    rows = [
        [str(note["note"]), _day(note["date"], language), about_text(note, alone=alone), note_text(note, language),
         safe(note["by"]) or "–"]
        for note in notes
    ]  # fmt: skip
    return Table(_("Notes"), columns, rows)


def about_text(note: Mapping[str, Any], *, alone: bool) -> str:
    """Return what a note is about: its debtor, unless all are about one, and its invoice or notice."""
    parts = [None if alone else note["debtor"], note["number"], (note["notice"] or "")[:12]]
    return safe(" · ".join(filter(None, parts))) or "–"


def note_text(note: Mapping[str, Any], language: str) -> str:
    """Return the text of a note and its attachments, with what became of them."""
    _ = translator(language)
    attached = [
        safe(each["path"])
        + ("" if each["state"] == "as_attached" else f" ({_(STATES[each['state']])})")
        for each in note["attachments"]
    ]
    text = " ".join(safe(line) for line in note["text"].splitlines())
    return f"{text} [{', '.join(attached)}]" if attached else text
