"""What is to be sent, prepared: tasks, and notices as they are rendered; the others wait."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from relance.channels.registry import abilities
from relance.clock import moment_of
from relance.diagnostics import Diagnostic
from relance.dunning.plan import Notice
from relance.history.store import History
from relance.notices.message import Message
from relance.notices.print_run import print_run
from relance.notices.stationery import Stationery
from relance.runs.approvals import Approved
from relance.runs.consignment import Prepared, of_notice, of_task
from relance.runs.environment import not_allowed
from relance.runs.report import RunReport

WORKLIST = "task"
"""Channel of tasks that no level asked for; there whether the policy names it or not."""


Printing = Callable[
    [Iterable[Notice], Stationery, datetime], Iterator[tuple[Notice, Message | Diagnostic]]
]
"""Makes the messages of notices, in order; or says why there is none."""


def prepared(
    report: RunReport, history: History, printing: Printing = print_run
) -> Iterator[Prepared]:
    """Yield what is to be sent: tasks first, they cannot fail; then notices as they are rendered."""
    proposal = report.proposal
    for task in proposal.plan.tasks:
        yield of_task(task, task.channel or WORKLIST, proposal.today)
    yield from prepared_notices(report, history, proposal.plan.notices, printing)


def prepared_notices(
    report: RunReport,
    history: History,
    notices: Iterable[Notice],
    printing: Printing = print_run,
) -> Iterator[Prepared]:
    """Yield those of `notices` that may go, as they are rendered."""
    proposal, channels = report.proposal, report.proposal.policy.channels
    ready = _released(report, Approved.of(proposal, history), notices)
    if not ready:
        return
    stationery = Stationery.of(proposal.policy)
    moment = moment_of(proposal.today, proposal.policy.creditor.timezone)
    for notice, message in printing(ready, stationery, moment):
        if isinstance(message, Diagnostic):
            report.faults.append(message)
        else:
            able = abilities(channels[notice.channel])
            yield of_notice(notice, message, able)


def _released(report: RunReport, approved: Approved, notices: Iterable[Notice]) -> list[Notice]:
    """Return the notices that may go; the report is told which wait, and which a test refuses."""
    ready: list[Notice] = []
    for notice in notices:
        refused = not_allowed(notice)
        if refused is not None:
            report.faults.append(refused)
        elif notice.approval == "required" and not approved.notice(notice):
            report.awaiting.append(notice)
        else:
            ready.append(notice)
    return ready
