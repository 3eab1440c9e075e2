"""What a replay plays over: receivables and when they come, the money and when it comes, the past.

A story says nothing of reminders: its payments come on the same days whatever procedure is played.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from relance.dates import is_sending_day
from relance.dunning.events import Past
from relance.ledger.schema import Column

FLOWS = (
    Column("item", pl.String, "identity of the receivable or credit"),
    Column("day", pl.Date, "day from which it counts"),
    Column(
        "amount",
        pl.Int64,
        "minor units that come off its open balance; negative puts back (a payment that bounced)",
    ),
)
"""Money, by receivable and day."""


@dataclass(frozen=True)
class Period:
    """The days that are played, both included."""

    first: date
    last: date

    @property
    def length(self) -> int:
        """How many days, sending days or not."""
        return (self.last - self.first).days + 1

    def sending_days(self, country: str) -> Iterator[date]:
        """Yield the days on which runs send: Mondays to Fridays without the country's holidays."""
        for number in range(self.length):
            day = self.first + timedelta(days=number)
            if is_sending_day(day, (country,)):
                yield day


@dataclass(frozen=True)
class Story:
    """A portfolio and what happens to it.

    Attributes:
        items: columns of ITEMS, `missing`, and `appears` (Date: the first day on which it is known; null
            for one that is known from the start). `open` is what is open before the first of `flows`.
        flows: columns of FLOWS, all that happens to them in the period.
        debtors: columns of DEBTORS.
        past: as before the period; but its `holds` and `allocations` are those of the period too: each
            counts from its own day on.
    """

    items: pl.DataFrame
    flows: pl.DataFrame
    debtors: pl.DataFrame
    past: Past
