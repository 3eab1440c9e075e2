"""A model beside the shrunk ratio: logistic regression, judged on the same past in the same way.

It needs the extra `relance[score]`; what it learned is a handful of numbers, and to use them needs nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from math import cos, exp, log, log1p, pi, sin
from statistics import mean
from typing import Any

import polars as pl

from relance.dunning.backtest import BEFORE, FEWEST_LATE, FEWEST_SETTLED, LATEST
from relance.dunning.estimate import WEIGHT
from relance.dunning.judging import Figures, figures_of, half_interval

FEATURES = (
    "ratio", "mean_days_late", "last_days", "overdue", "known", "amount", "month_sin", "month_cos",
)  # fmt: skip
"""All known BEFORE the due date; none is of a person, and none knows what came later."""

TAUGHT = 20_000
"""Receivables that a model is taught by at most, the latest ones."""

RIPE = timedelta(days=60)
"""Age from which on receivables teach the model that is used: most late ones are paid by then."""

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a model learned: per feature its mean, its spread and its weight."""

    means: tuple[float, ...]
    spreads: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float

    def chance(self, features: Sequence[float]) -> float:
        """Return the chance of being late, 0 to 1; `features` in the order of FEATURES."""
        each = zip(features, self.means, self.spreads, self.weights, strict=True)
        total = self.intercept + sum(w * (x - m) / s for x, m, s, w in each)
        return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


@dataclass(frozen=True, slots=True)
class Compared:
    """The model beside the ratio, on the same receivables.

    Attributes:
        judged, late, debtors: what the figures are about.
        difference: of the areas under the curve, model less ratio; low, high: its 95 % interval,
            by leaving out one group of debtors after the other (their receivables are not
            independent); None where there are fewer debtors than groups.
        fitted: taught by all that is known now.
    """

    judged: int
    late: int
    debtors: int
    ratio: Figures
    logistic: Figures
    difference: float
    low: float | None
    high: float | None
    fitted: Fitted

    @property
    def better(self) -> bool:
        """Whether the model may order anything: even the low end of the interval is a gain."""
        return self.low is not None and self.low > 0


@dataclass
class _Seen:
    """What is known of a debtor, or of the book, on a day."""

    count: int = 0
    late: int = 0
    paid: int = 0
    paid_late: int = 0
    days_late: int = 0
    last: int = 0
    amount: int = 0


_Row = tuple[date, str, bool, tuple[float, ...], float]
"""Due date, debtor, whether it was late, features, and the ratio."""


def compare(paid: pl.DataFrame) -> Compared | None:
    """Return the model beside the ratio for `paid`, columns of `paid_receivables`.

    The origin rolls: the receivables of each month are judged by a model that was taught by what
    was known BEFORE the first of them was due. None where that is never enough.

    Raises:
        ImportError: if the extra is not installed.
    """
    rows = list(_rows(paid))
    judged = list(_judged(rows))
    late = [row[2] for row, _ in judged]
    if not any(late) or all(late):
        return None
    own, told = [row[4] for row, _ in judged], [chance for _, chance in judged]
    debtors = [row[1] for row, _ in judged]
    ratio, logistic = figures_of(own, late), figures_of(told, late)
    spread = half_interval(own, told, late, debtors)
    gain = logistic.auc - ratio.auc
    return Compared(
        len(judged), sum(late), len(set(debtors)), ratio, logistic, gain,
        None if spread is None else gain - spread, None if spread is None else gain + spread,
        _fit(_ripe(rows)),
    )  # fmt: skip


def chances(
    paid: pl.DataFrame, fitted: Fitted, today: date, overdue: Mapping[str, int]
) -> dict[str, float]:
    """Return by debtor how likely its next receivable is to be late, as `fitted` has it.

    `overdue`: how many are late by debtor that nobody paid yet.
    """
    known = paid.filter(pl.col("paid") < today).sort("paid", "item")
    days = pl.col("days")
    totals = (
        pl.len(), (days > 0).sum().alias("late"), pl.len().alias("paid"),
        (days > 0).sum().alias("paid_late"), days.clip(0).sum().alias("days_late"),
        days.last(), pl.col("amount").sum(),
    )  # fmt: skip
    debtors = defaultdict[str, _Seen](_Seen)
    for debtor, *row in known.group_by("debtor", maintain_order=True).agg(totals).iter_rows():
        debtors[debtor] = _Seen(*row)
    book = _Seen(*known.select(totals).row(0)) if known.height else _Seen()
    for debtor, count in overdue.items():
        for seen in (book, debtors[debtor]):
            seen.count += count
            seen.late += count
    if not book.count or not book.paid:
        return {}
    due = today + BEFORE
    return {d: fitted.chance(_features(own, book, None, due)) for d, own in debtors.items()}


def _rows(paid: pl.DataFrame) -> Iterator[_Row]:
    """Yield the latest receivables in the order of their due dates, as they were known BEFORE them."""
    news, told = _news(paid), 0
    book, debtors = _Seen(), defaultdict[str, _Seen](_Seen)
    rows = paid.sort("due", "item")
    latest = _first_needed(rows["due"])
    columns = rows[latest:].select("debtor", "due", "days", "amount")
    for debtor, due, days, amount in columns.iter_rows():
        while told < len(news) and news[told][0] <= due - BEFORE:
            _learn(news[told], book, debtors)
            told += 1
        if book.count and book.paid:
            features = _features(debtors[debtor], book, amount, due)
            yield due, debtor, days > 0, features, _ratio(debtors[debtor], book)


def _first_needed(due: pl.Series) -> int:
    """Return the place of the first receivable that teaches the model of the first month judged."""
    if due.is_empty():
        return 0
    cut = due[max(0, len(due) - LATEST)] - BEFORE - _ONE_DAY
    return max(0, int((due <= cut).sum()) - TAUGHT)


_News = tuple[date, str, bool | None, int | None, int]


def _news(paid: pl.DataFrame) -> list[_News]:
    """Return what becomes known and when: late on the day after the due date, the days once paid."""
    news: list[_News] = []
    columns = paid.select("debtor", "due", "paid", "days", "amount")
    for debtor, due, day, days, amount in columns.iter_rows():
        if days > 0:
            news.append((due + _ONE_DAY, debtor, True, None, amount))
            news.append((day + _ONE_DAY, debtor, None, days, amount))
        else:
            news.append((day + _ONE_DAY, debtor, False, days, amount))
    return sorted(news, key=lambda one: one[:2])


def _learn(news: _News, book: _Seen, debtors: Mapping[str, _Seen]) -> None:
    _day, debtor, late, days, amount = news
    for seen in (book, debtors[debtor]):
        if late is not None:
            seen.count += 1
            seen.late += late
            seen.amount += amount
        if days is not None:
            seen.paid += 1
            seen.paid_late += days > 0
            seen.days_late += max(days, 0)
            seen.last = days


def _ratio(own: _Seen, book: _Seen) -> float:
    return (WEIGHT * book.late / book.count + own.late) / (WEIGHT + own.count)


def _features(own: _Seen, book: _Seen, amount: int | None, due: date) -> tuple[float, ...]:
    ratio = min(max(_ratio(own, book), 0.001), 0.999)
    usual = book.days_late / book.paid
    lateness = (WEIGHT * usual + own.days_late) / (WEIGHT + own.paid)
    beside = 0.0
    if amount and own.amount > 0:
        beside = max(-3.0, min(3.0, log(max(amount, 1) * own.count / own.amount)))
    angle = 2 * pi * due.month / 12
    return (
        log(ratio / (1 - ratio)), log1p(lateness), float(max(-30, min(120, own.last))) if own.paid else usual,
        log1p(own.late - own.paid_late), log1p(own.count), beside, sin(angle), cos(angle),
    )  # fmt: skip


def _ripe(rows: Sequence[_Row]) -> Sequence[_Row]:
    """Return the rows to be taught by now: of the last due, only those paid soon are seen paid yet."""
    ripe = [row for row in rows if row[0] <= rows[-1][0] - RIPE]
    late = sum(row[2] for row in ripe)
    enough = len(ripe) >= FEWEST_SETTLED and FEWEST_LATE <= late < len(ripe)
    return (ripe if enough else rows)[-TAUGHT:]


def _judged(rows: Sequence[_Row]) -> Iterator[tuple[_Row, float]]:
    """Yield the latest receivables with the chance that the model of their month gives them."""
    first = max(0, len(rows) - LATEST)
    for _month, group in groupby(rows[first:], key=lambda row: (row[0].year, row[0].month)):
        month = list(group)
        known = [row for row in rows if row[0] + _ONE_DAY <= month[0][0] - BEFORE][-TAUGHT:]
        if len(known) < FEWEST_SETTLED or sum(row[2] for row in known) < FEWEST_LATE:
            continue
        fitted = _fit(known)
        yield from ((row, fitted.chance(row[3])) for row in month)


def _fit(rows: Sequence[_Row]) -> Fitted:
    from sklearn.linear_model import LogisticRegression

    columns = list(zip(*(row[3] for row in rows), strict=True))
    means = [mean(column) for column in columns]
    spreads = [_deviation(column, middle) for column, middle in zip(columns, means, strict=True)]
    scaled = [[(x - m) / s for x, m, s in zip(row[3], means, spreads, strict=True)] for row in rows]
    model = LogisticRegression(max_iter=1000).fit(scaled, [row[2] for row in rows])
    weights = tuple(float(weight) for weight in model.coef_[0])
    return Fitted(tuple(means), tuple(spreads), weights, float(model.intercept_[0]))


def _deviation(column: Sequence[float], middle: float) -> float:
    """Return the spread of a column; 1 of one that is always the same, which then weighs nothing."""
    found = (sum((x - middle) ** 2 for x in column) / len(column)) ** 0.5
    return float(found) if found > 1e-9 else 1.0


def as_facts(fitted: Fitted) -> dict[str, Any]:
    """Return what a model learned as JSON has it."""
    columns = zip(fitted.means, fitted.spreads, fitted.weights, strict=True)
    learned = {name: list(each) for name, each in zip(FEATURES, columns, strict=True)}
    return {"intercept": fitted.intercept, "features": learned}


def from_facts(facts: Mapping[str, Any]) -> Fitted | None:
    """Return the model that `as_facts` told; None if it is one of other features."""
    learned = facts.get("features")
    if not isinstance(learned, dict) or set(learned) != set(FEATURES):
        return None
    means, spreads, weights = zip(*(learned[name] for name in FEATURES), strict=True)
    return Fitted(tuple(means), tuple(spreads), tuple(weights), float(facts["intercept"]))
