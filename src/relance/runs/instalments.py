"""Payment plans as an operator proposes them, records the answer, ends and lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from relance.diagnostics import Diagnostic, Phrase
from relance.dunning.charges import claimed, computed, has_charges
from relance.dunning.instalments import HELD, PaymentPlan, Rules, plans_of
from relance.dunning.schedules import MOST, Rhythm, Schedule, schedule_of
from relance.history.store import History
from relance.history.values import Record
from relance.law.claim import Computation
from relance.money import to_text
from relance.policy.model import Charges
from relance.reports import names
from relance.runs import codes
from relance.runs import instalment_codes as own
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
    wrong = _on_a_plan(rows, proposal)
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
        return _of_debtor(wish, facts, proposal.today)
    rows = []
    for number in wish.subjects:
        found = named(number, wish.debtor, facts)
        if isinstance(found, Diagnostic):
            return found
        rows.append(found)
    return _of_one(rows)


def named(number: str, debtor: str | None, facts: pl.DataFrame) -> dict[str, Any] | Diagnostic:
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
        return _barred(row["number"], why)
    return row


def _barred(number: str, verdict: str) -> Diagnostic:
    """Return that an invoice cannot be arranged, with its verdict in the operator's language."""
    facts = {"number": number, "why": Phrase(names.VERDICTS[verdict])}
    return Diagnostic(own.PLAN_BARRED, None, facts)


def _of_debtor(wish: Wish, facts: pl.DataFrame, today: date) -> list[dict[str, Any]] | Diagnostic:
    due = pl.lit(True) if wish.not_due else pl.col("due") < today
    free = ~pl.col("verdict").is_in(BARRED) & pl.col("disputed_part").is_null()
    debtor = wish.subjects[0]
    theirs = facts.filter((pl.col("debtor") == debtor) & (pl.col("open") > 0))
    barred = theirs.filter(pl.col("verdict").is_in(["insolvent", "handed_over"]))
    if barred.height:
        row = barred.row(0, named=True)
        return _barred(row["number"], row["verdict"])
    rows = list(theirs.filter(free & due).iter_rows(named=True))
    if not rows:
        return Diagnostic(own.NOTHING_TO_PLAN, None, {"subject": debtor})
    return _of_one(rows)


def _of_one(rows: list[dict[str, Any]]) -> list[dict[str, Any]] | Diagnostic:
    """Return `rows`, each once and the oldest first, where they are of one debtor and currency."""
    for name in ("debtor", "currency"):
        found = sorted({row[name] for row in rows})
        if len(found) > 1:
            return Diagnostic(own.MIXED, None, {"found": ", ".join(found)})
    once = {row["item"]: row for row in rows}
    return sorted(once.values(), key=lambda row: (row["due"], row["number"], row["item"]))


def _on_a_plan(rows: list[dict[str, Any]], proposal: Proposal) -> Diagnostic | None:
    on = {item: plan.called for plan in running(proposal) for item in plan.covers}
    for row in rows:
        if row["item"] in on:
            facts = {"number": row["number"], "plan": on[row["item"]]}
            return Diagnostic(own.ON_A_PLAN, None, facts)
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
    return _proposal_fields(row, "draft", proposal)


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


def answer(given: Answer, proposal: Proposal, history: History) -> int | Diagnostic:
    """Record `given`; return the number of its proposal or plan, or what is wrong.

    An accepted proposal starts as it was proposed: what was paid since counts for it.
    """
    asked = next((p for p in proposals(proposal) if _is(p, given.subject, proposal)), None)
    plan = next((p for p in running(proposal) if _plan_is(p, given.subject, proposal)), None)
    if asked is None and (plan is None or given.outcome != "cancelled"):
        return Diagnostic(own.NO_PLAN, None, {"subject": given.subject})
    if plan is not None and given.outcome == "cancelled" and not _numbered(asked, given.subject):
        history.record([_ended(plan, given)])
        return plan.called
    if asked is None:
        return Diagnostic(own.NO_PLAN, None, {"subject": given.subject})
    if given.outcome == "accepted":
        return _accept(asked, given, proposal, history)
    history.record([_made("instalments_refused", asked, given, code=_OUTCOMES[given.outcome])])
    return int(asked["seq"])


_OUTCOMES = {"refused": "refused", "cancelled": "withdrawn"}


def _numbered(asked: Mapping[str, Any] | None, subject: str) -> bool:
    return asked is not None and str(asked["seq"]) == subject


def _accept(
    asked: Mapping[str, Any], given: Answer, proposal: Proposal, history: History
) -> int | Diagnostic:
    rows = proposal.facts.filter(pl.col("item").is_in(asked["covers"]))
    wrong = _on_a_plan(list(rows.iter_rows(named=True)), proposal)
    if wrong is not None:
        return wrong
    barred = rows.filter(pl.col("verdict").is_in(["insolvent", "handed_over"]))
    if barred.height or not rows["open"].sum():
        row = (barred if barred.height else rows).row(0, named=True) if rows.height else None
        if row is None:
            return _barred(given.subject, "settled")
        return _barred(row["number"], row["verdict"] if barred.height else "settled")
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
    return int(asked["seq"])


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


def proposals(proposal: Proposal) -> list[dict[str, Any]]:
    """Return the proposals that nobody answered, the newest first, as rows of HOLDS."""
    return [row for row, state in _proposed(proposal) if state == "proposed"]


def _proposed(proposal: Proposal) -> list[tuple[dict[str, Any], str]]:
    """Return all proposals with their state: proposed, accepted, refused, withdrawn or replaced."""
    known = proposal.portfolio.past.holds.filter(pl.col("date") <= proposal.today)
    mine = known.filter(pl.col("type") == "instalments_proposed").sort("seq", descending=True)
    answers = known.filter(pl.col("type").is_in(["instalments", "instalments_refused"]))
    said = {
        about: (kind, code)
        for about, kind, code in answers.select("about", "type", "code").iter_rows()
    }
    newest: set[tuple[str, str | None]] = set()
    found = []
    for row in mine.iter_rows(named=True):
        subject = (row["debtor"], row["item"])
        kind, code = said.get(row["seq"], (None, None))
        state = {"instalments": "accepted", "instalments_refused": code}.get(kind or "")
        if state is None:
            state = "replaced" if subject in newest else "proposed"
        newest.add(subject)
        found.append((row, state))
    return found


def plans(proposal: Proposal) -> tuple[PaymentPlan, ...]:
    """Return the accepted plans, in the order of recording."""
    past, rules = proposal.portfolio.past, Rules.of(proposal.policy)
    return plans_of(past.holds, proposal.facts, past.allocations, rules, proposal.today)


def running(proposal: Proposal) -> tuple[PaymentPlan, ...]:
    """Return the plans that are being kept, and not paid yet."""
    return tuple(plan for plan in plans(proposal) if plan.state in HELD)


def _is(asked: Mapping[str, Any], subject: str, proposal: Proposal) -> bool:
    numbers = _numbers(asked["covers"] or (), proposal)
    return subject in (str(asked["seq"]), asked["debtor"]) or _plain(subject) in numbers


def _plan_is(plan: PaymentPlan, subject: str, proposal: Proposal) -> bool:
    known = (str(plan.called), plan.debtor)
    return subject in known or _plain(subject) in _numbers(plan.covers, proposal)


def _plain(number: str) -> str:
    return "".join(number.split()).upper()


def _numbers(items: Sequence[str], proposal: Proposal) -> list[str]:
    found = proposal.facts.filter(pl.col("item").is_in(items))["number"]
    return [_plain(number) for number in found]


def listed(proposal: Proposal) -> list[dict[str, Any]]:
    """Return all proposals and plans as JSON, the newest first."""
    accepted = {plan.called: plan for plan in plans(proposal)}
    found = [
        _proposal_fields(row, state, proposal)
        for row, state in _proposed(proposal)
        if row["seq"] not in accepted
    ]
    found += [_plan_fields(plan, proposal) for plan in accepted.values()]
    return sorted(found, key=lambda each: -each["number"])


def _party(
    debtor: str, items: Sequence[str], proposal: Proposal
) -> tuple[str | None, str, list[str]]:
    """Return name, currency and invoice numbers."""
    from relance.ledger.build import number_in

    rows = proposal.facts.filter(pl.col("item").is_in(items))
    names = proposal.facts.filter(pl.col("debtor") == debtor).select(
        pl.coalesce("party_name", "debtor_name")
    )
    known = dict(rows.select("item", "number").iter_rows())
    currency = rows["currency"][0] if rows.height else proposal.policy.creditor.currency
    name = names.to_series().drop_nulls()
    return (name[0] if len(name) else None), currency, [known.get(i) or number_in(i) for i in items]


def _proposal_fields(row: Mapping[str, Any], state: str, proposal: Proposal) -> dict[str, Any]:
    name, currency, numbers = _party(row["debtor"], row["covers"] or (), proposal)
    total = sum(each["amount"] for each in row["schedule"])
    return {
        "number": row["seq"],
        "debtor": row["debtor"],
        "debtor_name": name,
        "invoices": numbers,
        "state": state,
        "date": row["date"].isoformat(),
        "currency": currency,
        "owed": to_text(row["amount"], currency),
        "interest": to_text(total - row["amount"], currency),
        "interest_mode": row["code"],
        "total": to_text(total, currency),
        "paid": None,
        "over": None,
        "instalments": [
            {"due": each["due"].isoformat(), "amount": to_text(each["amount"], currency),
             "paid": None, "state": None}
            for each in row["schedule"]
        ],
        "next": None,
        "holds_until": row["until"].isoformat() if row["until"] and state == "proposed" else None,
        "void_on": None,
        "by_whom": None,
        "reason": row["reason"],
    }  # fmt: skip


def _plan_fields(plan: PaymentPlan, proposal: Proposal) -> dict[str, Any]:
    name, currency, numbers = _party(plan.debtor, plan.covers, proposal)

    def money(amount: int) -> str:
        return to_text(amount, currency)

    following = plan.next
    return {
        "number": plan.called,
        "debtor": plan.debtor,
        "debtor_name": name,
        "invoices": numbers,
        "state": plan.state,
        "date": plan.began.isoformat(),
        "currency": currency,
        "owed": money(plan.owed),
        "interest": money(plan.total - plan.owed) if plan.mode else None,
        "interest_mode": plan.mode,
        "total": money(plan.total),
        "paid": money(plan.paid),
        "over": money(plan.over),
        "instalments": [
            {"due": each.due.isoformat(), "amount": money(each.amount), "paid": money(each.paid),
             "state": each.state}
            for each in plan.instalments
        ],
        "next": following.due.isoformat() if following else None,
        "holds_until": plan.ends.isoformat() if plan.ends and plan.state in HELD else None,
        "void_on": plan.void_on.isoformat() if plan.void_on else None,
        "by_whom": plan.by_whom,
        "reason": plan.reason,
    }  # fmt: skip


def find(subject: str, proposal: Proposal) -> dict[str, Any] | Diagnostic:
    """Return the JSON of the newest proposal or plan that `subject` names, or that there is none."""
    for each in listed(proposal):
        names = {str(each["number"]), each["debtor"]}
        if subject in names or _plain(subject) in map(_plain, each["invoices"]):
            return each
    return Diagnostic(own.NO_PLAN, None, {"subject": subject})
