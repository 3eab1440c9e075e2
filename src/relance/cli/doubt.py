"""`relance doubt`: notices of which nobody knows whether they left."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.people import operator_name
from relance.cli.words import _

if TYPE_CHECKING:
    from datetime import datetime

    from relance.history.store import History
    from relance.history.values import Doubt

HELP = _(
    "List notices of which nobody knows whether they left, and settle them once you do: look into "
    "the outbox of the mail server, or ask the debtor.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance doubt list\n"
    "  relance doubt sent 81c0ffee12ab       it did leave\n"
    "  relance doubt resend 81c0ffee12ab     it did not: the next run sends it\n"
    "  relance doubt abandon 81c0ffee12ab    pass this level over"
)


class Action(StrEnum):
    """What to do about doubts."""

    LIST = "list"
    SENT = "sent"
    UNSENT = "unsent"
    RESEND = "resend"
    ABANDON = "abandon"


_HOW: dict[Action, Literal["sent", "unsent", "abandoned"]] = {
    Action.SENT: "sent",
    Action.UNSENT: "unsent",
    Action.RESEND: "unsent",
    Action.ABANDON: "abandoned",
}


def doubt(
    call: Call,
    action: Annotated[
        Action, typer.Argument(help=_("list, sent, resend (or unsent), abandon."))
    ] = Action.LIST,
    keys: Annotated[
        list[str] | None,
        typer.Argument(metavar="KEY...", help=_("Keys of notices, or their beginnings.")),
    ] = None,
) -> int:
    """List or settle doubts."""
    policy = project.policy_of(call)
    if action is Action.LIST:
        with project.history_of(policy) as history:
            _show(call, history.in_doubt(), history.now())
        return Exit.DONE
    if not keys:
        raise Stop(Exit.USAGE, _("which notice?"), _("`relance doubt list` shows the keys"))
    with project.locked(policy), project.history_of(policy, readonly=False) as history:
        found = [_whole(key, history) for key in keys]
        for key in found:
            history.resolve(key, _HOW[action], operator_name())
    if call.json:
        output.show_json({"schema_version": 1, "settled": found, "as": _HOW[action]})
    else:
        output.tell(call, _("Settled: {keys}.").format(keys=", ".join(key[:12] for key in found)))
    return Exit.DONE


def _whole(key: str, history: History) -> str:
    known = {entry.dispatch.key for entry in history.in_doubt()}
    found = [name for name in known if name.startswith(key)]
    if len(found) == 1:
        return found[0]
    raise Stop(
        Exit.USAGE,
        _("{key} is not the key of one notice in doubt").format(key=key),
        _("`relance doubt list` shows the keys"),
    )


def _show(call: Call, doubts: list[Doubt], now: datetime) -> None:
    if call.json:
        from relance.reports.doubt_table import doubt_fields

        output.show_json({"schema_version": 1, "doubts": [doubt_fields(d, now) for d in doubts]})
    elif not doubts:
        output.tell(call, _("Nothing is in doubt."))
    else:
        from relance.reports.doubt_table import doubts_table

        output.show(doubts_table(doubts, call.language, now))
