"""Offers: so much less where an invoice is paid by a day, and what came of them, read from the money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from relance.dunning.events import Past
from relance.ledger.lookup import look_up

STATES = ("open", "taken", "late", "lapsed", "withdrawn")
"""What becomes of an offer. taken: the money came in time, or a person granted it all the same;
late: the money came after the last day, and nobody decided yet."""

TYPES = ("offer", "offer_granted", "offer_withdrawn")


@dataclass(frozen=True, slots=True)
class OfferedItem:
    """One receivable of an offer. Amounts are minor units.

    Attributes:
        owed: what was open when it was offered. less: the reduction.
        left: what is open now. paid_on: day of the last payment known, None if none is.
        state: one of STATES.
    """

    item: str
    owed: int
    less: int
    left: int
    paid_on: date | None
    state: str


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer as it stands: `until` is its last day; `items` stand each for itself."""

    number: int
    debtor: str
    made: date
    until: date
    percent: str | None
    items: tuple[OfferedItem, ...]
    reason: str | None

    @property
    def owed(self) -> int:
        """What was open, minor units."""
        return sum(each.owed for each in self.items)

    @property
    def less(self) -> int:
        """The reduction of all, minor units."""
        return sum(each.less for each in self.items)

    @property
    def state(self) -> str:
        """The state that its receivables share; else the one that asks most of the creditor."""
        states = {each.state for each in self.items}
        return next(s for s in ("late", "open", "taken", "lapsed", "withdrawn") if s in states)

    def those(self, state: str) -> tuple[OfferedItem, ...]:
        """Its receivables in `state`."""
        return tuple(each for each in self.items if each.state == state)


def offers_of(past: Past, items: pl.DataFrame, grace: int, today: date) -> tuple[Offer, ...]:
    """Return the offers made up to `today`, in the order of recording.

    A payment is in time by its own day. Where no payment is known by its day the money counts as
    in time, unless the receivable was dunned after the offer was over: the debtor has the benefit
    of the doubt.

    Args:
        past: its holds, allocations and levels are read.
        items: frame with `item`, `debtor`, `open`.
        grace: days after the last day in which dunning waits for the bank's news.
    """
    known = past.holds.filter(pl.col("type").is_in(TYPES) & (pl.col("date") <= today)).sort("seq")
    made = known.filter(pl.col("type") == "offer")
    if made.is_empty():
        return ()
    answers = known.filter(pl.col("type") != "offer").select("about", "type")
    about = pl.Series(made["covers"].explode().unique())
    money = _Money(
        dict(items.filter(pl.col("item").is_in(about)).select("item", "open").iter_rows()),
        _by_item(past.allocations.filter(pl.col("item").is_in(about))),
        past.dunned_on(about),
        dict(answers.iter_rows()),
    )
    return tuple(_offer(row, money, (grace, today)) for row in made.iter_rows(named=True))


def _by_item(paid: pl.DataFrame) -> Mapping[str, list[tuple[date, int]]]:
    came: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for item, day, amount in paid.select("item", "day", "amount").iter_rows():
        came[item].append((day, amount))
    return came


@dataclass(frozen=True, slots=True)
class _Money:
    left: Mapping[str, int]
    came: Mapping[str, list[tuple[date, int]]]
    dunned: Mapping[str, list[date]]
    answers: Mapping[int, str]


def _offer(row: Mapping[str, Any], money: _Money, days: tuple[int, date]) -> Offer:
    answer = money.answers.get(row["seq"])
    lines = zip(row["covers"], row["schedule"], row["less"], strict=True)
    return Offer(
        number=row["seq"],
        debtor=row["debtor"],
        made=row["date"],
        until=row["until"],
        percent=row["code"],
        items=tuple(
            _item((item, asked["amount"] + less, less), row["until"], money, (days, answer))
            for item, asked, less in lines
        ),
        reason=row["reason"],
    )


def _item(
    line: tuple[str, int, int],
    until: date,
    money: _Money,
    given: tuple[tuple[int, date], str | None],
) -> OfferedItem:
    (item, owed, less), (days, answer) = line, given
    left = money.left.get(item, 0)
    came = money.came.get(item, [])
    after = [(day, amount) for day, amount in came if day > until]
    paid, (grace, today) = owed - left, days
    over = until + timedelta(days=grace)
    dunned = not came and any(day > over for day in money.dunned.get(item, ()))
    if paid >= owed - less:
        whole = paid - sum(amount for _, amount in after) >= owed - less and not dunned
        state = "taken" if whole or answer == "offer_granted" else "late" if left else "lapsed"
    elif answer == "offer_withdrawn":
        state = "withdrawn"
    else:
        state = "open" if today <= over else "lapsed"
    paid_on = max((day for day, _ in came), default=None)
    return OfferedItem(item, owed, less, left, paid_on, state)


def with_offers(items: pl.DataFrame, offers: Sequence[Offer], grace: int) -> pl.DataFrame:
    """Return `items` with what an offer says of each.

    Adds `offered_until` (first day on which an open offer holds dunning no longer; null without
    one), `offered_last` (its last day) and `reduction_due` (minor units of a reduction that was
    earned and is still open, since no credit note came; null without one). The newest offer of a
    receivable counts.
    """
    rows = {}
    for offer in offers:
        ends = offer.until + timedelta(days=grace + 1)
        for each in offer.items:
            is_open = each.state == "open"
            due = each.left if each.state == "taken" and 0 < each.left <= each.less else None
            rows[each.item] = (
                each.item,
                ends if is_open else None,
                offer.until if is_open else None,
                due,
            )
    table = pl.DataFrame(
        list(rows.values()),
        schema={
            "item": pl.String,
            "offered_until": pl.Date,
            "offered_last": pl.Date,
            "reduction_due": pl.Int64,
        },
        orient="row",
    )
    return look_up(items, table, "item")
