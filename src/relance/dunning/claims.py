"""From a row of the decision to a claim as the law sees it: whose law, which kind, from which day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from relance.dates import next_sending_day
from relance.law.claim import Agreed, Claim, Payment
from relance.law.waiting import COUNTRIES, first_day_of_costs, start_of_waiting
from relance.ledger.lookup import look_up
from relance.policy.model import Law, Policy

Row = Mapping[str, Any]

CLAIM_FACTS = ("item", "due", "open", "currency", "until")
"""Columns that say how much, since when and up to which day."""

PARTY_FACTS = ("debtor_kind", "country", "registration", "vat")
"""Columns that say whose law governs and which of its rules."""

NOTICE_FACTS = ("first_reminder", "first_medium", "formal_notice", "formal_medium")
"""Columns that say from which day the law gives interest and costs."""


def with_law(rows: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Return `rows` with `law_country`, `law_kind`, `interest_from` and `costs_from`.

    `rows` have PARTY_FACTS and NOTICE_FACTS. A consumer keeps the law of the country he lives in
    (Rome I regulation, art. 6), other debtors have the one that governs. A debtor of no known kind
    is a business if it has a registration or a VAT number; else `law_kind` is null. The last two are null
    where no notice was sent, or where the law gives no day.
    """
    numbered = pl.col("registration").is_not_null() | pl.col("vat").is_not_null()
    kind = pl.coalesce("debtor_kind", pl.when(numbered).then(pl.lit("business")))
    home = pl.lit(policy.governing_law)
    rows = rows.with_columns(kind.alias("law_kind")).with_columns(
        pl.when(pl.col("law_kind") == "consumer")
        .then(pl.coalesce("country", home))
        .otherwise(home)
        .alias("law_country")
    )
    cases = rows.select("law_country", *NOTICE_FACTS).unique()
    days = [first_days(*case) for case in cases.iter_rows()]
    known = cases.with_columns(
        pl.Series("interest_from", [of for of, _ in days], dtype=pl.Date),
        pl.Series("costs_from", [of for _, of in days], dtype=pl.Date),
    )
    return look_up(rows, known, "law_country", *NOTICE_FACTS)


def first_days(
    country: str,
    reminder: date | None,
    medium: str | None,
    formal: date | None,
    formal_medium: str | None,
) -> tuple[date | None, date | None]:
    """Return from which day a consumer's interest can run and his costs can be claimed.

    France: from the receipt of the formal notice (C. civ. art. 1231-6), no costs. Belgium and the
    Netherlands: see `law.waiting`. Elsewhere interest from the receipt of the first reminder.
    """
    if country == "FR":
        return (received(formal, formal_medium, country) if formal else None), None
    if reminder is None:
        return None, None
    by = medium or "letter"
    if country in COUNTRIES:
        return start_of_waiting(reminder, by, country), first_day_of_costs(reminder, by, country)
    return received(reminder, by, country), None


def received(sent: date, medium: str | None, country: str) -> date:
    """Return when a notice counts as received: by post the third working day, else the next day."""
    day = sent + timedelta(1)
    if medium != "letter":
        return day
    for extra in (0, 1, 1):
        day = next_sending_day(day + timedelta(extra), (country,))
    return day


def agreed(law: Law) -> Agreed:
    """Return what the terms of sale agree, as the law reads it."""
    return Agreed(
        contract_rate=law.contract_rate,
        imputation=law.imputation,
        consumer_clause=law.consumer_clause,
        consumer_rate=law.consumer_rate,
        small_creditor=law.small_creditor,
    )


def claim_of(row: Row, payments: tuple[Payment, ...], terms: Agreed) -> Claim:
    """Return the claim of a row with law and `until`: what was due before payments of a known day.

    Part payments that only the source knows have no day: they count as made on the due date, so
    that interest is never claimed on money that may have come in time.
    """
    return Claim(
        principal=row["open"] + sum(payment.amount for payment in payments),
        currency=row["currency"],
        due=row["due"],
        until=row["until"],
        country=row["law_country"],
        kind=row["law_kind"],
        payments=payments,
        notice=row["interest_from"],
        costs_from=row["costs_from"],
        agreed=terms,
    )


def payments_of(allocations: pl.DataFrame, items: pl.Series) -> dict[str, tuple[Payment, ...]]:
    """Return the payments of each of `items` that has any, oldest first.

    What was undone or taken back by the bank never came: it cancels its own payment, else the
    latest ones.
    """
    own = allocations.filter(pl.col("item").is_in(items.unique().implode()))
    net = (
        own.group_by("item", "movement")
        .agg(pl.col("amount").sum(), pl.col("day").filter(pl.col("amount") > 0).max())
        .sort("item", "day", "movement", nulls_last=True)
    )
    came: dict[str, list[Payment]] = defaultdict(list)
    back: dict[str, int] = defaultdict(int)
    for row in net.iter_rows(named=True):
        if row["amount"] > 0:
            came[row["item"]].append(Payment(row["day"], row["amount"]))
        back[row["item"]] += max(-row["amount"], 0)
    return {item: _without(paid, back[item]) for item, paid in came.items()}


def _without(paid: list[Payment], back: int) -> tuple[Payment, ...]:
    kept: list[Payment] = []
    for payment in reversed(paid):
        taken = min(back, payment.amount)
        back -= taken
        if payment.amount > taken:
            kept.append(Payment(payment.day, payment.amount - taken))
    return tuple(reversed(kept))
