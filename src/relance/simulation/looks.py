"""When a debtor must be looked at again: nothing that is decided can change before that day.

Whoever replays a year asks `decide` only about debtors of whom something could change. That day is
read from the verdicts themselves (`until`), from the days on which a level could come, and from the
conditions of the policy that count days. It may be too early, never too late: a debtor who is looked
at for nothing gets the verdict that it had.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import ceil, floor

import polars as pl

from relance.dunning.charges import has_charges
from relance.dunning.events import Past
from relance.dunning.levels import Rung
from relance.dunning.limitation import add_last_days
from relance.law.limitation import WARNINGS
from relance.policy.model import Bounds, Condition, Policy

_BY_AGE = ("days_past_due", "oldest_days_past_due")
_OF_SUMS = ("outstanding", "overdue", "open_items", "late_ratio", "mean_days_late")
_NEVER = pl.lit(None, pl.Date)
_STUCK = ("below_minimum", "unreachable", "unlawful_now")
"""Verdicts that end on no day of their own; when another receivable is past due they can."""
_YOUNGEST = 18
"""Months past due before which no claim is near its limitation: the shortest period less the warnings."""


@dataclass(frozen=True)
class Watch:
    """What of a policy makes verdicts change from one day to another.

    Attributes:
        ages: days past due at which a condition begins or ceases to hold.
        tenures: the same of days as a customer.
        of_sums: whether a condition reads what payments change.
        overdue: whether a condition reads what changes when a receivable becomes past due.
        restless: whether one notice can change what is due for the debtor's other receivables.
        paying: whether a condition, or thanks, read how receivables were paid.
    """

    policy: Policy
    ladder: tuple[Rung, ...]
    ages: tuple[int, ...]
    tenures: tuple[int, ...]
    of_sums: bool
    overdue: bool
    restless: bool
    paying: bool

    @classmethod
    def of(cls, policy: Policy, ladder: tuple[Rung, ...]) -> Watch:
        """Return what to watch under `policy`, whose rungs are `ladder`."""
        asked = [pair for condition in _conditions(policy) for pair in _fields(condition)]
        names = {name for name, _ in asked}
        return cls(
            policy=policy,
            ladder=ladder,
            ages=_turns(wanted for name, wanted in asked if name in _BY_AGE),
            tenures=_turns(wanted for name, wanted in asked if name == "days_as_customer"),
            of_sums=not names.isdisjoint((*_OF_SUMS, *_BY_AGE, "open")),
            overdue=not names.isdisjoint(("overdue", *_BY_AGE)),
            restless=any(rung.variant for rung in ladder)
            or (has_charges(policy) and policy.law.regular_contract),
            paying=policy.thanks is not None
            or not names.isdisjoint(("late_ratio", "mean_days_late")),
        )

    def next_looks(self, decided: pl.DataFrame, today: date, past: Past) -> pl.DataFrame:
        """Return `party` and `look`: the first day after `today` on which its verdicts could change.

        Null for a debtor of whom none can. What happens to it (money, new receivables, what people
        record) is for the caller to see.

        Args:
            decided: frame of `decide`, with the column `party`.
            past: what `decided` was decided from.
        """
        after = pl.lit(today)
        days = [
            pl.when(pl.col("until") > after).then("until"),
            self._after_acting(today),
            self._when_overdue(),
            *self._turning(),
        ]
        later = [pl.when(day > after).then(day) for day in days]
        rows = self._before_barred(decided, today, past).with_columns(
            pl.min_horizontal(*later, "barred").alias("look")
        )
        return rows.group_by("party").agg(pl.col("look").min())

    def _after_acting(self, today: date) -> pl.Expr:
        """Return when what acts today can act again: after the interval, and by age of a level above."""
        if self.restless:
            return pl.when(pl.col("verdict") == "act").then(pl.lit(today + timedelta(days=1)))
        above = pl.Series([self._least_above(rung) for rung in self.ladder], dtype=pl.Int32)
        least = pl.lit(above).gather(pl.col("rung"))
        by_age = pl.col("due") + pl.duration(days=least)
        rested = pl.lit(today) + pl.duration(days=pl.col("interval"))
        able = (pl.col("verdict") == "act") & least.is_not_null()
        return pl.when(able).then(pl.max_horizontal(by_age, rested))

    def _least_above(self, rung: Rung) -> int | None:
        return min((level.days for level in rung.procedure.levels[rung.number :]), default=None)

    def _when_overdue(self) -> pl.Expr:
        """Return the first day past due, where that can change anything."""
        first = pl.col("due") + pl.duration(days=1)
        if self.overdue:
            return first
        early = pl.lit(pl.Series([rung.before_due for rung in self.ladder], dtype=pl.Boolean))
        expires = early.gather(pl.col("rung")).fill_null(value=False)
        waits = pl.col("verdict").is_in(_STUCK).any().over("party")
        return pl.when(expires | waits).then(first)

    def _turning(self) -> Iterator[pl.Expr]:
        for days in self.ages:
            yield pl.col("due") + pl.duration(days=days)
        for days in self.tenures:
            yield pl.col("since") + pl.duration(days=days)
        for name, procedure in self.policy.procedures.items():
            if procedure.catch_up == "by_age":  # a higher level can come before the next one does
                mine = pl.col("procedure") == name
                for level in procedure.levels:
                    yield pl.when(mine).then(pl.col("due") + pl.duration(days=level.days))

    def _before_barred(self, decided: pl.DataFrame, today: date, past: Past) -> pl.DataFrame:
        """Return `decided` with `barred`: from when on a warning of its limitation can fall due."""
        old = (pl.col("due") <= pl.lit(today).dt.offset_by(f"-{_YOUNGEST}mo")) & (
            pl.col("open") > 0
        )
        shortest = [m for m in self._given_periods() if m < _YOUNGEST + max(WARNINGS)]
        if not shortest and not decided.select(old.any()).item():
            soon = pl.col("due").dt.offset_by(f"{_YOUNGEST}mo")
            return decided.with_columns(pl.when(soon > today).then(soon).alias("barred"))
        rows = add_last_days(decided, past, self.policy)
        tomorrow = pl.lit(today + timedelta(days=1))
        stages = []
        for months in (*WARNINGS, 0):
            near = pl.col("court_until").dt.offset_by(f"-{months}mo")
            # Months differ in length: some days around the one that is meant are looked at.
            begins, ends = near - pl.duration(days=4), near + pl.duration(days=4)
            within = pl.max_horizontal(begins, tomorrow)
            stages.append(pl.when(ends > tomorrow).then(within))
        claim = pl.col("open") > 0
        return rows.with_columns(pl.when(claim).then(pl.min_horizontal(stages)).alias("barred"))

    def _given_periods(self) -> list[int]:
        given = self.policy.law.limitation
        return [m for m in (given.business, given.consumer, given.public) if m is not None]


def _conditions(policy: Policy) -> Iterator[Condition]:
    """Yield every condition that the decision reads."""
    for segment in policy.segments:
        if segment.when is not None:
            yield segment.when
    for procedure in policy.procedures.values():
        for level in procedure.levels:
            if level.when is not None:
                yield level.when


def _fields(condition: Condition) -> Iterator[tuple[str, object]]:
    yield from condition.fields().items()
    inner = (*(condition.all or ()), *(condition.any or ()))
    for part in (*inner, condition.not_) if condition.not_ is not None else inner:
        yield from _fields(part)


def _turns(wanted: Iterator[object]) -> tuple[int, ...]:
    """Return the days at which the ranges begin or cease to hold, sorted."""
    found: set[int] = set()
    for bounds in wanted:
        if isinstance(bounds, Bounds):
            found |= {ceil(bounds.min)} if bounds.min is not None else set()
            found |= {_past(bounds.max)} if bounds.max is not None else set()
    return tuple(sorted(found))


def _past(most: Decimal) -> int:
    return floor(most) + 1
