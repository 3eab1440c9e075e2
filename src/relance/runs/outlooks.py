"""What to expect of what tasks are about: the estimate, and the scores of others where there are any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from relance.dunning.estimate import Known, estimate, late_chance
from relance.dunning.outlook import Outlook
from relance.history.store import History
from relance.runs.expectations import Expectations
from relance.runs.portfolio import Portfolio
from relance.runs.score_model import Trial, chances_of, trial_of
from relance.runs.scores import Known as Scores
from relance.runs.scores import scores_of


@dataclass(frozen=True)
class Expected:
    """Tells outlooks.

    Attributes:
        scores: of others that are known.
        chances: of the model that is in use, by debtor; empty where the ratio is.
        trial: of the model, the last that holds.
    """

    expectations: Expectations
    scores: Scores
    chances: Mapping[str, float] = field(default_factory=dict)
    trial: Trial | None = None

    @cached_property
    def risks(self) -> Mapping[str, float]:
        """The risk by debtor of the scores that count: 0 the best to 1 the worst."""
        return self.scores.risks

    def of(self, debtor: str, oldest: Mapping[str, Any] | None) -> Outlook:
        """Return what to expect of `oldest`, a row of the facts, and of its debtor."""
        number = oldest["number"] if oldest else ""
        if not self.expectations.is_estimated(debtor):
            return Outlook(number, "not_a_firm")
        own, book = self.expectations.own(debtor), self.expectations.book
        risk = self.risks.get(debtor)
        if estimate(own, book) is None:
            return Outlook(number, "small_book", risk=risk)
        first, day, last = _days(own, book, oldest)
        model = self.chances.get(debtor)
        return Outlook(
            number=number,
            why="beyond" if oldest and day is None else "",
            day=day,
            first=first,
            last=last,
            chance=late_chance(own, book) if model is None else model,
            by="ratio" if model is None else "logistic",
            known=own.count,
            late=own.late,
            book_known=book.count,
            book_late=book.late,
            risk=risk,
            tried=self.trial is not None and self.trial.used == "ratio",
        )


def outlooks_of(portfolio: Portfolio, history: History) -> Expected:
    """Return who tells what to expect of the portfolio's debtors."""
    expected, trial = Expectations(portfolio), trial_of(history, portfolio.today)
    scores = scores_of(portfolio, history)
    return Expected(expected, scores, chances_of(expected, trial), trial)


def _days(
    own: Known, book: Known, oldest: Mapping[str, Any] | None
) -> tuple[date | None, date | None, date | None]:
    found = estimate(own, book, oldest["days_past_due"]) if oldest else None
    if found is None or oldest is None:
        return None, None, None
    due: date = oldest["due"]
    first, day, last = (due + timedelta(days=days) for days in (found.low, found.days, found.high))
    return first, day, last


def estimate_fields(outlooks: Expected, debtor: str) -> dict[str, Any]:
    """Return what to expect of the debtor's next receivable, and why nothing is where nothing is.

    As JSON of `relance debtor`; days from the due date, shares from 0 to 1.
    """
    expected = outlooks.expectations
    if not expected.is_estimated(debtor):
        return {"given": False, "why": "not_a_firm"}
    found = expected.of_next(debtor)
    own, book = expected.own(debtor), expected.book
    counts = {
        "known": own.count, "late": own.late, "book_known": book.count, "book_late": book.late,
    }  # fmt: skip
    if found is None:
        return {"given": False, "why": "small_book", **counts}
    return {
        "given": True,
        "late_chance": round(found.late, 4),
        **_by(outlooks, debtor),
        "days": found.days,
        "days_from": found.low,
        "days_to": found.high,
        **counts,
    }


def _by(outlooks: Expected, debtor: str) -> dict[str, Any]:
    """Return what the model says beside the ratio, where it was tried: `used` orders the worklist."""
    chance, trial = outlooks.chances.get(debtor), outlooks.trial
    told = None if trial is None else trial.used
    return {"model": told, "model_chance": None if chance is None else round(chance, 4)}
