"""`relance pause`: no run sends anything until `relance resume`."""

from __future__ import annotations

from typing import Annotated

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit
from relance.cli.people import operator_name
from relance.cli.words import _

HELP = _(
    "Let no run send anything until `relance resume`. It works at any moment: a run that is under "
    "way stops before its next notice. What was sent stays sent, nothing is lost.\n\n"
    "\b\n"
    "Examples:\n"
    '  relance pause --reason "the bank changed our account"\n'
    "  relance resume"
)


def pause(
    call: Call,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help=_("Why, for the others."))
    ] = "",
) -> int:
    """Pause."""
    policy = project.policy_of(call)
    # No run lock: whoever holds it is the one to be stopped.
    with project.history_of(policy, readonly=False) as history:
        history.pause(operator_name(), reason)
    if call.json:
        output.show_json({"schema_version": 1, "paused": True, "reason": reason})
    else:
        output.tell(call, _("Paused: no run sends anything until `relance resume`."))
    return Exit.DONE
