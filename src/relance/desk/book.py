"""What stands behind the screen: the book as it was read last, and the project that is written to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from relance.desk.search import folded
from relance.diagnostics import Diagnostic
from relance.dunning.worklist import Work, in_order
from relance.history.store import History
from relance.policy.model import Policy
from relance.runs.debtor_sheet import sheet_of
from relance.runs.opening import open_history
from relance.runs.proposal import Proposal, propose
from relance.runs.worklist import works_of

PATIENCE = 5.0
"""Seconds to wait for a database that a run has locked: then the screen says so, and nothing is lost."""


@dataclass(frozen=True, slots=True)
class Debtor:
    """A line of the list of debtors; amounts in minor units of the creditor's currency.

    `oldest` is the days past due of what is open longest, 0 where nothing is late.
    """

    id: str
    name: str
    owner: str
    outstanding: int
    overdue: int
    oldest: int
    tasks: int
    phone: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A task of the list, and the text that is searched for it."""

    work: Work
    text: str


@dataclass(frozen=True)
class Book:
    """What was read at one moment.

    Attributes:
        lines: the open tasks, in their order.
        debtors: all debtors that are known, those with most overdue first.
    """

    proposal: Proposal
    lines: tuple[Line, ...]
    debtors: tuple[Debtor, ...]

    @property
    def today(self) -> date:
        """The day for which it was read."""
        return self.proposal.today

    @cached_property
    def by_id(self) -> dict[str, Debtor]:
        """The debtors by their numbers."""
        return {debtor.id: debtor for debtor in self.debtors}

    def owners(self) -> dict[str, int]:
        """Return how many open tasks each owner has; "" for those of nobody."""
        return dict(sorted(Counter(line.work.owner or "" for line in self.lines).items()))

    def works(self, debtor: str) -> list[Work]:
        """Return the open tasks about `debtor`, in their order."""
        return [line.work for line in self.lines if line.work.debtor == debtor]

    def with_works(self, debtor: str, works: Iterable[Work]) -> Book:
        """Return the book with these tasks in place of those that `debtor` had."""
        others = {x.work.number: x for x in self.lines if x.work.debtor != debtor}
        own = [work for work in works if work.state == "open"]
        known = others | {line.work.number: line for line in lines_of(own)}
        ordered = in_order([line.work for line in known.values()], self.today)
        return replace(self, lines=tuple(known[work.number] for work in ordered))


@dataclass(frozen=True)
class Seat:
    """Who sits at the desk of which project.

    Attributes:
        by: who records, for the history.
        language: of the screen.
        day: gives today's date.
        patience: seconds to wait for a locked database.
    """

    policy: Policy
    by: str
    language: str
    day: Callable[[], date]
    patience: float = PATIENCE

    @contextmanager
    def history(self, *, readonly: bool = True) -> Iterator[History]:
        """Yield the history of the project."""
        with open_history(self.policy, readonly=readonly, patience=self.patience) as history:
            yield history

    def read(self) -> Book | list[Diagnostic]:
        """Return the book of today; what is wrong where a file is refused whole."""
        with self.history() as history:
            proposal = propose(self.policy, self.day(), history)
            if proposal.refused:
                return list(proposal.diagnostics)
            return book_of(proposal, works_of(proposal, history))

    def works(self, book: Book, debtor: str) -> list[Work]:
        """Return all tasks about `debtor` as they stand now, done ones too."""
        with self.history() as history:
            return self.works_in(history, book, debtor)

    def works_in(self, history: History, book: Book, debtor: str) -> list[Work]:
        """Return the same, of a history that is open already."""
        return works_of(book.proposal, history, debtor=debtor)

    def sheet(self, book: Book, debtor: str) -> dict[str, Any] | Diagnostic:
        """Return the sheet of `debtor`, as `relance debtor --json` has it."""
        with self.history() as history:
            return sheet_of(book.proposal, history, debtor, self.language)


def book_of(proposal: Proposal, works: Iterable[Work]) -> Book:
    """Return the book of what a run would do, with its open tasks."""
    lines = lines_of(work for work in works if work.state == "open")
    return Book(proposal, lines, _debtors(proposal, lines))


def lines_of(works: Iterable[Work]) -> tuple[Line, ...]:
    """Return tasks as lines of the list."""
    return tuple(Line(work, _searched(work)) for work in works)


def _searched(work: Work) -> str:
    return folded(
        str(work.number), work.debtor, work.debtor_name, work.subject, *work.numbers, work.owner
    )


def _debtors(proposal: Proposal, lines: Iterable[Line]) -> tuple[Debtor, ...]:
    owed = (pl.col("open") > 0) & ~pl.col("credit") & ~pl.col("missing")
    own = proposal.facts.group_by("debtor").agg(
        pl.coalesce("party_name", "debtor_name").drop_nulls().first().alias("item_name"),
        pl.col("outstanding").first(),
        pl.col("overdue").first(),
        pl.col("days_past_due").filter(owed).max().clip(0).alias("oldest"),
    )
    known = proposal.portfolio.debtors.unique("debtor", keep="first").select(
        "debtor", "name", "owner", "city", pl.coalesce("phone", "mobile").alias("phone"), "email"
    )
    rows = known.join(own, on="debtor", how="full", coalesce=True)
    ordered = rows.sort(pl.col("overdue").fill_null(0), "debtor", descending=[True, False])
    counts = Counter(line.work.debtor for line in lines)
    return tuple(_debtor(row, counts) for row in ordered.iter_rows(named=True))


def _debtor(row: dict[str, Any], tasks: Counter[str]) -> Debtor:
    name = row["name"] or row["item_name"] or row["debtor"]
    found = (row["debtor"], name, row["owner"], row["city"], row["phone"], row["email"])
    return Debtor(
        row["debtor"], name, row["owner"] or "", row["outstanding"] or 0, row["overdue"] or 0,
        row["oldest"] or 0, tasks[row["debtor"]], row["phone"] or "", folded(*found),
    )  # fmt: skip
