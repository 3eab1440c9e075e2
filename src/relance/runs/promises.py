"""Promises to pay, as an operator lists them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from relance.dunning.promises import promise_states
from relance.money import to_text
from relance.runs.proposal import Proposal


def promises(proposal: Proposal) -> list[dict[str, Any]]:
    """Return all promises as JSON with what became of them, the latest date first."""
    past, facts = proposal.portfolio.past, proposal.facts
    days = (proposal.today, proposal.policy.limits.promise_grace)
    states = promise_states(past.holds, facts, past.allocations, days)
    ordered = states.sort("until", "seq", descending=True)
    return [_fields(row, proposal) for row in ordered.iter_rows(named=True)]


def _fields(row: Mapping[str, Any], proposal: Proposal) -> dict[str, Any]:
    own = pl.col("item") == row["item"] if row["item"] else pl.col("debtor") == row["debtor"]
    found = proposal.facts.filter(own).select("number", "currency", "party_name", "debtor_name")
    first = found.row(0, named=True) if found.height else {}
    currency = first.get("currency") or proposal.policy.creditor.currency

    def money(amount: int | None) -> str | None:
        return None if amount is None else to_text(amount, currency)

    return {
        "number": row["seq"],
        "debtor": row["debtor"],
        "debtor_name": first.get("party_name") or first.get("debtor_name"),
        "invoice": _invoice(row["item"], first.get("number")),
        "made": row["date"].isoformat(),
        "until": row["until"].isoformat(),
        "currency": currency,
        "promised": money(row["promised"]),
        "paid": money(row["paid"]),
        "state": row["state"],
        "renewals": row["renewals"],
        "by_whom": row["owner"],
        "reason": row["reason"],
        "by": row["by"],
    }


def _invoice(item: str | None, number: str | None) -> str | None:
    """Return the number of the invoice, from its identity where it is in no file any more."""
    from relance.ledger.build import number_in

    if item is None:
        return None
    return number or number_in(item)
