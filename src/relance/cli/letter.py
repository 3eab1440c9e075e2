"""`relance letter`: which payment pays what, decided by a person where it is not certain."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.people import operator_name
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.policy.model import Policy
    from relance.runs.lettering import Choice, Decision
    from relance.runs.portfolio import Portfolio

HELP = _(
    "Show which payments were set against which invoices and why, and decide where it is only "
    "likely. Nothing is ever changed: what is wrong is undone and stays in the history.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance letter list\n"
    "  relance letter show 3f2a81c0\n"
    "  relance letter accept 3f2a81c0 --candidate 2\n"
    "  relance letter accept 3f2a81c0 --item F-2026-042=120.00 --item F-2026-043\n"
    "  relance letter reject 3f2a81c0      it pays none of its candidates\n"
    "  relance letter undo 3f2a81c0        what it paid is open again"
)

RECENT = 20
"""Allocations that `list` shows."""


class Action(StrEnum):
    """What to do about payments."""

    LIST = "list"
    SHOW = "show"
    ACCEPT = "accept"
    REJECT = "reject"
    UNDO = "undo"


def letter(  # noqa: PLR0913, PLR0917 - a parameter is an option
    call: Call,
    action: Annotated[
        Action, typer.Argument(help=_("list, show, accept, reject, undo."))
    ] = Action.LIST,
    payment: Annotated[
        str | None,
        typer.Argument(metavar="PAYMENT", help=_("Key of a payment, or its beginning.")),
    ] = None,
    candidate: Annotated[
        int | None, typer.Option("--candidate", metavar="N", help=_("Which candidate is right."))
    ] = None,
    item: Annotated[
        list[str] | None,
        typer.Option(
            "--item", metavar="NUMBER[=AMOUNT]", help=_("Invoice concerned; one for each.")
        ),
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help=_("Who decides, for the record."))
    ] = None,
) -> int:
    """List, show or decide."""
    policy = project.policy_of(call)
    if action is Action.LIST:
        return _list(call, _portfolio(call, policy))
    if not payment:
        raise Stop(Exit.USAGE, _("which payment?"), _("`relance letter list` shows the keys"))
    if action is Action.SHOW:
        return _show(call, _portfolio(call, policy), payment)
    from relance.runs.lettering import Choice

    choice = Choice(payment, candidate, tuple(_item(text) for text in item or ()))
    return _decide(call, policy, action, choice, by or operator_name())


def _portfolio(call: Call, policy: Policy) -> Portfolio:
    with project.history_of(policy) as history:
        return project.proposal_of(call, policy, history).portfolio


def _list(call: Call, portfolio: Portfolio) -> int:
    from relance.language import translator
    from relance.runs.payment_facts import overview

    shown = overview(portfolio, translator(call.language), RECENT)
    if call.json:
        output.show_json(shown)
    elif not (shown["pending"] or shown["suspense"] or shown["recent"]):
        output.tell(call, _("No payments were read yet."))
    else:
        from relance.reports.letter_view import overview_view

        output.show(overview_view(shown, call.language))
    return Exit.DONE


def _show(call: Call, portfolio: Portfolio, asked: str) -> int:
    from relance.diagnostics import Diagnostic
    from relance.language import translator
    from relance.runs.lettering import movement_of
    from relance.runs.payment_facts import detail

    movement = movement_of(asked, portfolio)
    if isinstance(movement, Diagnostic):
        raise project.refused_by(call, [movement])
    shown = detail(portfolio, movement, translator(call.language))
    if call.json:
        output.show_json(shown)
    else:
        from relance.reports.letter_view import detail_view

        output.show(detail_view(shown, call.language))
    return Exit.DONE


def _decide(call: Call, policy: Policy, action: Action, choice: Choice, by: str) -> int:
    from relance.runs.lettering import record

    with project.locked(policy), project.history_of(policy, readonly=False) as history:
        portfolio = project.proposal_of(call, policy, history).portfolio
        decision = _decision(action, choice, portfolio)
        wrong = record(decision, history, by)
    if wrong:
        raise project.refused_by(call, wrong)
    if call.json:
        fields = {"schema_version": 1, "decided": str(action), "movement": choice.movement}
        output.show_json(fields | {"by": by})
    else:
        output.tell(call, _DONE[action].format(payment=choice.movement))
    return Exit.DONE


_DONE = {
    Action.ACCEPT: _("Accepted: what {payment} pays."),
    Action.REJECT: _("Rejected: what {payment} was proposed for."),
    Action.UNDO: _("Undone: what was decided about {payment}."),
}


def _decision(action: Action, choice: Choice, portfolio: Portfolio) -> Decision:
    from relance.runs import lettering

    work = {
        Action.ACCEPT: lettering.accept,
        Action.REJECT: lettering.reject,
        Action.UNDO: lettering.undo,
    }
    return work[action](choice, portfolio)


def _item(text: str) -> tuple[str, Decimal | None]:
    """Return number and amount of `NUMBER` or `NUMBER=AMOUNT`."""
    number, equals, written = text.rpartition("=")
    if not equals:
        return text, None
    try:
        amount = Decimal(written.replace(",", "."))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not number or not amount.is_finite() or amount == 0 or abs(amount) >= 10**12:
        raise Stop(
            Exit.USAGE,
            _("{option}: {text} is not an amount").format(option="--item", text=text),
            _("write it without currency or spaces, like 1234.50"),
        )
    return number, amount
