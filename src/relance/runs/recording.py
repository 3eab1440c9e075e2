"""What operators record between two runs: blocks, disputes, promises, plans, proceedings, handovers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from relance.diagnostics import Diagnostic
from relance.history.store import History
from relance.history.values import Record
from relance.money import digits, to_minor, to_text
from relance.runs import codes, desk_codes
from relance.runs.proposal import Proposal
from relance.runs.subjects import rows_about

NEEDS_UNTIL = ("promise",)
MONEY = ("dispute", "promise")
"""What is about an amount: what is open then is kept, so that it shows what came since."""

ITEM_ONLY = ("settled",)
DEBTOR_ONLY = ("insolvency", "insolvency_closed", "reply_handled")
LARGEST = Decimal(10) ** 12
"""No amount reaches this: what the readers of exports accept."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as an operator enters it. Exactly one of `number` and `debtor` is needed.

    A number that several debtors use needs both. `amount` and the instalments are in units of the
    item's currency. `told` is what else the event has to tell.
    """

    type: str
    day: date
    number: str | None = None
    debtor: str | None = None
    until: date | None = None
    amount: Decimal | None = None
    instalments: Sequence[tuple[date, Decimal]] = ()
    reason: str | None = None
    by: str | None = None
    code: str | None = None
    owner: str | None = None
    about: int | None = None
    told: Mapping[str, Any] = field(default_factory=dict)


def record(entry: Entry, proposal: Proposal, history: History) -> list[Diagnostic]:
    """Record `entry` in the history; return what is wrong with it instead, if anything is."""
    record = made(entry, proposal)
    if isinstance(record, Diagnostic):
        return [record]
    history.record([record])
    return []


def made(entry: Entry, proposal: Proposal) -> Record | Diagnostic:
    """Return `entry` as it is recorded, or the first thing that is wrong with it."""
    rows = rows_about(proposal.facts, entry.number, entry.debtor)
    wrong = _wrong(entry, rows)
    if wrong is not None:
        return wrong
    first = rows.row(0, named=True)
    currency = first["currency"] if entry.number else proposal.policy.creditor.currency
    owed = rows.filter(~pl.col("credit") & ~pl.col("missing") & (pl.col("open") > 0))
    there = int(owed["open"].sum()) if owed["currency"].n_unique() == 1 else None
    strange = [amount for amount in _amounts(entry) if not exact(amount, currency)]
    if strange:
        facts = {"event": entry.type, "amount": str(strange[0]), "currency": currency}
        return Diagnostic(codes.NO_AMOUNT, None, facts)
    schedule = tuple((due, to_minor(amount, currency)) for due, amount in entry.instalments)
    amount = to_minor(entry.amount, currency) if entry.amount is not None else None
    if entry.type == "instalments":
        amount = int(rows.filter(pl.col("currency") == currency)["open"].sum())
    if entry.type in MONEY and amount is not None:
        facts = {"event": entry.type, "amount": str(entry.amount), "currency": currency}
        if there is None or (entry.type == "dispute" and not entry.number):
            return Diagnostic(desk_codes.AMOUNT_OF_DEBTOR, None, facts)
        if amount > there:
            facts["open"] = to_text(there, currency)
            return Diagnostic(desk_codes.MORE_THAN_OWED, None, facts)
    return Record(
        type=entry.type,
        day=entry.day,
        debtor=first["debtor"],
        item=first["item"] if entry.number else None,
        until=entry.until,
        amount=amount,
        schedule=schedule,
        reason=entry.reason,
        by=entry.by,
        code=entry.code,
        owner=entry.owner,
        about=entry.about,
        facts={**entry.told, "open": there} if entry.type in MONEY else entry.told,
    )


def _amounts(entry: Entry) -> list[Decimal]:
    given = [] if entry.amount is None else [entry.amount]
    return [*given, *(amount for _, amount in entry.instalments)]


def exact(amount: Decimal, currency: str) -> bool:
    """Whether `amount` has minor units of `currency`, and no more of them than a row can have."""
    return amount < LARGEST and -int(amount.as_tuple().exponent) <= digits(currency)


def _wrong(entry: Entry, rows: pl.DataFrame) -> Diagnostic | None:
    """Return the first thing that keeps `entry` from being recorded about `rows`."""
    found = ", ".join(rows["item"].sort().head(5).to_list())
    misplaced = (entry.type in ITEM_ONLY and not entry.number) or (
        entry.type in DEBTOR_ONLY and entry.number is not None
    )
    subject = entry.number or entry.debtor
    faults = {
        codes.NO_SUBJECT: subject is None,
        codes.NOT_FOUND: rows.is_empty(),
        codes.AMBIGUOUS: entry.number is not None and rows.height > 1,
        codes.WRONG_SUBJECT: misplaced,
        codes.NO_DATE: entry.type in NEEDS_UNTIL and entry.until is None,
        codes.NO_INSTALMENTS: entry.type == "instalments" and not entry.instalments,
    }
    facts = {"event": entry.type, "subject": subject, "number": subject, "items": found}
    return next((Diagnostic(rule, None, facts) for rule, wrong in faults.items() if wrong), None)
