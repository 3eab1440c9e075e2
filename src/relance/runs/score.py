"""The estimate tried on the receivables that the project saw paid."""

from __future__ import annotations

import polars as pl

from relance.diagnostics import Diagnostic
from relance.dunning.backtest import FEWEST_LATE, FEWEST_SETTLED, Evaluation, enough, evaluate
from relance.runs import debtor_codes as codes
from relance.runs.expectations import Expectations
from relance.runs.portfolio import Portfolio


def evaluated(portfolio: Portfolio) -> Evaluation | Diagnostic:
    """Return how good the estimate was for the portfolio's firms; a finding where too few paid."""
    paid = Expectations(portfolio).paid_by_firms
    found = evaluate(paid) if enough(paid) else None
    return too_few(paid) if found is None else found


def too_few(paid: pl.DataFrame) -> Diagnostic:
    """Return the refusal to judge anything by `paid`."""
    facts = {
        "settled": paid.height,
        "late": paid.filter(pl.col("days") > 0).height,
        "settled_needed": FEWEST_SETTLED,
        "late_needed": FEWEST_LATE,
    }
    return Diagnostic(codes.TOO_FEW, None, facts)
