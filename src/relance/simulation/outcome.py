"""What a replay came to: how much work, what it costs, how debtors are approached, what is left.

Reminders have no effect here: payments are those of the story. Whoever compares two procedures
compares what they send and ask for, never what they bring in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import ceil
from typing import Any

import polars as pl

from relance.money import digits
from relance.policy.desk import THANKS
from relance.policy.model import Policy
from relance.simulation.replay import Replay

WINDOW = 30
"""Days over which contact pressure is counted."""

USUAL = 10
"""Minutes of a task whose kind is not named under `costs: minutes`."""


@dataclass(frozen=True, slots=True)
class Count:
    """Notices and tasks of one day, person, channel or level; `minutes` are those of the tasks."""

    notices: int = 0
    tasks: int = 0
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class ChannelUse:
    """What went by a channel of the policy (notices and tasks), and what that cost in minor units.

    `cost` is None where `costs: channels` does not name it.
    """

    channel: str
    notices: int
    tasks: int
    cost: int | None


@dataclass(frozen=True, slots=True)
class LevelUse:
    """How many receivables reached a level, and how many notices (messages) and tasks that was."""

    procedure: str
    level: str
    number: int
    receivables: int
    notices: int
    tasks: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Of `count` figures: the median, the least that nine of ten (or 19 of 20) do not exceed, the most."""

    count: int
    median: float
    p90: int
    p95: int
    most: int


@dataclass(frozen=True, slots=True)
class Left:
    """What is open at the end in a currency, in minor units, credits not taken off."""

    currency: str
    receivables: int
    open: int
    overdue: int
    credits: int


@dataclass(frozen=True)
class Outcome:
    """What a replay came to.

    Attributes:
        first, last, days: of the period; `days` are its sending days.
        receivables, debtors: that were there at any time.
        by_day: by sending day, the days without anything too.
        by_owner: by the person who follows the debtor, or who does the task; "" for nobody.
        channels, levels: by name; levels in the order of their procedure.
        kinds: of tasks.
        currency: of all costs: the creditor's.
        cost_of_channels, cost_of_work: minor units; None where a part of it is not known.
        uncosted: channels that were used and have no cost.
        first_contact: days from the due date to the first notice, of receivables not dunned before.
        pressure: most notices that a debtor got in any WINDOW days.
        contacted: debtors who got a notice.
        left: what is open at the end.
    """

    first: date
    last: date
    days: int
    receivables: int
    debtors: int
    by_day: Mapping[date, Count]
    by_owner: Mapping[str, Count]
    kinds: Mapping[str, Count]
    channels: tuple[ChannelUse, ...]
    levels: tuple[LevelUse, ...]
    currency: str
    cost_of_channels: int | None
    cost_of_work: int | None
    uncosted: tuple[str, ...]
    first_contact: Spread | None
    pressure: Spread | None
    contacted: int
    left: tuple[Left, ...]

    @property
    def total(self) -> Count:
        """All notices and tasks."""
        found = self.by_day.values()
        return Count(
            sum(c.notices for c in found),
            sum(c.tasks for c in found),
            sum(c.minutes for c in found),
        )

    @property
    def cost(self) -> int | None:
        """What all of it costs, minor units; None where a part of it is not known."""
        if self.uncosted or self.cost_of_channels is None or self.cost_of_work is None:
            return None
        return self.cost_of_channels + self.cost_of_work


def outcome_of(played: Replay, policy: Policy, dunned: pl.Series) -> Outcome:
    """Return what `played` came to under `policy`.

    Args:
        dunned: identities of the receivables that were dunned before the period.
    """
    tasks = _with_minutes(played.tasks, policy)
    channels = _channels(played.notices, tasks, policy)
    known = [each.cost for each in channels if each.cost is not None]
    whole = len(known) == len(channels)
    minutes = int(tasks["minutes"].sum())
    minute = policy.costs.minute
    return Outcome(
        first=played.period.first,
        last=played.period.last,
        days=len(played.days),
        receivables=played.items.filter(~_CREDITS).height,
        debtors=played.items["debtor"].n_unique(),
        by_day=dict.fromkeys(played.days, Count()) | _counted(played.notices, tasks, "day"),
        by_owner=_counted(played.notices, tasks, "owner"),
        kinds=_counted(played.notices.clear().with_columns(kind=pl.lit("")), tasks, "kind"),
        channels=channels,
        levels=_levels(played),
        currency=policy.creditor.currency,
        cost_of_channels=sum(known) if whole else None,
        cost_of_work=None if minute is None else _minor(minute * minutes, policy),
        uncosted=tuple(each.channel for each in channels if each.cost is None),
        first_contact=_first_contact(played.notices, played.items, dunned),
        pressure=_pressure(played.notices),
        contacted=played.notices.filter("contact")["debtor"].n_unique(),
        left=_left(played.items, played.period.last),
    )


_CREDITS = pl.col("kind").is_in(["credit_note", "payment", "advance"])


def _with_minutes(tasks: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    given = {str(kind): minutes for kind, minutes in policy.costs.minutes.items()}
    minutes = pl.lit(given.get("other", USUAL), pl.Int64)
    for kind, each in given.items():
        minutes = pl.when(pl.col("kind") == kind).then(each).otherwise(minutes)
    return tasks.with_columns(minutes.alias("minutes"))


def _counted(notices: pl.DataFrame, tasks: pl.DataFrame, by: str) -> dict[Any, Count]:
    empty = "" if by != "day" else None
    of_notices = notices.group_by(by).agg(pl.len().alias("notices"))
    of_tasks = tasks.group_by(by).agg(pl.len().alias("tasks"), pl.col("minutes").sum())
    both = of_notices.join(of_tasks, on=by, how="full", coalesce=True, nulls_equal=True).fill_null(
        0
    )
    rows = both.sort(by, nulls_last=True).select(by, "notices", "tasks", "minutes").iter_rows()
    return {empty if name is None else name: Count(*counts) for name, *counts in rows}


def _channels(notices: pl.DataFrame, tasks: pl.DataFrame, policy: Policy) -> tuple[ChannelUse, ...]:
    by_tasks = tasks.drop_nulls("channel")
    prices = policy.costs.channels
    found = []
    for name, count in _counted(notices, by_tasks, "channel").items():
        price = prices.get(str(name))
        number = count.notices + count.tasks
        # A task costs its minutes; only where its channel has a price it costs that too.
        if price is None and not count.notices:
            continue
        cost = None if price is None else _minor(price * number, policy)
        found.append(ChannelUse(str(name), count.notices, count.tasks, cost))
    return tuple(found)


def _minor(amount: Decimal, policy: Policy) -> int:
    scaled = amount.scaleb(digits(policy.creditor.currency))
    return int(scaled.to_integral_value(ROUND_HALF_UP))


def _levels(played: Replay) -> tuple[LevelUse, ...]:
    keys = ["procedure", "number", "level"]
    reached = played.steps.group_by(keys).agg(pl.col("item").n_unique().alias("receivables"))
    sent = played.notices.group_by(keys).agg(pl.len().alias("notices"))
    given = played.tasks.drop_nulls("level").group_by(keys).agg(pl.len().alias("tasks"))
    rows = (
        reached.join(sent, on=keys, how="full", coalesce=True)
        .join(given, on=keys, how="full", coalesce=True)
        .fill_null(0)
        .sort(keys)
    )
    return tuple(
        LevelUse(
            row["procedure"], row["level"], row["number"], row["receivables"], row["notices"], row["tasks"]
        )
        for row in rows.iter_rows(named=True)
    )  # fmt: skip


def _first_contact(notices: pl.DataFrame, items: pl.DataFrame, dunned: pl.Series) -> Spread | None:
    sent = notices.filter(pl.col("contact") & (pl.col("procedure") != THANKS))
    by_item = sent.select(pl.col("items").alias("item"), "day").explode("item")
    first = by_item.group_by("item").agg(pl.col("day").min())
    new = first.filter(~pl.col("item").is_in(dunned.implode())).join(items, on="item", how="inner")
    days = (new["day"] - new["due"]).dt.total_days().drop_nulls()
    return _spread(days.value_counts())


def _pressure(notices: pl.DataFrame) -> Spread | None:
    contacts = notices.filter("contact").group_by("debtor", "day").agg(pl.len().alias("n"))
    if contacts.is_empty():
        return None
    windows = (
        contacts.sort("debtor", "day")
        .rolling("day", period=f"{WINDOW}d", group_by="debtor")
        .agg(pl.col("n").sum())
    )
    most = windows.group_by("debtor").agg(pl.col("n").max().cast(pl.Int64))
    return _spread(most["n"].value_counts())


def _spread(counts: pl.DataFrame) -> Spread | None:
    """Return the spread of a frame of values and how often each occurs: ranks, nothing between."""
    value = counts.columns[0]
    rows = counts.sort(value).rows()
    count = sum(n for _, n in rows)
    if not count:
        return None

    def ranked(rank: int) -> int:
        so_far = 0
        for each, number in rows:
            so_far += number
            if so_far >= rank:
                return int(each)
        return int(rows[-1][0])

    middle = (ranked((count + 1) // 2) + ranked(count // 2 + 1)) / 2
    return Spread(
        count, middle, ranked(ceil(count * 0.9)), ranked(ceil(count * 0.95)), int(rows[-1][0])
    )


def _left(items: pl.DataFrame, last: date) -> tuple[Left, ...]:
    owed = ~_CREDITS & (pl.col("open") > 0)
    rows = (
        items.group_by("currency")
        .agg(
            owed.sum().alias("receivables"),
            pl.col("open").filter(owed).sum(),
            pl.col("open").filter(owed & (pl.col("due") < last)).sum().alias("overdue"),
            pl.col("open").filter(_CREDITS).sum().alias("credits"),
        )
        .sort("currency")
    )
    return tuple(Left(*row) for row in rows.iter_rows())
