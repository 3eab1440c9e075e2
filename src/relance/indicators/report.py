"""The figures of dunning on a day, per currency: what `relance report` and the dashboard show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from relance.indicators.figure import Figure

ScopeKind = Literal["whole", "segment", "owner", "month"]


@dataclass(frozen=True, slots=True)
class Bucket:
    """Receivables of one age: a name of `ledger.ageing.BUCKETS`, minor units and how many."""

    name: str
    amount: int
    items: int


@dataclass(frozen=True, slots=True)
class Ageing:
    """The aged balance: the buckets add up to `receivables`, to the cent.

    Attributes:
        basis: days past the due date, or days since the date of issue.
        receivables: sum of the buckets. credits: what is left of credits and payments of debtors,
            positive, never in a bucket. unallocated: payments that are in nobody's balance,
            positive; of the whole only, 0 elsewhere.
        net: receivables less credits.
    """

    basis: Literal["due", "issued"]
    buckets: tuple[Bucket, ...]
    receivables: int
    credits: int
    unallocated: int
    net: int


@dataclass(frozen=True, slots=True)
class Scope:
    """The figures of the whole, a segment, an owner (`name` "" for nobody) or a month (YYYY-MM).

    `ageing` and `by_issue` are None for months, and where what was open is not known.
    """

    kind: ScopeKind
    name: str
    figures: tuple[Figure, ...]
    ageing: Ageing | None = None
    by_issue: Ageing | None = None

    def figure(self, key: str) -> Figure | None:
        """Return the figure of that key; None if the scope has none."""
        return next((figure for figure in self.figures if figure.key == key), None)


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the books, in minor units; None where the sources cannot say.

    Attributes:
        first: first day of the month; last: its last day, or the day of the report.
        sales: invoices issued less credit notes. receipts: money received.
        open: receivables at the end; overdue: those past due; dso: count-back, in days, and
            `over` where it is more than that.
    """

    first: date
    last: date
    sales: int | None = None
    receipts: int | None = None
    open: int | None = None
    overdue: int | None = None
    dso: Decimal | None = None
    over: bool = False


@dataclass(frozen=True, slots=True)
class Roll:
    """What became within a month of the receivables of one age (a cohort: the same receivables).

    Attributes:
        month: first day of the month in which it happened.
        bucket, into: the age before it, and the next one.
        amount: minor units in `bucket` before it; rolled: those of them open in an older age after
            it; paid: what came off them.
        rate: percent of `amount` that rolled; None where there was nothing.
    """

    month: date
    bucket: str
    into: str
    amount: int
    rolled: int
    paid: int
    rate: Decimal | None


@dataclass(frozen=True, slots=True)
class TopDebtor:
    """A debtor with much to pay: minor units, days past due of the oldest, percent of all receivables."""

    debtor: str
    name: str
    segment: str
    owner: str
    open: int
    overdue: int
    oldest: int
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class Deviating:
    """A debtor who pays otherwise than before: medians in days from the due date, and their counts.

    `open` and `overdue` are minor units of this currency.
    """

    debtor: str
    name: str
    segment: str
    owner: str
    recent: int
    earlier: int
    recent_days: Decimal
    earlier_days: Decimal
    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Uncovered:
    """An overdue receivable that had no reminder, and of which nothing says why."""

    number: str
    debtor: str
    name: str
    open: int
    days_past_due: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether every overdue receivable had its reminder, or has a reason.

    Attributes:
        overdue: how many are past due. reminded: those that had a reminder.
        reasons: verdict of those that had none, and how many have it.
        without: those that have neither, the most overdue first; more: how many are not shown.
    """

    overdue: int
    reminded: int
    reasons: Mapping[str, int]
    without: tuple[Uncovered, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class OfCurrency:
    """All figures of one currency.

    Attributes:
        scopes: the whole first, then segments, owners and months, each by name.
        known_from: first day at which what is open is known; None if it never is.
        sales_from: first day from which sales are known; None if they are not.
    """

    currency: str
    scopes: tuple[Scope, ...]
    months: tuple[Month, ...]
    rolls: tuple[Roll, ...]
    top: tuple[TopDebtor, ...]
    deviating: tuple[Deviating, ...]
    coverage: Coverage
    known_from: date | None = None
    sales_from: date | None = None

    @property
    def whole(self) -> Scope:
        """The figures of all debtors together."""
        return self.scopes[0]

    def of(self, kind: ScopeKind) -> tuple[Scope, ...]:
        """Return the scopes of one kind."""
        return tuple(scope for scope in self.scopes if scope.kind == kind)


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a creditor on `day`; nothing dated after it is in them.

    Attributes:
        first, last: the period of the figures that are about one, both included.
        currencies: that of the creditor first.
        figures: those that no currency is in: reach, bounces, what is in doubt.
        lacks: what the sources do not tell, marked for the catalogue, each once.
    """

    creditor: str
    day: date
    first: date
    last: date
    currencies: tuple[OfCurrency, ...]
    figures: tuple[Figure, ...] = ()
    lacks: tuple[str, ...] = field(default=())
