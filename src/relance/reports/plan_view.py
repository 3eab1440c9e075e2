"""The morning view of a plan: the tables one under another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relance.dunning.levels import rungs
from relance.dunning.plan import Plan
from relance.language import translator
from relance.policy.model import Policy
from relance.reports import plan_table
from relance.reports.figures import counted
from relance.reports.tables import Table, stacked

if TYPE_CHECKING:
    from rich.console import RenderableType


def plan_view(
    plan: Plan, policy: Policy, language: str, *, everything: bool = False
) -> RenderableType:
    """Return the plan for a terminal; `everything` lists all notices, however many."""
    from rich.text import Text

    most = None if everything else plan_table.SHOWN
    parts: list[RenderableType] = [Text(plan_table.heading(plan, language), style="bold")]
    parts += _tables(plan, language, most)
    parts += [Text(line) for line in _notes(plan, policy, language)]
    parts.append(Text(plan_table.summary_line(plan, language), style="bold"))
    return stacked(parts)


def _tables(plan: Plan, language: str, most: int | None) -> list[Table]:
    tables = [plan_table.notices_table(plan, language, most)]
    if plan.notice_count > plan_table.SHOWN:
        tables.append(plan_table.levels_table(plan, language))
    if plan.tasks:
        tables.append(plan_table.tasks_table(plan.tasks, language, most))
    if plan.held.height:
        tables.append(plan_table.held_table(plan.held, language))
    return tables


def _notes(plan: Plan, policy: Policy, language: str) -> list[str]:
    _ = translator(language)
    lines = []
    if count := _waiting(plan, policy):
        text = _("* {notices} to approve first: `relance approve {plan}`, or one by its key.")
        notices = counted(count, "notice", language)
        lines.append(text.format(notices=notices, plan=plan.plan_hash[:12]))
    if plan.readdressed:
        text = _("≠ {notices} to another recipient than the last one: look at them first.")
        lines.append(text.format(notices=counted(plan.readdressed, "notice", language)))
    if policy.environment == "test":
        lines.append(_("This is a test: every message goes to `test_recipients`, or nowhere."))
    return lines


def _waiting(plan: Plan, policy: Policy) -> int:
    """Return how many notices wait for approval; by their levels alone where nothing else asks."""
    if policy.limits.approve_above is not None or policy.limits.approve_first_use:
        return sum(notice.approval == "required" for notice in plan.notices)
    waiting = [r.index for r in rungs(policy.procedures) if r.level.approval == "required"]
    return plan.acting.filter(plan.acting["top_rung"].is_in(waiting))["group"].n_unique()
