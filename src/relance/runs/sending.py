"""All that a run sends: what the plan asks for, and what takes the place of what could not be sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from relance.channels.contract import Channel
from relance.dunning.keys import key_of
from relance.dunning.plan import Notice, Task
from relance.history.store import History
from relance.language import N_, translator
from relance.notices.print_run import print_run
from relance.runs.consignment import Delivery, Prepared, of_task
from relance.runs.delivery import Terms, deliver
from relance.runs.preparing import WORKLIST, Printing, prepared, prepared_notices
from relance.runs.proposal import Proposal
from relance.runs.report import RunReport

UNDELIVERED = N_("Reach {name} otherwise: {level} could not be delivered ({detail})")


@dataclass(frozen=True)
class Means:
    """What a run sends with."""

    history: History
    channels: Mapping[str, Channel]
    terms: Terms
    printing: Printing = print_run


def send_all(report: RunReport, means: Means) -> Iterator[RunReport]:
    """Yield the report after each delivery.

    A rejected notice goes by the next channel of its level; for one that failed for good there is
    a task. When nothing may leave any more, the rest is reported as held back.
    """
    yield from _deliver(prepared(report, means.history, means.printing), report, means)
    while others := _instead(report):
        report.instead += others
        ready = prepared_notices(report, means.history, others, means.printing)
        yield from _deliver(ready, report, means)
    if report.held_back:
        report.deliveries += _rest(report)
    else:
        report.opened += _undelivered(report)
        tasks = (of_task(task, WORKLIST, report.proposal.today) for task in report.opened)
        yield from _deliver(tasks, report, means)


def _deliver(given: Iterator[Prepared], report: RunReport, means: Means) -> Iterator[RunReport]:
    if report.held_back:
        return
    for done in deliver(given, means.history, means.channels, report.run or 0, means.terms):
        report.deliveries.append(done)
        yield report


def _instead(report: RunReport) -> list[Notice]:
    """Return the notices by the next channel, of those rejected that were not replaced yet."""
    rejected = {done.key for done in report.deliveries if done.state == "rejected"}
    known = {notice.key for notice in report.notices}
    others = [
        other
        for notice in report.notices
        if notice.key in rejected
        for other in by_next_channel(notice, report.proposal)
    ]
    return [other for other in others if other.key not in known]


def by_next_channel(notice: Notice, proposal: Proposal) -> tuple[Notice, ...]:
    """Return `notice` by the next channel of its level that reaches the debtor; empty if none does.

    A level that uses all its channels at once has no other left.
    """
    if notice.part:
        return ()
    items = [line.item for line in notice.receivables]
    rows = proposal.plan.acting.filter(pl.col("item").is_in(items))
    order = rows["channels"][0].to_list() if rows.height else []
    after = order.index(notice.channel) + 1 if notice.channel in order else len(order)
    if after >= len(order):
        return ()
    return proposal.plan.write(rows.with_columns(pl.col("channels").list.slice(after)))


def _undelivered(report: RunReport) -> list[Task]:
    """Return a task for each notice whose tries are used up, unless it was given before."""
    failed = {done.key: done.detail for done in report.deliveries if done.state == "failed"}
    say = translator(report.proposal.policy.creditor.language)
    tasks = [
        _task(notice, say(UNDELIVERED), failed[notice.key], report.proposal)
        for notice in report.notices
        if notice.key in failed
    ]
    known = report.proposal.portfolio.past.tasks
    return [task for task in tasks if task.key not in known]


def _task(notice: Notice, subject: str, detail: str, proposal: Proposal) -> Task:
    said = " ".join(detail.split())[:120]
    return Task(
        key=key_of(["undelivered", notice.key, notice.recipient]),
        kind="undelivered",
        debtor=notice.debtor,
        subject=subject.format(name=notice.debtor.name, level=notice.level, detail=said),
        receivables=notice.receivables,
        currency=notice.currency,
        due=proposal.today,
        owner=notice.debtor.owner,
        segment=notice.segment,
    )


def _rest(report: RunReport) -> list[Delivery]:
    """Return what was not even tried, in the order of the plan."""
    plan, reason = report.proposal.plan, report.held_back
    waiting = {notice.key for notice in report.awaiting}
    done = {delivery.key for delivery in report.deliveries} | waiting
    keys = [*(task.key for task in plan.tasks), *(notice.key for notice in report.notices)]
    return [Delivery(key, "held_back", reason) for key in keys if key not in done]
