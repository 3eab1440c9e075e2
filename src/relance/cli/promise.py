"""`relance promise`: who promised to pay what and when, and whether the money came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.people import operator_name
from relance.cli.typed import amount_of, day_of
from relance.cli.words import _
from relance.language import day_text

if TYPE_CHECKING:
    from relance.policy.model import Policy
    from relance.runs.recording import Entry

HELP = _(
    "Record a promise to pay, or list the promises and what became of them: kept, kept in part, not "
    "kept. Until its date and the days of grace the invoice is not dunned; when the promised sum has "
    "come, the rest is.\n\n"
    "\b\n"
    "Examples:\n"
    '  relance promise F-2026-042 --until 2026-04-30 --by-whom "Mrs Roy"\n'
    "  relance promise F-2026-042 --until 2026-04-30 --amount 500\n"
    "  relance promise --debtor C12 --until 2026-04-30\n"
    "  relance promise list\n"
    "  relance promise withdraw F-2026-042    it was a mistake"
)


def promise(  # noqa: PLR0913, PLR0917 - a parameter is an option
    call: Call,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NUMBER|list|withdraw NUMBER]", help=_("Invoice concerned.")),
    ] = None,
    debtor: Annotated[
        str | None,
        typer.Option("--debtor", metavar="ID", help=_("Debtor concerned, with all its items.")),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="YYYY-MM-DD", help=_("Date promised."))
    ] = None,
    amount: Annotated[
        str | None, typer.Option("--amount", metavar="AMOUNT", help=_("Amount promised."))
    ] = None,
    by_whom: Annotated[
        str | None, typer.Option("--by-whom", metavar="NAME", help=_("Who promised it."))
    ] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help=_("What was said."))
    ] = None,
) -> int:
    """Record a promise, withdraw one, or list them."""
    from relance.runs.recording import Entry

    policy = project.policy_of(call)
    given = words or ([] if debtor else ["list"])
    if given == ["list"]:
        return _list(call, policy, debtor)
    withdrawn = given[:1] == ["withdraw"]
    numbers = given[1:] if withdrawn else given
    if len(numbers) > 1:
        raise Stop(Exit.USAGE, _("one invoice at a time"), _("or --debtor ID for all of them"))
    entry = Entry(
        "promise_withdrawn" if withdrawn else "promise",
        call.today(policy),
        numbers[0] if numbers else None,
        debtor,
        day_of(until, "--until") if until else None,
        amount_of(amount, "--amount") if amount else None,
        reason=reason,
        by=operator_name(),
        owner=by_whom,
    )
    return _enter(call, policy, entry)


def _enter(call: Call, policy: Policy, entry: Entry) -> int:
    from relance.runs.recording import record

    with project.history_of(policy, readonly=False) as history:
        proposal = project.proposal_of(call, policy, history)
        if entry.until and entry.until < proposal.today:
            raise Stop(
                Exit.USAGE,
                _("{date} is past: nothing can be promised for it").format(
                    date=day_text(entry.until, call.language)
                ),
                _("give the date on which the money is to come"),
            )
        wrong = record(entry, proposal, history)
    if wrong:
        raise project.refused_by(call, wrong)
    if call.json:
        output.show_json({"schema_version": 1, "recorded": entry.type})
    else:
        subject = entry.number or entry.debtor
        done = (
            _("Promise withdrawn: {subject}.")
            if entry.type == "promise_withdrawn"
            else _("Promise recorded: {subject}.")
        )
        output.tell(call, done.format(subject=subject))
    return Exit.DONE


def _list(call: Call, policy: Policy, debtor: str | None) -> int:
    from relance.runs.promises import promises

    with project.history_of(policy) as history:
        found = promises(project.proposal_of(call, policy, history))
    if debtor:
        found = [each for each in found if each["debtor"] == debtor]
    if call.json:
        output.show_json({"schema_version": 1, "promises": found})
    elif not found:
        output.tell(call, _("Nothing was promised yet."))
    else:
        from relance.reports.promise_table import promises_table

        output.show(promises_table(found, call.language))
    return Exit.DONE
