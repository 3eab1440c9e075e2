"""What figures are computed from, with what several of them ask for kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import polars as pl

from relance.indicators import balances, flows
from relance.indicators.books import Books
from relance.indicators.evidence import Evidence
from relance.indicators.flows import Rows, Series


@dataclass
class Ground:
    """Books and evidence.

    Attributes:
        day: nothing dated after it is in either.
    """

    books: Books
    evidence: Evidence
    day: date
    _standing: dict[date, pl.DataFrame] = field(default_factory=dict)
    _stock: dict[tuple[str, date], Rows] = field(default_factory=dict)
    _sales: dict[str, Series] = field(default_factory=dict)

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
