"""What offers give people to do: credit notes to make, and money that came too late to judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from relance.dunning.events import Past
from relance.dunning.keys import key_of
from relance.dunning.offers import Offer, OfferedItem, offers_of
from relance.dunning.plan import Plan, Task
from relance.dunning.writing import line_of, party_of
from relance.language import N_, day_text, translator
from relance.money import sum_text
from relance.policy.model import Policy

CREDIT = N_(
    "Make the credit note for {name} about {numbers} ({amount}): paid within offer {number}"
)
LATE = N_(
    "{name} paid {numbers} on {date}, after offer {number} ended on {until}: grant the {amount} off "
    "(relance offer grant {number}), or claim it"
)


def offer_tasks(plan: Plan, policy: Policy, past: Past) -> Iterator[Task]:
    """Yield a task per receivable whose reduction is to be credited, and per one paid too late.

    One for each, so that what is earned later asks for nothing a second time.
    """
    offers = offers_of(past, plan.decided, policy.offers.grace, plan.run_date)
    for offer in offers:
        for state, kind in (("taken", "credit_note"), ("late", "late_offer")):
            items = {e.item: e for e in offer.those(state) if 0 < e.left <= e.less}
            rows = plan.decided.filter(
                pl.col("item").is_in(list(items)) & ~pl.col("missing") & pl.col("debtor_known")
            ).sort("due", "number", "item", nulls_last=True)
            for row in rows.iter_rows(named=True):
                yield _task((offer, kind), row, items[row["item"]], (plan, policy))


def _task(
    what: tuple[Offer, str],
    row: Mapping[str, Any],
    item: OfferedItem,
    occasion: tuple[Plan, Policy],
) -> Task:
    (offer, kind), (plan, policy) = what, occasion
    party, currency = party_of(row, policy), row["currency"]
    language = policy.creditor.language
    subject = translator(language)(CREDIT if kind == "credit_note" else LATE).format(
        name=party.name,
        numbers=row["number"],
        amount=sum_text(row["open"], currency, language),
        number=offer.number,
        date=day_text(item.paid_on, language) if item.paid_on else "–",
        until=day_text(offer.until, language),
    )
    return Task(
        key=key_of(["offer", str(offer.number), kind, item.item]),
        kind=kind,
        debtor=party,
        subject=subject,
        receivables=(line_of(row),),
        currency=currency,
        due=plan.run_date,
        owner=party.owner,
    )
