"""`relance run`: import, decide, render, send and record; or all but the last two."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop, of_diagnostics
from relance.cli.reviewed import changes_table, read_plan
from relance.cli.run_log import RunLog
from relance.cli.watch import Watch
from relance.cli.words import _

if TYPE_CHECKING:
    from datetime import date

    from relance.policy.model import Policy
    from relance.runs.report import RunReport
    from relance.runs.reviewed import Reviewed

HELP = _(
    "Import the exports, decide for every open item, render what is due, send and record it. A "
    "second run on the same day sends nothing.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance run --dry-run              all but sending and recording\n"
    "  relance run --quiet                for cron: says something only on trouble\n"
    "  relance run --plan plan.json       exactly the plan that was reviewed\n"
    "  relance run -C 'clients/*'         each project on its own, one summary"
)


def run(  # noqa: PLR0913, PLR0917 - a parameter is an option
    call: Call,
    dry: Annotated[
        bool, typer.Option("--dry-run", help=_("Do all but send and record: nothing changes."))
    ] = False,
    plan: Annotated[
        Path | None,
        typer.Option("--plan", metavar="FILE", help=_("Execute exactly this plan, or refuse.")),
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait", help=_("Wait for another run of this project to end."))
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help=_("List all notices and tasks, however many."))
    ] = False,
    log: Annotated[
        str | None,
        typer.Option(
            "--log", metavar="FILE", help=_("Append a line of JSON per event; -: stderr.")
        ),
    ] = None,
    log_names: Annotated[
        bool, typer.Option("--log-names", help=_("Let the log name debtors and addresses."))
    ] = False,
) -> int:
    """Run, or show what a run would do."""
    policy = project.policy_of(call)
    reviewed, day = read_plan(plan) if plan is not None else (None, None)
    today = call.day or day or call.today(policy)
    if dry:
        return _dry_run(call, policy, today, everything=everything)
    watch = Watch(call, policy, today, RunLog(log, policy, names=log_names))
    with watch.watched():
        with project.locked(policy, wait=wait):
            report = _executed(watch, reviewed)
        code = _told(call, report, everything=everything)
        watch.end(code)
    return code


def _dry_run(call: Call, policy: Policy, today: date, *, everything: bool) -> int:
    from relance.cli.plan import show, show_json
    from relance.runs.execution import dry_run, refuse_past

    with project.history_of(policy) as history, output.progress(call, _("reading and deciding")):
        past = refuse_past(history, today)
        report = None if past else dry_run(policy, today, history)
    if report is None or past is not None:
        raise project.refused_by(call, [past] if past else [])
    if report.proposal.refused:
        raise project.refusal(call, Exit.REFUSED, list(report.proposal.diagnostics))
    found = [*report.faults, *report.stops]
    if call.json:
        show_json(call, report.proposal, report.stops)
    else:
        show(call, report.proposal, everything=everything)
        output.tell(call, _("This was a dry run: nothing was sent, nothing was recorded."))
    output.report(call, found)
    return of_diagnostics(found)


def _executed(watch: Watch, reviewed: Reviewed | None) -> RunReport:
    """Return the report of the finished run, having shown how it goes on."""
    from relance.runs.execution import refuse_past
    from relance.runs.execution import run as execute

    call, policy, today = watch.call, watch.policy, watch.today
    watch.begin()
    with project.history_of(policy, readonly=False) as history:
        past = refuse_past(history, today)
        if past is not None:
            raise project.refused_by(call, [past])
        steps = execute(policy, today, history, reviewed)
        report = next(steps)
        watch.planned(report)
        total = report.proposal.plan.notice_count + len(report.proposal.plan.tasks)
        with output.progress(call, _("sending"), total) as advance:
            for latest in steps:
                report = latest  # the last one is complete
                watch.advanced(report)
                advance(1)
    return report


def _told(call: Call, report: RunReport, *, everything: bool) -> int:
    """Show what the run did; return its exit code."""
    if report.proposal.refused:
        raise project.refusal(call, Exit.REFUSED, list(report.proposal.diagnostics))
    if report.stops:
        raise _stopped(call, report)
    from relance.cli.run_report import exit_of, show

    show(call, report, everything=everything)
    return exit_of(report)


def _stopped(call: Call, report: RunReport) -> Stop:
    """Return the stop of a run that sent nothing, its plan kept for whoever is to look at it."""
    from relance.cli.plan import keep_stopped

    proposal = report.proposal
    file = keep_stopped(call, proposal, report.stops)
    if report.changes and not call.json:
        output.show(changes_table(report.changes))
    stop = project.refused_by(
        call,
        report.stops,
        plan_hash=proposal.plan.plan_hash,
        plan_file=str(file),
        changes=[change.as_json() for change in report.changes],
    )
    stop.hint = _("the plan is kept in {file}").format(file=file)
    return stop
