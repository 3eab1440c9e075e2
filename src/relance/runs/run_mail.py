"""The mail that tells the team what a run did."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from relance.channels.contract import Accepted
from relance.channels.faults import ChannelUnavailable
from relance.channels.registry import open_channel
from relance.diagnostics import Diagnostic
from relance.language import N_, translator
from relance.notices.codes import RenderError
from relance.notices.mail import Bodies, Envelope, message_id, mime
from relance.notices.message import Message
from relance.policy.model import Policy, Summary
from relance.reports import names
from relance.reports.figures import amount_text, counted, date_text, long_date_text, safe
from relance.runs.monitoring import Figures
from relance.runs.report import RunReport

_SENT = ("sent", "resolved_sent")
_WAITING = ("already", "waiting")
_NAMED = 50
"""Rows of a list in the mail; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with rows of label and value, and remarks below them."""

    title: str
    rows: Sequence[tuple[str, str]]
    remarks: Sequence[str] = ()


def bodies(policy: Policy, report: RunReport, figures: Figures, language: str) -> Bodies:
    """Return what the mail says, as text and as HTML, in the operator's `language`."""
    _ = translator(language)
    subject = _subject(policy, report, figures, language)
    sections = [s for s in _sections(report, figures, language) if s.rows or s.remarks]
    heading = _("Run of {date}").format(date=long_date_text(figures.run_date, language))
    text = _text(heading, policy.creditor.name, sections)
    html = _html(heading, policy.creditor.name, sections, language)
    return Bodies(subject, language, text, html, None)


@dataclass(frozen=True, slots=True)
class Mail:
    """What is sent to each of the team about one run; `moment` is its Date."""

    policy: Policy
    said: Bodies
    run: int
    moment: datetime

    def send(self, summary: Summary) -> str:
        """Send it to each of the team; return what went wrong, "" if nothing did."""
        config = self.policy.channels[summary.channel]
        try:
            channel = open_channel(summary.channel, config, self.policy.root)
        except ChannelUnavailable as error:
            return error.diagnostics[0].message()
        given = config.model_extra or {}
        sender = str(given.get("from") or given.get("sender") or self.policy.creditor.email)
        try:
            messages = [self._to(address, sender) for address in summary.to]
            outcomes = [channel.send(m, m.key, lambda: None) for m in messages]
        except (RenderError, OSError) as error:
            return str(error)
        finally:
            channel.close()
        told = zip(summary.to, outcomes, strict=True)
        return "; ".join(f"{a}: {o.detail}" for a, o in told if not isinstance(o, Accepted))

    def _to(self, address: str, sender: str) -> Message:
        creditor = self.policy.creditor.registration or self.policy.creditor.name
        key = hashlib.sha256(f"summary|{creditor}|{self.run}|{address}".encode()).hexdigest()[:32]
        content = mime(key, Envelope("relance", sender, "", address), self.said, self.moment, ())
        name = f"{self.moment:%Y-%m-%d}-summary-{key[:8]}.eml"
        identity = message_id(key, sender)
        return Message(key, "email", address, sender, self.said.subject, content, identity, name)


def _subject(policy: Policy, report: RunReport, figures: Figures, language: str) -> str:
    _ = translator(language)
    sent = sum(figures.states.get(state, 0) for state in _SENT)
    if report.stopped or report.proposal.refused:
        what = _("nothing was sent, a person is needed")
    else:
        what = _("{notices} sent").format(notices=counted(sent, "notice", language))
        open_questions = _open_questions(figures)
        if open_questions:
            what += " · " + _("to look at: {count}").format(count=open_questions)
    day = date_text(figures.run_date, language)
    return f"relance · {policy.creditor.name} · {day} · {what}"


def _open_questions(figures: Figures) -> int:
    troubled = sum(
        count for state, count in figures.states.items() if state not in (*_SENT, *_WAITING)
    )
    earlier = figures.verdicts.get("in_doubt", 0)
    return troubled + figures.awaiting + figures.faults + len(figures.alarms) + earlier


def _sections(report: RunReport, figures: Figures, language: str) -> list[Section]:
    _ = translator(language)
    refused = list(report.proposal.diagnostics) if report.proposal.refused else []
    errors = [d for d in refused if d.severity.value == "error"]
    troubles = [*report.stops, *errors, *report.faults, *figures.alarms]
    return [
        Section(
            _("To look at"),
            [*_questions(report, language), *_in_doubt(figures, language)],
            _remarks(troubles, language),
        ),
        Section(_("Sent"), _sent(report, language)),
        Section(_("Tasks"), _tasks(report, language)),
        Section(_("Not dunned today"), _held(figures, language)),
        Section(_("Open receivables"), _balance(figures, language)),
    ]


def _questions(report: RunReport, language: str) -> list[tuple[str, str]]:
    """Return what did not go as planned, and what waits: debtor and level, and why."""
    _ = translator(language)
    notices = {notice.key: notice for notice in report.notices}
    rows = [
        (
            _who(notices.get(d.key), d.key),
            f"{_(names.STATES.get(d.state, d.state))}  {safe(d.detail)}",
        )
        for d in (*report.repeated, *report.deliveries)
        if d.state not in (*_SENT, *_WAITING) and (d.key in notices or d in report.repeated)
    ]
    waiting = _("waits for approval: `relance approve {key}`")
    rows += [(_who(n, n.key), waiting.format(key=n.key[:12])) for n in report.awaiting]
    return _bounded(rows, language)


def _in_doubt(figures: Figures, language: str) -> list[tuple[str, str]]:
    """Return what earlier runs left in doubt: nothing more is sent about it until it is settled."""
    count = figures.verdicts.get("in_doubt", 0)
    if not count:
        return []
    told = translator(language)(N_("{items}: settle it by `relance doubt`"))
    said = told.format(items=counted(count, "item", language))
    return [(translator(language)(names.VERDICTS["in_doubt"]), said)]


def _who(notice: object, key: str) -> str:
    name = getattr(getattr(notice, "debtor", None), "name", None)
    return f"{safe(name)} · {getattr(notice, 'level', '')}" if name else key[:12]


def _sent(report: RunReport, language: str) -> list[tuple[str, str]]:
    notices = {notice.key: notice for notice in report.notices}
    sent = [notices[d.key] for d in report.deliveries if d.state in _SENT and d.key in notices]
    counts = Counter((n.procedure, n.level, n.currency) for n in sent)
    sums: Counter[tuple[str, str, str]] = Counter()
    for n in sent:
        sums[n.procedure, n.level, n.currency] += n.total_due
    return [
        (f"{level} ({procedure})",
         f"{counted(counts[procedure, level, currency], 'notice', language)} · "
         f"{amount_text(sums[procedure, level, currency], currency, language)}")
        for procedure, level, currency in sorted(counts)
    ]  # fmt: skip


def _tasks(report: RunReport, language: str) -> list[tuple[str, str]]:
    _ = translator(language)
    given = {d.key for d in report.deliveries if d.state in _SENT}
    rows = [
        (
            safe(task.debtor.name),
            f"{_(names.TASKS.get(task.kind, task.kind))}: {safe(task.subject)}",
        )
        for task in report.tasks
        if task.key in given
    ]
    return _bounded(rows, language)


def _held(figures: Figures, language: str) -> list[tuple[str, str]]:
    _ = translator(language)
    counts = figures.verdicts
    return [
        (_(text), counted(counts[verdict], "item", language))
        for verdict, text in names.VERDICTS.items()
        if verdict != "act" and counts.get(verdict)
    ]


def _balance(figures: Figures, language: str) -> list[tuple[str, str]]:
    _ = translator(language)
    told = _("{open}, of which {overdue} past due")
    return [
        (
            currency,
            told.format(
                open=amount_text(minor, currency, language),
                overdue=amount_text(figures.overdue.get(currency, 0), currency, language),
            ),
        )
        for currency, minor in figures.open.items()
    ]


def _remarks(found: Sequence[Diagnostic], language: str) -> list[str]:
    lines = [f"{d.message(language)} — {d.hint(language)}" for d in found[:_NAMED]]
    left = len(found) - _NAMED
    return [*lines, *([_more(left, language)] if left > 0 else [])]


def _bounded(rows: list[tuple[str, str]], language: str) -> list[tuple[str, str]]:
    left = len(rows) - _NAMED
    return [*rows[:_NAMED], *([("…", _more(left, language))] if left > 0 else [])]


def _more(left: int, language: str) -> str:
    return translator(language)(N_("and {count} more")).format(count=left)


def _text(heading: str, creditor: str, sections: Sequence[Section]) -> str:
    lines = [heading, creditor, ""]
    for section in sections:
        lines += [section.title, "-" * len(section.title)]
        width = max((len(label) for label, _ in section.rows), default=0)
        lines += [f"{label:<{min(width, 40)}}  {value}" for label, value in section.rows]
        lines += [f"* {remark}" for remark in section.remarks]
        lines.append("")
    return "\n".join(lines)


def _html(heading: str, creditor: str, sections: Sequence[Section], language: str) -> str:
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    source = Path(__file__).with_name("run_mail.html").read_text("utf-8")
    facts = {"heading": heading, "creditor": creditor, "sections": sections, "language": language}
    return environment.from_string(source).render(facts)
