"""`relance offer`: so much less for who pays by a day, and what came of it."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli import output, project
from relance.cli.agreements import (
    Kind,
    LetterFile,
    Said,
    Whose,
    medium_of,
    show_letter,
    show_list,
    show_new,
    show_one,
    shown,
)
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.people import operator_name
from relance.cli.typed import day_of, number_of
from relance.cli.words import _

if TYPE_CHECKING:
    from datetime import date

    from relance.policy.model import Policy
    from relance.runs.offers import OfferWish

HELP = _(
    "Offer a reduction to who pays by a day: a discount for early payment, or a rebate on what is late. "
    "While it is open its invoices are not dunned. Money in time earns it, and a task asks for the "
    "credit note; money after the day is for a person to judge.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance offer make F-2026-042 --percent 2 --until 2026-05-15 -o offer.pdf\n"
    "  relance offer make C12 --percent 1.5 --until 2026-05-15 --dry-run\n"
    "  relance offer show C12\n"
    "  relance offer letter 23 -o offer.eml\n"
    "  relance offer grant 23                 the money came a day late: granted\n"
    "  relance offer withdraw 23\n"
    "  relance offer                          all of them, with what came"
)


class Action(StrEnum):
    """What to do with offers."""

    LIST = "list"
    MAKE = "make"
    LETTER = "letter"
    GRANT = "grant"
    WITHDRAW = "withdraw"
    SHOW = "show"


def offer(  # noqa: PLR0913, PLR0917 - a parameter is an option
    call: Call,
    action: Annotated[
        Action, typer.Argument(help=_("list, make, letter, grant, withdraw, show."))
    ] = Action.LIST,
    subjects: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[DEBTOR|INVOICE…|OFFER]",
            help=_("Whom or what it is about; else the number of an offer."),
        ),
    ] = None,
    percent: Annotated[
        str | None, typer.Option("--percent", metavar="N", help=_("What is taken off, in percent."))
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="YYYY-MM-DD", help=_("Last day for the money to come.")),
    ] = None,
    debtor: Whose = None,
    reason: Said = None,
    out: LetterFile = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Show the offer, record nothing."))
    ] = False,
) -> int:
    """Do it."""
    policy = project.policy_of(call)
    named = list(subjects or ())
    if action is Action.LIST:
        return show_list(call, policy, _kind(), debtor)
    if not named:
        hint = _("`relance offer` shows the offers with their numbers")
        raise Stop(Exit.USAGE, _("which debtor, invoice or offer?"), hint)
    if action is Action.MAKE:
        asked = (named, percent, until, debtor, reason)
        return _make(call, policy, asked, (out, dry_run))
    if len(named) > 1:
        raise Stop(Exit.USAGE, _("one offer at a time"), _("name it by its number"))
    if action is Action.SHOW:
        return show_one(call, policy, _kind(), named[0])
    if action is Action.LETTER:
        return show_letter(call, policy, _kind(), named[0], out)
    return _decide(call, policy, (action.value, named[0]), reason)


def _make(
    call: Call,
    policy: Policy,
    asked: tuple[list[str], str | None, str | None, str | None, str | None],
    then: tuple[Path | None, bool],
) -> int:
    from relance.diagnostics import Diagnostic
    from relance.runs.offers import draft_offer, draft_offer_fields, make_offer

    out, dry_run = then
    medium_of(out)
    with project.history_of(policy, readonly=dry_run) as history:
        proposal = project.proposal_of(call, policy, history)
        draft = draft_offer(_wish(call, asked, proposal.today), proposal)
        if isinstance(draft, Diagnostic):
            raise project.refused_by(call, [draft])
        if dry_run:
            return shown(call, _kind(), draft_offer_fields(draft, proposal))
        made = (make_offer(draft, history), _("Offer {number} recorded."), out)
        return show_new(call, policy, _kind(), made, history)


def _wish(
    call: Call,
    asked: tuple[list[str], str | None, str | None, str | None, str | None],
    today: date,
) -> OfferWish:
    from relance.language import day_text
    from relance.runs.offers import OfferWish

    named, percent, until, debtor, reason = asked
    if percent is None:
        raise Stop(Exit.USAGE, _("how much less?"), _("give --percent, such as --percent 2"))
    if until is None:
        raise Stop(Exit.USAGE, _("until when?"), _("give --until with the last day"))
    day = day_of(until, "--until")
    if day < today:
        raise Stop(
            Exit.USAGE,
            _("{date} is past: nobody can pay by it").format(date=day_text(day, call.language)),
            _("give a day that is still to come"),
        )
    share: Decimal = number_of(percent)
    if not share.is_finite():
        raise Stop(
            Exit.USAGE,
            _("--percent: {text} is no number").format(text=percent),
            _("give --percent, such as --percent 2"),
        )
    return OfferWish(named, share, day, debtor, reason, operator_name())


def _decide(call: Call, policy: Policy, what: tuple[str, str], reason: str | None) -> int:
    from relance.diagnostics import Diagnostic
    from relance.runs.offers import decide_offer

    outcome, subject = what
    with project.history_of(policy, readonly=False) as history:
        proposal = project.proposal_of(call, policy, history)
        number = decide_offer(outcome, subject, proposal, history, (reason, operator_name()))
    if isinstance(number, Diagnostic):
        raise project.refused_by(call, [number])
    if call.json:
        output.show_json({"schema_version": 1, "number": number, "recorded": outcome})
    else:
        texts = {
            "grant": _("Offer {number} granted: a credit note is to be made."),
            "withdraw": _("Offer {number} withdrawn: dunning goes on."),
        }
        output.tell(call, texts[outcome].format(number=number))
    return Exit.DONE


def _kind() -> Kind:
    """Return what offers are to `cli.agreements`."""
    from relance.reports.offer_table import offer_lines_table, offers_table
    from relance.runs.offer_letter import offer_letter
    from relance.runs.offers import find_offer, listed_offers

    none = _("No reduction was offered yet.")
    return Kind(
        "offers", none, listed_offers, find_offer, offer_letter, offers_table, offer_lines_table
    )
