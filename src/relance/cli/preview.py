"""`relance preview`: a page with all that today's plan would send, as its debtors will see it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.notices.print_run import Printed
    from relance.runs.proposal import Proposal

HELP = _(
    "Write a page with all that today's plan would send: every e-mail, letter and SMS as its "
    "debtor will see it. Nothing is sent, and the page needs no network.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance preview                       writes preview/index.html\n"
    "  relance preview -o /tmp/look --date 2026-03-16"
)


def preview(
    call: Call,
    to: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help=_("Folder of the page.")),
    ] = None,
) -> int:
    """Write the preview."""
    from relance.diagnostics import Diagnostic
    from relance.notices.gallery import write_gallery

    policy = project.policy_of(call)
    with project.history_of(policy) as history:
        proposal = project.proposal_of(call, policy, history)
    output.brief(call, proposal.diagnostics)
    made = list(_rendered(call, proposal))
    faults = [message for message in made if isinstance(message, Diagnostic)]
    folder = _folder(to) or policy.root / "preview"
    page = write_gallery(made, proposal.plan.notices, _held(call, proposal), folder, call.language)
    output.report(call, faults)
    if call.json:
        counts = {"notices": len(made) - len(faults), "failed": len(faults)}
        output.show_json({"schema_version": 1, "page": str(page), **counts})
    elif not call.quiet:
        output.show_text([str(page)])
    return Exit.PARTLY if faults else Exit.DONE


def _folder(to: Path | None) -> Path | None:
    """Return the folder that `to` names; a page has its letters in a folder of the same name."""
    return to.with_suffix("") if to is not None and to.suffix == ".html" else to


def _rendered(call: Call, proposal: Proposal) -> Iterator[Printed]:
    from relance.clock import moment_of
    from relance.notices.print_run import print_run
    from relance.notices.stationery import Stationery

    notices = proposal.plan.notices
    if not notices:
        return
    moment = moment_of(proposal.today, proposal.policy.creditor.timezone)
    printed = print_run(notices, Stationery.of(proposal.policy), moment)
    with output.progress(call, _("rendering"), len(notices)) as advance:
        for _notice, message in printed:
            advance(1)
            yield message


def _held(call: Call, proposal: Proposal) -> dict[str, int]:
    """Return the number of items held, by the name of their verdict."""
    from relance.language import translator
    from relance.reports.names import VERDICTS

    say = translator(call.language)
    counts = proposal.plan.held["verdict"].value_counts()
    return {say(VERDICTS.get(verdict, verdict)): count for verdict, count in counts.iter_rows()}
