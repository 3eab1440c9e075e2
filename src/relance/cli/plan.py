"""`relance plan`: what today's run would do, for people, for programs, or kept for later."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.runs.proposal import Proposal

HELP = _(
    "Show what today's run would do, or write it to a file that `relance run --plan` executes.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance plan\n"
    "  relance plan --json | jq '.notices[].recipient'\n"
    "  relance plan -o plan.json     look at it, then: relance run --plan plan.json"
)


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
        proposal = project.proposal_of(call, policy, history)
    if to is not None:
        _keep(call, proposal, to)
    elif call.json:
        show_json(call, proposal)
    else:
        show(call, proposal, everything=everything)
    if to is not None and call.json:
        show_json(call, proposal)
    busy = bool(proposal.plan.notice_count or proposal.plan.tasks)
    return 10 if detailed and busy else Exit.DONE


def show_json(call: Call, proposal: Proposal) -> None:
    """Write the JSON of the plan to stdout."""
    from relance.reports.plan_json import plan_json

    output.show_json_parts(plan_json(proposal.plan, proposal.diagnostics, call.language))


def show(call: Call, proposal: Proposal, *, everything: bool = False) -> None:
    """Show the plan to people: what goes out, what is to be done, why the rest waits."""
    output.brief(call, proposal.diagnostics)
    if call.quiet:
        return
    from relance.reports.plan_view import plan_view

    output.show(plan_view(proposal.plan, proposal.policy, call.language, everything=everything))


def _keep(call: Call, proposal: Proposal, to: Path) -> None:
    """Write the JSON of the plan to a file, whole or not at all."""
    import os
    import tempfile

    from relance.reports.plan_json import plan_json

    folder = to.resolve().parent
    handle, name = tempfile.mkstemp(dir=folder, prefix=f".{to.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.writelines(plan_json(proposal.plan, proposal.diagnostics, call.language))
        Path(name).replace(to)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    output.tell(
        call,
        _(
            "The plan {hash} is in {file}: `relance run --plan {file}` executes exactly that."
        ).format(hash=proposal.plan.plan_hash[:12], file=to),
    )
