"""The proposal of a run: what is due today, and why the rest is not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from relance.diagnostics import Diagnostic
from relance.dunning.accessories import accessories
from relance.dunning.decide import decide
from relance.dunning.desk_tasks import add_desk_tasks
from relance.dunning.handovers import add_handover_tasks
from relance.dunning.instalment_reminders import add_instalment_reminders
from relance.dunning.lettering_tasks import add_lettering_tasks
from relance.dunning.plan import Plan, Task
from relance.dunning.planning import make_plan
from relance.dunning.reply_tasks import add_reply_tasks
from relance.dunning.unclaimed import unclaimed
from relance.history.store import History
from relance.intake.reading import Reading
from relance.notices.codes import RenderError
from relance.notices.stationery import Stationery
from relance.notices.subjects import subject_of
from relance.policy.model import Policy
from relance.runs.marks import marked
from relance.runs.portfolio import Portfolio, assemble
from relance.runs.printed import unprinted
from relance.runs.reach import reach_of
from relance.runs.refused import refused_addresses


@dataclass(frozen=True)
class Proposal:
    """A plan and all that it was made from.

    Attributes:
        facts: the frame of `decide`, one row per item read.
        diagnostics: of the files, the items and the templates of tasks.
        refused: a file was refused whole; nothing may be sent.
    """

    policy: Policy
    today: date
    facts: pl.DataFrame
    plan: Plan
    portfolio: Portfolio
    diagnostics: tuple[Diagnostic, ...]

    @property
    def reading(self) -> Reading:
        """What came out of the files."""
        return self.portfolio.reading

    @property
    def accessories(self) -> pl.DataFrame:
        """What is left of interest and compensation where the principal was paid late."""
        portfolio = self.portfolio
        return accessories(self.facts, portfolio.debtors, portfolio.past, self.policy)

    @property
    def refused(self) -> bool:
        """Whether a file was refused whole; nothing may be sent then."""
        return self.reading.refused


def propose(policy: Policy, today: date, history: History) -> Proposal:
    """Return what a run on `today` would do. Reads only."""
    portfolio = assemble(policy, today, history)
    reach = reach_of(policy)
    facts = decide(portfolio.facts, policy, today, reach)
    plan = make_plan(facts, policy, today, reach, portfolio.past)
    tasks, faults = _with_subjects(plan.tasks, policy)
    plan = replace(plan, tasks=tasks)
    plan = add_instalment_reminders(plan, policy, portfolio.past, reach)
    if portfolio.lettered is not None:  # after the templates: what payers write is none
        plan = add_lettering_tasks(plan, portfolio.lettered.proposals, policy, portfolio.past)
    plan = marked(plan, policy, history, portfolio.past.levels)
    plan = add_reply_tasks(plan, portfolio.debtors, policy, portfolio.past)
    plan = add_desk_tasks(plan, policy, portfolio.past)
    plan = add_handover_tasks(plan, policy, portfolio.past)
    refused = refused_addresses(facts, portfolio.past.rejected)
    diagnostics = (
        *portfolio.diagnostics,
        *faults,
        *refused,
        *unclaimed(plan, policy, portfolio.past),
        *unprinted(policy, history, today),
    )
    return Proposal(policy, today, facts, plan, portfolio, diagnostics)


def _with_subjects(
    tasks: tuple[Task, ...], policy: Policy
) -> tuple[tuple[Task, ...], list[Diagnostic]]:
    """Fill in the subjects of tasks; a template that fails keeps its task and is reported."""
    if not any("{" in task.subject for task in tasks):
        return tasks, []
    stationery = Stationery.of(policy)
    done: list[Task] = []
    faults: list[Diagnostic] = []
    for task in tasks:
        if task.level is None:
            done.append(task)  # our own words: what they name is data, and never a template
            continue
        try:
            done.append(replace(task, subject=subject_of(task, stationery)))
        except RenderError as error:
            faults.append(error.diagnostic)
            done.append(task)
    return tuple(done), faults
