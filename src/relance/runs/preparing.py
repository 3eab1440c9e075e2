"""What is to be sent, prepared: tasks, and notices as they are rendered; the others wait."""

from __future__ import annotations

from collections.abc import Iterator

from relance.channels.registry import capabilities
from relance.clock import moment_of
from relance.diagnostics import Diagnostic
from relance.dunning.plan import Notice
from relance.history.store import History
from relance.notices.print_run import print_run
from relance.notices.stationery import Stationery
from relance.runs.delivery import Prepared, of_notice, of_task
from relance.runs.proposal import Proposal
from relance.runs.report import RunReport

WORKLIST = "task"
"""Channel of tasks that no level asked for; there whether the policy names it or not."""


def prepared(report: RunReport, history: History) -> Iterator[Prepared]:
    """Yield what is to be sent: tasks first, they cannot fail; then notices as they are rendered."""
    proposal, channels = report.proposal, report.proposal.policy.channels
    for task in proposal.plan.tasks:
        yield of_task(task, task.channel or WORKLIST, proposal.today)
    approved = history.approvals()
    ready: list[Notice] = []
    for notice in proposal.plan.notices:
        waits = notice.approval == "required" and not _is_approved(notice, proposal, approved)
        (report.awaiting if waits else ready).append(notice)
    if not ready:
        return
    stationery = Stationery.of(proposal.policy)
    moment = moment_of(proposal.today, proposal.policy.creditor.timezone)
    for notice, message in print_run(ready, stationery, moment):
        if isinstance(message, Diagnostic):
            report.faults.append(message)
        else:
            able = capabilities(channels[notice.channel].kind)
            yield of_notice(notice, message, able)


def _is_approved(notice: Notice, proposal: Proposal, approved: set[str]) -> bool:
    return bool(approved & {notice.key, proposal.plan.plan_hash})
