"""What people released, and whether it is still what they saw.

The approval of a plan holds for that plan: its date and its data. What is left of it when its run
was killed half-way is that plan still, as long as the files are the same. The approval of a
notice holds as long as it claims no other principal and goes to nobody else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from relance.dunning.plan import Notice
from relance.history.store import History
from relance.history.values import Approval
from relance.runs.figures import content_of
from relance.runs.proposal import Proposal


def facts_of_plan(proposal: Proposal) -> dict[str, Any]:
    """Return what the approval of the plan records: its date, its files, its notices."""
    plan = proposal.plan
    return {
        "date": plan.run_date.isoformat(),
        "files": content_of(proposal.reading.files),
        "notices": [_of_today(notice) for notice in plan.notices],
    }


def facts_of_notice(notice: Notice) -> dict[str, Any]:
    """Return what the approval of one notice records."""
    return {"notice": _of_any_day(notice)}


@dataclass(frozen=True)
class Approved:
    """What of a proposal was approved."""

    proposal: Proposal
    given: Sequence[Approval]

    @classmethod
    def of(cls, proposal: Proposal, history: History) -> Approved:
        """Return what of `proposal` the history says was approved."""
        return cls(proposal, history.approved())

    @cached_property
    def plan(self) -> bool:
        """Whether the plan was approved, or is what is left of one that was."""
        if any(approval.key == self.proposal.plan.plan_hash for approval in self.given):
            return True
        notices = self.proposal.plan.notices if self._begun else ()
        return bool(notices) and all(_of_today(notice) in self._begun for notice in notices)

    def notice(self, notice: Notice) -> bool:
        """Return whether `notice` may go, by itself or as part of the plan."""
        if self.plan or _of_today(notice) in self._begun:
            return True
        return any(
            approval.facts.get("notice", now) == now
            for now in (_of_any_day(notice),)
            for approval in self._by_key.get(notice.key, ())
        )

    @cached_property
    def _begun(self) -> Collection[str]:
        """The notices of plans of today that were approved on the same files."""
        today = self.proposal.plan.run_date.isoformat()
        plans = [a.facts for a in self.given if a.facts.get("date") == today]
        files = content_of(self.proposal.reading.files) if plans else ""
        return {one for facts in plans if facts["files"] == files for one in facts["notices"]}

    @cached_property
    def _by_key(self) -> Mapping[str, list[Approval]]:
        found: dict[str, list[Approval]] = {}
        for approval in self.given:
            found.setdefault(approval.key, []).append(approval)
        return found


def _of_today(notice: Notice) -> str:
    """Return a digest of all that the debtor would read, and of the day."""
    lines = [
        (line.item, line.level, line.due, line.open, line.interest, line.compensation, line.fee)
        for line in (*notice.charged, *notice.other_open, *notice.credits)
    ]
    who = (notice.key, notice.run_date.isoformat(), notice.recipient, notice.language)
    return _digest((*who, notice.total_due, lines, *_form(notice)))


def _of_any_day(notice: Notice) -> str:
    claimed = (notice.key, notice.recipient, notice.currency, notice.total_open)
    return _digest((*claimed, *_form(notice)))


def _form(notice: Notice) -> tuple[str, ...]:
    """Return what the policy leaves to the day: the form of a level that has variants, the page that
    it points to, and the person it names. Nothing of other notices, so that what was approved before
    stays so."""
    lines, party = notice.receivables, notice.debtor
    told = [str(said) for line in lines for said in (line.verified, line.rejected) if said]
    varied = bool(notice.variant or notice.link or told)
    form = (notice.template, notice.tone, notice.link, *told) if varied else ()
    return (*form, party.role, party.attention) if party.role else form


def _digest(value: object) -> str:
    return sha256(repr(value).encode()).hexdigest()[:24]
