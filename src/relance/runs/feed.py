"""The feed: calls, promises, disputes, notes, blocks and outcomes of tasks from a file, all or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import accumulate

from relance.diagnostics import Diagnostic, Phrase
from relance.dunning import worklist as lists
from relance.dunning.worklist import Work
from relance.history.store import History
from relance.history.values import Record
from relance.language import N_
from relance.runs import feed_codes as codes
from relance.runs.calls import CALLED, Talk, told
from relance.runs.debtor_codes import NO_NOTED
from relance.runs.disputes import dated
from relance.runs.feed_rows import EVENTS, Row
from relance.runs.notes import NOTE, Note, written
from relance.runs.proposal import Proposal
from relance.runs.recording import Entry, made
from relance.runs.subjects import rows_named
from relance.runs.worklist import NEEDS_DATE, NEEDS_NOTE, Outcome, ending, works_of

FED, FED_AS = "fed", "fed_as"
"""Facts of an event that came from a file: what its row is known by, and what it said."""

_TYPES = (
    "block", "unblock", "dispute", "dispute_settled", "promise", "promise_withdrawn", CALLED, NOTE,
    lists.ADDED, lists.DONE, lists.MOVED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fed:
    """What a file comes to.

    Attributes:
        new: the rows to record, with the records that each makes; the first tells of the row.
        known: rows that were recorded before, or stand twice, with the number of their event
            (None of one that stands twice).
    """

    new: Sequence[tuple[Row, Sequence[Record]]]
    known: Sequence[tuple[Row, int | None]]


@dataclass(frozen=True, slots=True)
class _Said:
    """What the cells of a row say, beside what it is about."""

    day: date
    until: date | None
    amount: Decimal | None
    outcome: str | None
    code: str | None
    note: str | None
    owner: str | None
    by: str


def understood(
    rows: Sequence[Row], proposal: Proposal, history: History, by: str
) -> Fed | list[Diagnostic]:
    """Return what `rows` come to, or all that is wrong with them, each at its place.

    `by`: who records what no row says another did.
    """
    wrong: list[Diagnostic] = []
    new: list[tuple[Row, Sequence[Record]]] = []
    known: list[tuple[Row, int | None]] = []
    before = _recorded(history)
    works = {str(work.number): work for work in works_of(proposal, history)}
    desk = _Desk(_about(rows, works, proposal), works, _debtors(proposal), set())
    for row in rows:
        name = row.id or row.digest
        if name in before:
            seq, content = before[name]
            if content == row.digest:
                known.append((row, seq))
            else:
                where = f"#{seq}" if seq else Phrase(N_("in this file"))
                facts = {"id": name, "where": where}
                wrong.append(Diagnostic(codes.CHANGED, row.place, facts))
            continue
        before[name] = (None, row.digest)
        found = list(desk.records(row, by))
        wrong += [replace(each, span=row.place) for each in found if isinstance(each, Diagnostic)]
        records = [each for each in found if isinstance(each, Record)]
        new.append((row, _marked(row, records)))
    return wrong or Fed(new, known)


def record(fed: Fed, history: History) -> list[int]:
    """Record all that a file came to, in one go; return the number of each row's first event."""
    records = [each for _row, own in fed.new for each in own]
    numbers = history.record(records) if records else []
    ends = accumulate(len(own) for _row, own in fed.new)
    return [numbers[end - len(own)] for end, (_row, own) in zip(ends, fed.new, strict=True)]


def _about(rows: Sequence[Row], works: Mapping[str, Work], proposal: Proposal) -> Proposal:
    """Return the proposal with what the rows can name of its items: each is looked up in those."""
    numbers = {number for row in rows if (number := row.text("number"))}
    named = (works.get(row.text("task") or "") for row in rows)
    debtors = {work.debtor for work in named if work}
    debtors |= {debtor for row in rows if (debtor := row.text("debtor"))}
    few = rows_named(proposal.portfolio.facts, numbers, debtors)
    portfolio = replace(proposal.portfolio, facts=few)
    return replace(
        proposal, facts=rows_named(proposal.facts, numbers, debtors), portfolio=portfolio
    )


def _debtors(proposal: Proposal) -> frozenset[str]:
    """Return all debtors that are known, also those who owe nothing."""
    return frozenset([*proposal.portfolio.debtors["debtor"], *proposal.facts["debtor"]])


def _recorded(history: History) -> dict[str, tuple[int | None, str]]:
    """Return the event and the content of each row that was recorded before, by what it is known by."""
    return {
        event[FED]: (event["seq"], event.get(FED_AS, event[FED]))
        for event in history.told(_TYPES)
        if FED in event
    }


def _marked(row: Row, records: Sequence[Record]) -> list[Record]:
    """Return the records; the first says which row it came from."""
    marks = {FED: row.id, FED_AS: row.digest} if row.id else {FED: row.digest}
    return [
        replace(each, facts={**each.facts, **marks}) if place == 0 else each
        for place, each in enumerate(records)
    ]


@dataclass(frozen=True, slots=True)
class _Desk:
    """Makes records of rows; `ended` are the tasks that rows before ended."""

    proposal: Proposal
    works: Mapping[str, Work]
    debtors: frozenset[str]
    ended: set[int]

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
        day, until, amount = row.day("date"), row.day("until"), row.amount()
        outcome = row.outcome() if row.event in ("call", "outcome") else None
        code = row.code() if row.event != "task" else row.text("code")
        cells = (day, until, amount, outcome, code)
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
        assert not isinstance(outcome, Diagnostic)
        assert not isinstance(code, Diagnostic)
        return _Said(
            day or today, until, amount, outcome, code, row.text("note"), row.text("owner"),
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


def _entered(desk: _Desk, row: Row, said: _Said) -> Iterator[Record | Diagnostic]:
    """Yield a block, a promise, a dispute, or the end of one."""
    entry = Entry(
        row.event, said.day, row.text("number"), row.text("debtor"), said.until, said.amount, (),
        said.note, said.by, said.code, said.owner,
    )  # fmt: skip
    if row.event == "dispute":
        entry = dated(replace(entry, code=said.code or "other"), desk.proposal)
    yield made(entry, desk.proposal)


def _called(desk: _Desk, row: Row, said: _Said) -> Iterator[Record | Diagnostic]:
    """Yield a call and what follows from it; about a task it is what came of the task."""
    if row.text("task"):
        yield from _ended(desk, row, said)
        return
    talk = Talk(row.text("number"), row.text("debtor"), _outcome(said))
    yield from told(talk, desk.proposal)


def _noted(desk: _Desk, row: Row, said: _Said) -> Iterator[Record | Diagnostic]:
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


def _added(desk: _Desk, row: Row, said: _Said) -> Iterator[Record | Diagnostic]:
    """Yield a task more."""
    entry = Entry(
        lists.ADDED, said.day, row.text("number"), row.text("debtor"), said.until or said.day,
        reason=said.note, by=said.by, code=said.code or "other", owner=said.owner,
    )  # fmt: skip
    yield made(entry, desk.proposal)


def _ended(desk: _Desk, row: Row, said: _Said) -> Iterator[Record | Diagnostic]:
    """Yield what came of a task and what follows from it."""
    work = desk.work(row)
    if isinstance(work, Diagnostic):
        yield work
        return
    if said.outcome != lists.NO_ANSWER:
        desk.ended.add(work.number)
    yield from ending(work, _outcome(said), desk.proposal)


def _outcome(said: _Said) -> Outcome:
    return Outcome(
        said.outcome or "done", said.day, said.until, said.amount, said.note, said.by, None,
        said.code or "other", said.owner,
    )  # fmt: skip


_MAKERS: Mapping[str, Callable[[_Desk, Row, _Said], Iterator[Record | Diagnostic]]] = {
    "call": _called,
    "note": _noted,
    "task": _added,
    "outcome": _ended,
}
"""How the records of a row are made; `_entered` makes those of all others."""
