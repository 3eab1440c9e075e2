"""Proposals and payment plans as they stand: their states, and what is shown of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from relance.diagnostics import Diagnostic
from relance.dunning.instalments import HELD, PaymentPlan, Rules, plans_of
from relance.ledger.build import number_in
from relance.money import to_text
from relance.runs import instalment_codes as own
from relance.runs.proposal import Proposal


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
    return plans_of(past, proposal.facts, rules, proposal.today)


def running(proposal: Proposal) -> tuple[PaymentPlan, ...]:
    """Return the plans that are being kept, and not paid yet."""
    return tuple(plan for plan in plans(proposal) if plan.state in HELD)


def is_about(asked: Mapping[str, Any], subject: str, proposal: Proposal) -> bool:
    """Return whether `subject` names the proposal `asked`: its number, debtor or an invoice."""
    numbers = _numbers(asked["covers"] or (), proposal)
    return subject in (str(asked["seq"]), asked["debtor"]) or _plain(subject) in numbers


def is_of(plan: PaymentPlan, subject: str, proposal: Proposal) -> bool:
    """Return whether `subject` names `plan`: its number, its debtor or one of its invoices."""
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
        proposal_fields(row, state, proposal)
        for row, state in _proposed(proposal)
        if row["seq"] not in accepted
    ]
    found += [_plan_fields(plan, proposal) for plan in accepted.values()]
    return sorted(found, key=lambda each: -each["number"])


def _party(
    debtor: str, items: Sequence[str], proposal: Proposal
) -> tuple[str | None, str, list[str]]:
    """Return name, currency and invoice numbers."""
    rows = proposal.facts.filter(pl.col("item").is_in(items))
    names = proposal.facts.filter(pl.col("debtor") == debtor).select(
        pl.coalesce("party_name", "debtor_name")
    )
    known = dict(rows.select("item", "number").iter_rows())
    currency = rows["currency"][0] if rows.height else proposal.policy.creditor.currency
    name = names.to_series().drop_nulls()
    return (name[0] if len(name) else None), currency, [known.get(i) or number_in(i) for i in items]


def proposal_fields(row: Mapping[str, Any], state: str, proposal: Proposal) -> dict[str, Any]:
    """Return the proposal `row`, one of HOLDS, as JSON."""
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
