"""What to expect of debtors: the estimate over what the portfolio knows, never of natural persons."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from relance.dunning.estimate import Estimate, Known, estimate
from relance.dunning.habits import paid_receivables
from relance.runs.portfolio import Portfolio

ESTIMATED = ("business", "public")
"""Kinds of debtors of which anything is estimated; a debtor of unknown kind may be a person."""


@dataclass(frozen=True)
class Expectations:
    """What a portfolio lets one expect."""

    portfolio: Portfolio

    @cached_property
    def paid(self) -> pl.DataFrame:
        """The columns of `paid_receivables`, and the `currency` of the payment."""
        past = self.portfolio.past
        currencies = past.movements.select("movement", "currency").unique("movement")
        found = paid_receivables(past.allocations)
        return found.join(currencies, on="movement", how="left", maintain_order="left")

    @cached_property
    def _allowed(self) -> pl.DataFrame:
        kinds = self.portfolio.debtors.filter(pl.col("kind").is_in(ESTIMATED))
        return kinds.select("debtor").unique()

    @cached_property
    def paid_by_firms(self) -> pl.DataFrame:
        """The rows of `paid` that may be learned from: not those of natural persons."""
        return self.paid.join(self._allowed, on="debtor", how="semi", maintain_order="left")

    @cached_property
    def _overdue(self) -> pl.DataFrame:
        """Debtors of what is open past its due date without a dispute, a row for each receivable."""
        late = (pl.col("open") > 0) & (pl.col("days_past_due") > 0)
        owed = ~pl.col("credit") & ~pl.col("missing") & ~pl.col("disputed")
        rows = self.portfolio.facts.filter(late & owed).select("debtor")
        return rows.join(self._allowed, on="debtor", how="semi")

    @cached_property
    def firms(self) -> frozenset[str]:
        """Those of whom anything may be estimated."""
        return frozenset(self._allowed["debtor"])

    def is_estimated(self, debtor: str) -> bool:
        """Return whether anything may be estimated of `debtor`."""
        return debtor in self.firms

    @cached_property
    def book(self) -> Known:
        """What is known of all firms."""
        return _known(self.paid_by_firms["days"].sort().to_list(), self._overdue.height)

    @cached_property
    def _days(self) -> dict[str, list[int]]:
        """The days of each debtor's paid receivables, sorted: a list has thousands of debtors."""
        grouped = self.paid_by_firms.group_by("debtor").agg(pl.col("days").sort())
        return dict(grouped.iter_rows())

    @cached_property
    def overdue(self) -> dict[str, int]:
        """How many receivables are late by debtor and not paid yet; none that is disputed."""
        return dict(self._overdue.group_by("debtor").len().iter_rows())

    def own(self, debtor: str) -> Known:
        """Return what is known of `debtor`."""
        return _known(self._days.get(debtor, []), self.overdue.get(debtor, 0))

    def of_next(self, debtor: str) -> Estimate | None:
        """Return what to expect of the debtor's next receivable; None where nothing may be said."""
        return estimate(self.own(debtor), self.book) if self.is_estimated(debtor) else None

    def of_item(self, row: dict[str, Any]) -> Estimate | None:
        """Return what to expect of an open item, a row of the facts; None where nothing may be said."""
        owed = row["open"] > 0 and not row["credit"] and not row["missing"]
        if not owed or row["days_past_due"] is None or not self.is_estimated(row["debtor"]):
            return None
        return estimate(self.own(row["debtor"]), self.book, row["days_past_due"])


def _known(days: list[int], overdue: int) -> Known:
    late = len(days) - bisect_right(days, 0)
    return Known(len(days) + overdue, late + overdue, days)
