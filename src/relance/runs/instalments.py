"""Payment plans as an operator proposes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from relance.diagnostics import Diagnostic, Phrase
from relance.dunning.charges import claimed, computed, has_charges
from relance.dunning.schedules import MOST, Rhythm, Schedule, schedule_of
from relance.history.store import History
from relance.history.values import Record
from relance.law.claim import Computation
from relance.money import to_text
from relance.policy.model import Charges
from relance.reports import names
from relance.runs import codes
from relance.runs import instalment_codes as own
from relance.runs.instalment_list import proposal_fields, running
from relance.runs.proposal import Proposal
from relance.runs.subjects import bears

BARRED = ("settled", "credit", "missing", "undecided", "insolvent", "handed_over", "disputed")
"""Verdicts of what is not arranged with the debtor alone."""

BESIDE = Charges(interest="legal", compensation="legal")
"""What a plan may take in beside the principal: what the law gives, and no fee."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A plan as an operator asks for it.

    Attributes:
        subjects: numbers of invoices, or one debtor.
        rhythm: amounts in minor units of the invoices' currency.
        interest: "keep", "waive", or None for what the policy says.
        not_due: take in what is not due yet, where a debtor is named.
    """

    subjects: Sequence[str]
    rhythm: Rhythm
    interest: str | None = None
    not_due: bool = False
    debtor: str | None = None
    reason: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan that is not recorded yet. Amounts are minor units.

    Attributes:
        rows: the receivables, rows of `decide`, oldest first.
        item: the receivable where it is one alone.
        beside: interest and compensation by receivable, to `day`.
        schedule: its instalments; their sum is `owed` and what of `beside` is kept.
    """

    rows: tuple[Mapping[str, Any], ...]
    beside: Mapping[str, Computation]
    mode: str
    schedule: Schedule
    day: date

    @property
    def currency(self) -> str:
        """ISO 4217."""
        return str(self.rows[0]["currency"])

    @property
    def debtor(self) -> str:
        """Who owes."""
        return str(self.rows[0]["debtor"])

    @property
    def owed(self) -> int:
        """What is open."""
        return sum(row["open"] for row in self.rows)

    @property
    def interest(self) -> int:
        """What comes beside it by law, kept or waived."""
        return sum(given.interest + given.compensation for given in self.beside.values())

    @property
    def total(self) -> int:
        """What the instalments come to."""
        return sum(amount for _, amount in self.schedule)


def draft(wish: Wish, proposal: Proposal) -> Draft | Diagnostic:
    """Return the plan that `wish` asks for, or the first thing that is wrong with it."""
    rows = _rows(wish, proposal)
    if isinstance(rows, Diagnostic):
        return rows
    wrong = on_a_plan(rows, proposal) or second_plan(rows, proposal)
    if wrong is not None:
        return wrong
    mode = wish.interest or proposal.policy.instalments.interest or _usual(proposal)
    beside = _beside(rows, proposal)
    kept = sum(given.interest + given.compensation for given in beside.values())
    total = sum(row["open"] for row in rows) + (kept if mode == "keep" else 0)
    schedule = schedule_of(total, wish.rhythm)
    if schedule is None:
        currency = rows[0]["currency"]
        facts = {"total": to_text(total, currency), "currency": currency, "most": MOST}
        return Diagnostic(own.NO_SCHEDULE, None, facts)
    return Draft(tuple(rows), beside, mode, schedule, proposal.today)


def _usual(proposal: Proposal) -> str:
    return "keep" if has_charges(proposal.policy) else "waive"


def _rows(wish: Wish, proposal: Proposal) -> list[dict[str, Any]] | Diagnostic:
    facts = proposal.facts
    if len(wish.subjects) == 1 and facts.filter(pl.col("debtor") == wish.subjects[0]).height:
        due = pl.lit(value=True) if wish.not_due else pl.col("due") < proposal.today
        return open_of(wish.subjects[0], facts, due)
    rows = []
    for number in wish.subjects:
        found = invoice_named(number, wish.debtor, facts)
        if isinstance(found, Diagnostic):
            return found
        rows.append(found)
    return of_one(rows)


def invoice_named(
    number: str, debtor: str | None, facts: pl.DataFrame
) -> dict[str, Any] | Diagnostic:
    """Return the row of the invoice `number` that may be arranged, or why it may not."""
    of_debtor = pl.col("debtor") == debtor if debtor else pl.lit(True)
    found = facts.filter(bears(number) & of_debtor)
    told = {"number": number, "subject": number, "items": ", ".join(found["item"].head(5))}
    if found.is_empty():
        return Diagnostic(codes.NOT_FOUND, None, told)
    if found.height > 1:
        return Diagnostic(codes.AMBIGUOUS, None, told)
    row = found.row(0, named=True)
    if row["verdict"] in BARRED or row["disputed_part"]:
        why = row["verdict"] if row["verdict"] in BARRED else "disputed"
        return barred(row["number"], why)
    return row


def barred(number: str, verdict: str) -> Diagnostic:
    """Return that an invoice cannot be arranged, with its verdict in the operator's language."""
    facts = {"number": number, "why": Phrase(names.VERDICTS[verdict])}
    return Diagnostic(own.PLAN_BARRED, None, facts)


def open_of(debtor: str, facts: pl.DataFrame, wanted: pl.Expr) -> list[dict[str, Any]] | Diagnostic:
    """Return the rows of `debtor` that may be arranged and are `wanted`, or why there are none."""
    free = ~pl.col("verdict").is_in(BARRED) & pl.col("disputed_part").is_null()
    theirs = facts.filter((pl.col("debtor") == debtor) & (pl.col("open") > 0))
    elsewhere = theirs.filter(pl.col("verdict").is_in(["insolvent", "handed_over"]))
    if elsewhere.height:
        row = elsewhere.row(0, named=True)
        return barred(row["number"], row["verdict"])
    rows = list(theirs.filter(free & wanted).iter_rows(named=True))
    if not rows:
        return Diagnostic(own.NOTHING_TO_PLAN, None, {"subject": debtor})
    return of_one(rows)


def of_one(rows: list[dict[str, Any]]) -> list[dict[str, Any]] | Diagnostic:
    """Return `rows`, each once and the oldest first, where they are of one debtor and currency."""
    for name in ("debtor", "currency"):
        found = sorted({row[name] for row in rows})
        if len(found) > 1:
            return Diagnostic(own.MIXED, None, {"found": ", ".join(found)})
    once = {row["item"]: row for row in rows}
    return sorted(once.values(), key=lambda row: (row["due"], row["number"], row["item"]))


def on_a_plan(rows: list[dict[str, Any]], proposal: Proposal) -> Diagnostic | None:
    """Return that one of `rows` is on a plan that is being kept; None when none is."""
    on = {item: plan.called for plan in running(proposal) for item in plan.covers}
    for row in rows:
        if row["item"] in on:
            facts = {"number": row["number"], "plan": on[row["item"]]}
            return Diagnostic(own.ON_A_PLAN, None, facts)
    return None


def second_plan(rows: list[dict[str, Any]], proposal: Proposal) -> Diagnostic | None:
    """Return that the debtor has a plan of several invoices, and would get another; None if not."""
    debtor = rows[0]["debtor"] if len(rows) > 1 else None
    for plan in running(proposal):
        if plan.item is None and plan.debtor == debtor:
            return Diagnostic(own.SECOND_PLAN, None, {"debtor": debtor, "plan": plan.called})
    return None


def _beside(rows: list[dict[str, Any]], proposal: Proposal) -> dict[str, Computation]:
    items = [row["item"] for row in rows]
    late = proposal.facts.filter(pl.col("item").is_in(items) & (pl.col("due") < proposal.today))
    allocations = proposal.portfolio.past.allocations
    late = late.with_columns(until=pl.lit(proposal.today))
    found = computed(late, allocations, proposal.policy)
    asked = {item: claimed(given, BESIDE) for item, given in found.items()}
    return {item: given for item, given in asked.items() if given is not None}


def propose_plan(plan: Draft, wish: Wish, proposal: Proposal, history: History) -> int:
    """Record that `plan` is proposed; return its number."""
    items = [row["item"] for row in plan.rows]
    days = proposal.policy.instalments.hold_proposed
    made = Record(
        "instalments_proposed",
        plan.day,
        plan.debtor,
        items[0] if len(items) == 1 else None,
        until=plan.day + timedelta(days=days) if days else None,
        amount=plan.owed,
        schedule=plan.schedule,
        reason=wish.reason,
        by=wish.by,
        code=plan.mode,
        facts={"covers": items, "currency": plan.currency, "lines": _lines(plan)},
    )
    return history.record([made])[0]


def draft_fields(plan: Draft, proposal: Proposal) -> dict[str, Any]:
    """Return `plan` as JSON, as `find` gives what is recorded; it has no number."""
    schedule = [{"due": due, "amount": amount} for due, amount in plan.schedule]
    row = {
        "seq": None,
        "debtor": plan.debtor,
        "covers": [each["item"] for each in plan.rows],
        "schedule": schedule,
        "amount": plan.owed,
        "date": plan.day,
        "code": plan.mode,
        "until": None,
        "reason": None,
    }
    return proposal_fields(row, "draft", proposal)


def _lines(plan: Draft) -> list[list[Any]]:
    """Return what is open, the interest and the compensation of each receivable, for its letter."""
    return [
        [
            row["item"],
            row["open"],
            *((given.interest, given.compensation) if given else (0, 0)),
        ]
        for row in plan.rows
        for given in (plan.beside.get(row["item"]),)
    ]
