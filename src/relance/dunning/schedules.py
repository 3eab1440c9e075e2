"""The schedule of a payment plan: when how much is to come, to the cent."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from relance.law.limitation import months_after

Every = Literal["week", "month", "end-of-month"]
"""What lies between two instalments."""

Schedule = tuple[tuple[date, int], ...]
"""Due date and minor units of each instalment, in order."""

MOST = 120
"""No plan has more instalments: ten years of months."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a sum is shared out: exactly one of `count` and `amount` is given.

    Attributes:
        first: due date of the first instalment; with `end-of-month`, any day of its month.
        count: number of instalments.
        amount: minor units of each; the last one is what is left.
        first_amount: minor units of the first, where it is another one than the rest.
    """

    first: date
    every: Every
    count: int | None = None
    amount: int | None = None
    first_amount: int | None = None


def schedule_of(total: int, rhythm: Rhythm) -> Schedule | None:
    """Return the instalments of `total` minor units; None where they cannot be made.

    Their sum is exactly `total`, and none is of nothing. Equal instalments are rounded down to the
    minor unit, and the last one bears what is left over.
    """
    amounts = _amounts(total, rhythm)
    if not 0 < len(amounts) <= MOST or min(amounts) <= 0:
        return None
    return tuple((_day(rhythm, n), amount) for n, amount in enumerate(amounts))


def _amounts(total: int, rhythm: Rhythm) -> list[int]:
    if (rhythm.count is None) == (rhythm.amount is None):
        return []
    begun = [] if rhythm.first_amount is None else [rhythm.first_amount]
    rest = total - sum(begun)
    if rhythm.amount is not None:
        return [*begun, *_of_amount(rest, rhythm.amount)]
    count = (rhythm.count or 0) - len(begun)
    if count == 0 and rest == 0:
        return begun
    return [*begun, *_equal(rest, count)] if 0 < count <= MOST else []


def _equal(total: int, count: int) -> list[int]:
    each = total // count
    return [each] * (count - 1) + [total - each * (count - 1)]


def _of_amount(total: int, amount: int) -> list[int]:
    if amount <= 0 or total < 0 or total > amount * MOST:
        return [0]
    whole, last = divmod(total, amount)
    return [amount] * whole + ([last] if last else [])


def _day(rhythm: Rhythm, number: int) -> date:
    if rhythm.every == "week":
        return rhythm.first + timedelta(weeks=number)
    day = months_after(rhythm.first, number)
    if rhythm.every == "end-of-month":
        return day.replace(day=monthrange(day.year, day.month)[1])
    return day
