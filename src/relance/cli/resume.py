"""`relance resume`: ends a pause."""

from __future__ import annotations

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit
from relance.cli.people import operator_name
from relance.cli.words import _

HELP = _(
    "Let runs send again after `relance pause`. The next run catches up what is due.\n\n"
    "\b\n"
    "Example:\n"
    "  relance resume"
)


def resume(call: Call) -> int:
    """Resume."""
    policy = project.policy_of(call)
    with project.history_of(policy, readonly=False) as history:
        was = history.paused()
        if was is not None:
            history.resume(operator_name())
    if call.json:
        output.show_json({"schema_version": 1, "paused": False, "was_paused": was is not None})
    elif was is None:
        output.tell(call, _("Nothing was paused."))
    else:
        output.tell(call, _("Resumed: the next run sends again."))
    return Exit.DONE
