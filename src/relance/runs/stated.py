"""A claim stated to a day: items with interest period by period, credits, totals; as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from relance.law.claim import Computation
from relance.money import to_text


def stated_item(row: Mapping[str, Any], law: Computation | None, stop: date) -> dict[str, Any]:
    """Return a row of the frame of `decide` with what the law gives on it up to `stop`."""
    currency = row["currency"]
    due = row["due"]
    return {
        "number": row["number"],
        "kind": row["kind"],
        "credit": row["credit"],
        "issued": row["issued"].isoformat() if row["issued"] else None,
        "due": due.isoformat() if due else None,
        "fallen_due": due is not None and due < stop,
        "currency": currency,
        "amount": to_text(row["amount"], currency),
        "open": to_text(row["open"], currency),
        "disputed": to_text(row["disputed_part"] or 0, currency),
        "interest": to_text(law.interest if law else 0, currency),
        "compensation": to_text(law.compensation if law else 0, currency),
        "computed": law is not None or due is None or due >= stop,
        "periods": [
            {
                "start": line.start.isoformat(),
                "end": line.end.isoformat(),
                "days": line.days,
                "rate": str(line.rate),
                "amount": to_text(line.amount, currency),
            }
            for line in (law.lines if law else ())
        ],
        "legal_basis": list(law.legal_basis) if law else [],
    }


def stated_totals(ours: pl.DataFrame, law: Mapping[str, Computation]) -> dict[str, dict[str, str]]:
    """Return the sums of `ours` by currency: principal, credits, interest, compensation, total."""
    totals = {}
    for currency in ours["currency"].unique().sort():
        rows = ours.filter(pl.col("currency") == currency)
        principal = int(rows.filter(~pl.col("credit"))["open"].sum())
        credits = int(rows.filter("credit")["open"].sum())
        given = [law[item] for item in rows["item"] if item in law]
        interest = sum(each.interest for each in given)
        compensation = sum(each.compensation for each in given)
        sums = {
            "principal": principal,
            "credits": credits,
            "interest": interest,
            "compensation": compensation,
            "total": principal + credits + interest + compensation,
        }
        totals[currency] = {name: to_text(amount, currency) for name, amount in sums.items()}
    return totals
