"""The model beside the ratio: tried on the project's own past, and in use only where it was better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from relance.diagnostics import Diagnostic
from relance.dunning.backtest import enough
from relance.dunning.models import Compared, Fitted, as_facts, chances, compare, from_facts
from relance.history.store import History
from relance.history.values import Record
from relance.runs import score_codes as codes
from relance.runs.expectations import Expectations
from relance.runs.portfolio import Portfolio
from relance.runs.score import too_few

TRIED = "score_model"
"""The event that keeps how the model did, and what it learned where it was better."""

HOLDS_FOR = timedelta(days=31)
"""How long a trial holds: after it, the ratio is back until the model was tried again."""


@dataclass(frozen=True, slots=True)
class Trial:
    """The last trial that holds. `used` says what orders the list since."""

    used: Literal["ratio", "logistic"]
    fitted: Fitted | None


def compared(portfolio: Portfolio) -> Compared | Diagnostic:
    """Return the model beside the ratio on the portfolio's firms; a finding where it cannot be tried."""
    paid = Expectations(portfolio).paid_by_firms
    try:
        import sklearn  # noqa: F401 - asked for before the receivables are read
    except ImportError:
        return Diagnostic(codes.NO_EXTRA, None, {})
    found = compare(paid) if enough(paid) else None
    return too_few(paid) if found is None else found


def keep(found: Compared, today: date, by: str, history: History) -> None:
    """Record how the model did, and what it learned where it was better."""
    figures = {
        "judged": found.judged,
        "difference": round(found.difference, 4),
        **({} if found.low is None else {"low": round(found.low, 4)}),
    }
    learned = as_facts(found.fitted) if found.better else {}
    used = "logistic" if found.better else "ratio"
    history.record([Record(TRIED, today, code=used, by=by, facts={**figures, **learned})])


def trial_of(history: History, today: date) -> Trial | None:
    """Return the last trial that holds on `today`; None without one."""
    told = [each for each in history.told((TRIED,)) if each["date"] <= today.isoformat()]
    if not told or date.fromisoformat(told[-1]["date"]) + HOLDS_FOR < today:
        return None
    fitted = from_facts(told[-1]) if told[-1]["code"] == "logistic" else None
    return Trial("ratio" if fitted is None else "logistic", fitted)


def chances_of(expected: Expectations, trial: Trial | None) -> Mapping[str, Any]:
    """Return by firm how likely its next receivable is to be late, by the model; empty without one."""
    if trial is None or trial.fitted is None:
        return {}
    today = expected.portfolio.today
    return chances(expected.paid_by_firms, trial.fitted, today, expected.overdue)
