"""`relance instalments`: payment plans, from the proposal to the last instalment."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli import output, project
from relance.cli.agreements import LetterFile, Said, Whose, show_letter, show_list, show_one
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.instalment_proposals import plan_kind, propose
from relance.cli.people import operator_name
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.policy.model import Policy

HELP = _(
    "Propose a payment plan, write its letter, enter the answer, follow what is paid. A proposal "
    "holds nothing unless the policy says so; an accepted plan holds dunning for as long as it is "
    "kept. One instalment missed, grace over: the plan is void, and dunning goes on.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance instalments propose C12 --count 3 --every end-of-month \\\n"
    "      --first 2026-05-31 -o plan.pdf\n"
    "  relance instalments propose F-2026-042 F-2026-047 --amount 500 \\\n"
    "      --first 2026-05-05 --first-amount 800 --interest waive --dry-run\n"
    '  relance instalments accept 17 --by-whom "Mrs Roy"\n'
    "  relance instalments refuse 17\n"
    "  relance instalments show C12\n"
    "  relance instalments letter 17 -o plan.eml\n"
    "  relance instalments cancel 17\n"
    "  relance instalments                    all of them, with what was paid"
)


class Action(StrEnum):
    """What to do with plans."""

    LIST = "list"
    PROPOSE = "propose"
    LETTER = "letter"
    ACCEPT = "accept"
    REFUSE = "refuse"
    CANCEL = "cancel"
    SHOW = "show"


class Every(StrEnum):
    """What lies between two instalments."""

    WEEK = "week"
    MONTH = "month"
    END_OF_MONTH = "end-of-month"


class Interest(StrEnum):
    """What becomes of interest and compensation."""

    KEEP = "keep"
    WAIVE = "waive"


_OUTCOMES = {Action.ACCEPT: "accepted", Action.REFUSE: "refused", Action.CANCEL: "cancelled"}


def instalments(  # noqa: PLR0913, PLR0917 - a parameter is an option
    call: Call,
    action: Annotated[
        Action,
        typer.Argument(help=_("list, propose, letter, accept, refuse, cancel, show.")),
    ] = Action.LIST,
    subjects: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[DEBTOR|INVOICE…|PLAN]",
            help=_("Whom or what it is about; else the number of a plan."),
        ),
    ] = None,
    count: Annotated[
        int | None, typer.Option("--count", metavar="N", help=_("How many instalments."))
    ] = None,
    amount: Annotated[
        str | None,
        typer.Option(
            "--amount", metavar="AMOUNT", help=_("Of each instalment; the last is the rest.")
        ),
    ] = None,
    every: Annotated[
        Every, typer.Option("--every", help=_("week, month or end-of-month."))
    ] = Every.MONTH,
    first: Annotated[
        str | None,
        typer.Option("--first", metavar="YYYY-MM-DD", help=_("Date of the first instalment.")),
    ] = None,
    first_amount: Annotated[
        str | None,
        typer.Option("--first-amount", metavar="AMOUNT", help=_("Of the first, if it differs.")),
    ] = None,
    interest: Annotated[
        Interest | None,
        typer.Option("--interest", help=_("keep or waive interest and compensation.")),
    ] = None,
    not_due: Annotated[
        bool, typer.Option("--all", help=_("Take in what is not due yet, too."))
    ] = False,
    debtor: Whose = None,
    by_whom: Annotated[
        str | None, typer.Option("--by-whom", metavar="NAME", help=_("Who accepted it."))
    ] = None,
    reason: Said = None,
    out: LetterFile = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Show the schedule, record nothing."))
    ] = False,
) -> int:
    """Do it."""
    policy = project.policy_of(call)
    named = list(subjects or ())
    if action is Action.LIST:
        return show_list(call, policy, plan_kind(), debtor)
    if not named:
        hint = _("`relance instalments` shows the plans with their numbers")
        raise Stop(Exit.USAGE, _("which debtor, invoice or plan?"), hint)
    if action is Action.PROPOSE:
        asked = {
            "count": count, "amount": amount, "every": every.value, "first": first,
            "first_amount": first_amount, "interest": interest.value if interest else None,
            "not_due": not_due, "debtor": debtor, "reason": reason,
        }  # fmt: skip
        return propose(call, policy, named, asked, (out, dry_run))
    if len(named) > 1:
        raise Stop(Exit.USAGE, _("one plan at a time"), _("name it by its number"))
    if action is Action.SHOW:
        return show_one(call, policy, plan_kind(), named[0])
    if action is Action.LETTER:
        return show_letter(call, policy, plan_kind(), named[0], out)
    return _answer(call, policy, (_OUTCOMES[action], named[0]), (by_whom, reason))


def _answer(
    call: Call, policy: Policy, what: tuple[str, str], told: tuple[str | None, str | None]
) -> int:
    from relance.diagnostics import Diagnostic
    from relance.runs.instalment_answers import Answer, answer

    (outcome, subject), (by_whom, reason) = what, told
    with project.history_of(policy, readonly=False) as history:
        proposal = project.proposal_of(call, policy, history)
        given = Answer(outcome, subject, proposal.today, by_whom, reason, operator_name())
        found = answer(given, proposal, history)
    if isinstance(found, Diagnostic):
        raise project.refused_by(call, [found])
    number, done = found
    if call.json:
        output.show_json({"schema_version": 1, "number": number, "recorded": done})
    else:
        texts = {
            "accepted": _("Plan {number} accepted: its invoices are held while it is kept."),
            "refused": _("Proposal {number} refused."),
            "withdrawn": _("Proposal {number} withdrawn."),
            "cancelled": _("Plan {number} cancelled: dunning goes on."),
        }
        output.tell(call, texts[done].format(number=number))
    return Exit.DONE
