"""A run: import, decide, render, send, record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from relance.channels.contract import Channel
from relance.channels.registry import open_channel
from relance.diagnostics import Diagnostic
from relance.history.store import History
from relance.policy.model import ChannelConfig, Policy
from relance.runs import codes
from relance.runs.brakes import brake
from relance.runs.delivery import deliver, recover
from relance.runs.hindsight import look_back
from relance.runs.observed import keep_payments, observe_cycles, save_snapshots
from relance.runs.preparing import WORKLIST, prepared
from relance.runs.proposal import propose
from relance.runs.report import RunReport
from relance.runs.trial import try_each_template


def refuse_past(history: History, today: date) -> Diagnostic | None:
    """Return why no run may be dated `today`; None if it may."""
    last = history.last_completed_run()
    if last is None or today >= last:
        return None
    return Diagnostic(codes.BACK_IN_TIME, None, {"date": today, "last": last})


def dry_run(policy: Policy, today: date, history: History) -> RunReport:
    """Return what a run would do, having tried each template once. Changes nothing."""
    report = RunReport(propose(policy, today, history))
    report.stopped = brake(report.proposal, history, None)
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
        report.hindsight = look_back(policy, history, today)
        yield report
    finally:
        channels.close()


def _carry_out(
    report: RunReport, history: History, channels: Mapping[str, Channel], expected_plan: str | None
) -> Iterator[RunReport]:
    proposal, number = report.proposal, report.run or 0
    report.stopped = brake(proposal, history, expected_plan)
    if proposal.refused or report.stopped:
        history.finish_run(number, "stopped", report.summary())
        return
    keep_payments(proposal, history, number)
    observe_cycles(proposal, history, number)
    for done in deliver(prepared(report, history), history, channels, number):
        report.deliveries.append(done)
        yield report
    save_snapshots(proposal, history)
    history.finish_run(number, "completed", report.summary())
    yield report


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
