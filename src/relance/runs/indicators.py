"""The figures of a project on a day, out of its files and its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl

from relance.history.store import History
from relance.indicators.compute import compute
from relance.indicators.ground import Ground
from relance.indicators.months import MONTHS_OF_REPORT, before, first_of
from relance.indicators.report import Report
from relance.policy.model import Policy
from relance.runs.achieved import evidence
from relance.runs.books import books
from relance.runs.portfolio import Portfolio, assemble


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is about.

    Attributes:
        day: nothing dated after it counts.
        first, last: period of the figures that are about one; by default the last twelve months.
        margin: percent of turnover that is left of a sale; the policy's, if None.
    """

    day: date
    first: date | None = None
    last: date | None = None
    margin: Decimal | None = None

    @property
    def period(self) -> tuple[date, date]:
        """First and last day of the period."""
        last = min(self.last or self.day, self.day)
        return self.first or before(first_of(last), MONTHS_OF_REPORT - 1), last


def report_of(policy: Policy, history: History, asked: Asked) -> tuple[Report, Portfolio]:
    """Return the report of the project, and the portfolio that it was made from."""
    portfolio = assemble(policy, asked.day, history, as_of=True)
    named = portfolio.facts.select("debtor", pl.coalesce("party_name", "debtor")).unique("debtor")
    found = compute(
        Ground(books(portfolio), evidence(portfolio, history, asked.margin), asked.day),
        asked.period,
        dict(named.iter_rows()),
        policy.creditor.currency,
    )
    first, last = asked.period
    return Report(policy.creditor.name, asked.day, first, last, found), portfolio
