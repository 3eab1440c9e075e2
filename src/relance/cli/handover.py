"""`relance handover`: claims with agencies, bailiffs and lawyers, one after the other."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli import handover_steps as steps
from relance.cli import project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.typed import day_of, no_amount, number_of
from relance.cli.words import _

if TYPE_CHECKING:
    from datetime import date

HELP = _(
    "Hand claims over to an agency, a bailiff or a lawyer, with a dossier (ZIP): statement, invoices, "
    "notices with their proofs, history, interest, and the data sheet of the procedure in court. "
    "Levels with `handover:` propose it; nothing leaves before a person says so. Meanwhile dunning "
    "stops. When their days are over a task asks to take the claims back; `next` passes them on.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance handover list\n"
    "  relance handover accept 41                   the task 41 that proposes it\n"
    "  relance handover give C12 --to recouvra      or an invoice: F-2026-042\n"
    "  relance handover show 87\n"
    "  relance handover result 87 --collected 500.00 --fee 75.00\n"
    "  relance handover next C12                    back, and on to the next of the cascade\n"
    "  relance handover return C12                  back; dunning goes on\n"
    "  relance handover dossier C12 -o C12.zip      only look at it: nothing is handed over\n"
    "  relance handover sheet C12 --sheet fr-order -o C12.pdf"
)


class Action(StrEnum):
    """What to do about handovers."""

    LIST = "list"
    SHOW = "show"
    ACCEPT = "accept"
    GIVE = "give"
    NEXT = "next"
    RETURN = "return"
    RESULT = "result"
    SEND = "send"
    DOSSIER = "dossier"
    SHEET = "sheet"


class Sheet(StrEnum):
    """Procedures that a data sheet is made for."""

    FR_ORDER = "fr-order"
    FR_SMALL_CLAIMS = "fr-small-claims"
    BE_UNDISPUTED = "be-undisputed"


_ACTIONS = ", ".join(Action)


def handover(  # noqa: PLR0913, PLR0917 - a parameter is an option
    call: Call,
    action: Annotated[
        Action, typer.Argument(help=_("One of {actions}.").format(actions=_ACTIONS))
    ] = Action.LIST,
    subject: Annotated[
        str | None,
        typer.Argument(metavar="SUBJECT", help=_("Debtor, invoice, number of a case or task.")),
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="STEP", help=_("Step of `handovers`; else the next."))
    ] = None,
    debtor: Annotated[
        str | None, typer.Option("--debtor", metavar="ID", help=_("Debtor of the invoice."))
    ] = None,
    collected: Annotated[
        str | None,
        typer.Option("--collected", metavar="AMOUNT", help=_("What they collected of what was open.")),
    ] = None,
    fee: Annotated[
        str | None, typer.Option("--fee", metavar="AMOUNT", help=_("What they charge for it."))
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="YYYY-MM-DD", help=_("Day of the result; else today.")),
    ] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help=_("Why, for those who read it."))
    ] = None,
    sheet: Annotated[
        Sheet | None, typer.Option("--sheet", help=_("Procedure; else that of the step."))
    ] = None,
    file: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help=_("New file to write."))
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help=_("List what came back, too."))
    ] = False,
) -> int:  # fmt: skip
    """Do it."""
    policy = project.policy_of(call)
    if action is Action.LIST:
        return steps.show_list(call, policy, every=every)
    if not subject:
        raise Stop(Exit.USAGE, _("which one?"), _("relance handover {action} SUBJECT").format(action=action))  # fmt: skip
    if action in (Action.ACCEPT, Action.GIVE, Action.NEXT):
        if action is Action.ACCEPT and not subject.isdecimal():
            raise Stop(
                Exit.USAGE,
                _("{subject} is no number of a task").format(subject=subject),
                _("`relance handover list` shows them; `give` takes a debtor or an invoice"),
            )
        given = steps.Given(subject, to, debtor, reason, passing_on=action is Action.NEXT, task=action is Action.ACCEPT)  # fmt: skip
        return steps.hand_over(call, policy, given)
    if action is Action.RETURN:
        return steps.take_back(call, policy, subject, reason)
    if action is Action.RESULT:
        day: date | None = day_of(on, "--on") if on else None
        amounts = (_amount(collected, "--collected"), _amount(fee, "--fee"))
        return steps.result(call, policy, subject, (day, *amounts, reason))
    if action in (Action.SHOW, Action.SEND):
        return (steps.show if action is Action.SHOW else steps.send)(call, policy, subject)
    return steps.document(call, policy, steps.Given(subject, to, debtor), file, sheet if action is Action.SHEET else "")  # fmt: skip


def _amount(text: str | None, option: str) -> Decimal:
    """Return the amount given, 0 for none: what was not collected is a result too."""
    if text is None:
        return Decimal(0)
    amount = number_of(text)
    if not amount.is_finite() or not 0 <= amount < 10**12:
        raise no_amount(text, option)
    return amount
