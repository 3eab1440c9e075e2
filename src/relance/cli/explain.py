"""`relance explain`: why an invoice is or is not dunned today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.policy.model import Policy

HELP = _(
    "Say why an invoice is or is not dunned today: the facts, each check in its order, what "
    "comes next and what happened so far.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance explain F-2026-042\n"
    "  relance explain F-2026-042 --date 2026-05-01     on that day\n"
    "  relance explain F-2026-042 --debtor C12          when several debtors have that number"
)


def explain(
    call: Call,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help=_("Number of the invoice."))],
    debtor: Annotated[
        str | None, typer.Option("--debtor", metavar="ID", help=_("Debtor of the invoice."))
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help=_("Show the checks that do not hold, too."))
    ] = False,
) -> int:
    """Explain each item that bears `number`."""
    policy = project.policy_of(call)
    found = [e for e in _explained(call, policy, number) if debtor in (None, e["debtor"])]
    if not found:
        raise Stop(
            Exit.USAGE,
            _("no open item has the number {number}").format(number=number),
            _("`relance plan --json` lists the numbers; a paid invoice is in no export any more"),
        )
    if call.json:
        output.show_json(found[0] if len(found) == 1 else found)
        return Exit.DONE
    from relance.reports.explain_view import explain_view

    for entry in found:
        output.show(explain_view(entry, call.language, every=every))
    return Exit.DONE


def _explained(call: Call, policy: Policy, number: str) -> list[dict[str, Any]]:
    from relance.runs.explanation import explain as explained

    with project.history_of(policy) as history:
        proposal = project.proposal_of(call, policy, history)
        return explained(proposal, history, number, call.language)
