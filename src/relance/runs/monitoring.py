"""A run in figures, for those who watch it from outside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from relance.diagnostics import Diagnostic
from relance.policy.model import Policy
from relance.runs.report import RunReport


@dataclass(frozen=True)
class Figures:
    """A run in figures.

    Attributes:
        creditor: its registration, or its name without one.
        run: its number; None when it did not come to begin.
        exit: exit code.
        seconds: how long it took.
        ended: moment of its end, UTC.
        states: notices by state.
        verdicts: items by verdict.
        tasks, awaiting, faults: how many tasks were given, notices wait for approval, and notices
            could not be rendered.
        doubts: how many dispatches are in doubt, of this and of earlier runs.
        oldest_doubt: since when the oldest is; None without any.
        last_notice: run date of the last run that sent a notice; None before the first.
        open, overdue: minor units by currency.
        alarms: what should worry somebody.
        stops: codes of what kept it from sending anything; empty if nothing did.
    """

    creditor: str
    run: int | None
    run_date: date
    exit: int
    seconds: float
    ended: datetime
    states: Mapping[str, int] = field(default_factory=dict)
    verdicts: Mapping[str, int] = field(default_factory=dict)
    tasks: int = 0
    awaiting: int = 0
    faults: int = 0
    doubts: int = 0
    oldest_doubt: datetime | None = None
    last_notice: date | None = None
    open: Mapping[str, int] = field(default_factory=dict)
    overdue: Mapping[str, int] = field(default_factory=dict)
    alarms: Sequence[Diagnostic] = ()
    stops: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class End:
    """How a run ended: exit code, how many seconds it took, the moment (UTC)."""

    exit: int
    seconds: float
    at: datetime


def in_figures(policy: Policy, today: date, report: RunReport | None, end: End) -> Figures:
    """Return the run in figures; without `report`, of a run that did not come to begin."""
    creditor = policy.creditor.registration or policy.creditor.name
    if report is None:
        return Figures(creditor, None, today, end.exit, end.seconds, end.at)
    opened, overdue = _balance(report)
    given = {d.key for d in report.deliveries if d.state == "sent"}
    seen = report.hindsight
    return Figures(
        creditor, report.run, today, end.exit, end.seconds, end.at,
        states=Counter(d.state for d in report.notices_done),
        verdicts={v: n for v, n in report.proposal.plan.summary.items() if v != "receivables"},
        tasks=sum(task.key in given for task in report.tasks),
        awaiting=len(report.awaiting),
        faults=len(report.faults),
        doubts=seen.doubts if seen else 0,
        oldest_doubt=seen.oldest_doubt if seen else None,
        last_notice=seen.last_notice if seen else None,
        open=opened,
        overdue=overdue,
        alarms=seen.alarms if seen else (),
        stops=[found.code for found in report.stops],
    )  # fmt: skip


def _balance(report: RunReport) -> tuple[dict[str, int], dict[str, int]]:
    """Return what is open and what is overdue, minor units by currency."""
    from relance.reports.status import balances

    proposal = report.proposal
    rows = balances(proposal.facts, proposal.policy.creditor.currency).iter_rows(named=True)
    found = [(row["currency"], row["receivables"], row["overdue"]) for row in rows]
    return {c: amount for c, amount, _ in found}, {c: amount for c, _, amount in found}
