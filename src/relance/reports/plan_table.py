"""The plan as people read it in the morning: what goes out, what is to be done, why the rest waits."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from relance.dunning.plan import Notice, Plan, Task
from relance.language import translator
from relance.reports import names
from relance.reports.figures import (
    amount_text,
    count_text,
    counted,
    date_text,
    long_date_text,
    safe,
)
from relance.reports.tables import Column, Table

SHOWN = 40
"""Notices and tasks listed one by one; of more, the largest are shown and the rest is counted."""


def heading(plan: Plan, language: str) -> str:
    """Return the first line: whose plan it is, for which day, and its short hash."""
    day = long_date_text(plan.run_date, language)
    return f"{safe(plan.creditor)} · {day} · plan {plan.plan_hash[:12]}"


def sums_by_currency(frame: pl.DataFrame, column: str = "open") -> list[tuple[str, int]]:
    """Return (currency, minor units) of `frame`, by currency."""
    sums = frame.group_by("currency").agg(pl.col(column).sum()).sort("currency")
    return list(sums.iter_rows())


def amounts_text(sums: Sequence[tuple[str, int]], language: str) -> str:
    """Return amounts of several currencies in one text; they are never added."""
    return " + ".join(amount_text(minor, currency, language) for currency, minor in sums)


def notices_table(plan: Plan, language: str, most: int | None = SHOWN) -> Table:
    """Return the notices: all of them, or the `most` largest when there are more."""
    _ = translator(language)
    reminded = {notice.debtor.id for notice in plan.reminders}
    count, debtors = plan.notice_count, len({*plan.acting["debtor"].unique(), *reminded})
    if not count:
        return Table(_("Nothing to send today."), (), ())
    cut = most is not None and count > most
    notices = plan.write(_largest(plan.acting, most)) if cut and most else plan.notices
    sentence = _("To send: {notices} to {debtors}, {amount}")
    if cut:  # charges are computed for what is shown only
        sentence = _("To send: {notices} to {debtors}, {amount} of principal")
    sums = sums_by_currency(plan.acting) if cut else _claimed(notices)
    title = sentence.format(
        notices=counted(count, "notice", language),
        debtors=counted(debtors, "debtor", language),
        amount=amounts_text(sums, language),
    )
    note = _more(count - most, language) if cut and most else ""
    return Table(title, notice_columns(language), [notice_row(n, language) for n in notices],
                 note=note)  # fmt: skip


def _claimed(notices: Sequence[Notice]) -> list[tuple[str, int]]:
    """Return what is claimed by currency; what leaves by several channels at once is claimed once."""
    once = {(n.currency, tuple(line.item for line in n.receivables)): n for n in notices}
    sums: dict[str, int] = {}
    for notice in once.values():
        sums[notice.currency] = sums.get(notice.currency, 0) + notice.total_due
    return sorted(sums.items())


def _more(count: int, language: str) -> str:
    _ = translator(language)
    return _("… and {count} smaller ones: --all lists them, --json has all of them").format(
        count=count_text(count, language)
    )


def _largest(acting: pl.DataFrame, most: int) -> pl.DataFrame:
    totals = acting.group_by("group").agg(pl.col("open").sum())
    groups = totals.sort("open", "group", descending=[True, False]).head(most)["group"]
    return acting.filter(pl.col("group").is_in(groups.implode()))


def notice_columns(language: str) -> list[Column]:
    """Return the columns of a list of notices."""
    _ = translator(language)
    return [
        Column(_("Debtor"), fit="cut"),
        Column(_("Level")),
        Column(_("Channel")),
        Column(_("Recipient"), fit="drop"),
        Column(_("Items"), "right"),
        Column(_("Amount"), "right"),
    ]


def notice_row(notice: Notice, language: str) -> list[str]:
    """Return a notice as a row; a star marks one that asks for approval, ≠ another recipient."""
    waits = " *" if notice.approval == "required" else ""
    other = " ≠" if notice.recipient_changed else ""
    return [
        safe(notice.debtor.name),
        notice.level + waits + other,
        notice.channel,
        safe(notice.recipient) or "–",
        str(len(notice.receivables)),
        amount_text(notice.total_due, notice.currency, language),
    ]


def levels_table(plan: Plan, language: str) -> Table:
    """Return how many notices, items and how much each level of each procedure claims."""
    _ = translator(language)
    rows = (
        plan.acting.group_by("procedure", "next_number", "next_level", "currency")
        .agg(
            pl.col("group").n_unique().alias("notices"),
            pl.len().alias("items"),
            pl.col("open").sum(),
        )
        .sort("procedure", "next_number", "currency")
    )
    return Table(
        _("By level"),
        [Column(_("Procedure"), fit="cut"), Column(_("Level")), Column(_("Notices"), "right"),
         Column(_("Items"), "right"), Column(_("Amount"), "right")],
        [
            [r["procedure"], r["next_level"], count_text(r["notices"], language),
             count_text(r["items"], language), amount_text(r["open"], r["currency"], language)]
            for r in rows.iter_rows(named=True)
        ],
    )  # fmt: skip


def tasks_table(tasks: Sequence[Task], language: str, most: int | None = SHOWN) -> Table:
    """Return the tasks for people."""
    _ = translator(language)
    shown = tasks if most is None else tasks[:most]
    note = ""
    if len(shown) < len(tasks):
        note = _("… and {count} more: --all lists them").format(
            count=count_text(len(tasks) - len(shown), language)
        )
    return Table(
        _("To do: {tasks}").format(tasks=counted(len(tasks), "task", language)),
        [Column(_("Debtor"), fit="cut"), Column(_("Task")), Column(_("Subject"), fit="wrap"),
         Column(_("Items"), "right"), Column(_("Owner"), fit="drop")],
        [_task_row(task, language) for task in shown],
        note=note,
    )  # fmt: skip


def _task_row(task: Task, language: str) -> list[str]:
    kind = translator(language)(names.TASKS.get(task.kind, task.kind))
    items = str(len(task.receivables))
    return [safe(task.debtor.name), kind, safe(task.subject), items, safe(task.owner) or "–"]


def held_table(held: pl.DataFrame, language: str) -> Table:
    """Return why items are not dunned today: counts, balances and the first date of change."""
    _ = translator(language)
    order = {verdict: n for n, verdict in enumerate(names.VERDICTS)}
    groups = (
        held.group_by("verdict", "currency")
        .agg(pl.len().alias("items"), pl.col("balance").sum(), pl.col("until").min())
        .with_columns(pl.col("verdict").replace_strict(order, default=99).alias("order"))
        .sort("order", "currency")
    )
    title = _("Not dunned today: {items}, {amount}").format(
        items=counted(held.height, "item", language),
        amount=amounts_text(sums_by_currency(held, "balance"), language),
    )
    return Table(
        title,
        [Column(_("Why")), Column(_("Verdict"), style="dim"), Column(_("Items"), "right"),
         Column(_("Balance"), "right"), Column(_("Changes on"), "right")],
        [
            [_(names.VERDICTS.get(r["verdict"], r["verdict"])), r["verdict"],
             count_text(r["items"], language), amount_text(r["balance"], r["currency"], language),
             date_text(r["until"], language)]
            for r in groups.iter_rows(named=True)
        ],
    )  # fmt: skip


def summary_line(plan: Plan, language: str) -> str:
    """Return the last line: notices, tasks and items held, out of the items read."""
    _ = translator(language)
    return _("{items} read: {notices}, {tasks}, {held} not dunned.").format(
        items=counted(plan.summary["receivables"], "item", language),
        notices=counted(plan.notice_count, "notice", language),
        tasks=counted(len(plan.tasks), "task", language),
        held=counted(plan.held.height, "item", language),
    )
