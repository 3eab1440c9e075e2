"""A run: import, decide, render, send, record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from relance.channels.contract import Channel
from relance.channels.registry import capabilities, open_channel
from relance.clock import moment_of
from relance.diagnostics import Diagnostic
from relance.dunning.plan import Notice
from relance.history.store import History
from relance.history.values import Payments
from relance.notices.print_run import print_run
from relance.notices.stationery import Stationery
from relance.policy.model import ChannelConfig, Policy
from relance.runs import codes
from relance.runs.delivery import Delivery, Prepared, deliver, of_notice, of_task, recover
from relance.runs.portfolio import snapshot_of
from relance.runs.proposal import Proposal, propose
from relance.runs.trial import try_each_template

WORKLIST = "task"
"""Channel of tasks that no level asked for; there whether the policy names it or not."""


@dataclass
class RunReport:
    """What a run did.

    Attributes:
        run: number of the run in the history; None for a dry one.
        proposal: what it set out to do.
        deliveries: what became of each notice and task.
        repeated: what an interrupted run had begun and this one finished.
        faults: notices that could not be rendered.
        awaiting: notices that wait for approval.
        stopped: why nothing was sent, None if nothing stopped it.
    """

    proposal: Proposal
    run: int | None = None
    deliveries: list[Delivery] = field(default_factory=list)
    repeated: list[Delivery] = field(default_factory=list)
    faults: list[Diagnostic] = field(default_factory=list)
    awaiting: list[Notice] = field(default_factory=list)
    stopped: Diagnostic | None = None

    @property
    def notices_done(self) -> list[Delivery]:
        """What became of the notices, without the tasks."""
        tasks = {task.key for task in self.proposal.plan.tasks}
        return [done for done in self.deliveries if done.key not in tasks]

    def count(self, *states: str) -> int:
        """Return how many notices (not tasks) of this run ended in one of `states`."""
        return sum(done.state in states for done in self.notices_done)


def refuse_past(history: History, today: date) -> Diagnostic | None:
    """Return why no run may be dated `today`; None if it may."""
    last = history.last_completed_run()
    if last is None or today >= last:
        return None
    return Diagnostic(codes.BACK_IN_TIME, None, {"date": today, "last": last})


def dry_run(policy: Policy, today: date, history: History) -> RunReport:
    """Return what a run would do, having tried each template once. Changes nothing."""
    report = RunReport(propose(policy, today, history))
    report.stopped = _brake(report.proposal, history, None)
    report.faults = try_each_template(report.proposal)
    return report


def run(
    policy: Policy, today: date, history: History, expected_plan: str | None = None
) -> Iterator[RunReport]:
    """Do the run of `today`; call it with the run lock held.

    Yields the report when the plan is made and after each delivery, so that the caller can show
    progress; the last one yielded is complete.

    Args:
        expected_plan: hash of the plan that was reviewed; another plan is refused.
    """
    number = history.begin_run(today)
    channels = _Channels(policy)
    try:
        repeated = list(recover(history, channels, number))
        report = RunReport(propose(policy, today, history), number, repeated=repeated)
        yield report
        yield from _carry_out(report, history, channels, expected_plan)
    finally:
        channels.close()


def _carry_out(
    report: RunReport, history: History, channels: Mapping[str, Channel], expected_plan: str | None
) -> Iterator[RunReport]:
    proposal, number = report.proposal, report.run or 0
    report.stopped = _brake(proposal, history, expected_plan)
    if proposal.refused or report.stopped:
        history.finish_run(number, "stopped", _summary(report))
        return
    _keep_payments(proposal, history, number)
    _observe_cycles(proposal, history, number)
    for done in deliver(_prepared(report, history), history, channels, number):
        report.deliveries.append(done)
        yield report
    _save_snapshots(proposal, history)
    history.finish_run(number, "completed", _summary(report))
    yield report


def _brake(proposal: Proposal, history: History, expected: str | None) -> Diagnostic | None:
    plan, most = proposal.plan, proposal.policy.limits.max_notices
    if expected is not None and expected != plan.plan_hash:
        return Diagnostic(codes.CHANGED, None, {"now": plan.plan_hash[:12], "then": expected[:12]})
    if plan.notice_count > most and plan.plan_hash not in history.approvals():
        facts = {"count": plan.notice_count, "max": most, "plan": plan.plan_hash}
        return Diagnostic(codes.TOO_MANY, None, facts)
    return None


def _prepared(report: RunReport, history: History) -> Iterator[Prepared]:
    """Yield what is to be sent: tasks first, they cannot fail; then notices as they are rendered."""
    proposal, channels = report.proposal, report.proposal.policy.channels
    for task in proposal.plan.tasks:
        yield of_task(task, task.channel or WORKLIST, proposal.today)
    approved = history.approvals()
    ready: list[Notice] = []
    for notice in proposal.plan.notices:
        waits = notice.approval == "required" and not _is_approved(notice, proposal, approved)
        (report.awaiting if waits else ready).append(notice)
    if not ready:
        return
    stationery = Stationery.of(proposal.policy)
    moment = moment_of(proposal.today, proposal.policy.creditor.timezone)
    for notice, message in print_run(ready, stationery, moment):
        if isinstance(message, Diagnostic):
            report.faults.append(message)
        else:
            able = capabilities(channels[notice.channel].kind)
            yield of_notice(notice, message, able)


def _is_approved(notice: Notice, proposal: Proposal, approved: set[str]) -> bool:
    return bool(approved & {notice.key, proposal.plan.plan_hash})


def _keep_payments(proposal: Proposal, history: History, run_number: int) -> None:
    """Record the payments read and what they were set against, all before anything is sent."""
    lettered, past = proposal.portfolio.lettered, proposal.portfolio.past
    if lettered is None:
        return
    known = past.allocations.head(past.allocations.height - lettered.allocations.height)
    read = proposal.reading.movements
    history.record_payments(Payments(read, lettered.allocations, known), run=run_number)


def _observe_cycles(proposal: Proposal, history: History, run_number: int) -> None:
    """Record which dunned receivables are settled now, and which settled ones are open again."""
    past = proposal.portfolio.past
    dunned = past.levels.select("item").unique()
    # What is gone from its export is seen all the same where payments cover it.
    seen = ~pl.col("missing") | ((pl.col("paid") != 0) & (pl.col("open") == 0))
    state = dunned.join(past.cycles, on="item", how="left").join(
        proposal.facts.filter(seen).select("item", "open"), on="item", how="inner"
    )
    was = pl.col("settled").fill_null(value=False)
    settled = state.filter((pl.col("open") == 0) & ~was)["item"].sort().to_list()
    reopened = state.filter((pl.col("open") != 0) & was)["item"].sort().to_list()
    if settled or reopened:
        history.record_cycles(settled, reopened, proposal.today, run_number)


def _save_snapshots(proposal: Proposal, history: History) -> None:
    for source in proposal.policy.item_sources:
        if not source.full:
            continue
        prints = sorted(f.fingerprint for f in proposal.reading.files if f.source == source.name)
        items = snapshot_of(proposal.portfolio, source.name)
        history.save_snapshot(source.name, proposal.today, ",".join(prints), items)


def _summary(report: RunReport) -> dict[str, object]:
    states: dict[str, int] = {}
    for done in report.deliveries:
        states[done.state] = states.get(done.state, 0) + 1
    return {
        "plan_hash": report.proposal.plan.plan_hash,
        "verdicts": report.proposal.plan.summary,
        "deliveries": states,
        "repeated": len(report.repeated),
        "faults": len(report.faults),
        "awaiting": len(report.awaiting),
        "stopped": report.stopped.code if report.stopped else None,
    }


class _Channels(dict[str, Channel]):
    """The channels of a run, each opened when its first message comes; the worklist always is."""

    def __init__(self, policy: Policy) -> None:
        super().__init__()
        self._policy = policy

    def __contains__(self, name: object) -> bool:
        return name == WORKLIST or name in self._policy.channels

    def __missing__(self, name: str) -> Channel:
        config = self._policy.channels.get(name) or ChannelConfig(kind="task")
        self[name] = open_channel(name, config, self._policy.root)
        return self[name]

    def close(self) -> None:
        """Close those that were opened."""
        for channel in self.values():
            channel.close()
