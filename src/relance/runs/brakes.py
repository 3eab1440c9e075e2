"""Brakes: what keeps a run from sending anything at all."""

from __future__ import annotations

from relance.diagnostics import Diagnostic
from relance.history.store import History
from relance.runs import codes
from relance.runs.proposal import Proposal


def brake(proposal: Proposal, history: History, expected: str | None) -> Diagnostic | None:
    """Return why nothing may be sent; None if it may. `expected`: hash of the plan reviewed."""
    plan, most = proposal.plan, proposal.policy.limits.max_notices
    if expected is not None and expected != plan.plan_hash:
        return Diagnostic(codes.CHANGED, None, {"now": plan.plan_hash[:12], "then": expected[:12]})
    if plan.notice_count > most and plan.plan_hash not in history.approvals():
        facts = {"count": plan.notice_count, "max": most, "plan": plan.plan_hash}
        return Diagnostic(codes.TOO_MANY, None, facts)
    return None
