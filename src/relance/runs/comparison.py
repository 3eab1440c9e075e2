"""Two policies on the same data: what a change of the policy does to the portfolio of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from relance.diagnostics import Diagnostic, Severity
from relance.dunning.difference import Differences, differences
from relance.history.store import History
from relance.notices.texts import TextChange, text_changes
from relance.policy.model import Policy
from relance.runs.brakes import checked
from relance.runs.proposal import Proposal, propose


@dataclass(frozen=True)
class Comparison:
    """What a change of the policy does.

    Attributes:
        old, new: the proposals that either policy makes.
        differences: of their plans.
        texts: the templates that differ.
        stops: what would keep the new plan from being sent, and not the old one.
        findings: errors and warnings about the data that only the new policy leads to.
    """

    old: Proposal
    new: Proposal
    differences: Differences
    texts: tuple[TextChange, ...]
    stops: tuple[Diagnostic, ...]
    findings: tuple[Diagnostic, ...]

    @property
    def any(self) -> bool:
        """Whether anything differs."""
        return self.differences.any or bool(self.texts or self.stops or self.findings)


def on_data(policy: Policy, data: Path) -> Policy:
    """Return `policy` as it reads the files of the project `data`; nothing is rendered with it."""
    creditor = policy.creditor.model_copy(update={"logo": None})  # it lies beside the policy
    return policy.model_copy(update={"root": data, "creditor": creditor})


def compare(old: Proposal, new: Proposal, history: History, roots: tuple[Path, Path]) -> Comparison:
    """Return how `new` differs from `old`, neither of which is refused. Reads only.

    `roots` are the projects that the policies come from, where their templates lie.
    """
    stops = checked(old, history).stops, checked(new, history).stops
    return Comparison(
        old,
        new,
        differences(old.plan, new.plan, old.policy, new.policy),
        text_changes(*roots, new.policy),
        _new_kinds(*stops),
        _new_findings(old, new),
    )


def _new_kinds(old: list[Diagnostic], new: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the stops of other rules than the old ones: their figures are those of each plan."""
    known = {one.code for one in old}
    return tuple(one for one in new if one.code not in known)


def _new_findings(old: Proposal, new: Proposal) -> tuple[Diagnostic, ...]:
    known = {(d.code, d.span, d.message()) for d in old.diagnostics}
    told = (d for d in new.diagnostics if d.severity is not Severity.INFO)
    return tuple(d for d in told if (d.code, d.span, d.message()) not in known)


def propose_on(policy: Policy, data: Path, today: date, history: History) -> Proposal:
    """Return what a run with `policy` on the data of the project `data` would do. Reads only."""
    return propose(on_data(policy, data), today, history)
