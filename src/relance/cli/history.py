"""`relance history`: what was sent and recorded."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit
from relance.cli.words import _

HELP = _(
    "Show what was sent and recorded, newest first.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance history\n"
    "  relance history --debtor C12 --limit 200\n"
    "  relance explain F-2026-042     for one invoice"
)


def history(
    call: Call,
    debtor: Annotated[
        str | None, typer.Option("--debtor", metavar="ID", help=_("Of this debtor only."))
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, metavar="N", help=_("How many events at most."))
    ] = 50,
) -> int:
    """Show the latest events."""
    policy = project.policy_of(call)
    with project.history_of(policy) as store:
        events = store.entries(limit, debtor)
    if call.json:
        output.show_json({"schema_version": 1, "events": events})
    else:
        _show(call, events)
    return Exit.DONE


def _show(call: Call, events: list[dict[str, Any]]) -> None:
    if not events:
        output.tell(call, _("Nothing was recorded yet."))
        return
    from relance.reports.history_table import history_table

    output.show(history_table(events, call.language))
