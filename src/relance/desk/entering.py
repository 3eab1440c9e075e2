"""What is recorded at the desk, by the functions that the commands use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from relance.desk.about import About, item_of
from relance.desk.book import Book, Seat
from relance.desk.form import Values
from relance.desk.typed import Mistyped, amount_of, day_of
from relance.diagnostics import Diagnostic
from relance.dunning.worklist import Work
from relance.history.store import History
from relance.history.values import Record
from relance.language import N_
from relance.runs import feed_codes
from relance.runs.calls import Talk, log_call
from relance.runs.disputes import open_dispute
from relance.runs.notes import Note, add_note
from relance.runs.recording import Entry, record
from relance.runs.worklist import NEEDS_DATE, NEEDS_NOTE, Outcome, add, close, record_each


@dataclass(frozen=True)
class Hand:
    """Records what the forms say about one debtor. Each method returns what is wrong.

    All raise `Mistyped` where a field says nothing that can be understood, and `HistoryUnavailable`
    where the database cannot be written: then nothing was recorded.
    """

    seat: Seat
    book: Book
    about: About

    @property
    def _today(self) -> date:
        return self.seat.day()

    def call(self, values: Values) -> list[Diagnostic]:
        """Record what came of a call, or of a task."""
        code = values["outcome"]
        until = self._day(values, "until", code in NEEDS_DATE)
        amount = amount_of(values.get("amount", ""))
        if code in NEEDS_NOTE and not values["note"]:
            raise Mistyped(N_("why is it not approved?"))
        outcome = Outcome(
            code, self._today, until, amount, values["note"] or None, self.seat.by
        )  # fmt: skip
        work = self.about.work(values["about"])
        with self.seat.history(readonly=False) as history:
            if work is not None:
                return self._ended(work, outcome, history)
            number, debtor = self._subject(values)
            talk = Talk(number, debtor, outcome)
            return log_call(talk, self.book.proposal, history)

    def promise(self, values: Values) -> list[Diagnostic]:
        """Record a promise; of a task it is what came of it."""
        until = self._day(values, "until", True)
        amount = amount_of(values["amount"])
        said = values["note"] or None
        work = self.about.work(values["about"])
        with self.seat.history(readonly=False) as history:
            if work is not None:
                outcome = Outcome("promised", self._today, until, amount, said, self.seat.by)
                return self._ended(work, outcome, history)
            number, debtor = self._subject(values)
            entry = Entry(
                "promise", self._today, number, debtor, until, amount, reason=said,
                by=self.seat.by, owner=values["who"] or None,
            )  # fmt: skip
            return record(entry, self.book.proposal, history)

    def dispute(self, values: Values) -> list[Diagnostic]:
        """Record a dispute; of a task it is what came of it."""
        until = self._day(values, "until", False)
        amount, said = amount_of(values["amount"]), values["note"] or None
        code, owner = values["code"], values["owner"] or None
        work = self.about.work(values["about"])
        with self.seat.history(readonly=False) as history:
            if work is not None:
                outcome = Outcome(
                    "disputed", self._today, until, amount, said, self.seat.by, dispute=code, owner=owner
                )  # fmt: skip
                return self._ended(work, outcome, history)
            number, debtor = self._subject(values)
            entry = Entry(
                "dispute", self._today, number, debtor, until, amount, (), said, self.seat.by,
                code, owner,
            )  # fmt: skip
            return open_dispute(entry, self.book.proposal, history)

    def note(self, values: Values) -> list[Diagnostic]:
        """Record a note."""
        item = item_of(values["about"])
        debtor = self.about.debtor
        note = Note(item or debtor, values["note"], self._today, self.seat.by,
                    debtor if item else None)  # fmt: skip
        with self.seat.history(readonly=False) as history:
            made = add_note(note, self.book.proposal.portfolio, history)
        return made if isinstance(made, list) else []

    def add(self, values: Values) -> list[Diagnostic]:
        """Put a task on the list."""
        if not values["subject"]:
            raise Mistyped(N_("what is to be done?"))
        added = Record(
            "task_added", self._today, self.about.debtor, item_of(values["about"]),
            self._day(values, "due", False) or self._today, reason=values["subject"],
            by=self.seat.by, code=values["kind"], owner=values["owner"] or None,
        )  # fmt: skip
        with self.seat.history(readonly=False) as history:
            add(added, history)
        return []

    def move(self, work: Work, values: Values) -> list[Diagnostic]:
        """Put a task off, or pass it on."""
        due, owner = self._day(values, "due", False), values["owner"] or None
        if due == work.due and owner in (None, work.owner):
            raise Mistyped(N_("to when, or to whom?"))
        moved = Record("task_moved", self._today, until=due, owner=owner, by=self.seat.by)
        with self.seat.history(readonly=False) as history:
            gone = self._gone(work, history)
            if gone:
                return gone
            record_each([work], moved, history)
        return []

    def _ended(self, work: Work, outcome: Outcome, history: History) -> list[Diagnostic]:
        gone = self._gone(work, history)
        return gone or close([(work, outcome)], self.book.proposal, history)

    def _gone(self, work: Work, history: History) -> list[Diagnostic]:
        """Return the finding that somebody else was faster; nothing while the task is open."""
        return task_done(work.number, self.seat.works_in(history, self.book, work.debtor))

    def _subject(self, values: Values) -> tuple[str | None, str]:
        return item_of(values["about"]), self.about.debtor

    def _day(self, values: Values, name: str, needed: bool) -> date | None:
        day = day_of(values[name], self._today)
        if day is None and needed:
            raise Mistyped(N_("until when? A promise needs a date"))
        if day is not None and day < self._today:
            raise Mistyped(N_("{text} is past"), values[name])
        return day


def task_done(number: int, works: Sequence[Work]) -> list[Diagnostic]:
    """Return the finding that task `number` of `works` was done by somebody; nothing otherwise."""
    done = next((work for work in works if work.number == number and work.state == "done"), None)
    if done is None:
        return []
    facts = {"number": number, "by": done.by or "?", "outcome": done.outcome, "date": done.ended}
    return [Diagnostic(feed_codes.TASK_DONE, None, facts)]
