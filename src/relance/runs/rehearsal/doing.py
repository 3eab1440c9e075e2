"""Does the steps of a test, as the program would on their days."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, Protocol

import polars as pl

from relance.diagnostics import Diagnostic
from relance.dunning.verdicts import reason_of
from relance.policy.scenarios import Answer, Step
from relance.reports.plan_json import plan_json
from relance.runs import adoption
from relance.runs.approvals import facts_of_plan
from relance.runs.brakes import checked
from relance.runs.execution import Outfit, refuse_past
from relance.runs.execution import run as execute
from relance.runs.proposal import Proposal, propose
from relance.runs.rehearsal.books import book
from relance.runs.rehearsal.outbox import tried
from relance.runs.rehearsal.project import MAIL, Change, Rehearsal
from relance.runs.rehearsal.results import Reached
from relance.runs.report import RunReport
from relance.runs.subjects import bears

BY = "relance test"
_SENDER = "compta@client.example"


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said: its exit code, and what it wrote to stdout and stderr."""

    code: int
    out: str = ""
    err: str = ""


class Program(Protocol):
    """The command line, which stands above what runs a test."""

    def call(self, words: Sequence[str], rehearsal: Rehearsal) -> Said:
        """Do a command on the project of a test; return what it said."""
        ...

    def exit_of_run(self, report: RunReport) -> int:
        """Return the exit code of a run."""
        ...

    def exit_of(self, found: Sequence[Diagnostic]) -> int:
        """Return the exit code that findings ask for."""
        ...


@dataclass(frozen=True)
class Seen:
    """What a step came to.

    Attributes:
        said: exit code and output; None of steps that run no program.
        plan: the JSON of the plan; None where none was made.
        findings: why it did not end well, as far as findings say it.
        reasons: the reason of each number's verdict, by number.
        reached: levels and segments.
    """

    said: Said | None = None
    plan: dict[str, Any] | None = None
    findings: tuple[Diagnostic, ...] = ()
    reasons: Callable[[Sequence[str]], dict[str, str]] = field(default=lambda _numbers: {})
    reached: Reached = field(default_factory=Reached)


@dataclass
class Doing:
    """Does the steps of one test in its project."""

    rehearsal: Rehearsal
    program: Program
    language: str
    day: str = ""

    def do(self, step: Step, change: Change) -> Seen:
        """Do `step`; `change` is where it stands in its file.

        Raises:
            PolicyRefused: if it changes the policy into one that has errors.
            UnknownNumber: if it pays what is not there.
        """
        self.day = step.date or step.plan or step.run or step.adopt or step.approve or self.day
        doing: Callable[[Step, Change], Seen] = getattr(self, f"_{step.doing}")
        return doing(step, change)

    @property
    def _today(self) -> date:
        return date.fromisoformat(self.day)

    def _export(self, step: Step, _change: Change) -> Seen:
        self.rehearsal.book = book(step.export or "")
        self.rehearsal.write_books()
        return Seen()

    def _customers(self, step: Step, _change: Change) -> Seen:
        self.rehearsal.customers = step.customers
        self.rehearsal.write_books()
        return Seen()

    def _paid(self, step: Step, _change: Change) -> Seen:
        for number, amount in (step.paid or {}).items():
            self.rehearsal.book = self.rehearsal.book.paid(number, amount)
        self.rehearsal.write_books()
        return Seen()

    def _policy(self, _step: Step, change: Change) -> Seen:
        self.rehearsal.changes.append(change)
        self.rehearsal.settle_policy()
        return Seen()

    _procedures = _policy

    def _record(self, step: Step, _change: Change) -> Seen:
        return self._called(["record", *shlex.split(step.record or "")])

    def _call(self, step: Step, _change: Change) -> Seen:
        return self._called(shlex.split(step.call or ""))

    def _called(self, words: Sequence[str]) -> Seen:
        command, *rest = words
        return Seen(self.program.call([command, "--date", self.day, *rest], self.rehearsal))

    def _answer(self, step: Step, _change: Change) -> Seen:
        assert step.answer is not None
        self.rehearsal.mails += 1
        name = f"{self.rehearsal.mails:04d}.test"
        path = self.rehearsal.root / MAIL / "new" / name
        path.write_bytes(self._mail(step.answer, name))
        noon = datetime(*self._today.timetuple()[:3], 12, tzinfo=UTC).timestamp()
        os.utime(path, (noon, noon))
        return self._called(["inbox"])

    def _mail(self, answer: Answer, name: str) -> bytes:
        """Return a debtor's mail, from the address that the customers' file has."""
        mail = EmailMessage(SMTP)
        mail["From"] = self._address(answer.debtor)
        mail["To"] = self.rehearsal.policy.creditor.email
        mail["Subject"] = answer.subject
        mail["Date"] = datetime(*self._today.timetuple()[:3], 12, tzinfo=UTC)
        mail["Message-ID"] = f"<{name}@client.example>"
        mail.set_content(answer.text)
        return mail.as_bytes()

    def _address(self, debtor: str) -> str:
        with self.rehearsal.history(readonly=True) as history:
            debtors = propose(self.rehearsal.policy, self._today, history).portfolio.debtors
        found = debtors.filter((pl.col("debtor") == debtor) & pl.col("email").is_not_null())
        return str(found["email"][0]) if found.height else _SENDER

    def _adopt(self, _step: Step, _change: Change) -> Seen:
        with self.rehearsal.history() as history:
            proposal = propose(self.rehearsal.policy, self._today, history)
            if proposal.refused:
                return self._refused(proposal)
            adoption.adopt(adoption.adoptable(proposal), history, BY)
        return Seen(Said(0))

    def _approve(self, _step: Step, _change: Change) -> Seen:
        with self.rehearsal.history() as history:
            proposal = propose(self.rehearsal.policy, self._today, history)
            if proposal.refused:
                return self._refused(proposal)
            key = proposal.plan.plan_hash
            history.approve([key], BY, {key: facts_of_plan(proposal)})
        return Seen(Said(0))

    def _plan(self, _step: Step, _change: Change) -> Seen:
        with self.rehearsal.history(readonly=True) as history:
            check = checked(propose(self.rehearsal.policy, self._today, history), history)
        if check.proposal.refused:
            return self._refused(check.proposal)
        return self._seen(check.proposal, 0, check.stops)

    def _run(self, _step: Step, _change: Change) -> Seen:
        rehearsal, report = self.rehearsal, None
        with rehearsal.history() as history:
            past = refuse_past(history, self._today)
            if past is not None:
                return Seen(Said(self.program.exit_of([past])), None, (past,))
            outfit = Outfit(tried, paced=False)
            for latest in execute(rehearsal.policy, self._today, history, None, outfit):
                report = latest
        assert report is not None
        if report.proposal.refused:
            return self._refused(report.proposal)
        return self._seen(report.proposal, self.program.exit_of_run(report), report.stops, report)

    def _refused(self, proposal: Proposal) -> Seen:
        found = proposal.diagnostics
        return Seen(Said(self.program.exit_of(found)), None, found)

    def _seen(
        self,
        proposal: Proposal,
        code: int,
        stops: Sequence[Diagnostic],
        report: RunReport | None = None,
    ) -> Seen:
        parts = plan_json(proposal.plan, proposal.diagnostics, self.language, stops)
        text = "".join(parts)
        findings = (*stops, *(report.faults if report else ()))
        return Seen(
            Said(code, text),
            json.loads(text),
            findings,
            lambda numbers: _reasons(proposal, numbers, self.language),
            _reached(proposal),
        )


def _reasons(proposal: Proposal, numbers: Sequence[str], language: str) -> dict[str, str]:
    """Return why each of `numbers` has its verdict: what `relance explain` says of it."""
    found = {}
    for number in numbers:
        rows = proposal.facts.filter(bears(number)).sort("item")
        rows = rows.with_columns(reason_of(pl.col("verdict_line"), language))
        said = [f"{row['verdict']}: {row['reason']}" for row in rows.iter_rows(named=True)]
        if said:
            found[number] = " / ".join(said)
    return found


def _reached(proposal: Proposal) -> Reached:
    plan = proposal.plan
    notices = [(n.procedure, line.level) for n in plan.notices for line in n.receivables]
    levels = [*notices, *((task.procedure, task.level) for task in plan.tasks)]
    segments = proposal.facts.filter(~pl.col("missing") & (pl.col("open") > 0))["segment"]
    return Reached(
        frozenset((p, level) for p, level in levels if p and level),
        frozenset(segments.drop_nulls().unique().to_list()),
    )


@contextmanager
def at_home(rehearsal: Rehearsal) -> Iterator[None]:
    """Let relative paths lead into the project of the test while inside."""
    before = os.open(".", os.O_RDONLY)
    os.chdir(rehearsal.root)
    try:
        yield
    finally:
        os.fchdir(before)
        os.close(before)
