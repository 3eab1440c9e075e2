"""What the end of a run sees when it looks back: the dead-man's switch of the business.

A run that ends well every night and never sends anything is a fault that no exit code shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from relance.dates import is_sending_day
from relance.diagnostics import Diagnostic
from relance.history.store import History
from relance.history.values import Doubt, Passage
from relance.policy.model import Policy
from relance.runs import monitoring_codes as codes

REMEMBERED = 400
"""Runs that are looked at: more than a year of nights."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hindsight:
    """What the history tells after a run.

    Attributes:
        last_notice: run date of the last run that sent a notice; None before the first.
        doubts: how many dispatches are in doubt, of this and of earlier runs.
        oldest_doubt: since when the oldest is; None without any.
        alarms: what should worry somebody: a long silence, old doubts.
    """

    last_notice: date | None
    doubts: int
    oldest_doubt: datetime | None
    alarms: tuple[Diagnostic, ...]


def look_back(policy: Policy, history: History, today: date) -> Hindsight:
    """Return what the history tells on `today`, a run of which may just have ended."""
    passages, doubts = history.runs(REMEMBERED), history.in_doubt()
    last = max((p.run_date for p in passages if p.summary.get("sent")), default=None)
    oldest = min((doubt.since for doubt in doubts), default=None)
    alarms = (*_silence(passages, last, policy, today), *_old_doubts(doubts, history.now()))
    return Hindsight(last, len(doubts), oldest, alarms)


def _silence(
    passages: Sequence[Passage], last: date | None, policy: Policy, today: date
) -> list[Diagnostic]:
    """Nothing went out for as many working days as the policy bears, though something was due.

    The first run counts as a notice: a project that has just begun has been silent for no time.
    """
    days = policy.monitoring.silent_days
    if not passages or not days:
        return []
    quiet_since = last or min(p.run_date for p in passages)
    due = any(p.run_date > quiet_since and _was_due(p) for p in passages)
    if not due or _working_days(quiet_since, today, policy.creditor.country) < days:
        return []
    return [Diagnostic(codes.SILENT, None, {"days": days, "last": last or "–"})]


def _was_due(passage: Passage) -> bool:
    return bool(passage.summary.get("due"))


def _working_days(after: date, until: date, country: str) -> int:
    """Return how many working days there are after `after`, up to `until`."""
    span = (until - after).days
    return sum(is_sending_day(after + n * _DAY, [country]) for n in range(1, span + 1))


def _old_doubts(doubts: Sequence[Doubt], now: datetime) -> list[Diagnostic]:
    old = [doubt for doubt in doubts if doubt.since < now - _DAY]
    if not old:
        return []
    facts = {"count": len(old), "since": min(doubt.since for doubt in old).date()}
    return [Diagnostic(codes.OLD_DOUBT, None, facts)]
