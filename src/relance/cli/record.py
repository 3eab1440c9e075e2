"""`relance record`: what a person knows and the books do not say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.people import operator_name
from relance.cli.typed import amount_of, day_of
from relance.cli.words import _

HELP = _(
    "Record what a person knows and the books do not say: a block, a dispute, a promise to pay, a "
    "payment plan, collective proceedings, a handover, an acknowledgement of the debt, an answer "
    "that was dealt with, a proof of sending that came back.\n\n"
    "\b\n"
    "Examples:\n"
    '  relance record dispute F-2026-042 --reason "wrong quantity"\n'
    "  relance record promise F-2026-042 --until 2026-04-30\n"
    '  relance record block --debtor C12 --until 2026-05-15 --reason "key account"\n'
    "  relance record instalments --debtor C12 --instalment 2026-05-01=500 \\\n"
    "      --instalment 2026-06-01=500\n"
    "  relance record reply_handled --debtor C12    its levels go on\n"
    '  relance record receipt F-2026-042 --reference "1A 200 000 0001 7" --on 2026-04-12'
)


EVENTS = (
    "block",
    "unblock",
    "dispute",
    "dispute_settled",
    "promise",
    "promise_withdrawn",
    "instalments",
    "instalments_ended",
    "insolvency",
    "insolvency_closed",
    "handover",
    "handover_returned",
    "settled",
    "acknowledged",
    "claimed_in_court",
    "reply_handled",
)
"""What may be recorded: the words of `dunning.events.HOLD_TYPES` that have no command of their own alone."""

RECEIPT = "receipt"
"""A proof of sending that came back: it is about a letter that left, not about an open item."""

_EVENTS = ", ".join((*EVENTS, RECEIPT))


@dataclass(frozen=True, slots=True)
class _Given:
    """What was given on the command line beside the event and its subject."""

    until: date | None
    amount: Decimal | None
    instalments: tuple[tuple[date, Decimal], ...]


def record(  # noqa: PLR0913, PLR0917 - a parameter is an option
    call: Call,
    event: Annotated[
        str, typer.Argument(metavar="EVENT", help=_("One of {events}.").format(events=_EVENTS))
    ],
    number: Annotated[
        str | None, typer.Argument(metavar="NUMBER", help=_("Invoice concerned."))
    ] = None,
    named: Annotated[
        str | None,
        typer.Option("--number", metavar="NUMBER", help=_("The same, as an option.")),
    ] = None,
    debtor: Annotated[
        str | None,
        typer.Option("--debtor", metavar="ID", help=_("Debtor concerned, with all its items.")),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="YYYY-MM-DD", help=_("End of a block; date promised.")),
    ] = None,
    amount: Annotated[
        str | None, typer.Option("--amount", metavar="AMOUNT", help=_("Amount promised."))
    ] = None,
    instalment: Annotated[
        list[str] | None,
        typer.Option("--instalment", metavar="DATE=AMOUNT", help=_("One for each instalment.")),
    ] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help=_("Why, for those who read it."))
    ] = None,
    reference: Annotated[
        str | None,
        typer.Option("--reference", metavar="TEXT", help=_("Number of the registered item.")),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="YYYY-MM-DD", help=_("Day that the proof tells; else today.")),
    ] = None,
) -> int:
    """Record the event."""
    from relance.runs.recording import Entry
    from relance.runs.recording import record as enter

    if event == RECEIPT:
        return _receipt(call, number or named, debtor, (reference, on, reason))
    if event not in EVENTS:
        raise Stop(
            Exit.USAGE,
            _("there is no event {event}").format(event=event),
            _("one of {events}").format(events=_EVENTS),
        )
    given = _Given(
        day_of(until, "--until") if until else None,
        amount_of(amount, "--amount") if amount else None,
        tuple(_instalment(text) for text in instalment or ()),
    )
    policy = project.policy_of(call)
    with project.history_of(policy, readonly=False) as history:
        proposal = project.proposal_of(call, policy, history)
        entry = Entry(
            event, proposal.today, number or named, debtor, given.until, given.amount,
            given.instalments, reason, operator_name(),
        )  # fmt: skip
        wrong = enter(entry, proposal, history)
    if wrong:
        raise project.refused_by(call, wrong)
    if call.json:
        output.show_json({"schema_version": 1, "recorded": event})
    else:
        subject = number or named or debtor or ""
        output.tell(call, _("Recorded: {event}, {subject}.").format(event=event, subject=subject))
    return Exit.DONE


def _receipt(
    call: Call,
    subject: str | None,
    debtor: str | None,
    told: tuple[str | None, str | None, str | None],
) -> int:
    """Record the proof that came back, with its reference, day and remark (`told`)."""
    from relance.runs.receipts import Receipt, record_receipt

    reference, on, remark = told
    if subject is None:
        raise Stop(
            Exit.USAGE,
            _("of which letter did the proof come back?"),
            _("give the number of an invoice that the letter was about, or the letter's key"),
        )
    policy = project.policy_of(call)
    day = day_of(on, "--on") if on else call.today(policy)
    given = Receipt(subject, day, debtor, reference, remark, operator_name())
    with project.history_of(policy, readonly=False) as history:
        wrong = record_receipt(given, policy, history)
    if wrong:
        raise project.refused_by(call, wrong)
    if call.json:
        output.show_json({"schema_version": 1, "recorded": RECEIPT})
    else:
        output.tell(call, _("Recorded: {event}, {subject}.").format(event=RECEIPT, subject=subject))
    return Exit.DONE


def _instalment(text: str) -> tuple[date, Decimal]:
    day, _equals, amount = text.partition("=")
    return day_of(day, "--instalment"), amount_of(amount, "--instalment")
