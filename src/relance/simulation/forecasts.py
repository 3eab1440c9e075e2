"""What a forecast of the coming weeks is, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from relance.simulation.cash import Quantiles
from relance.simulation.judged import AS_IS, Widening
from relance.simulation.past import Trial

LEFT_OUT = (
    "missing", "no_due_date", "insolvent", "handed_over", "doubtful", "disputed", "perhaps_paid",
)  # fmt: skip
"""Why a receivable is not in the forecast; the first that holds."""


@dataclass(frozen=True, slots=True)
class Week:
    """A week, from Monday (the first one from today) to Sunday."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Sum:
    """What is expected of a week and a currency; minor units.

    `due`: what falls due in it. `expected` is None where too little is known.
    """

    due: int
    expected: Quantiles | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is open and not in the forecast; minor units. `reason` is one of LEFT_OUT."""

    reason: str
    currency: str
    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class Promises:
    """Promises and instalments whose day is over, and those that were kept."""

    kept: int
    known: int

    @property
    def share(self) -> float:
        """How likely one is to be kept; a half where nothing is known (Laplace's rule)."""
        return (self.kept + 1) / (self.known + 2)


@dataclass(frozen=True)
class CashForecast:
    """The cash of the coming weeks.

    Attributes:
        by_week: for each currency a sum per week. overdue: what was due before, by currency.
        total: for each currency the sum of all weeks; its quantiles are those of the sum.
        open: what is open and in the forecast, by currency.
        settled: receivables seen paid that it learned from.
        trial: the forecast tried on the past; None below FEWEST_SETTLED.
    """

    today: date
    weeks: tuple[Week, ...]
    by_week: dict[str, tuple[Sum, ...]]
    overdue: dict[str, int]
    total: dict[str, Sum]
    open: dict[str, int]
    left_out: tuple[LeftOut, ...]
    promises: Promises
    settled: int
    seed: str
    trial: Trial | None = field(default=None)

    @property
    def widening(self) -> Widening:
        """By how much the intervals of weeks are widened."""
        return AS_IS if self.trial is None else self.trial.widening

    @property
    def is_quantified(self) -> bool:
        """Whether enough is known for more than a list of due dates."""
        return self.trial is not None


def weeks_from(today: date, count: int) -> tuple[Week, ...]:
    """Return the week of `today`, from today on, and those after it: `count` in all."""
    monday = today - timedelta(days=today.weekday())
    found = [
        Week(monday + timedelta(weeks=n), monday + timedelta(weeks=n, days=6)) for n in range(count)
    ]
    return (Week(today, found[0].last), *found[1:])
