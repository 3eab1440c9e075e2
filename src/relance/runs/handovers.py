"""Handing claims over: what can go to whom, the dossier, and the events of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from relance.channels.folder import Folder
from relance.diagnostics import Diagnostic
from relance.dunning.disputes import contested
from relance.dunning.handovers import (
    GIVEN,
    Case,
    cases,
    first_taking,
    following,
    step_of,
    taken,
)
from relance.dunning.worklist import DONE, Work
from relance.history.store import History
from relance.history.values import Record
from relance.money import to_text
from relance.policy.handovers import Handover, cascade
from relance.runs import handover_codes as codes
from relance.runs.dossier import Dossier, make_dossier
from relance.runs.handover_cases import open_cases, returns
from relance.runs.proposal import Proposal
from relance.runs.subjects import rows_about
from relance.runs.worklist import works_of

Fields = dict[str, Any]

KIND = "handover"
"""Kind of the task that a level with `handover` gives."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person wants handed over.

    Attributes:
        subject: number of an invoice or a debtor; with `task` that of the task that proposed it.
        to: step of the policy; None for the one that comes next.
        debtor: whose invoice it is, where several have the number.
        passing_on: what is with others is taken back, and given to the next.
    """

    subject: str
    to: str | None = None
    debtor: str | None = None
    by: str | None = None
    reason: str | None = None
    passing_on: bool = False
    task: bool = False


@dataclass(frozen=True, slots=True)
class Ready:
    """A handover that can be made: the dossier, what is recorded, and what was left out."""

    step: Handover
    rows: pl.DataFrame
    dossier: Dossier
    records: tuple[Record, ...]
    findings: tuple[Diagnostic, ...]


def prepare(asked: Asked, proposal: Proposal, history: History) -> Ready | list[Diagnostic]:
    """Return the handover that `asked` names, or what is wrong with it. Records nothing."""
    work = task_named(asked.subject, proposal, history) if asked.task else None
    rows = rows_of(asked, work, proposal)
    if rows.is_empty():
        return [Diagnostic(codes.NOTHING_LEFT, None, {"subject": asked.subject})]
    before = _passed_on(asked, rows, proposal)
    if asked.passing_on:
        theirs = {item for case in before for item in case.rows(rows, out=True)["item"]}
        rows = rows.filter(pl.col("item").is_in(sorted(theirs)))
    if rows.is_empty():
        return [Diagnostic(codes.NO_CASE, None, {"subject": asked.subject})]
    step = _step(asked, work, before, rows, proposal)
    if step is None:
        facts = {"subject": asked.subject, "to": asked.to or "–"}
        names = ", ".join(each.id for each in proposal.policy.handovers) or "–"
        return [Diagnostic(codes.NO_STEP, None, {**facts, "names": names})]
    back = frozenset(
        item for case in before for item in case.rows(proposal.facts, out=True)["item"]
    )
    left, findings = _givable(rows, step, back)
    if left.is_empty():
        return [*findings, Diagnostic(codes.NOTHING_LEFT, None, {"subject": asked.subject})]
    dossier = make_dossier(left, step, proposal, history)
    if isinstance(dossier, Diagnostic):
        return [dossier]
    records = [
        *(
            each
            for case in before
            for each in returns(case, proposal.today, asked.by, asked.reason)
        ),
        *_gives(left, step, dossier, asked, proposal.today),
        *_tasks_done(left, asked, proposal, history),
    ]
    found = (*findings, *dossier.findings)
    return Ready(step, left, dossier, tuple(records), found)


def give(ready: Ready, proposal: Proposal, history: History, folder: str | None = None) -> Fields:
    """Write the dossier, record the handover; return it as JSON.

    What is given is recorded before it is sent: whatever becomes of that, dunning has stopped.
    """
    path = proposal.policy.root / (folder or ready.step.folder)
    place = Folder(path)
    try:
        place.put(ready.dossier.filename, ready.dossier.content)
    finally:
        place.close()
    numbers = history.record(ready.records)
    first = next(n for n, each in zip(numbers, ready.records, strict=True) if each.type == GIVEN)
    return {
        "case": first,
        "debtor": ready.rows["debtor"][0],
        "to": ready.step.id,
        "to_name": ready.step.name,
        "until": (proposal.today + timedelta(ready.step.days)).isoformat(),
        "numbers": ready.rows["number"].sort().to_list(),
        "claim": ready.dossier.facts["claim"]["totals"],
        "file": str(path / ready.dossier.filename),
        "sha256": ready.dossier.sha256,
        "missing": [part["about"] for part in ready.dossier.parts if part["file"] is None],
    }


def task_named(subject: str, proposal: Proposal, history: History) -> Work | None:
    """Return the open task to hand over that `subject` is the number of; None if it is none."""
    works = works_of(proposal, history) if subject.isdecimal() else []
    found = [w for w in works if str(w.number) == subject and w.kind == KIND and w.state == "open"]
    return found[0] if found else None


def rows_of(asked: Asked, work: Work | None, proposal: Proposal) -> pl.DataFrame:
    """Return what may be meant: what is open and a claim, of one currency."""
    facts = proposal.facts.filter(
        ~pl.col("credit") & (pl.col("open") > 0) & ~pl.col("missing") & pl.col("debtor_known")
    )
    if work is not None:
        return facts.filter(pl.col("item").is_in(list(work.items)))
    of_debtor = facts.filter(pl.col("debtor") == asked.subject)
    if of_debtor.is_empty():
        rows = rows_about(facts, asked.subject, asked.debtor)
        return rows if rows.height == 1 else rows.clear()
    late = of_debtor.filter(pl.col("days_past_due") > 0)
    home = proposal.policy.creditor.currency
    currencies = late["currency"].unique().sort()
    first = home if home in currencies else next(iter(currencies), home)
    return late.filter(pl.col("currency") == first)


def _passed_on(asked: Asked, rows: pl.DataFrame, proposal: Proposal) -> list[Case]:
    if not asked.passing_on:
        return []
    mine = [case for case in open_cases(proposal) if case.debtor == rows["debtor"][0]]
    items = set(rows["item"])
    return [case for case in mine if None in case.out or items & set(case.out)]


def _step(
    asked: Asked,
    work: Work | None,
    before: Sequence[Case],
    rows: pl.DataFrame,
    proposal: Proposal,
) -> Handover | None:
    policy = proposal.policy
    if asked.to is not None:
        return step_of(asked.to, policy)
    if before:
        return following(before[0], rows, policy)
    first = _level_step(work.level, rows, proposal) if work else None
    steps = cascade(policy.handovers, first) if first else policy.handovers
    fresh = _not_tried(steps, rows, proposal)
    return first_taking(fresh, rows)


def _level_step(level: str | None, rows: pl.DataFrame, proposal: Proposal) -> str | None:
    """Return the step that `level` of the debtor's procedure begins with."""
    procedure = proposal.policy.procedures.get(rows["procedure"][0])
    levels = procedure.levels if procedure else ()
    return next((each.handover for each in levels if each.id == level), None)


def _not_tried(steps: Sequence[Handover], rows: pl.DataFrame, proposal: Proposal) -> list[Handover]:
    """Return `steps` without those that had any of `rows` before."""
    items = set(rows["item"])
    every = cases(proposal.portfolio.past.holds, proposal.today)
    tried = {case.to for case in every if items & set(case.given)}
    return [step for step in steps if step.id not in tried]


_FREE: Mapping[str, pl.Expr] = {
    **{name: pl.col(name) for name in ("blocked", "insolvent", "handed_over")},
    "disputed": contested(),
    "promised": pl.col("promised"),
    "instalments": pl.col("instalments") | pl.col("proposed"),
    "offered": pl.col("offered_until").is_not_null() | pl.col("reduction_due").is_not_null(),
    "in_doubt": pl.col("in_doubt"),
    "payment_pending": pl.col("payment_pending").is_not_null(),
}
"""What keeps a claim with us, by verdict: also what stands behind a stronger one, or holds a part."""


def _givable(
    rows: pl.DataFrame, step: Handover, back: frozenset[str]
) -> tuple[pl.DataFrame, list[Diagnostic]]:
    """Return what of `rows` can go to `step`, and why the rest cannot. `back`: what is taken back."""
    takes = set(taken(step, rows)["item"])
    findings: list[Diagnostic] = []
    kept: list[str] = []
    held = rows.with_columns(**_FREE).sort("due", "number", nulls_last=True)
    for row in held.iter_rows(named=True):
        wrong = _bar(row, step, takes, back)
        if wrong is None:
            kept.append(row["item"])
        else:
            findings.append(wrong)
    return rows.filter(pl.col("item").is_in(kept)), findings


def _bar(
    row: Mapping[str, Any], step: Handover, takes: set[str], back: frozenset[str]
) -> Diagnostic | None:
    facts = {"number": row["number"], "to": step.id}
    free = [name for name in _FREE if row[name]]
    if row["item"] in back:
        free = [name for name in free if name != "handed_over"]
    if step.judicial:
        free = [name for name in free if name != "disputed"]
    if row["days_past_due"] is None or row["days_past_due"] <= 0:
        free = [*free, "not_due"]
    if free:
        return Diagnostic(codes.HELD, None, {**facts, "verdict": free[0]})
    if not row["level_reached"] and row["last_notice"] is None:
        return Diagnostic(codes.NOT_REMINDED, None, facts)
    return None if row["item"] in takes else Diagnostic(codes.NOT_TAKEN, None, facts)


def _gives(
    rows: pl.DataFrame, step: Handover, dossier: Dossier, asked: Asked, today: date
) -> list[Record]:
    told = {
        "to_name": step.name,
        "kind": step.kind,
        "file": dossier.filename,
        "sha256": dossier.sha256,
        "bytes": len(dossier.content),
    }
    return [
        Record(
            GIVEN, today, row["debtor"], row["item"], until=today + timedelta(step.days),
            amount=row["open"], reason=asked.reason, by=asked.by, code=step.kind, owner=step.id,
            facts=told,
        )
        for row in rows.sort("due", "number", nulls_last=True).iter_rows(named=True)
    ]  # fmt: skip


def _tasks_done(
    rows: pl.DataFrame, asked: Asked, proposal: Proposal, history: History
) -> list[Record]:
    """Return the events that end the tasks that proposed what is given now."""
    given = set(rows["item"])
    return [
        Record(DONE, proposal.today, work.debtor, by=asked.by, code="done", about=work.number)
        for work in works_of(proposal, history)
        if work.kind == KIND and work.state == "open" and work.items and given >= set(work.items)
    ]


def proposed(proposal: Proposal, history: History) -> list[Fields]:
    """Return the open tasks to hand over, with the step that each would go to, as JSON."""
    found = []
    for work in works_of(proposal, history):
        if work.kind != KIND or work.state != "open":
            continue
        asked = Asked(str(work.number))
        rows = rows_of(asked, work, proposal)
        rows = rows.filter(~pl.col("handed_over"))
        if rows.is_empty():
            continue
        step = _step(asked, work, (), rows, proposal)
        found.append(
            {
                "task": work.number,
                "debtor": work.debtor,
                "debtor_name": work.debtor_name or None,
                "numbers": rows["number"].sort().to_list(),
                "currency": work.currency,
                "open": to_text(int(rows["open"].sum()), work.currency),
                "to": step.id if step else None,
                "to_name": step.name if step else None,
            }
        )
    return found
