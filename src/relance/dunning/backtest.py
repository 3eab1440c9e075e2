"""The estimate tried on what happened: each receivable as it would have been judged beforehand."""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby, pairwise
from math import sqrt
from statistics import mean

import polars as pl

from relance.dunning.estimate import Estimate, Known, estimate

BEFORE = timedelta(days=30)
"""How long before its due date a receivable is judged: about when it is issued."""

FEWEST_SETTLED, FEWEST_LATE = 200, 30
"""Below these a table of figures would be chance."""

LATEST = 5000
"""Receivables that are judged at most, the latest ones; what was before them is known all the same."""

BINS = (0.0, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Judged:
    """A receivable: what was expected of it, what the book alone said, and what came."""

    expected: Estimate
    share: float
    usual: float
    days: int


@dataclass(frozen=True, slots=True)
class Bin:
    """Receivables whose chance of being late was said to be about the same."""

    low: float
    high: float
    count: int
    said: float
    came: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How good the estimate was; `book_…` is what the same book says without looking at the debtor.

    Attributes:
        settled, late: receivables that are known; judged: those that the figures are about.
        auc: chance that a late one was given more than one in time; None where one kind is absent;
            auc_low, auc_high: 95 % interval (Hanley and McNeil 1982).
        brier: mean squared error of the chance. mae: mean error of the expected day, in days.
        coverage: share that was paid within the interval, which promises 0.8.
        bins: calibration.
    """

    settled: int
    late: int
    judged: int
    judged_late: int
    auc: float | None
    auc_low: float | None
    auc_high: float | None
    brier: float
    book_brier: float
    mae: float
    book_mae: float
    coverage: float
    bins: tuple[Bin, ...]


@dataclass
class _Seen:
    count: int = 0
    late: int = 0
    days: list[int] = field(default_factory=list)

    def known(self) -> Known:
        return Known(self.count, self.late, self.days)


def enough(paid: pl.DataFrame) -> bool:
    """Return whether there are receivables enough to judge by; columns of `paid_receivables`."""
    return paid.height >= FEWEST_SETTLED and paid.filter(pl.col("days") > 0).height >= FEWEST_LATE


def evaluate(paid: pl.DataFrame) -> Evaluation | None:
    """Return how good the estimate was for `paid`, columns of `paid_receivables`.

    The origin rolls: of each receivable only what was known BEFORE its due date is used, of its
    debtor and of the book. None where that is never enough.
    """
    judged = list(_judged(paid))
    if not judged:
        return None
    late = [one.days > 0 for one in judged]
    auc, error = _auc([one.expected.late for one in judged], late)
    bound = None if auc is None or error is None else 1.96 * error
    return Evaluation(
        settled=paid.height,
        late=paid.filter(pl.col("days") > 0).height,
        judged=len(judged),
        judged_late=sum(late),
        auc=auc,
        auc_low=None if auc is None or bound is None else max(0.0, auc - bound),
        auc_high=None if auc is None or bound is None else min(1.0, auc + bound),
        brier=mean((one.expected.late - (one.days > 0)) ** 2 for one in judged),
        book_brier=mean((one.share - (one.days > 0)) ** 2 for one in judged),
        mae=mean(abs(one.expected.days - one.days) for one in judged),
        book_mae=mean(abs(one.usual - one.days) for one in judged),
        coverage=mean(one.expected.low <= one.days <= one.expected.high for one in judged),
        bins=tuple(_bins(judged)),
    )


def _judged(paid: pl.DataFrame) -> Iterator[Judged]:
    news = _news(paid)
    book, debtors = _Seen(), defaultdict[str, _Seen](_Seen)
    rows = paid.sort("due", "item")
    first = max(0, rows.height - LATEST)
    told = 0
    # What is known before the first that is judged is put in order once, not one by one.
    start = rows["due"][first] - BEFORE if rows.height else None
    while start is not None and told < len(news) and news[told][0] <= start:
        _learn(news[told], book, debtors, list.append)
        told += 1
    for seen in (book, *debtors.values()):
        seen.days.sort()
    for debtor, due, days in rows[first:].select("debtor", "due", "days").iter_rows():
        while told < len(news) and news[told][0] <= due - BEFORE:
            _learn(news[told], book, debtors, insort)
            told += 1
        expected = estimate(debtors[debtor].known(), book.known())
        if expected is not None:
            alone = estimate(_Seen().known(), book.known())
            usual = alone.days if alone else 0
            yield Judged(expected, book.late / book.count, usual, days)


_News = tuple[date, str, bool | None, int | None]


def _news(paid: pl.DataFrame) -> list[_News]:
    """Return what becomes known and when: late on the day after the due date, the days once paid."""
    news: list[_News] = []
    for debtor, due, day, days in paid.select("debtor", "due", "paid", "days").iter_rows():
        after = timedelta(days=1)
        if days > 0:
            news += [(due + after, debtor, True, None), (day + after, debtor, None, days)]
        else:
            news.append((day + after, debtor, False, days))
    return sorted(news, key=lambda one: one[:2])


def _learn(
    news: _News,
    book: _Seen,
    debtors: dict[str, _Seen],
    put: Callable[[list[int], int], None],
) -> None:
    _day, debtor, late, days = news
    for seen in (book, debtors[debtor]):
        if late is not None:
            seen.count += 1
            seen.late += late
        if days is not None:
            put(seen.days, days)


def area(said: Sequence[float], late: Sequence[bool]) -> float | None:
    """Return the area under the curve of chances `said`; None where all or none were late."""
    return _auc(said, late)[0]


def _auc(said: Sequence[float], late: Sequence[bool]) -> tuple[float | None, float | None]:
    """Return the area under the curve and its standard error; ties count one half."""
    positive = sum(late)
    negative = len(late) - positive
    if not positive or not negative:
        return None, None
    rank, total = 0, 0.0
    for _said, tied in groupby(sorted(zip(said, late, strict=True)), key=lambda pair: pair[0]):
        group = [is_late for _chance, is_late in tied]
        total += sum(group) * (rank + (len(group) + 1) / 2)
        rank += len(group)
    area = (total - positive * (positive + 1) / 2) / (positive * negative)
    one, two = area / (2 - area), 2 * area * area / (1 + area)
    spread = area * (1 - area) + (positive - 1) * (one - area**2) + (negative - 1) * (two - area**2)
    return area, sqrt(max(spread, 0.0) / (positive * negative))


def _bins(judged: Sequence[Judged]) -> Iterator[Bin]:
    for low, high in pairwise(BINS):
        last = high == BINS[-1]
        inside = [
            one for one in judged if low <= one.expected.late and (last or one.expected.late < high)
        ]
        if inside:
            said = mean(one.expected.late for one in inside)
            yield Bin(low, high, len(inside), said, mean(one.days > 0 for one in inside))
