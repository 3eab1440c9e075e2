"""What figures are computed from, with what several of them ask for kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from relance.indicators import balances, flows
from relance.indicators.balances import Key
from relance.indicators.books import Books
from relance.indicators.evidence import Evidence, Promises, Sent
from relance.indicators.flows import Rows, Series


@dataclass(frozen=True, slots=True)
class Flows:
    """What happened in a period, by currency and scope."""

    sums: Rows
    paid_late: Rows
    rhythm: Rows
    promises: Mapping[Key, Promises]
    sent: Mapping[Key, Sent]


@dataclass
class Ground:
    """Books and evidence.

    Attributes:
        day: nothing dated after it is in either.
        period: of what is summed up over time, first and last day.
    """

    books: Books
    evidence: Evidence
    day: date
    period: tuple[date, date] = (date.min, date.max)
    _standing: dict[date, pl.DataFrame] = field(default_factory=dict)
    _stock: dict[tuple[str, date], Rows] = field(default_factory=dict)
    _sales: dict[str, Series] = field(default_factory=dict)
    _flows: dict[str, Flows] = field(default_factory=dict)

    @cached_property
    def payments(self) -> pl.DataFrame:
        """What was paid of receivables; see `flows.payments_of`."""
        return flows.payments_of(self.books)

    def standing(self, day: date) -> pl.DataFrame:
        """Return what is open at the end of `day`; see `Books.at`."""
        if day not in self._standing:
            self._standing[day] = self.books.at(day)
        return self._standing[day]

    def stock(self, dimension: str, day: date) -> Rows:
        """Return the sums of what is open at the end of `day`; see `balances.sums_of`."""
        key = (dimension, day)
        if key not in self._stock:
            self._stock[key] = balances.sums_of(self.standing(day), dimension, day)
        return self._stock[key]

    def aged(self, dimension: str) -> Mapping[Key, dict[str, Any]]:
        """Return the sums of what is open on the day, with the buckets of the date of issue."""
        by_issue = balances.issued_sums_of(self.standing(self.day), dimension, self.day)
        stock = self.stock(dimension, self.day)
        return {key: {**row, **by_issue.get(key, {})} for key, row in stock.items()}

    def flows(self, dimension: str) -> Flows:
        """Return what happened in the period; of the dimension `month`, month by month."""
        if dimension not in self._flows:
            first, last = self.period
            self._flows[dimension] = Flows(
                flows.sums_in(self.books, dimension, first, last),
                flows.paid_late(self.payments, dimension, first, last),
                flows.rhythm(self.books, dimension, first, last),
                self.evidence.promises_in(dimension, first, last),
                self.evidence.sent_in(dimension, first, last),
            )
        return self._flows[dimension]

    def sales(self, dimension: str) -> Series:
        """Return the sales by month."""
        if dimension not in self._sales:
            self._sales[dimension] = flows.sales_by_month(self.books, dimension)
        return self._sales[dimension]

    def knows_stock(self, currency: str, day: date) -> bool:
        """Return whether it is known what was open at the end of `day`."""
        return self.books.known_from.get(currency, date.max) <= day

    def sold_from(self, currency: str, day: date) -> date | None:
        """Return since when sales up to `day` are known; None if they are not, or are stale."""
        return None if self.stale(currency, day) else self.books.sales_from.get(currency)

    def stale(self, currency: str, day: date) -> bool:
        """Return whether the books end so long before `day` that their last months look unsold."""
        last = self._last_booked.get(currency)
        return last is not None and (day - last).days > STALE

    @cached_property
    def _last_booked(self) -> dict[str, date]:
        rows = self.books.documents.group_by("currency").agg(pl.col("booked").max()).drop_nulls()
        return dict(rows.iter_rows())


STALE = 45
"""Days without any entry after which the books are taken to end before the day asked for."""
