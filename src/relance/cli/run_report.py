"""What a run did, for people and for programs, and the exit code that says it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from relance.cli import output
from relance.cli.call import Call
from relance.cli.exits import Exit
from relance.cli.words import _
from relance.money import to_text
from relance.reports import names, plan_table
from relance.reports.figures import counted, safe
from relance.reports.tables import Column, Table, stacked

if TYPE_CHECKING:
    from rich.console import RenderableType

    from relance.diagnostics import Diagnostic
    from relance.dunning.plan import Notice
    from relance.runs.consignment import Delivery
    from relance.runs.report import RunReport

_SENT = ("sent", "resolved_sent")
_NOTHING_NEW = ("already", "waiting")
_TROUBLED = ("in_doubt", "failed", "rejected", "retry")


def exit_of(report: RunReport) -> Exit:
    """Return the exit code: a channel that is down first, then a pause, what failed, what waits, alarms."""
    everything = [*report.deliveries, *report.repeated]
    if any(d.channel_down for d in everything):
        return Exit.INFRASTRUCTURE
    if report.held_back:
        return Exit.BRAKE
    if report.faults or any(d.state in _TROUBLED for d in everything):
        return Exit.PARTLY
    if report.awaiting:
        return Exit.BRAKE
    return Exit.PARTLY if alarms_of(report) else Exit.DONE


def alarms_of(report: RunReport) -> tuple[Diagnostic, ...]:
    """Return what the end of the run saw that should worry somebody."""
    return report.hindsight.alarms if report.hindsight else ()


def show(call: Call, report: RunReport, *, everything: bool = False) -> None:
    """Show the report; with `--quiet` only what went wrong."""
    output.brief(call, report.proposal.diagnostics)
    output.report(call, report.faults)
    if call.json:
        output.show_json(fields(call, report))
    elif not call.quiet:
        output.show(_view(report, call.language, everything=everything))
    elif exit_of(report) is not Exit.DONE:
        output.show(_troubles(report, call.language))
    output.alarm(call, alarms_of(report))


def fields(call: Call, report: RunReport) -> dict[str, Any]:
    """Return the JSON of a run."""
    plan = report.proposal.plan
    notices = {notice.key: notice for notice in report.notices}
    states: Counter[str] = Counter(d.state for d in report.deliveries if d.key in notices)
    return {
        "schema_version": 1,
        "run": report.run,
        "run_date": plan.run_date.isoformat(),
        "creditor": plan.creditor,
        "plan_hash": plan.plan_hash,
        "sent": sum(states[state] for state in _SENT),
        "failed": sum(states[state] for state in ("failed", "rejected", "retry"))
        + len(report.faults),
        "in_doubt": states["in_doubt"],
        "awaiting_approval": len(report.awaiting),
        "waiting": states["waiting"] + states["held_back"],
        "deliveries": [
            {"key": d.key, "state": d.state, "detail": d.detail}
            | ({} if d.until is None else {"until": d.until.isoformat()})
            | ({} if d.key not in notices else _notice_fields(notices[d.key]))
            for d in (*report.repeated, *report.deliveries)
        ],
        "summary": plan.summary,
        "history_head": report.head,
        "diagnostics": [
            d.as_json(call.language)
            for d in (*report.proposal.diagnostics, *report.faults, *alarms_of(report))
        ],
    }


def _notice_fields(notice: Notice) -> dict[str, Any]:
    return {
        "debtor": notice.debtor.id,
        "level": notice.level,
        "channel": notice.channel,
        "recipient": notice.recipient,
        "currency": notice.currency,
        "total_due": to_text(notice.total_due, notice.currency),
    }


def _view(report: RunReport, language: str, *, everything: bool) -> RenderableType:
    from rich.text import Text

    plan = report.proposal.plan
    most = None if everything else plan_table.SHOWN
    parts: list[RenderableType] = [Text(plan_table.heading(plan, language), style="bold")]
    parts.append(_sent_table(report, language, most))
    if report.tasks:
        parts.append(plan_table.tasks_table(report.tasks, language, most))
    if _waiting(report):
        parts.append(_waiting_table(report, language, most))
    if _open_questions(report):
        parts.append(_troubles(report, language))
    if plan.held.height:
        parts.append(plan_table.held_table(plan.held, language))
    if report.head:
        parts.append(Text(_head(report.head), style="dim"))
    # Last: a call for several projects shows the last line of each.
    parts.append(Text(_summary(report, language), style="bold"))
    return stacked(parts)


def _delivered(report: RunReport, *states: str) -> list[tuple[Notice, Delivery]]:
    notices = {notice.key: notice for notice in report.notices}
    return [
        (notices[d.key], d) for d in report.deliveries if d.key in notices and d.state in states
    ]


def _sent_table(report: RunReport, language: str, most: int | None) -> Table:
    sent = _delivered(report, *_SENT)
    if not sent:
        return Table(_("Nothing was sent."), (), ())
    sums: Counter[str] = Counter()
    for notice, _delivery in sent:
        sums[notice.currency] += notice.total_due
    title = _("Sent: {notices}, {amount}").format(
        notices=counted(len(sent), "notice", language),
        amount=plan_table.amounts_text(sorted(sums.items()), language),
    )
    shown = sent if most is None else sent[:most]
    left = len(sent) - len(shown)
    note = _("… and {count} more: --all lists them").format(count=left) if left else ""
    rows = [plan_table.notice_row(notice, language) for notice, _delivery in shown]
    return Table(title, plan_table.notice_columns(language), rows, note=note)


def _open_questions(report: RunReport) -> list[tuple[str, str, str, str]]:
    """Return what did not go as planned: debtor, level, what became of it, why."""
    notices = {notice.key: notice for notice in report.notices}
    rows: list[tuple[str, str, str, str]] = []
    for d in (*report.repeated, *report.deliveries):
        if d.state in _SENT or d.state in _NOTHING_NEW:
            continue
        notice = notices.get(d.key)
        who = safe(notice.debtor.name) if notice else d.key[:12]
        rows.append((who, notice.level if notice else "–", d.state, _said(d.detail)))
    for notice in report.awaiting:
        rows.append((safe(notice.debtor.name), notice.level, "awaiting", notice.key[:12]))
    return rows


def _said(detail: str) -> str:
    """Return why, in the operator's language where the words are ours; a server's words as they are."""
    return safe(_(detail) if detail else "")


def _waiting(report: RunReport) -> list[tuple[Notice, Delivery]]:
    return sorted(
        _delivered(report, "waiting"), key=lambda pair: (str(pair[1].until), pair[0].debtor.name)
    )


def _waiting_table(report: RunReport, language: str, most: int | None) -> Table:
    """Return what leaves with a later run: its window, its rate or its next try is not yet."""
    waiting = _waiting(report)
    zone = ZoneInfo(report.proposal.policy.creditor.timezone)
    title = _("Waiting: {notices}").format(notices=counted(len(waiting), "notice", language))
    rows = [
        [
            safe(notice.debtor.name),
            notice.level,
            notice.channel,
            delivery.until.astimezone(zone).strftime("%Y-%m-%d %H:%M") if delivery.until else "",
        ]
        for notice, delivery in (waiting if most is None else waiting[:most])
    ]
    columns = [
        Column(_("Debtor"), fit="cut"),
        Column(_("Level")),
        Column(_("Channel")),
        Column(_("Not before")),
    ]
    return Table(title, columns, rows, note=_("They leave with a run after that."))


def _troubles(report: RunReport, language: str) -> RenderableType:
    rows = [
        [who, level, _(names.STATES.get(state, state)), why]
        for who, level, state, why in _open_questions(report)
    ]
    columns = [
        Column(_("Debtor"), fit="cut"),
        Column(_("Level")),
        Column(_("State")),
        Column(_("Detail"), fit="wrap"),
    ]
    title = _("Not sent: {notices}").format(notices=counted(len(rows), "notice", language))
    return Table(title, columns, rows, note=_ways_out(report))


def _ways_out(report: RunReport) -> str:
    states = {d.state for d in (*report.deliveries, *report.repeated)}
    lines = []
    if report.awaiting:
        text = _("`relance approve {plan}` releases what waits, or one by its key; then run again.")
        lines.append(text.format(plan=report.proposal.plan.plan_hash[:12]))
    if report.held_back:
        text = _("{reason}: nothing more was sent; what is due waits for a run after that.")
        lines.append(text.format(reason=_(report.held_back)))
    if "in_doubt" in states:
        lines.append(_("`relance doubt list` shows what is in doubt, and how to settle it."))
    if "retry" in states:
        lines.append(_("What is to be tried again goes out with a later run."))
    if any(d.channel_down for d in report.deliveries):
        lines.append(_("`relance doctor --check-channels` looks at the channel that is down."))
    return "\n".join(lines)


def _head(head: str) -> str:
    """Return how far the record goes; half of the hash vouches for it as well, and fits the line."""
    seq, _colon, digits = head.partition(":")
    return _("Head of the record: {head}").format(head=f"{seq}:{digits[:32]}")


def _summary(report: RunReport, language: str) -> str:
    plan = report.proposal.plan
    return _("{items} read: {notices} sent, {tasks}, {held} not dunned.").format(
        items=counted(plan.summary["receivables"], "item", language),
        notices=counted(len(_delivered(report, *_SENT)), "notice", language),
        tasks=counted(len(report.tasks), "task", language),
        held=counted(plan.held.height, "item", language),
    )
