"""`relance approve`: releases what waits for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.people import operator_name
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.runs.proposal import Proposal

HELP = _(
    "Approve today's plan by its hash, or one notice by its key; the next run sends what was "
    "approved. The beginning of a hash or key is enough.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance approve 3fa9c1d2e4b7     the plan, with all its notices that wait\n"
    "  relance approve 81c0ffee12ab     one notice"
)
_SHORTEST = 8


def approve(
    call: Call,
    keys: Annotated[
        list[str],
        typer.Argument(metavar="HASH...", help=_("Hash of the plan, or keys of notices.")),
    ],
) -> int:
    """Approve."""
    policy = project.policy_of(call)
    with project.history_of(policy, readonly=False) as history:
        proposal = project.proposal_of(call, policy, history)
        found = [_whole(key, proposal) for key in keys]
        history.approve(found, operator_name())
    if call.json:
        output.show_json({"schema_version": 1, "approved": found})
    else:
        output.tell(call, _("Approved: {keys}.").format(keys=", ".join(key[:12] for key in found)))
    return Exit.DONE


def _whole(key: str, proposal: Proposal) -> str:
    """Return the hash or key that `key` begins, of today's plan."""
    known = [proposal.plan.plan_hash, *(notice.key for notice in proposal.plan.notices)]
    found = {name for name in known if name.startswith(key)} if len(key) >= _SHORTEST else set()
    if len(found) == 1:
        return found.pop()
    raise Stop(
        Exit.USAGE,
        _("{key} is neither the hash of today's plan nor the key of one of its notices").format(
            key=key
        ),
        _("`relance plan` shows the hash; it changes when the data or the date does"),
    )
