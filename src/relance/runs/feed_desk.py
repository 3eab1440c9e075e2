"""What each row of a feed makes: the records of a call, a promise, a dispute, a note, a block …"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from relance.diagnostics import Diagnostic, Phrase
from relance.dunning import worklist as lists
from relance.dunning.worklist import Work
from relance.history.values import Record
from relance.language import N_
from relance.runs import feed_codes as codes
from relance.runs.calls import Talk, told
from relance.runs.debtor_codes import NO_NOTED
from relance.runs.disputes import dated
from relance.runs.feed_rows import EVENTS, Row
from relance.runs.handover_cases import Result, result_of
from relance.runs.notes import NOTE, Note, written
from relance.runs.proposal import Proposal
from relance.runs.recording import Entry, made
from relance.runs.worklist import NEEDS_DATE, NEEDS_NOTE, Outcome, ending


@dataclass(frozen=True, slots=True)
class _Said:
    """What the cells of a row say, beside what it is about."""

    day: date
    until: date | None
    amount: Decimal | None
    fee: Decimal | None
    outcome: str | None
    code: str | None
    note: str | None
    owner: str | None
    by: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Makes records of rows.

    Attributes:
        proposal: with the items that the rows can name.
        works, debtors: all tasks by number, and all debtors that are known.
        ended: the tasks that rows before ended.
        whole: with all items.
        collected: what rows before told as collected, by case, in minor units.
    """

    proposal: Proposal
    works: Mapping[str, Work]
    debtors: frozenset[str]
    ended: set[int]
    whole: Proposal
    collected: Counter[int]

    def records(self, row: Row, by: str) -> Iterator[Record | Diagnostic]:
        """Yield what a row makes, or all that is wrong with it."""
        said = self._said(row, by)
        if isinstance(said, list):
            yield from said
            return
        yield from _MAKERS.get(row.event, _entered)(self, row, said)

    def _said(self, row: Row, by: str) -> _Said | list[Diagnostic]:
        """Return what the cells say, or what they say wrongly."""
        today = self.proposal.today
        day, until = row.day("date"), row.day("until")
        amount, fee = row.amount(), row.amount("fee")
        outcome = row.outcome() if row.event in ("call", "outcome") else None
        code = row.code() if row.event != "task" else row.text("code")
        cells = (day, until, amount, fee, outcome, code)
        wrong = [each for each in cells if isinstance(each, Diagnostic)]
        if not row.event:
            events = ", ".join(EVENTS)
            wrong.append(row.wrong("event", Phrase(N_("an event")), events))
        if isinstance(day, date) and day > today:
            past = Phrase(N_("a date until today"))
            wrong.append(row.wrong("date", past, today.isoformat()))
        needs = [name for name in _NEEDED.get(row.event, ()) if row.text(name) is None]
        needs += ["until"] * (outcome in NEEDS_DATE and row.text("until") is None)
        needs += ["note"] * (outcome in NEEDS_NOTE and row.text("note") is None)
        wrong += [row.needed(name) for name in needs]
        if wrong:
            return wrong
        assert not isinstance(day, Diagnostic)
        assert not isinstance(until, Diagnostic)
        assert not isinstance(amount, Diagnostic)
        assert not isinstance(fee, Diagnostic)
        assert not isinstance(outcome, Diagnostic)
        assert not isinstance(code, Diagnostic)
        return _Said(
            day or today, until, amount, fee, outcome, code, row.text("note"), row.text("owner"),
            row.text("by") or by,
        )  # fmt: skip

    def work(self, row: Row) -> Work | Diagnostic:
        """Return the open task that a row names, or what is wrong with it."""
        work = self.works.get(row.text("task") or "")
        if work is None:
            return row.wrong("task", Phrase(N_("the number of a task")), "214")
        if row.text("debtor") not in (None, work.debtor):
            return row.wrong("task", Phrase(N_("a task about this debtor")), "214")
        if work.state == "done":
            facts = {"number": work.number, "by": work.by or "?", "outcome": work.outcome}
            return Diagnostic(codes.TASK_DONE, row.place, {**facts, "date": work.ended})
        if work.number in self.ended:
            return row.wrong("task", Phrase(N_("open: a row before ends it")), "215")
        return work


_NEEDED = {
    "promise": ("until",),
    "call": ("outcome",),
    "note": ("note",),
    "task": ("note",),
    "outcome": ("task", "outcome"),
}
"""Cells without which an event is nothing."""


def _entered(desk: Desk, row: Row, said: _Said) -> Iterator[Record | Diagnostic]:
    """Yield a block, a promise, a dispute, or the end of one."""
    entry = Entry(
        row.event, said.day, row.text("number"), row.text("debtor"), said.until, said.amount, (),
        said.note, said.by, said.code, said.owner,
    )  # fmt: skip
    if row.event == "dispute":
        entry = dated(replace(entry, code=said.code or "other"), desk.proposal)
    yield made(entry, desk.proposal)


def _called(desk: Desk, row: Row, said: _Said) -> Iterator[Record | Diagnostic]:
    """Yield a call and what follows from it; about a task it is what came of the task."""
    if row.text("task"):
        yield from _ended(desk, row, said)
        return
    talk = Talk(row.text("number"), row.text("debtor"), _outcome(said))
    yield from told(talk, desk.proposal)


def _noted(desk: Desk, row: Row, said: _Said) -> Iterator[Record | Diagnostic]:
    """Yield a note."""
    number, debtor = row.text("number"), row.text("debtor")
    if number is None:
        if debtor is None:
            yield row.needed("debtor")
        elif debtor not in desk.debtors:
            yield Diagnostic(NO_NOTED, None, {"subject": debtor})
        else:
            yield Record(NOTE, said.day, debtor, reason=said.note, by=said.by)
        return
    note = Note(number, said.note or "", said.day, said.by, debtor)
    found = written(note, desk.proposal.portfolio)
    yield from found if isinstance(found, list) else [found]


def _added(desk: Desk, row: Row, said: _Said) -> Iterator[Record | Diagnostic]:
    """Yield a task more."""
    entry = Entry(
        lists.ADDED, said.day, row.text("number"), row.text("debtor"), said.until or said.day,
        reason=said.note, by=said.by, code=said.code or "other", owner=said.owner,
    )  # fmt: skip
    yield made(entry, desk.proposal)


def _ended(desk: Desk, row: Row, said: _Said) -> Iterator[Record | Diagnostic]:
    """Yield what came of a task and what follows from it."""
    work = desk.work(row)
    if isinstance(work, Diagnostic):
        yield work
        return
    if said.outcome != lists.NO_ANSWER:
        desk.ended.add(work.number)
    yield from ending(work, _outcome(said), desk.proposal)


def _collected(desk: Desk, row: Row, said: _Said) -> Iterator[Record | Diagnostic]:
    """Yield what those who collect report of a case, named by its number, an invoice or a debtor."""
    subject = row.text("number") or row.text("debtor")
    if subject is None:
        yield row.needed("number")
        return
    if said.amount is None and said.fee is None:
        yield row.needed("amount")
        return
    none = Decimal(0)
    result = Result(subject, said.day, said.amount or none, said.fee or none, said.by, said.note)
    found = result_of(result, desk.whole, desk.collected)
    if isinstance(found, Diagnostic):
        yield found
        return
    case, record = found
    desk.collected[case.number] += record.amount or 0
    yield record


def _outcome(said: _Said) -> Outcome:
    return Outcome(
        said.outcome or "done", said.day, said.until, said.amount, said.note, said.by, None,
        said.code or "other", said.owner,
    )  # fmt: skip


_MAKERS: Mapping[str, Callable[[Desk, Row, _Said], Iterator[Record | Diagnostic]]] = {
    "call": _called,
    "note": _noted,
    "task": _added,
    "outcome": _ended,
    "collected": _collected,
}
"""How the records of a row are made; `_entered` makes those of all others."""
