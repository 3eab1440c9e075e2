"""`relance desk`: the credit controller's screen."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import Annotated

import typer

from relance.cli import project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.people import operator_name
from relance.cli.words import _

HELP = _(
    "Work through today's tasks on a full screen: the list, the debtor's sheet, and a key for each "
    "call, promise, dispute and note. What is entered is what `relance tasks`, `promise`, `dispute` "
    "and `note` enter. The keys stand at the foot of the screen; ? explains them.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance desk\n"
    "  relance desk --owner paul"
)


def desk(
    call: Call,
    owner: Annotated[
        str | None, typer.Option("--owner", metavar="NAME", help=_("Begin with the tasks of NAME."))
    ] = None,
) -> int:
    """Open the desk."""
    if call.json or not _on_a_terminal():
        raise Stop(
            Exit.USAGE,
            _("the desk is a screen for people: it needs a terminal"),
            _(
                "for files and programs there are `relance tasks --json` and `relance tasks -o FILE`"
            ),
        )
    policy = project.policy_of(call)
    from relance.desk.app import DeskApp
    from relance.desk.book import Seat, book_of
    from relance.runs.worklist import works_of

    seat = Seat(policy, operator_name(), call.language, partial(call.today, policy))
    with project.history_of(policy) as history:
        proposal = project.proposal_of(call, policy, history)
        book = book_of(proposal, works_of(proposal, history))
    app = DeskApp(seat, book, owner)
    app.run()
    return app.return_code or Exit.DONE


def _on_a_terminal() -> bool:
    """Whether somebody can see the screen and press keys."""
    dumb = os.environ.get("TERM", "") in ("dumb", "unknown")
    return sys.stdin.isatty() and sys.stdout.isatty() and not dumb
