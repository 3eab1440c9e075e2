"""How one debtor pays, as facts with the counts they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, median
from typing import Literal

import polars as pl

from relance.dunning.habits import FEWEST

SPAN = 5
"""Days by which the latest receivables must differ from those before to be called a change."""

Change = Literal["slipping", "mending", "steady"]


@dataclass(frozen=True, slots=True)
class Trend:
    """The latest receivables beside those before them: counts, and median days from the due date."""

    recent: int
    earlier: int
    recent_days: float
    earlier_days: float

    @property
    def change(self) -> Change:
        """What is made of it: slipping or mending from SPAN days on."""
        difference = max(self.recent_days, 0) - max(self.earlier_days, 0)
        if abs(difference) < SPAN:
            return "steady"
        return "slipping" if difference > 0 else "mending"


@dataclass(frozen=True, slots=True)
class Payer:
    """How a debtor paid.

    Attributes:
        paid, late: receivables seen paid, and those of them paid after the due date.
        mean_days_late: those paid in time count as 0.
        median_days: from the due date, negative before it.
        amount, late_amount: minor units of the creditor's currency; other currencies are left out.
        trend: None below two times FEWEST receivables.
    """

    paid: int
    late: int
    mean_days_late: float
    median_days: float
    amount: int
    late_amount: int
    trend: Trend | None


def payer_of(paid: pl.DataFrame, home: str) -> Payer | None:
    """Return how a debtor paid; None where fewer than FEWEST of its receivables are seen paid.

    Args:
        paid: rows of `paid_receivables` of one debtor, with the `currency` of their payment.
        home: the creditor's currency.
    """
    if paid.height < FEWEST:
        return None
    ordered = paid.sort("due", "item")
    days = ordered["days"].to_list()
    ours = ordered.filter(pl.col("currency") == home)
    return Payer(
        paid=len(days),
        late=sum(day > 0 for day in days),
        mean_days_late=mean(max(day, 0) for day in days),
        median_days=median(days),
        amount=int(ours["amount"].sum()),
        late_amount=int(ours.filter(pl.col("days") > 0)["amount"].sum()),
        trend=_trend(days),
    )


def _trend(days: Sequence[int]) -> Trend | None:
    """The latest third, at least FEWEST, against as many or more before it."""
    recent = max(FEWEST, len(days) // 3)
    earlier = len(days) - recent
    if earlier < FEWEST:
        return None
    return Trend(recent, earlier, median(days[-recent:]), median(days[:-recent]))
