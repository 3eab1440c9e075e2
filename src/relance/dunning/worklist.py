"""The worklist: tasks that were given, what people did about them, and what each is worth today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

import polars as pl

from relance.dunning.outlook import Outlook, Outlooks

ADDED, DONE, MOVED, REOPENED = "task_added", "task_done", "task_moved", "task_reopened"
NO_ANSWER = "no_answer"

DEADLINES = ("declare_claim", "limitation")
"""Kinds of tasks whose due date is one of the law: near it, they come before all others."""

NEAR = 14
"""Days before such a date from which on it is near."""

_STAYS = ("read_reply", "tell_agency")
"""Kinds of tasks that payment does not settle: somebody waits for an answer, or does not know of it."""


@dataclass(frozen=True, slots=True)
class Worth:
    """Why a task stands where it stands.

    Attributes:
        open: what is open of its receivables, minor units of the task's currency.
        days_late: days past due of the oldest of them, 0 where none is.
        late_ratio: share of what the debtor paid late before, 0 to 1; None if not known.
        outlook: what to expect; its chance of being late counts where there is one, and the score
            of others beside it.
    """

    open: int
    days_late: int
    late_ratio: float | None
    outlook: Outlook = field(default_factory=Outlook)

    @property
    def points(self) -> int:
        """Amount × lateness × behaviour: minor units, doubled at 30 days late, and by who is always late.

        A debtor who is not known yet counts as one who pays late every other time. The worst score
        of others makes half as much again of it, the best takes half away.
        """
        known = self.late_ratio if self.outlook.chance is None else self.outlook.chance
        ratio = 0.5 if known is None else known
        risk = 0.5 if self.outlook.risk is None else self.outlook.risk
        return round(self.open * (1 + self.days_late / 30) * (1 + ratio) * (0.5 + risk))


@dataclass(frozen=True, slots=True)
class Work:
    """A task on somebody's list.

    Attributes:
        number: of the event that gave it; people name it so.
        key: of the dispatch that gave it; "" for one that a person added.
        kind: as `dunning.plan.Task` has it, or "other".
        debtor: "" where its debtor's data were erased and nothing names him.
        items: identities of the receivables that it is about.
        state: open; done by somebody; settled: paid meanwhile, so that nothing is left to do.
        outcome, note, ended, by: of one that is done.
        attempts: how often nobody answered.
        worth: None of one that is done.
    """

    number: int
    key: str
    given: date
    debtor: str
    kind: str
    subject: str
    currency: str
    owner: str | None = None
    due: date | None = None
    text: str = ""
    items: tuple[str, ...] = ()
    level: str | None = None
    state: Literal["open", "done", "settled"] = "open"
    outcome: str | None = None
    note: str | None = None
    ended: date | None = None
    by: str | None = None
    attempts: int = 0
    worth: Worth | None = None
    debtor_name: str = ""
    numbers: tuple[str, ...] = ()


def added(events: pl.DataFrame, currency: str) -> list[Work]:
    """Return the tasks that people added. Columns of `events`: HOLDS; `currency`: the creditor's."""
    return [
        Work(
            number=row["seq"],
            key="",
            given=row["date"],
            debtor=row["debtor"] or "",
            kind=row["code"] or "other",
            subject=row["reason"] or "",
            currency=currency,
            owner=row["owner"],
            due=row["until"],
            items=(row["item"],) if row["item"] else (),
        )
        for row in events.filter(pl.col("type") == ADDED).iter_rows(named=True)
    ]


def worked_on(works: Iterable[Work], events: pl.DataFrame) -> list[Work]:
    """Return `works` as the events left them, by number. Columns of `events`: HOLDS, in order."""
    found = {work.number: work for work in works}
    for row in events.iter_rows(named=True):
        work = found.get(row["about"])
        if work is not None and row["type"] in _FOLDS:
            found[work.number] = replace(work, **_FOLDS[row["type"]](work, row))
    return [found[number] for number in sorted(found)]


def _done(_work: Work, row: Mapping[str, Any]) -> dict[str, Any]:
    told = {"outcome": row["code"], "note": row["reason"], "ended": row["date"], "by": row["by"]}
    return {"state": "done", **told}


def _moved(work: Work, row: Mapping[str, Any]) -> dict[str, Any]:
    called = row["code"] == NO_ANSWER
    return {
        "due": row["until"] or work.due,
        "owner": row["owner"] or work.owner,
        "attempts": work.attempts + called,
        "note": row["reason"] or work.note,
    }


def _reopened(_work: Work, _row: Mapping[str, Any]) -> dict[str, Any]:
    return {"state": "open", "outcome": None, "ended": None, "by": None}


_FOLDS = {DONE: _done, MOVED: _moved, REOPENED: _reopened}


def weighed(
    works: Iterable[Work], facts: pl.DataFrame, outlooks: Outlooks | None = None
) -> list[Work]:
    """Return `works` with what they are worth, and those settled that nothing is left of.

    Args:
        facts: the frame of `decide`, one row per item.
        outlooks: tell what to expect; nothing without them.
    """
    works = list(works)
    about = _About.of(works, facts, outlooks)
    return [about.weigh(work) if work.state == "open" else about.named(work) for work in works]


@dataclass(frozen=True, slots=True)
class _About:
    """The rows of `facts` that tasks are about: by item, and by debtor."""

    items: dict[str, dict[str, Any]]
    debtors: dict[str, list[dict[str, Any]]]
    outlooks: Outlooks | None

    @classmethod
    def of(cls, works: list[Work], facts: pl.DataFrame, outlooks: Outlooks | None) -> _About:
        debtors = sorted({work.debtor for work in works})
        columns = (
            "item", "number", "debtor", "party_name", "debtor_name", "currency", "open", "credit",
            "missing", "due", "days_past_due", "late_ratio",
        )  # fmt: skip
        rows = facts.filter(pl.col("debtor").is_in(debtors)).select(columns)
        by_debtor: dict[str, list[dict[str, Any]]] = {}
        for row in rows.sort("debtor", "item").iter_rows(named=True):
            by_debtor.setdefault(row["debtor"], []).append(row)
        return cls({row["item"]: row for row in rows.iter_rows(named=True)}, by_debtor, outlooks)

    def named(self, work: Work) -> Work:
        first = next(iter(self.debtors.get(work.debtor, [])), {})
        name = first.get("party_name") or first.get("debtor_name") or work.debtor
        numbers = tuple(self.items[item]["number"] for item in work.items if item in self.items)
        return replace(work, debtor_name=name, numbers=numbers)

    def weigh(self, work: Work) -> Work:
        rows = list(self._rows(work))
        late = [row["days_past_due"] or 0 for row in rows]
        known = next((row["late_ratio"] for row in self.debtors.get(work.debtor, ())), None)
        owed = sum(row["open"] for row in rows)
        worth = Worth(owed, max([0, *late]), known, self._outlook(work, rows))
        named = replace(self.named(work), worth=worth)
        return replace(named, state="settled") if self._is_paid(work) else named

    def _outlook(self, work: Work, rows: list[dict[str, Any]]) -> Outlook:
        if self.outlooks is None:
            return Outlook()
        dated = [row for row in rows if row["days_past_due"] is not None]
        oldest = max(dated, key=lambda row: row["days_past_due"], default=None)
        return self.outlooks.of(work.debtor, oldest)

    def _rows(self, work: Work) -> Iterator[dict[str, Any]]:
        """Yield what is open of the task's receivables; without any, of all that its debtor owes."""
        given = [self.items[item] for item in work.items if item in self.items]
        for row in given if work.items else self.debtors.get(work.debtor, ()):
            owed = row["open"] > 0 and not row["credit"] and not row["missing"]
            if owed and row["currency"] == work.currency:
                yield row

    def _is_paid(self, work: Work) -> bool:
        """Whether all its receivables are in the exports, with nothing open."""
        rows = [self.items.get(item) for item in work.items]
        return (
            bool(rows)
            and work.kind not in _STAYS
            and all(row is not None and row["open"] == 0 for row in rows)
        )


Order = Literal["worth", "expected", "due"]
"""What the list is sorted by, after the deadlines of the law."""


def in_order(works: Iterable[Work], today: date, by: Order = "worth") -> list[Work]:
    """Return `works`, first those near a deadline of the law, then those due, then the others.

    Within these by what they are worth; by the expected day of payment, the latest first and before
    them those that nothing like was ever paid; or by their own due date.
    """

    def place(work: Work) -> tuple[Any, ...]:
        left = (work.due - today).days if work.due else 0
        urgent = work.kind in DEADLINES and left <= NEAR
        points = work.worth.points if work.worth else 0
        return (
            work.state != "open",
            not urgent,
            left > 0,
            _key(work, left, by),
            -points,
            work.number,
        )

    return sorted(works, key=place)


def _key(work: Work, left: int, by: Order) -> int:
    if by == "due":
        return left
    outlook = work.worth.outlook if work.worth and by == "expected" else None
    if outlook is None or outlook.why in ("not_a_firm", "small_book"):
        return 0
    return -outlook.day.toordinal() if outlook.day else -date.max.toordinal()
