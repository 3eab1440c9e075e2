"""What the arms of an experiment came to: by intention to treat, one debtor once, with intervals.

A debtor counts in its arm from the day on which it met the experiment, whatever was sent to it. Who has
not paid counts as not paid: nobody is left out because it is slow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from relance.indicators.intervals import (
    Between,
    detectable,
    mean_difference,
    share,
    share_difference,
)

WINDOWS = (7, 14, 30)
"""Days after the day on which the level comes."""

FEWEST = 200
"""Debtors in an arm below which nothing is compared."""

MET = pl.Schema(
    {
        "experiment": pl.String,
        "arm": pl.String,
        "debtor": pl.String,
        "item": pl.String,
        "day": pl.Date,
    }
)
"""Receivables that met an experiment, those of a debtor's first day."""


@dataclass(frozen=True, slots=True)
class Window:
    """Debtors of an arm who met the experiment so many days ago or more, and those who had paid by then."""

    days: int
    count: int
    paid: int

    @property
    def share(self) -> Between | None:
        """The share that had paid; None of nobody."""
        return share(self.paid, self.count) if self.count else None


@dataclass(frozen=True, slots=True)
class ArmResult:
    """What an arm came to.

    Attributes:
        debtors: all that are in it. windows: one for each of WINDOWS.
        mean_days: days to the payment, of those whom the last window is over for; who has not paid in
            it counts with all its days. None of nobody.
    """

    name: str
    control: bool
    debtors: int
    windows: tuple[Window, ...]
    mean_days: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """An arm less the one that it is compared with; shares from -1 to 1, and days.

    Attributes:
        shares: for each of WINDOWS; None where there are too few.
        days: of the mean days; None where there are too few.
        missing: for each of WINDOWS, how many debtors the smaller arm lacks.
        detectable: which difference of shares in the last window is found four times in five.
    """

    arm: str
    against: str
    shares: tuple[Between | None, ...]
    days: Between | None
    missing: tuple[int, ...]
    detectable: float | None


@dataclass(frozen=True, slots=True)
class ExperimentResult:
    """What an experiment came to. `has_control`: an arm that gets nothing, or waits, is among them."""

    name: str
    first: date | None
    arms: tuple[ArmResult, ...]
    comparisons: tuple[Comparison, ...]
    has_control: bool


def result_of(
    name: str, arms: Mapping[str, bool], met: pl.DataFrame, paid: pl.DataFrame, today: date
) -> ExperimentResult:
    """Return what the experiment `name` came to by `today`.

    Args:
        arms: its arms, and whether each is a control: gets nothing at the level, or later.
        met: columns of MET, of this experiment.
        paid: `item` and `paid`, the day on which nothing was left to pay of it.

    Compared is each arm with the first control, or with the first arm.
    """
    debtors = _debtors(met, paid, today)
    results = tuple(_arm(arm, control, debtors) for arm, control in arms.items())
    base = next((arm for arm, control in arms.items() if control), next(iter(arms)))
    return ExperimentResult(
        name=name,
        first=None if met.is_empty() else min(met["day"].to_list()),
        arms=results,
        comparisons=tuple(_compared(arm, base, debtors, results) for arm in arms if arm != base),
        has_control=any(arms.values()),
    )


def _debtors(met: pl.DataFrame, paid: pl.DataFrame, today: date) -> pl.DataFrame:
    """Return one row per debtor: `arm`, `since` (days it is observed), `days` (null: not paid)."""
    first = met.filter(pl.col("day") == pl.col("day").min().over("debtor"))
    return (
        first.join(paid.select("item", "paid").unique("item", keep="last"), on="item", how="left")
        .sort("debtor", "item")
        .group_by("debtor", maintain_order=True)
        .agg(
            pl.col("arm").first(),
            pl.col("day").first(),
            pl.col("paid").max(),
            pl.col("paid").is_not_null().all().alias("whole"),
        )
        .with_columns(
            since=(pl.lit(today) - pl.col("day")).dt.total_days(),
            days=pl.when("whole").then((pl.col("paid") - pl.col("day")).dt.total_days().clip(0)),
        )
    )


def _arm(name: str, control: bool, debtors: pl.DataFrame) -> ArmResult:
    own = debtors.filter(pl.col("arm") == name)
    days = _restricted(debtors, name)
    return ArmResult(
        name,
        control,
        own.height,
        tuple(_window(own, days) for days in WINDOWS),
        sum(days) / len(days) if days else None,
    )


def _window(own: pl.DataFrame, days: int) -> Window:
    """Return a window. Who is observed for less is left out, also where it has paid: its fellows who
    have not would be missing."""
    over = own.filter(pl.col("since") >= days)
    return Window(days, over.height, over.filter(pl.col("days") <= days).height)


def _restricted(debtors: pl.DataFrame, arm: str) -> list[int]:
    """Return days to the payment, at most the last window, of those who are observed for so long."""
    last = WINDOWS[-1]
    own = debtors.filter((pl.col("arm") == arm) & (pl.col("since") >= last))
    days: list[int] = own.select(pl.col("days").fill_null(last).clip(0, last))["days"].to_list()
    return days


def _compared(
    arm: str, base: str, debtors: pl.DataFrame, results: Sequence[ArmResult]
) -> Comparison:
    by_name = {each.name: each for each in results}
    pairs = list(zip(by_name[arm].windows, by_name[base].windows, strict=True))
    missing = tuple(max(0, FEWEST - min(one.count, other.count)) for one, other in pairs)
    shares = tuple(
        None if lacking else _difference(*pair)
        for pair, lacking in zip(pairs, missing, strict=True)
    )
    enough = not missing[-1]
    one, other = pairs[-1]
    part = (one.paid + other.paid) / (one.count + other.count) if enough else 0.0
    return Comparison(
        arm,
        base,
        shares,
        mean_difference(_restricted(debtors, arm), _restricted(debtors, base)) if enough else None,
        missing,
        detectable(part, min(one.count, other.count)) if enough else None,
    )


def _difference(one: Window, other: Window) -> Between | None:
    first, second = one.share, other.share
    return None if first is None or second is None else share_difference(first, second)
