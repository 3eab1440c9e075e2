"""How one debtor pays, as facts with the counts they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import mean, median
from typing import Any, Literal

import polars as pl

from relance.dunning.habits import FEWEST

SPAN = 5
"""Days by which the latest receivables must differ from those before to be called a change."""

Change = Literal["slipping", "mending", "steady"]
Kept = Literal["kept", "part_kept", "broken", "open", "withdrawn"]


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


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise and what came of it.

    Attributes:
        number: of the event; item: None for the whole debtor.
        amount: minor units promised; None for all that was open.
        paid: minor units that came from the day of the promise to its date and grace; 0 if none.
    """

    number: int
    day: date
    item: str | None
    until: date
    amount: int | None
    paid: int
    outcome: Kept


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


def promises_of(
    holds: pl.DataFrame, allocations: pl.DataFrame, items: pl.DataFrame, today: date, grace: int
) -> list[Promise]:
    """Return what came of each promise of one debtor, by the payments, in the order of recording.

    A promise is kept when what was promised came by its date and `grace`, or nothing is open any
    more; a later promise about the same leaves an earlier one as it then was: broken, if it was past.

    Args:
        holds: its events, columns of HOLDS.
        allocations: its rows of ALLOCATIONS.
        items: its rows of the facts: `item`, `open`.
    """
    told = holds.sort("seq").to_dicts()
    withdrawn = [event for event in told if event["type"] == "promise_withdrawn"]
    left = dict(items.select("item", "open").iter_rows())
    return [
        _outcome(event, withdrawn, allocations, left, today, grace)
        for event in told
        if event["type"] == "promise" and event["until"] is not None and event["date"] <= today
    ]


def _outcome(  # noqa: PLR0913, PLR0917 - what a promise is weighed by
    event: dict[str, Any],
    withdrawn: Sequence[dict[str, Any]],
    allocations: pl.DataFrame,
    left: dict[str, int],
    today: date,
    grace: int,
) -> Promise:
    last = event["until"] + timedelta(days=grace)
    own = pl.lit(True) if event["item"] is None else pl.col("item") == event["item"]
    came = allocations.filter(own & pl.col("day").is_between(event["date"], last))
    paid = int(came["amount"].sum())
    due = [left.get(event["item"], 0)] if event["item"] else list(left.values())
    later = allocations.filter(own & (pl.col("day") > last) & (pl.col("amount") > 0))
    whole = later.is_empty() and not any(amount > 0 for amount in due)
    taken_back = any(
        w["seq"] > event["seq"] and w["item"] == event["item"] and w["date"] <= last
        for w in withdrawn
    )
    return Promise(
        event["seq"], event["date"], event["item"], event["until"], event["amount"], max(paid, 0),
        _kept(event["amount"] or event["open"], max(paid, 0), whole, taken_back, last < today),
    )  # fmt: skip


def _kept(amount: int | None, paid: int, whole: bool, taken_back: bool, over: bool) -> Kept:
    if whole or (amount is not None and paid >= amount):
        return "kept"
    if taken_back:
        return "withdrawn"
    if not over:
        return "open"
    return "part_kept" if paid else "broken"
