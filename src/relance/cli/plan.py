"""`relance plan`: what today's run would do, for people, for programs, or kept for later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli import files, output, project
from relance.cli.call import Call
from relance.cli.exits import Exit
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.diagnostics import Diagnostic
    from relance.history.store import History
    from relance.runs.brakes import Check
    from relance.runs.proposal import Proposal

HELP = _(
    "Show what today's run would do, or write it to a file that `relance run --plan` executes.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance plan\n"
    "  relance plan --json | jq '.notices[].recipient'\n"
    "  relance plan -o plan.json     look at it, then: relance run --plan plan.json"
)

STOPPED = "stopped-plan.json"
"""Name of the file that holds the plan of the last run that was stopped."""


def plan(
    call: Call,
    to: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help=_("Write the proposal to FILE.")),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help=_("List all notices and tasks, however many."))
    ] = False,
    detailed: Annotated[
        bool,
        typer.Option("--exit-code", help=_("Exit with 10 when there is something to send or do.")),
    ] = False,
) -> int:
    """Show or write the plan."""
    policy = project.policy_of(call)
    with project.history_of(policy) as history:
        check = _checked(project.proposal_of(call, policy, history), history)
    proposal = check.proposal
    if to is not None:
        _keep(call, proposal, check.stops, to)
    if call.json:
        show_json(call, proposal, check.stops)
    elif to is None:
        show(call, proposal, everything=everything)
        output.report(call, check.stops)
    busy = bool(proposal.plan.notice_count or proposal.plan.tasks)
    return 10 if detailed and busy else Exit.DONE


def _checked(proposal: Proposal, history: History) -> Check:
    from relance.runs.brakes import checked

    return checked(proposal, history)


def show_json(call: Call, proposal: Proposal, stops: Sequence[Diagnostic]) -> None:
    """Write the JSON of the plan to stdout; `stops` is what would keep it from being sent."""
    output.show_json_parts(_json(call, proposal, stops))


def _json(call: Call, proposal: Proposal, stops: Sequence[Diagnostic]) -> Iterator[str]:
    from relance.reports.plan_json import plan_json

    return plan_json(proposal.plan, proposal.diagnostics, call.language, stops)


def show(call: Call, proposal: Proposal, *, everything: bool = False) -> None:
    """Show the plan to people: what goes out, what is to be done, why the rest waits."""
    output.brief(call, proposal.diagnostics)
    if call.quiet:
        return
    from relance.reports.plan_view import plan_view

    output.show(plan_view(proposal.plan, proposal.policy, call.language, everything=everything))


def keep_stopped(call: Call, proposal: Proposal, stops: Sequence[Diagnostic]) -> Path:
    """Keep the plan of a run that was stopped, in place of the last such; return its file."""
    from relance.history.lock import FOLDER

    file = proposal.policy.root / FOLDER / STOPPED
    file.parent.mkdir(mode=0o700, exist_ok=True)
    _write(file, call, proposal, stops)
    return file


def _keep(call: Call, proposal: Proposal, stops: Sequence[Diagnostic], to: Path) -> None:
    _write(to, call, proposal, stops)
    output.tell(
        call,
        _(
            "The plan {hash} is in {file}: `relance run --plan {file}` executes exactly that."
        ).format(hash=proposal.plan.plan_hash[:12], file=to),
    )


def _write(to: Path, call: Call, proposal: Proposal, stops: Sequence[Diagnostic]) -> None:
    files.write(to, (part.encode() for part in _json(call, proposal, stops)), private=True)
