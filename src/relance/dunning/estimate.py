"""Whether and when an open receivable will be paid: a debtor's own past, shrunk towards the book's.

It orders lists and forecasts cash; no level reads it. Zeng et al. (2008) and those after them report
models; on public data the shrunk ratio was as good as boosted trees.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

WEIGHT = 5
"""Receivables of the book that stand beside a debtor's own: with as many, each counts one half."""

BOOK_FEWEST = 30
"""Receivables of the book that must be known before anything is estimated."""

LOW, HIGH = 0.1, 0.9
"""The interval leaves out one receivable of ten on either side."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a debtor or of a book on a day.

    Attributes:
        count, late: receivables of which it is known whether they are late, and the late ones; one
            that is open after its due date is late already.
        days: from the due date to the payment of those that are paid, sorted.
    """

    count: int
    late: int
    days: Sequence[int]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What to expect of an open receivable.

    Attributes:
        late: how likely it is to be paid late, 0 to 1.
        days: from the due date to the expected payment; low, high: eight of ten lie between.
    """

    late: float
    days: int
    low: int
    high: int


def late_chance(own: Known, book: Known) -> float:
    """Return (k·p + n_late) / (k + n): p the late share of the book, k WEIGHT, n the debtor's own."""
    share = book.late / book.count
    return (WEIGHT * share + own.late) / (WEIGHT + own.count)


def estimate(own: Known, book: Known, elapsed: int | None = None) -> Estimate | None:
    """Return what to expect of a receivable of the debtor; None where the book knows too little.

    `elapsed` is for how many days past its due date it is open already (negative before it): what
    was paid sooner says nothing about it any more. None too where all that is known was.
    """
    if book.count < BOOK_FEWEST or len(book.days) < BOOK_FEWEST:
        return None
    past = 0.0 if elapsed is None else _below(own.days, book.days, elapsed)
    if past >= 1:
        return None

    def left(share: float) -> int:
        return quantile(own.days, book.days, past + share * (1 - past))

    days = _middle(own, book)
    if elapsed is not None and days <= elapsed:
        days = left(0.5)
    late = 1.0 if elapsed is not None and elapsed > 0 else late_chance(own, book)
    return Estimate(late, days, min(left(LOW), days), max(left(HIGH), days))


def _middle(own: Known, book: Known) -> int:
    """Return the median of the debtor's days, shrunk towards that of the book."""
    weight = len(own.days)
    own_part = _median(own.days) * weight if weight else 0.0
    return round((_median(book.days) * WEIGHT + own_part) / (WEIGHT + weight))


def _median(days: Sequence[int]) -> float:
    half, odd = divmod(len(days), 2)
    return float(days[half]) if odd else (days[half - 1] + days[half]) / 2


def quantile(own: Sequence[int], book: Sequence[int], share: float) -> int:
    """Return the least number of days within which `share` of both were paid, the book weighing WEIGHT."""
    low, high = book[0], book[-1]
    if own:
        low, high = min(low, own[0]), max(high, own[-1])
    while low < high:
        middle = (low + high) // 2
        if _below(own, book, middle) >= share - 1e-12:
            high = middle
        else:
            low = middle + 1
    return low


def _below(own: Sequence[int], book: Sequence[int], days: int) -> float:
    of_book = WEIGHT * bisect_right(book, days) / len(book)
    return (of_book + bisect_right(own, days)) / (WEIGHT + len(own))
