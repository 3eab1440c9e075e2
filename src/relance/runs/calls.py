"""Calls with debtors that no task asked for: what came of them, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from relance.diagnostics import Diagnostic
from relance.history.store import History
from relance.history.values import Record
from relance.language import N_, translator
from relance.runs.proposal import Proposal
from relance.runs.recording import Entry, made
from relance.runs.worklist import Outcome, following

CALLED = "called"
AGAIN = N_("Call again")


@dataclass(frozen=True, slots=True)
class Talk:
    """A call about an invoice (`number`) or with a debtor about all that it owes."""

    number: str | None
    debtor: str | None
    outcome: Outcome


def log_call(talk: Talk, proposal: Proposal, history: History) -> list[Diagnostic]:
    """Record a call and what follows from it, all at once; or return what is wrong."""
    records = list(told(talk, proposal))
    wrong = [each for each in records if isinstance(each, Diagnostic)]
    if not wrong:
        history.record([each for each in records if isinstance(each, Record)])
    return wrong


def told(talk: Talk, proposal: Proposal) -> Iterator[Record | Diagnostic]:
    """Yield the event of a call, and what changes the verdict; only what is wrong, if anything is.

    Who did not answer and is to be called again on a day gets a task for that day.
    """
    outcome = talk.outcome
    said = Entry(
        CALLED, outcome.day, talk.number, talk.debtor, outcome.until, reason=outcome.note,
        by=outcome.by, code=outcome.code,
    )  # fmt: skip
    called = made(said, proposal)
    yield called
    if isinstance(called, Diagnostic):
        return
    if outcome.code == "no_answer" and outcome.until:
        again = translator(proposal.policy.creditor.language)(AGAIN)
        yield replace(called, type="task_added", code="call", reason=outcome.note or again,
                      owner=outcome.owner)  # fmt: skip
    said = replace(said, type="", code=None, owner=outcome.owner)
    yield from following(said, outcome, proposal)
