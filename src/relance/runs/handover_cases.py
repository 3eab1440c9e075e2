"""Claims that are with others: which case is meant, what came of it, and how it comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import polars as pl

from relance.diagnostics import Diagnostic
from relance.dunning.handovers import (
    GIVEN,
    RESULT,
    RETURNED,
    Case,
    cases,
    following,
    numbers_of,
    step_of,
    unreported,
)
from relance.history.store import History
from relance.history.values import Record
from relance.money import to_minor, to_text
from relance.runs import handover_codes as codes
from relance.runs.proposal import Proposal
from relance.runs.subjects import rows_about

Fields = dict[str, Any]


def returns(case: Case, today: date, by: str | None, reason: str | None) -> list[Record]:
    """Return the events by which all that is left of `case` comes back."""
    return [
        Record(RETURNED, today, case.debtor, item, reason=reason, by=by, owner=case.to,
               about=case.number)
        for item in sorted(case.out, key=str)
    ]  # fmt: skip


def open_cases(proposal: Proposal) -> list[Case]:
    """Return the cases of which something is still with others."""
    return [c for c in cases(proposal.portfolio.past.holds, proposal.today) if c.out]


def case_named(subject: str, proposal: Proposal, *, ended: bool = False) -> Case | Diagnostic:
    """Return the case that `subject` names: its number, an invoice or a debtor.

    With `ended` one that came back too, the last of several. A finding where there is none, or
    several are open.
    """
    every = cases(proposal.portfolio.past.holds, proposal.today)
    rows = rows_about(proposal.facts, subject, None)
    items, theirs = set(rows["item"]), set(rows["debtor"])
    named = [
        c
        for c in every
        if subject in (str(c.number), c.debtor)
        or items & set(c.given)
        or (None in c.given and c.debtor in theirs)
    ]
    exact = [c for c in named if str(c.number) == subject]
    found = exact or named
    live = [c for c in found if c.out]
    if not live and ended and found:
        return found[-1]
    if not live:
        return Diagnostic(codes.NO_CASE, None, {"subject": subject})
    if len(live) > 1:
        numbers = ", ".join(str(c.number) for c in live)
        return Diagnostic(codes.SEVERAL_CASES, None, {"subject": subject, "found": numbers})
    return live[0]


@dataclass(frozen=True, slots=True)
class Back:
    """A return: of the whole case, or of the invoice that `subject` names."""

    subject: str
    by: str | None = None
    reason: str | None = None


def take_back(back: Back, proposal: Proposal, history: History) -> Fields | Diagnostic:
    """Record that claims came back; return what, as JSON, or why nothing can. Dunning goes on."""
    case = case_named(back.subject, proposal)
    if isinstance(case, Diagnostic):
        return case
    records = returns(case, proposal.today, back.by, back.reason)
    if back.subject not in (str(case.number), case.debtor) and None not in case.out:
        items = set(rows_about(proposal.facts, back.subject, case.debtor)["item"])
        records = [each for each in records if each.item in items] or records
    history.record(records)
    rows = case.rows(proposal.facts, out=True)
    alive = rows.filter((pl.col("open") > 0) & ~pl.col("missing"))
    after = following(case, alive, proposal.policy)
    given = {each.item for each in records}
    back_numbers = rows["number"] if None in given else rows.filter(pl.col("item").is_in(sorted(str(g) for g in given)))["number"]  # fmt: skip
    return {
        "case": case.number,
        "debtor": case.debtor,
        "from": case.to,
        "numbers": back_numbers.sort().to_list(),
        "next": after.id if after else None,
    }


@dataclass(frozen=True, slots=True)
class Result:
    """What those who collect report; amounts in units of the case's currency."""

    subject: str
    day: date
    collected: Decimal
    fee: Decimal
    by: str | None = None
    reason: str | None = None


def report_result(told: Result, proposal: Proposal, history: History) -> Fields | Diagnostic:
    """Record what was collected of a case, and the fee for it; return both as JSON, or why not.

    It changes no open balance: the money does, when the bank or the books show it.
    """
    made = result_of(told, proposal)
    if isinstance(made, Diagnostic):
        return made
    case, record = made
    history.record([record])
    currency, fee = record.facts["currency"], record.facts["fee"]
    collected = record.amount or 0
    return {
        "case": case.number,
        "currency": currency,
        "collected": to_text(collected, currency),
        "fee": to_text(fee, currency),
        "net": to_text(collected - fee, currency),
        "collected_in_all": to_text(case.collected + collected, currency),
    }


def result_of(
    told: Result, proposal: Proposal, just_told: Mapping[int, int] = MappingProxyType({})
) -> tuple[Case, Record] | Diagnostic:
    """Return the case that `told` is about and the event to record, or why it cannot be.

    `just_told` is what was collected by case, in minor units, and is about to be recorded too.
    """
    case = case_named(told.subject, proposal, ended=True)
    if isinstance(case, Diagnostic):
        return case
    currency = _currency(case, proposal)
    collected, fee = (_minor(each, currency) for each in (told.collected, told.fee))
    given = None if None in case.given.values() else sum(a for a in case.given.values() if a)
    left = None if given is None else given - case.collected - just_told.get(case.number, 0)
    if collected is None or fee is None or (left is not None and collected > left):
        facts = {"number": case.number, "currency": currency, "amount": str(told.collected if fee is not None else told.fee)}  # fmt: skip
        shown = to_text(left, currency) if left is not None else "–"
        return Diagnostic(codes.TOO_MUCH, None, {**facts, "left": shown})
    parts = [to_text(each, currency) for each in (collected, fee, collected - fee)]
    facts = {"fee": fee, "currency": currency, "detail": "{} - {} = {}".format(*parts)}
    return case, Record(
        RESULT, told.day, case.debtor, amount=collected, reason=told.reason, by=told.by,
        owner=case.to, about=case.number, facts=facts,
    )  # fmt: skip


def _minor(amount: Decimal, currency: str) -> int | None:
    """Return `amount` in minor units; None where it has more decimals than the currency."""
    try:
        return to_minor(amount, currency)
    except ValueError:
        return None


def _currency(case: Case, proposal: Proposal) -> str:
    rows = case.rows(proposal.facts)
    return str(rows["currency"][0]) if rows.height else proposal.policy.creditor.currency


def about(known: Sequence[Case], proposal: Proposal) -> Proposal:
    """Return `proposal` with the items of the debtors of `known` alone: for many cases at once."""
    debtors = sorted({case.debtor for case in known})
    return replace(proposal, facts=proposal.facts.filter(pl.col("debtor").is_in(debtors)))


def shown_case(case: Case, proposal: Proposal, history: History) -> Fields:
    """Return a case as JSON: amounts as text, dates ISO; what is not known is null."""
    rows = case.rows(proposal.facts)
    currency = _currency(case, proposal)
    step = step_of(case.to, proposal.policy)
    given = [amount for amount in case.given.values() if amount is not None]
    there = case.rows(proposal.facts, out=True)
    results = [
        {
            "date": event["date"],
            "collected": to_text(event["amount"], event["currency"]),
            "fee": to_text(event["fee"], event["currency"]),
            "currency": event["currency"],
        }
        for event in history.told((RESULT,), case.debtor)
        if event.get("about") == case.number and "currency" in event
    ]
    fees = sum(to_minor(Decimal(each["fee"]), currency) for each in results)
    first = next((e for e in history.told((GIVEN,), case.debtor) if e["seq"] == case.number), {})
    named = rows["party_name"].drop_nulls()
    return {
        "case": case.number,
        "debtor": case.debtor,
        "debtor_name": named[0] if len(named) else None,
        "to": case.to,
        "to_name": step.name if step else first.get("to_name"),
        "kind": step.kind if step else first.get("kind"),
        "given": case.day.isoformat(),
        "until": case.until.isoformat() if case.until else None,
        "days_left": (case.until - proposal.today).days if case.until else None,
        "numbers": numbers_of(case) or rows["number"].sort().to_list(),
        "state": _state(case, there, proposal.today),
        "currency": currency,
        "amount": to_text(sum(given), currency) if given else None,
        "open": to_text(int(there.filter(~pl.col("missing"))["open"].sum()), currency),
        "collected": to_text(case.collected, currency),
        "fees": to_text(fees, currency),
        "unreported": to_text(unreported(case, there), currency) if there.height else None,
        "results": results,
        "file": first.get("file"),
        "sha256": first.get("sha256"),
    }


def _state(case: Case, rows: pl.DataFrame, today: date) -> str:
    """Return returned, insolvent, paid, over (its days are) or out."""
    if not case.out:
        return "returned"
    if rows.height and bool(rows["insolvent"].any()):
        return "insolvent"
    if rows.height and not (rows["open"] != 0).any():
        return "paid"
    return "over" if case.until and case.until < today else "out"
