"""Offers of a reduction as an operator makes, grants, withdraws and lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import polars as pl

from relance.diagnostics import Diagnostic
from relance.dunning.offers import Offer, OfferedItem, offers_of
from relance.history.store import History
from relance.history.values import Record
from relance.ledger.build import number_in
from relance.money import to_text
from relance.runs import instalment_codes as own
from relance.runs.instalments import invoice_named, of_one, on_a_plan, open_of
from relance.runs.proposal import Proposal

MOST = Decimal(50)
"""A reduction is less than so many percent: more is a mistake in typing, or no discount."""


@dataclass(frozen=True, slots=True)
class OfferWish:
    """An offer as an operator asks for it: `percent` off what is open, until `until` included.

    `subjects` are numbers of invoices, or one debtor.
    """

    subjects: Sequence[str]
    percent: Decimal
    until: date
    debtor: str | None = None
    reason: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class OfferDraft:
    """An offer that is not recorded yet: rows of `decide`, and minor units off each."""

    rows: tuple[Mapping[str, Any], ...]
    less: tuple[int, ...]
    wish: OfferWish
    day: date


def draft_offer(wish: OfferWish, proposal: Proposal) -> OfferDraft | Diagnostic:
    """Return the offer that `wish` asks for, or the first thing that is wrong with it."""
    rows = _rows(wish, proposal)
    if isinstance(rows, Diagnostic):
        return rows
    wrong = on_a_plan(rows, proposal) or _on_offer(rows, proposal)
    if wrong is not None:
        return wrong
    less = tuple(reduction(row["open"], wish.percent) for row in rows)
    for row, off in zip(rows, less, strict=True):
        if not 0 < off < row["open"] or not 0 < wish.percent < MOST:
            amount = f"{to_text(row['open'], row['currency'])} {row['currency']}"
            told = {"percent": wish.percent, "amount": amount, "number": row["number"]}
            return Diagnostic(own.NO_REDUCTION, None, told)
    return OfferDraft(tuple(rows), less, wish, proposal.today)


def reduction(amount: int, percent: Decimal) -> int:
    """Return `percent` of `amount` minor units, rounded half up to the minor unit."""
    return int((amount * percent / 100).quantize(Decimal(1), ROUND_HALF_UP))


def _rows(wish: OfferWish, proposal: Proposal) -> list[dict[str, Any]] | Diagnostic:
    facts, named = proposal.facts, wish.subjects
    if len(named) == 1 and facts.filter(pl.col("debtor") == named[0]).height:
        return open_of(named[0], facts, pl.lit(value=True))
    rows = []
    for number in named:
        found = invoice_named(number, wish.debtor, facts)
        if isinstance(found, Diagnostic):
            return found
        rows.append(found)
    return of_one(rows)


def _on_offer(rows: Sequence[Mapping[str, Any]], proposal: Proposal) -> Diagnostic | None:
    on = {e.item: o.number for o in offers(proposal) for e in o.those("open")}
    for row in rows:
        if row["item"] in on:
            told = {"number": row["number"], "offer": on[row["item"]]}
            return Diagnostic(own.ON_OFFER, None, told)
    return None


def make_offer(draft: OfferDraft, history: History) -> int:
    """Record that `draft` is offered; return its number."""
    items = [row["item"] for row in draft.rows]
    asked = [(row["open"] - off) for row, off in zip(draft.rows, draft.less, strict=True)]
    made = Record(
        "offer",
        draft.day,
        draft.rows[0]["debtor"],
        items[0] if len(items) == 1 else None,
        until=draft.wish.until,
        amount=sum(row["open"] for row in draft.rows),
        schedule=tuple((draft.wish.until, amount) for amount in asked),
        reason=draft.wish.reason,
        by=draft.wish.by,
        code=f"{draft.wish.percent.normalize():f}",
        facts={
            "covers": items,
            "less": list(draft.less),
            "currency": draft.rows[0]["currency"],
            "terms": terms_of(draft.rows, draft.wish.until),
        },
    )
    return history.record([made])[0]


def terms_of(rows: Sequence[Mapping[str, Any]], until: date) -> str:
    """Return "early" where all `rows` are due after `until`, so that it is a discount for paying
    before the due date (C. com. art. L441-9); else "prompt"."""
    return "early" if all(row["due"] and row["due"] > until for row in rows) else "prompt"


def offers(proposal: Proposal) -> tuple[Offer, ...]:
    """Return all offers as they stand, in the order of recording."""
    past, grace = proposal.portfolio.past, proposal.policy.offers.grace
    return offers_of(past, proposal.facts, grace, proposal.today)


def decide_offer(
    outcome: str, subject: str, proposal: Proposal, history: History, told: tuple[str | None, str]
) -> int | Diagnostic:
    """Record that offer `subject` is granted although the money came late, or withdrawn.

    `outcome`: "grant" or "withdraw". `told`: the reason, and who says so. Returns its number, or
    that there is no such offer in a state for it.
    """
    wanted = "late" if outcome == "grant" else "open"
    for offer in reversed(offers(proposal)):
        if is_offer(offer, subject, proposal) and offer.those(wanted):
            kind = "offer_granted" if outcome == "grant" else "offer_withdrawn"
            item = offer.items[0].item if len(offer.items) == 1 else None
            reason, by = told
            made = Record(
                kind, proposal.today, offer.debtor, item, reason=reason, by=by, about=offer.number
            )
            history.record([made])
            return offer.number
    return Diagnostic(own.NO_OFFER, None, {"subject": subject})


def is_offer(offer: Offer, subject: str, proposal: Proposal) -> bool:
    """Return whether `subject` names `offer`: its number, its debtor or one of its invoices."""
    plain = "".join(subject.split()).upper()
    numbers = {"".join(n.split()).upper() for n in _numbers(offer, proposal).values()}
    return subject in (str(offer.number), offer.debtor) or plain in numbers


def _numbers(offer: Offer, proposal: Proposal) -> dict[str, str]:
    items = [each.item for each in offer.items]
    rows = proposal.facts.filter(pl.col("item").is_in(items)).select("item", "number")
    known = dict(rows.iter_rows())
    return {item: known.get(item) or number_in(item) for item in items}


def listed_offers(proposal: Proposal) -> list[dict[str, Any]]:
    """Return all offers as JSON, the newest first."""
    return [offer_fields(offer, proposal) for offer in reversed(offers(proposal))]


def find_offer(subject: str, proposal: Proposal) -> dict[str, Any] | Diagnostic:
    """Return the JSON of the newest offer that `subject` names, or that there is none."""
    for offer in reversed(offers(proposal)):
        if is_offer(offer, subject, proposal):
            return offer_fields(offer, proposal)
    return Diagnostic(own.NO_OFFER, None, {"subject": subject})


def offer_fields(offer: Offer, proposal: Proposal) -> dict[str, Any]:
    """Return `offer` as JSON; a draft has the number null."""
    items = [each.item for each in offer.items]
    mine = proposal.facts.filter(pl.col("item").is_in(items))
    theirs = proposal.facts.filter(pl.col("debtor") == offer.debtor)
    name = theirs.select(pl.coalesce("party_name", "debtor_name")).to_series().drop_nulls()
    currency = mine["currency"][0] if mine.height else proposal.policy.creditor.currency
    numbers = _numbers(offer, proposal)

    def money(amount: int) -> str:
        return to_text(amount, currency)

    return {
        "number": offer.number or None,
        "debtor": offer.debtor,
        "debtor_name": name[0] if len(name) else None,
        "state": offer.state if offer.number else "draft",
        "date": offer.made.isoformat(),
        "until": offer.until.isoformat(),
        "percent": offer.percent,
        "currency": currency,
        "owed": money(offer.owed),
        "reduction": money(offer.less),
        "to_pay": money(offer.owed - offer.less),
        "invoices": [
            {"number": numbers[each.item], "owed": money(each.owed), "reduction": money(each.less),
             "to_pay": money(each.owed - each.less), "open": money(each.left),
             "paid_on": each.paid_on.isoformat() if each.paid_on else None,
             "state": each.state if offer.number else "draft"}
            for each in offer.items
        ],
        "reason": offer.reason,
    }  # fmt: skip


def draft_offer_fields(draft: OfferDraft, proposal: Proposal) -> dict[str, Any]:
    """Return `draft` as JSON, as `find_offer` gives what is recorded; it has no number."""
    items = tuple(
        OfferedItem(row["item"], row["open"], off, row["open"], None, "open")
        for row, off in zip(draft.rows, draft.less, strict=True)
    )
    wish = draft.wish
    offer = Offer(
        0, draft.rows[0]["debtor"], draft.day, wish.until, str(wish.percent), items, wish.reason
    )
    return offer_fields(offer, proposal)
