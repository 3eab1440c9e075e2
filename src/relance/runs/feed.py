"""The feed: calls, promises, disputes, notes, blocks and outcomes of tasks from a file, all or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from relance.diagnostics import Diagnostic, Phrase
from relance.dunning import worklist as lists
from relance.dunning.handovers import RESULT
from relance.dunning.worklist import Work
from relance.history.store import History
from relance.history.values import Record
from relance.language import N_
from relance.runs import feed_codes as codes
from relance.runs.calls import CALLED
from relance.runs.feed_desk import Desk
from relance.runs.feed_rows import Row
from relance.runs.notes import NOTE
from relance.runs.proposal import Proposal
from relance.runs.subjects import rows_named
from relance.runs.worklist import works_of

FED, FED_AS = "fed", "fed_as"
"""Facts of an event that came from a file: what its row is known by, and what it said."""

_TYPES = (
    "block", "unblock", "dispute", "dispute_settled", "promise", "promise_withdrawn", CALLED, NOTE,
    lists.ADDED, lists.DONE, lists.MOVED, RESULT,
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
    desk = Desk(
        _about(rows, works, proposal), works, _debtors(proposal), set(), proposal, Counter()
    )
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
