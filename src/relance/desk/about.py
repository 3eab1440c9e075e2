"""What somebody at the desk records something about: a task, an invoice, or all that a debtor owes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from relance.desk.book import Book
from relance.dunning.worklist import Work
from relance.language import translator
from relance.reports import names
from relance.reports.figures import amount_text, safe

ALL = "debtor"
_TASK, _ITEM = "task:", "item:"


@dataclass(frozen=True, slots=True)
class About:
    """A debtor, and what of it was under the cursor.

    Attributes:
        name: as it is shown, without what could steer a terminal.
        items: identity, number and open amount as text of what it owes.
        works: its open tasks.
        chosen: ALL, "task:" and a number, or "item:" and an identity.
    """

    debtor: str
    name: str
    items: Sequence[tuple[str, str, str]]
    works: Sequence[Work]
    chosen: str = ALL

    def options(self, language: str, *, tasks: bool) -> list[tuple[str, str]]:
        """Return what may be recorded about: value and label, open tasks first if `tasks`."""
        _ = translator(language)
        given = [
            (f"{_TASK}{work.number}", _task_label(work, language))
            for work in (self.works if tasks else ())
        ]
        owed = [(f"{_ITEM}{item}", f"{safe(number)} · {open}") for item, number, open in self.items]
        return [*given, *owed, (ALL, _("all that it owes"))]

    def begins(self, *, tasks: bool) -> str:
        """Return the value that a form begins with: the only invoice of a task where tasks are no choice."""
        work = self.work(self.chosen)
        if work is None or tasks:
            return self.chosen
        known = {item for item, _number, _open in self.items}
        own = [item for item in work.items if item in known]
        return f"{_ITEM}{own[0]}" if len(own) == 1 else ALL

    def work(self, value: str) -> Work | None:
        """Return the task that `value` stands for; None where it stands for none."""
        return next((work for work in self.works if value == f"{_TASK}{work.number}"), None)


def item_of(value: str) -> str | None:
    """Return the identity that `value` stands for; None where it stands for no invoice."""
    return value.removeprefix(_ITEM) if value.startswith(_ITEM) else None


def task(work: Work) -> str:
    """Return the value that stands for `work`."""
    return f"{_TASK}{work.number}"


def item(identity: str) -> str:
    """Return the value that stands for an invoice."""
    return f"{_ITEM}{identity}"


def about(book: Book, debtor: str, name: str, language: str, chosen: str = ALL) -> About:
    """Return what can be recorded about `debtor`, by what the book has."""
    owed = (pl.col("open") > 0) & ~pl.col("credit") & ~pl.col("missing")
    rows = book.proposal.facts.filter((pl.col("debtor") == debtor) & owed)
    columns = rows.sort("due", "item", nulls_last=True).select("item", "number", "open", "currency")
    items = [
        (identity, number, amount_text(minor, money, language))
        for identity, number, minor, money in columns.iter_rows()
    ]
    return About(debtor, safe(name) or safe(debtor), items, book.works(debtor), chosen)


def _task_label(work: Work, language: str) -> str:
    _ = translator(language)
    kind = _(names.TASKS.get(work.kind, work.kind))
    numbers = ", ".join(safe(number) for number in work.numbers)
    return _("task {number}").format(number=work.number) + " · ".join(
        ["", *filter(None, (kind, numbers))]
    )
