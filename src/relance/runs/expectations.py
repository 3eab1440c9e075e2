"""What to expect of debtors: the estimate over what the portfolio knows, never of natural persons."""

from __future__ import annotations

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

    def is_estimated(self, debtor: str) -> bool:
        """Return whether anything may be estimated of `debtor`."""
        return not self._allowed.filter(pl.col("debtor") == debtor).is_empty()

    @cached_property
    def book(self) -> Known:
        """What is known of all firms."""
        return _known(self.paid_by_firms, self._overdue.height)

    def own(self, debtor: str) -> Known:
        """Return what is known of `debtor`."""
        mine = pl.col("debtor") == debtor
        return _known(self.paid_by_firms.filter(mine), self._overdue.filter(mine).height)

    def of_next(self, debtor: str) -> Estimate | None:
        """Return what to expect of the debtor's next receivable; None where nothing may be said."""
        return estimate(self.own(debtor), self.book) if self.is_estimated(debtor) else None

    def of_item(self, row: dict[str, Any]) -> Estimate | None:
        """Return what to expect of an open item, a row of the facts; None where nothing may be said."""
        owed = row["open"] > 0 and not row["credit"] and not row["missing"]
        if not owed or row["days_past_due"] is None or not self.is_estimated(row["debtor"]):
            return None
        return estimate(self.own(row["debtor"]), self.book, row["days_past_due"])


def _known(paid: pl.DataFrame, overdue: int) -> Known:
    late = paid.filter(pl.col("days") > 0).height
    return Known(paid.height + overdue, late + overdue, paid["days"].sort().to_list())
