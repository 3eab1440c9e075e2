"""What people and runs did, beside the books: promises, disputes, notices, reach, reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import polars as pl

from relance.indicators.balances import Key
from relance.indicators.books import KEY, scoped
from relance.indicators.report import Coverage
from relance.ledger.schema import Column, empty

_OWN = (
    Column("segment", pl.String, "segment of the debtor; empty if it has none"),
    Column("owner", pl.String, "who follows the debtor; empty if nobody"),
    Column("currency", pl.String, "ISO 4217"),
)

PROMISED = (
    *_OWN,
    Column("day", pl.Date, "date promised"),
    Column("kept", pl.Boolean, "the money came by that day and the policy's grace"),
    Column("amount", pl.Int64, "minor units promised; null if not known"),
)
"""Promises that were due; a renewed one was not kept."""

DISPUTED = (
    *_OWN,
    Column("amount", pl.Int64, "minor units in dispute"),
    Column("days", pl.Int32, "since it was opened"),
)
"""Disputes that are open on the day of the report."""

SENT = (
    *_OWN,
    Column("day", pl.Date, "run date"),
    Column("channel", pl.String, "name of the channel"),
    Column("notice", pl.Boolean, "a notice; else a task"),
    Column("state", pl.String, "left, returned or in_doubt"),
    Column("count", pl.UInt32, "how many"),
)
"""Notices and tasks that left, perhaps left, or came back."""


@dataclass(frozen=True)
class Evidence:
    """What is known beside the books.

    Attributes:
        promises, disputes, sent: columns of PROMISED, DISPUTED and SENT.
        costs: by currency and channel, the cost of one notice or task in minor units; None where
            the policy gives none.
        margin: percent of turnover; None if it is not given.
        unallocated: by currency, payments in nobody's balance, minor units.
        coverage: by dimension, then currency and scope.
        reach: by dimension, then currency and scope: debtors with something past due, and those of
            them whom a channel reaches.
    """

    promises: pl.DataFrame = field(default_factory=lambda: empty(PROMISED))
    disputes: pl.DataFrame = field(default_factory=lambda: empty(DISPUTED))
    sent: pl.DataFrame = field(default_factory=lambda: empty(SENT))
    costs: Mapping[str, Mapping[str, Decimal]] | None = None
    margin: Decimal | None = None
    unallocated: Mapping[str, int] = field(default_factory=dict)
    coverage: Mapping[str, Mapping[Key, Coverage]] = field(default_factory=dict)
    reach: Mapping[str, Mapping[Key, tuple[int, int]]] = field(default_factory=dict)

    def promises_in(self, dimension: str, first: date, last: date) -> Mapping[Key, Promises]:
        """Return the promises that were due in a period, by currency and scope."""
        rows = self.promises.filter(pl.col("day").is_between(first, last))
        kept, amount = pl.col("kept"), pl.col("amount")
        sums = (
            scoped(rows, dimension, "day")
            .group_by(KEY)
            .agg(
                due=pl.len(),
                kept=kept.sum(),
                amount=amount.sum(),
                kept_amount=amount.filter(kept).sum(),
            )
        )
        return {
            (currency, scope): Promises(*counts)
            for currency, scope, *counts in sums.select(
                *KEY, "due", "kept", "amount", "kept_amount"
            ).iter_rows()
        }

    def disputes_by(self, dimension: str) -> Mapping[Key, Disputes]:
        """Return the open disputes by currency and scope."""
        sums = (
            scoped(self.disputes, dimension)
            .group_by(KEY)
            .agg(count=pl.len(), amount=pl.col("amount").sum(), age=pl.col("days").median())
        )
        return {
            (row["currency"], row["scope"]): Disputes(
                row["count"], row["amount"], Decimal(str(row["age"]))
            )
            for row in sums.iter_rows(named=True)
        }

    def sent_in(self, dimension: str, first: date, last: date) -> Mapping[Key, Sent]:
        """Return the notices and tasks of a period, by currency and scope."""
        rows = self.sent.filter(pl.col("day").is_between(first, last))
        groups = (
            scoped(rows, dimension, "day")
            .group_by(*KEY, "channel", "notice", "state")
            .agg(pl.col("count").sum())
            .sort(*KEY, "channel", "notice", "state")
        )
        found: dict[Key, Sent] = {}
        for currency, scope, channel, notice, state, count in groups.iter_rows():
            found.setdefault((currency, scope), Sent()).add(channel, state, count, notice=notice)
        return found


@dataclass(frozen=True, slots=True)
class Promises:
    """Promises that were due, those kept, and their amounts in minor units."""

    due: int
    kept: int
    amount: int
    kept_amount: int


@dataclass(frozen=True, slots=True)
class Disputes:
    """Open disputes: how many, minor units, and the median of their days."""

    count: int
    amount: int
    age: Decimal


@dataclass(slots=True)
class Sent:
    """Notices and tasks: by channel those that left, and of notices what became of them."""

    by_channel: dict[str, int] = field(default_factory=dict)
    notices: int = 0
    returned: int = 0
    in_doubt: int = 0

    def add(self, channel: str, state: str, count: int, *, notice: bool) -> None:
        """Count `count` more."""
        if state == "returned" and not notice:
            return
        # What came back was sent all the same, and paid for.
        self.by_channel[channel] = self.by_channel.get(channel, 0) + count
        if notice:
            self.notices += count
            self.returned += count if state == "returned" else 0
            self.in_doubt += count if state == "in_doubt" else 0
