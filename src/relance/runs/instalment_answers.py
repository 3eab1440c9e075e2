"""What became of a proposed payment plan: accepted, refused, withdrawn, cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from relance.diagnostics import Diagnostic
from relance.dunning.instalments import PaymentPlan
from relance.history.store import History
from relance.history.values import Record
from relance.runs import instalment_codes as own
from relance.runs.instalment_list import is_about, is_of, proposals, running
from relance.runs.instalments import barred, on_a_plan, second_plan
from relance.runs.proposal import Proposal


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a proposal or plan: `outcome` accepted, refused or cancelled.

    `subject` is its number, its debtor or one of its invoices; `whom` who accepted it.
    """

    outcome: str
    subject: str
    day: date
    whom: str | None = None
    reason: str | None = None
    by: str | None = None


def answer(given: Answer, proposal: Proposal, history: History) -> tuple[int, str] | Diagnostic:
    """Record `given`; return the number of its proposal or plan and what was done, or what is wrong.

    Done is accepted, refused or cancelled; withdrawn, where a proposal was cancelled.

    An accepted proposal starts as it was proposed: what was paid since counts for it.
    """
    asked = next((p for p in proposals(proposal) if is_about(p, given.subject, proposal)), None)
    plan = next((p for p in running(proposal) if is_of(p, given.subject, proposal)), None)
    if asked is None and (plan is None or given.outcome != "cancelled"):
        return Diagnostic(own.NO_PLAN, None, {"subject": given.subject})
    if plan is not None and given.outcome == "cancelled" and not _numbered(asked, given.subject):
        history.record([_ended(plan, given)])
        return plan.called, "cancelled"
    if asked is None:
        return Diagnostic(own.NO_PLAN, None, {"subject": given.subject})
    if given.outcome == "accepted":
        return _accept(asked, given, proposal, history)
    outcome = _OUTCOMES[given.outcome]
    history.record([_made("instalments_refused", asked, given, code=outcome)])
    return int(asked["seq"]), outcome


_OUTCOMES = {"refused": "refused", "cancelled": "withdrawn"}


def _numbered(asked: Mapping[str, Any] | None, subject: str) -> bool:
    return asked is not None and str(asked["seq"]) == subject


def _accept(
    asked: Mapping[str, Any], given: Answer, proposal: Proposal, history: History
) -> tuple[int, str] | Diagnostic:
    rows = proposal.facts.filter(pl.col("item").is_in(asked["covers"]))
    found = list(rows.iter_rows(named=True))
    wrong = on_a_plan(found, proposal) or (second_plan(found, proposal) if found else None)
    if wrong is not None:
        return wrong
    held = rows.filter(pl.col("verdict").is_in(["insolvent", "handed_over"]))
    if held.height or not rows["open"].sum():
        row = (held if held.height else rows).row(0, named=True) if rows.height else None
        if row is None:
            return barred(given.subject, "settled")
        return barred(row["number"], row["verdict"] if held.height else "settled")
    schedule = tuple((each["due"], each["amount"]) for each in asked["schedule"])
    made = _made(
        "instalments",
        asked,
        given,
        code=asked["code"],
        amount=asked["amount"],
        schedule=schedule,
        facts={"covers": asked["covers"]},
    )
    history.record([made])
    return int(asked["seq"]), "accepted"


def _made(kind: str, asked: Mapping[str, Any], given: Answer, **more: Any) -> Record:
    return Record(
        kind,
        given.day,
        asked["debtor"],
        asked["item"],
        reason=given.reason or asked["reason"],
        by=given.by,
        owner=given.whom,
        about=asked["seq"],
        **more,
    )


def _ended(plan: PaymentPlan, given: Answer) -> Record:
    return Record(
        "instalments_ended",
        given.day,
        plan.debtor,
        plan.item,
        reason=given.reason,
        by=given.by,
        about=plan.number,
    )
