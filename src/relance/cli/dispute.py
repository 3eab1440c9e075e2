"""`relance dispute`: what a debtor contests, who decides it and until when."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.people import operator_name
from relance.cli.typed import amount_of, day_of
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.policy.model import Policy
    from relance.runs.disputes import Ruling
    from relance.runs.recording import Entry

HELP = _(
    "Open a dispute, list those that are open, accept or reject them. With an amount only that part "
    "is held, and the rest goes on being dunned. An accepted dispute stays held until its credit "
    "note comes; a rejected one is dunned again, and the next notice tells the debtor so, with the "
    "--reason.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance dispute open F-2026-042 --code price --amount 120 --owner paul \\\n"
    '      --until 2026-05-15 --reason "offer 2026-17 said 8.50 a piece"\n'
    "  relance dispute open --debtor C12 --code quality\n"
    "  relance dispute list\n"
    "  relance dispute accept F-2026-042      a credit note is to come\n"
    '  relance dispute reject 17 --reason "delivery note signed"\n'
    "  relance dispute close 17               it is over otherwise"
)


class Action(StrEnum):
    """What to do with disputes."""

    LIST = "list"
    OPEN = "open"
    ACCEPT = "accept"
    REJECT = "reject"
    CLOSE = "close"


_OUTCOMES = {Action.ACCEPT: "accepted", Action.REJECT: "rejected", Action.CLOSE: "closed"}


def dispute(  # noqa: PLR0913, PLR0917 - a parameter is an option
    call: Call,
    action: Annotated[
        Action, typer.Argument(help=_("list, open, accept, reject, close."))
    ] = Action.LIST,
    subject: Annotated[
        str | None,
        typer.Argument(metavar="NUMBER", help=_("Invoice, or number of the dispute.")),
    ] = None,
    debtor: Annotated[
        str | None,
        typer.Option("--debtor", metavar="ID", help=_("Debtor concerned, with all its items.")),
    ] = None,
    code: Annotated[
        str | None,
        typer.Option("--code", metavar="CODE", help=_("Why, as a code: see the documentation.")),
    ] = None,
    amount: Annotated[
        str | None,
        typer.Option("--amount", metavar="AMOUNT", help=_("Part in dispute, or of the credit.")),
    ] = None,
    owner: Annotated[
        str | None, typer.Option("--owner", metavar="NAME", help=_("Who is to decide it."))
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="YYYY-MM-DD", help=_("Deadline, after which it is late.")),
    ] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help=_("Why, for those who read it."))
    ] = None,
) -> int:
    """Do it."""
    policy = project.policy_of(call)
    if action is Action.LIST:
        return _list(call, policy)
    day = day_of(until, "--until") if until else None
    sum_given = amount_of(amount, "--amount") if amount else None
    if action is Action.OPEN:
        from relance.runs.recording import Entry

        code = _code(code)
        entry = Entry(
            "dispute", call.today(policy), subject, debtor, day, sum_given, (), reason,
            operator_name(), code, owner,
        )  # fmt: skip
        return _open(call, policy, entry)
    named = subject or debtor
    if not named:
        raise Stop(Exit.USAGE, _("which dispute?"), _("`relance dispute list` shows their numbers"))
    from relance.runs.disputes import Ruling

    ruling = Ruling(_OUTCOMES[action], named, day, sum_given, reason, operator_name())
    return _rule(call, policy, ruling)


def _list(call: Call, policy: Policy) -> int:
    from relance.runs.disputes import disputes

    with project.history_of(policy) as history:
        found = disputes(project.proposal_of(call, policy, history))
    if call.json:
        output.show_json({"schema_version": 1, "disputes": found})
    elif not found:
        output.tell(call, _("No dispute is open."))
    else:
        from relance.reports.dispute_table import disputes_table

        output.show(disputes_table(found, call.language))
    return Exit.DONE


def _open(call: Call, policy: Policy, entry: Entry) -> int:
    from relance.runs.disputes import open_dispute

    with project.history_of(policy, readonly=False) as history:
        proposal = project.proposal_of(call, policy, history)
        wrong = open_dispute(entry, proposal, history)
    if wrong:
        raise project.refused_by(call, wrong)
    if call.json:
        output.show_json({"schema_version": 1, "recorded": "dispute"})
    else:
        about = entry.number or entry.debtor
        output.tell(call, _("Dispute opened: {subject}.").format(subject=about))
    return Exit.DONE


def _rule(call: Call, policy: Policy, ruling: Ruling) -> int:
    from relance.diagnostics import Diagnostic
    from relance.runs.disputes import rule_on

    with project.history_of(policy, readonly=False) as history:
        proposal = project.proposal_of(call, policy, history)
        number = rule_on(ruling, proposal, history)
    if isinstance(number, Diagnostic):
        raise project.refused_by(call, [number])
    if call.json:
        output.show_json({"schema_version": 1, "dispute": number, "outcome": ruling.outcome})
    else:
        output.tell(call, _DONE[ruling.outcome].format(number=number))
    return Exit.DONE


_DONE = {
    "accepted": _("Dispute {number} accepted: it is held until the credit note comes."),
    "rejected": _("Dispute {number} rejected: dunning goes on, and the next notice says so."),
    "closed": _("Dispute {number} closed."),
}


def _code(text: str | None) -> str:
    from relance.dunning.disputes import REASONS

    code = (text or "other").lower().replace("-", "_").replace(" ", "_")
    if code in REASONS:
        return code
    raise Stop(
        Exit.USAGE,
        _("there is no reason code {code}").format(code=text),
        _("one of {codes}").format(codes=", ".join(REASONS)),
    )
