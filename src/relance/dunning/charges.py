"""What notices claim beside the principal: interest, compensation and fees, line by line."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import polars as pl

from relance.dunning.claims import (
    CLAIM_FACTS,
    NOTICE_FACTS,
    PARTY_FACTS,
    agreed,
    claim_of,
    payments_of,
    with_law,
)
from relance.dunning.events import Past
from relance.law.claim import Computation
from relance.law.compute import compute
from relance.law.rates import Rates, RateUnknown
from relance.law.regimes import NoRegime
from relance.money import to_minor
from relance.policy.model import Charges, Policy


def computed(
    rows: pl.DataFrame, allocations: pl.DataFrame, policy: Policy
) -> dict[str, Computation]:
    """Return by item what the law gives on `rows`: receivables with CLAIM_FACTS and what `with_law` reads.

    An item whose debtor's kind, law or rate is not known is left out; `findings` says why.
    """
    rates, terms = Rates.known().and_also(policy.rates), agreed(policy.law)
    payments = payments_of(allocations, rows["item"])
    rows = rows.select(*CLAIM_FACTS, *PARTY_FACTS, *NOTICE_FACTS)
    known = with_law(rows, policy).drop_nulls(["law_kind", "due"])
    found: dict[str, Computation] = {}
    for row in known.iter_rows(named=True):
        with suppress(NoRegime, RateUnknown):
            claim = claim_of(row, payments.get(row["item"], ()), terms)
            found[row["item"]] = compute(claim, rates)
    return found


def claimed(computation: Computation | None, charges: Charges) -> Computation | None:
    """Return the part of `computation` that a level with `charges` claims; None if that is nothing."""
    if computation is None:
        return None
    if charges.interest is None:
        computation = replace(computation, lines=(), interest=0, interest_left=0)
    if charges.compensation is None:
        computation = replace(computation, compensation=0)
    return computation if computation.total else None


def fee_of(charges: Charges, currency: str, home: str) -> int:
    """Return the fee of a notice in minor units; none in another currency than the creditor's."""
    return to_minor(charges.fee, home) if charges.fee and currency == home else 0


def basis_of(debtors: pl.Series, past: Past, policy: Policy) -> str:
    """Return as text what changes the charges of a plan: payments of `debtors`, rates, agreements."""
    if not has_charges(policy):
        return ""
    levels = [
        (name, level.id, level.charges.model_dump_json())
        for name, procedure in sorted(policy.procedures.items())
        for level in procedure.levels
    ]
    paid = past.allocations.filter(pl.col("debtor").is_in(debtors.unique().implode()))
    which = ["item", "movement", "day"]
    stands = paid.group_by(which).agg(pl.col("amount").sum()).filter(pl.col("amount") != 0)
    rates = [rate.model_dump_json() for rate in policy.rates]
    return "\n".join(
        (
            stands.sort(which).write_csv(),
            policy.law.model_dump_json(),
            *rates,
            *map(str, levels),
        )
    )


def has_charges(policy: Policy) -> bool:
    """Return whether any level of the policy claims something beside the principal."""
    return any(level.charges != Charges() for p in policy.procedures.values() for level in p.levels)
