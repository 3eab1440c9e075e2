"""What a change of the policy does today, as tables for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import polars as pl

from relance.diagnostics import Diagnostic
from relance.dunning.difference import Differences, LevelChange, TaskChange
from relance.dunning.difference_notices import NoticeChange
from relance.language import N_, translator
from relance.notices.texts import TextChange
from relance.reports import names
from relance.reports.diff_words import counts_text, fields_text, instead_text, numbers_text
from relance.reports.figures import (
    amount_text,
    count_text,
    counted,
    date_text,
    long_date_text,
    safe,
)
from relance.reports.tables import Column, Table

_Any = TypeVar("_Any", NoticeChange, TaskChange)

SHOWN = 20
"""Notices, tasks and items listed one by one in each list; `everything` lists all."""

_FILES = {"added": "+", "removed": "−", "changed": "≠"}


@dataclass(frozen=True, slots=True)
class Shown:
    """How the differences are shown.

    Attributes:
        titles: what the old and the new policy are called.
        everything: lists are whole.
        names: debtors are named; else invoices only are, by their numbers.
    """

    titles: tuple[str, str]
    language: str
    everything: bool = False
    names: bool = True


def diff_view(
    found: Differences, texts: Sequence[TextChange], stops: Sequence[Diagnostic], how: Shown
) -> list[Table]:
    """Return all tables, those that would be empty left out; the first is the headline."""
    tables = [_headline(found, how), _stops(stops, how), _levels(found.levels, how)]
    for what, title in _TITLES.items():
        tables.append(_notices(found.notices, what, title, how))
    tables += [
        _tasks(found.tasks, how),
        _verdicts(found.held, how),
        _held(found.held, how),
        _segments(found.segments, how),
        _texts(texts, how),
    ]
    return [table for table in tables if table.rows or table is tables[0]]


_TITLES = {
    "added": N_("Notices added: {count}"),
    "removed": N_("Notices removed: {count}"),
    "changed": N_("Notices that go otherwise: {count}"),
}


def _headline(found: Differences, how: Shown) -> Table:
    _ = translator(how.language)
    day = long_date_text(found.new.run_date, how.language)
    old, new = map(safe, how.titles)
    return Table(f"{safe(found.new.creditor)} · {day} · {old} → {new}", note=_summary(found, how))


def _summary(found: Differences, how: Shown) -> str:
    _ = translator(how.language)
    if not found.any:
        return _("The plan of the day is the same.")

    def counts(kind: str) -> str:
        whats = ("added", "removed", "changed")
        return counts_text({w: found.count(kind, w) for w in whats}, how.language)  # type: ignore[arg-type]

    sums = [plan.notice_count for plan in (found.old, found.new)]
    tasks = [len(plan.tasks) for plan in (found.old, found.new)]
    return _(
        "Notices {old} → {new}: {notices}. Tasks {tasks_old} → {tasks_new}: {tasks}. Waiting otherwise: {held}."
    ).format(
        old=count_text(sums[0], how.language), new=count_text(sums[1], how.language),
        notices=counts("notices"),
        tasks_old=count_text(tasks[0], how.language), tasks_new=count_text(tasks[1], how.language),
        tasks=counts("tasks"), held=counted(found.held.height, "item", how.language),
    )  # fmt: skip


def _stops(stops: Sequence[Diagnostic], how: Shown) -> Table:
    _ = translator(how.language)
    rows = [[one.code, safe(one.message(how.language))] for one in stops]
    title = _("A run with the new policy would be stopped")
    return Table(title, [Column(_("Code")), Column(_("Why"), fit="wrap")], rows)


def _levels(levels: Sequence[LevelChange], how: Shown) -> Table:
    _ = translator(how.language)
    columns = [
        Column(_("Segment"), fit="cut"), Column(_("Level"), fit="cut"), Column(_("Notices"), "right"),
        Column("+", "right"), Column("−", "right"), Column("≠", "right"), Column(_("Claimed"), "right"),
    ]  # fmt: skip
    return Table(_("By segment and level"), columns, [_level(row, how) for row in levels])


def _level(row: LevelChange, how: Shown) -> list[str]:
    sums = [count_text(side.notices, how.language) for side in (row.old, row.new)]
    counts = [
        count_text(count, how.language) if count else ""
        for count in (row.added, row.removed, row.changed)
    ]
    claimed = _signed(row.claimed, row.currency, how.language)
    level = f"{row.procedure}/{row.level}" if row.procedure else row.level
    return [safe(row.segment), safe(level), f"{sums[0]} → {sums[1]}", *counts, claimed]


def _signed(minor: int, currency: str, language: str) -> str:
    if not minor:
        return f"{currency} ="
    return ("+" if minor > 0 else "") + amount_text(minor, currency, language)


def _first(how: Shown) -> Column:
    """Return the column that says whom a row is about."""
    _ = translator(how.language)
    return Column(_("Debtor") if how.names else _("Invoices"), fit="cut")


def _notices(changes: Sequence[NoticeChange], what: str, title: str, how: Shown) -> Table:
    _ = translator(how.language)
    chosen = [change for change in changes if change.what == what]
    chosen.sort(key=lambda c: (c.outgoing.notice.currency, -c.outgoing.notice.total_due))
    shown, note = _cut(chosen, how)
    otherwise = {"added": _("Before"), "removed": _("Now"), "changed": _("From → to")}[what]
    columns = [
        _first(how), Column(_("Level"), fit="cut"), Column(_("Items"), "right"),
        Column(_("Amount"), "right"), Column(otherwise, fit="wrap"),
    ]  # fmt: skip
    whole = _(title).format(count=count_text(len(chosen), how.language))
    return Table(whole, columns, [_notice(change, how) for change in shown], note=note)


def _notice(change: NoticeChange, how: Shown) -> list[str]:
    notice = change.outgoing.notice
    who = safe(notice.debtor.name) if how.names else numbers_text(notice.receivables)
    if change.what == "changed":
        told = fields_text(change, how.language, names=how.names)
    else:
        told = instead_text(change.instead, how.language)
    amount = amount_text(notice.total_due, notice.currency, how.language)
    return [who, safe(notice.level), str(len(notice.receivables)), amount, told]


def _tasks(changes: Sequence[TaskChange], how: Shown) -> Table:
    _ = translator(how.language)
    shown, note = _cut(changes, how)
    columns = [Column(""), _first(how), Column(_("Task")), Column(_("Items"), "right")]
    columns.append(Column(_("Subject") if how.names else _("From → to"), fit="wrap"))
    title = _("Tasks: {count}").format(count=count_text(len(changes), how.language))
    return Table(title, columns, [_task(change, how) for change in shown], note=note)


def _task(change: TaskChange, how: Shown) -> list[str]:
    task = change.task
    _ = translator(how.language)
    who = safe(task.debtor.name) if how.names else numbers_text(task.receivables)
    kind = _(names.TASKS.get(task.kind, task.kind))
    if change.what == "changed":
        told = fields_text(change, how.language, names=how.names)
    else:
        told = safe(task.subject) if how.names else ""
    return [_FILES[change.what], who, kind, str(len(task.receivables)), told]


def _verdicts(held: pl.DataFrame, how: Shown) -> Table:
    """Return how many items wait for something else, by what they wait for."""
    _ = translator(how.language)
    soon, late = (pl.col("until_new") < pl.col("until")), (pl.col("until_new") > pl.col("until"))
    groups = (
        held.group_by("verdict", "verdict_new", "currency")
        .agg(pl.len(), pl.col("balance").sum(), soon.sum().alias("soon"), late.sum().alias("late"))
        .sort("len", "verdict", "verdict_new", "currency", descending=[True, False, False, False])
    )
    columns = [
        Column(_("Before"), fit="cut"), Column(_("Now"), fit="cut"), Column(_("Items"), "right"),
        Column(_("Balance"), "right"), Column(_("Sooner"), "right"), Column(_("Later"), "right"),
    ]  # fmt: skip
    rows = [
        [
            *(_(names.VERDICTS.get(r[name], r[name])) for name in ("verdict", "verdict_new")),
            count_text(r["len"], how.language),
            amount_text(r["balance"], r["currency"], how.language),
            *(count_text(r[name], how.language) if r[name] else "" for name in ("soon", "late")),
        ]
        for r in groups.iter_rows(named=True)
    ]
    title = _("Waiting otherwise: {items}")
    return Table(
        title.format(items=counted(held.height, "item", how.language)), columns, rows
    )  # fmt: skip


def _held(held: pl.DataFrame, how: Shown) -> Table:
    _ = translator(how.language)
    ordered = held.sort("currency", -pl.col("balance"), "debtor", "number")
    most = ordered.height if how.everything else SHOWN
    columns = [Column(_("Invoice"))]
    if how.names:
        columns.append(Column(_("Debtor"), fit="cut"))
    columns += [Column(_("Balance"), "right"), Column(_("From → to"), fit="wrap")]
    rows = [_waiting(row, how) for row in ordered.head(most).iter_rows(named=True)]
    return Table(_("Items that wait otherwise"), columns, rows, note=_more(held.height - most, how))


def _waiting(row: dict[str, object], how: Shown) -> list[str]:
    who = [safe(str(row["name"]))] if how.names else []
    amount = amount_text(int(str(row["balance"])), str(row["currency"]), how.language)
    return [safe(str(row["number"])), *who, amount, _turn(row, how.language)]


def _turn(row: dict[str, object], language: str) -> str:
    """Return what an item waits for in either plan; what both have in common is said once."""
    then, now = _state(row, "", language), _state(row, "_new", language)
    common = 0
    while common < min(len(then), len(now)) - 1 and then[common] == now[common]:
        common += 1
    turn = f"{', '.join(then[common:])} → {', '.join(now[common:])}"
    return f"{', '.join(now[:common])}: {turn}" if common else turn


def _state(row: dict[str, object], side: str, language: str) -> list[str]:
    _ = translator(language)
    verdict, until, level = (row[f"{name}{side}"] for name in ("verdict", "until", "next_level"))
    told = [_(names.VERDICTS.get(str(verdict), str(verdict)))]
    told += [safe(str(level))] if level else []
    return told + ([date_text(until, language)] if isinstance(until, date) else [])


def _segments(moved: pl.DataFrame, how: Shown) -> Table:
    _ = translator(how.language)
    columns = [
        Column(_("Before"), fit="cut"), Column(_("Now"), fit="cut"), Column(_("Debtors"), "right"),
        Column(_("Items"), "right"),
    ]  # fmt: skip
    rows = [
        [safe(old) or "–", safe(new) or "–", count_text(debtors, how.language), count_text(items, how.language)]
        for old, new, debtors, items in moved.iter_rows()
    ]  # fmt: skip
    return Table(_("Debtors in another segment"), columns, rows)


def _texts(texts: Sequence[TextChange], how: Shown) -> Table:
    _ = translator(how.language)
    columns = [
        Column(_("Template")),
        Column(_("Files"), fit="wrap"),
        Column(_("Used by"), fit="wrap"),
    ]
    rows = [
        [
            safe(one.template),
            ", ".join(f"{_FILES[what]} {safe(file)}" for file, what in one.files.items()),
            ", ".join(map(safe, one.levels)) or ("*" if one.template == "_layout" else "–"),
        ]
        for one in texts
    ]
    return Table(_("Texts that differ"), columns, rows)


def _cut(changes: Sequence[_Any], how: Shown) -> tuple[Sequence[_Any], str]:
    """Return the changes that are listed, and how many are not."""
    if how.everything:
        return changes, ""
    return changes[:SHOWN], _more(len(changes) - SHOWN, how)


def _more(count: int, how: Shown) -> str:
    _ = translator(how.language)
    if count <= 0:
        return ""
    return _("… and {count} more: --all lists them, --json has all of them").format(
        count=count_text(count, how.language)
    )
