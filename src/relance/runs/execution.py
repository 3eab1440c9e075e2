"""A run: import, decide, render, send, record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from relance.channels.contract import Channel
from relance.channels.registry import open_channel
from relance.diagnostics import Diagnostic
from relance.history.store import History
from relance.notices.print_run import print_run
from relance.policy.model import ChannelConfig, Policy
from relance.runs import codes
from relance.runs.brakes import checked, forbidden, pin_on_first_use
from relance.runs.delivery import Terms, recover
from relance.runs.environment import guarded
from relance.runs.hindsight import look_back
from relance.runs.observed import (
    keep_payments,
    note_exposures,
    observe_cycles,
    save_snapshots,
)
from relance.runs.preparing import WORKLIST, Printing
from relance.runs.printed import note_printed
from relance.runs.proposal import propose
from relance.runs.report import RunReport
from relance.runs.reviewed import Reviewed
from relance.runs.sending import Means, send_all
from relance.runs.trial import try_each_template


def refuse_past(history: History, today: date) -> Diagnostic | None:
    """Return why no run may be dated `today`; None if it may."""
    last = history.last_completed_run()
    if last is None or today >= last:
        return None
    return Diagnostic(codes.BACK_IN_TIME, None, {"date": today, "last": last})


def dry_run(policy: Policy, today: date, history: History) -> RunReport:
    """Return what a run would do, having tried each template once. Changes nothing."""
    check = checked(propose(policy, today, history), history)
    report = RunReport(check.proposal, stops=check.stops)
    report.faults = try_each_template(report.proposal)
    return report


@dataclass(frozen=True, slots=True)
class Outfit:
    """What a run is done with, where it is not the real thing.

    Attributes:
        printing: makes the messages.
        paced: whether sending windows and rates of the channels hold; they read the clock.
    """

    printing: Printing = print_run
    paced: bool = True


def run(
    policy: Policy,
    today: date,
    history: History,
    reviewed: Reviewed | None = None,
    outfit: Outfit | None = None,
) -> Iterator[RunReport]:
    """Do the run of `today`; call it with the run lock held.

    Yields the report when the plan is made and after each delivery, so that the caller can show
    progress; the last one yielded is complete.

    Args:
        reviewed: the plan that was reviewed; another plan is refused.
        outfit: of a test; a run as such has none.
    """
    outfit = outfit or Outfit()
    number = history.begin_run(today)
    note_printed(policy, history, today, number)
    channels = _Channels(policy)
    try:
        banned = forbidden(policy, history)
        repeated = [] if banned else list(recover(history, channels, number))
        terms = _terms(policy, channels, history)
        if not outfit.paced:
            terms = replace(terms, configs={})
        means = Means(history, channels, terms, outfit.printing)
        report = RunReport(propose(policy, today, history), number, repeated=repeated)
        yield report
        yield from _carry_out(report, means, reviewed)
        report.hindsight = look_back(policy, history, today)
        report.head = str(history.chain_head())
        yield report
    finally:
        channels.close()


def _terms(policy: Policy, channels: _Channels, history: History) -> Terms:
    """Return how the run sends. Call it before the plan is made: it looks for what changes since."""
    return Terms(
        configs=policy.channels,
        timezone=policy.creditor.timezone,
        another=channels.another,
        place=history.place(),
        accounts=policy.root / policy.accounts_file,
    )


def _carry_out(report: RunReport, means: Means, reviewed: Reviewed | None) -> Iterator[RunReport]:
    history = means.history
    number, check = report.run or 0, checked(report.proposal, history, reviewed)
    proposal = report.proposal = check.proposal
    report.stops, report.changes = check.stops, check.changes
    if proposal.refused or report.stops:
        history.finish_run(number, "stopped", report.summary())
        return
    report.imports = check.figures.kept()
    pin_on_first_use(proposal.policy, history)
    keep_payments(proposal, history, number)
    observe_cycles(proposal, history, number)
    note_exposures(proposal, history)
    yield from send_all(report, means)
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
        self[name] = self.another(name)
        return self[name]

    def another(self, name: str) -> Channel:
        """Return a channel of its own by that name; whoever asks for it closes it."""
        config = self._policy.channels.get(name) or ChannelConfig(kind="task")
        channel = open_channel(name, config, self._policy.root)
        return guarded(channel, name, self._policy)

    def close(self) -> None:
        """Close those that were opened."""
        for channel in self.values():
            channel.close()
