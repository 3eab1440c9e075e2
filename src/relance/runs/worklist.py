"""The desk's list: what there is to do, for whom, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from relance.dates import next_sending_day
from relance.diagnostics import Diagnostic, Span
from relance.dunning import worklist as lists
from relance.dunning.disputes import open_disputes
from relance.dunning.verified import VERIFIED
from relance.dunning.worklist import Work
from relance.history.store import History
from relance.history.values import Record
from relance.language import N_, translator
from relance.ledger.build import number_in
from relance.money import to_decimal, to_minor, to_text
from relance.policy.model import Policy
from relance.runs import codes, desk_codes
from relance.runs.disputes import dated
from relance.runs.outlooks import outlooks_of
from relance.runs.proposal import Proposal
from relance.runs.recording import Entry, exact, made

VERIFICATION, SEND_COPY = "verification", "send_copy"
_EVENTS = (lists.ADDED, lists.DONE, lists.MOVED, lists.REOPENED)
SAID_PAID = 5
"""Days for which an invoice is left alone whose debtor says that it is paid."""

OUTCOMES = {
    "done": N_("done"),
    "promised": N_("promises to pay"),
    "paid": N_("says it is paid"),
    "disputed": N_("disputes it"),
    "no_answer": N_("did not answer"),
    "refused": N_("refuses to pay"),
    "approved": N_("received and approved"),
    "on_portal": N_("received, on the portal"),
    "not_approved": N_("received, not approved"),
    "not_received": N_("did not receive it"),
    "wrong_person": N_("not the right person"),
}
"""What may come of a task, and what it is called on the screen."""

NEEDS_DATE = ("promised",)
"""Outcomes that are nothing without a date."""

_WITH_AMOUNT = {
    "promised": "promise", "disputed": "dispute", "not_received": "dispute",
    "not_approved": "dispute",
}  # fmt: skip
"""Outcomes that may be about a part of what is owed, and the event that each becomes."""

NEEDS_NOTE = ("not_approved",)
"""Outcomes that are nothing without a reason."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a task, as a person tells it.

    Attributes:
        code: one of OUTCOMES.
        day: the date of the event.
        until: date promised; day of the next call where nobody answered; None to leave it to us.
        amount: what is promised or disputed, in units of its currency; None for all.
        dispute: reason code of what is disputed.
        place: where it is told; None where no file tells it.
        owner: who is to decide what is disputed; None for whoever had the task.
    """

    code: str
    day: date
    until: date | None = None
    amount: Decimal | None = None
    note: str | None = None
    by: str | None = None
    place: Span | None = None
    dispute: str = "other"
    owner: str | None = None


def works_of(
    proposal: Proposal, history: History, by: lists.Order = "worth", debtor: str | None = None
) -> list[Work]:
    """Return all tasks that were ever given, open ones with what they are worth, in their order.

    `debtor`: of this one only.
    """
    events = history.recorded(_EVENTS, debtor)
    currency = proposal.policy.creditor.currency
    given = [*history.tasks_given(debtor), *lists.added(events, currency)]
    outlooks = outlooks_of(proposal.portfolio, history)
    works = lists.weighed(lists.worked_on(given, events), proposal.facts, outlooks)
    return lists.in_order(works, proposal.today, by)


def close(
    told: Sequence[tuple[Work, Outcome]], proposal: Proposal, history: History
) -> list[Diagnostic]:
    """Record what came of tasks and what follows from it, all at once; or return what is wrong."""
    records: list[Record] = []
    wrong: list[Diagnostic] = []
    for work, outcome in told:
        for each in ending(work, outcome, proposal):
            if isinstance(each, Diagnostic):
                wrong.append(replace(each, span=outcome.place or each.span))
            else:
                records.append(each)
    if not wrong:
        history.record(records)
    return wrong


def record_each(works: Sequence[Work], event: Record, history: History) -> None:
    """Record `event`, made without its task, about each of `works`: moved, or not done after all."""
    history.record([replace(event, debtor=work.debtor, about=work.number) for work in works])


def add(record: Record, history: History) -> int:
    """Record a task that a person adds; return its number."""
    (number,) = history.record([record])
    return number


def ending(work: Work, outcome: Outcome, proposal: Proposal) -> Iterator[Record | Diagnostic]:
    """Yield the event that ends a task, or puts it off, and those that change the verdict."""
    told = Record(lists.DONE, outcome.day, work.debtor, reason=outcome.note, by=outcome.by,
                  code=outcome.code, about=work.number)  # fmt: skip
    if outcome.code == lists.NO_ANSWER:
        until = outcome.until or _next_day(outcome.day, proposal.policy)
        yield replace(told, type=lists.MOVED, until=until)
        return
    yield told
    parts = _parts(work, outcome, proposal)
    if isinstance(parts, Diagnostic):
        yield parts
        return
    for item, amount in parts:
        said = Entry(
            "", outcome.day, item, work.debtor, outcome.until, reason=outcome.note, by=outcome.by,
            about=work.number, owner=outcome.owner or work.owner,
        )  # fmt: skip
        yield from following(said, replace(outcome, amount=amount), proposal)
        if work.kind == SEND_COPY and outcome.code == "done" and item is not None:
            yield from _received(item, work, outcome, proposal)
        copy = _copy(item, work, outcome, proposal)
        if copy is not None:
            yield copy


def _parts(
    work: Work, outcome: Outcome, proposal: Proposal
) -> list[tuple[str | None, Decimal | None]] | Diagnostic:
    """Return each invoice of a task with its part of the sum that was told; None for all of it.

    A sum promised for several is shared out to those that are due first, as it will be paid. Of
    which invoice a sum is disputed, only the debtor can say.
    """
    if outcome.amount is None or len(work.items) < 2 or outcome.code not in _WITH_AMOUNT:
        return [(item, outcome.amount) for item in work.items or (None,)]
    rows = proposal.facts.filter(pl.col("item").is_in(work.items) & (pl.col("open") > 0))
    rows = rows.filter(~pl.col("credit") & ~pl.col("missing")).sort("due", "item")
    currency = proposal.policy.creditor.currency if rows.is_empty() else rows["currency"][0]
    facts = {
        "event": _WITH_AMOUNT[outcome.code], "amount": str(outcome.amount), "currency": currency
    }  # fmt: skip
    if outcome.code != "promised" or rows["currency"].n_unique() != 1:
        return Diagnostic(desk_codes.AMOUNT_OF_DEBTOR, None, facts)
    if not exact(outcome.amount, currency):
        return Diagnostic(codes.NO_AMOUNT, None, facts)
    left, parts = to_minor(outcome.amount, currency), list[tuple[str | None, Decimal | None]]()
    for item, there in rows.select("item", "open").iter_rows():
        part = min(left, there)
        left -= part
        if part:
            parts.append((item, to_decimal(part, currency)))
    if left:
        there = to_text(int(rows["open"].sum()), currency)
        return Diagnostic(desk_codes.MORE_THAN_OWED, None, facts | {"open": there})
    return parts


def _received(
    item: str, work: Work, outcome: Outcome, proposal: Proposal
) -> Iterator[Record | Diagnostic]:
    """Yield the end of the dispute of an invoice that was not received: a copy is on its way."""
    disputes = open_disputes(proposal.portfolio.past.holds, proposal.facts, proposal.today)
    for dispute in disputes:
        if dispute["item"] == item and dispute["code"] == "not_received":
            settled = Entry(
                "dispute_settled", outcome.day, item, work.debtor, reason=outcome.note,
                by=outcome.by, about=dispute["seq"],
            )  # fmt: skip
            yield made(settled, proposal)


COPY = N_("Send a copy of {numbers} to {name}: not received")


def _copy(item: str | None, work: Work, outcome: Outcome, proposal: Proposal) -> Record | None:
    """Return the task to send a copy of an invoice that its debtor did not receive; else None.

    Before the due date only: later an invoice that was not received is a dispute for its owner.
    """
    if work.kind != VERIFICATION or outcome.code != "not_received" or item is None:
        return None
    policy = proposal.policy
    subject = translator(policy.creditor.language)(COPY).format(
        numbers=number_in(item), name=work.debtor_name or work.debtor
    )
    return Record(
        lists.ADDED, outcome.day, work.debtor, item, outcome.until or outcome.day, reason=subject,
        by=outcome.by, code=SEND_COPY, owner=work.owner, about=work.number,
    )  # fmt: skip


def following(said: Entry, outcome: Outcome, proposal: Proposal) -> Iterator[Record | Diagnostic]:
    """Yield the event that changes the verdict after `outcome`, if one does.

    `said` has what it is about, and who sees to what is disputed.
    """
    consequence = _consequence(said, outcome, proposal.policy)
    if consequence is not None:
        disputed = consequence.type == "dispute"
        yield made(dated(consequence, proposal) if disputed else consequence, proposal)


def _consequence(said: Entry, outcome: Outcome, policy: Policy) -> Entry | None:
    """Return what the outcome means for a receivable, or for the whole debtor."""
    if outcome.code == "promised":
        return replace(said, type="promise", amount=outcome.amount, owner=None)
    if outcome.code in ("disputed", "not_received", "not_approved"):
        code = "not_received" if outcome.code == "not_received" else outcome.dispute
        return replace(said, type="dispute", code=code, amount=outcome.amount)
    if outcome.code in VERIFIED and said.number is not None:
        return replace(said, type="verified", code=outcome.code, until=None, owner=None)
    if outcome.code == "paid":
        until = outcome.until or outcome.day + timedelta(days=SAID_PAID)
        said_so = translator(policy.creditor.language)(OUTCOMES["paid"])
        return replace(said, type="block", until=until, reason=outcome.note or said_so, owner=None)
    return None


def _next_day(day: date, policy: Policy) -> date:
    return next_sending_day(day + timedelta(days=1), (policy.creditor.country,))
