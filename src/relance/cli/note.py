"""`relance note`: what people know of a debtor, an invoice or a notice, in their own words."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.people import operator_name
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.policy.model import Policy

HELP = _(
    "Keep what people know of a debtor, an invoice or a notice, in their own words. A note names "
    "files by path and SHA-256: one that changed or went is told.\n\n"
    "\b\n"
    "Examples:\n"
    '  relance note add C12 "pays by cheque, never before the 10th"\n'
    '  relance note add F-2026-042 "pallet 3 broken" --attach photos/pallet.jpg\n'
    '  relance note add 81c0ffee12ab "came back, moved to Lille"    a notice, by its key\n'
    "  relance note list\n"
    "  relance note list C12 --json"
)


class Action(StrEnum):
    """What to do with notes."""

    LIST = "list"
    ADD = "add"


def note(  # noqa: PLR0913, PLR0917 - a parameter is an option
    call: Call,
    action: Annotated[Action, typer.Argument(help=_("list or add."))] = Action.LIST,
    subject: Annotated[
        str | None,
        typer.Argument(metavar="SUBJECT", help=_("Debtor, invoice, or a notice's key.")),
    ] = None,
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help=_("The note, in quotes."))
    ] = None,
    attach: Annotated[
        list[Path] | None,
        typer.Option("--attach", metavar="FILE", help=_("A file that belongs to it; several.")),
    ] = None,
    debtor: Annotated[
        str | None, typer.Option("--debtor", metavar="ID", help=_("Debtor of the invoice."))
    ] = None,
) -> int:
    """List or add notes."""
    policy = project.policy_of(call)
    if action is Action.LIST:
        return _list(call, policy, subject, debtor)
    if subject is None:
        raise Stop(
            Exit.USAGE,
            _("a note about what?"),
            _('relance note add SUBJECT "TEXT", where SUBJECT is a debtor, an invoice or a notice'),
        )
    return _add(call, policy, subject, text or "", attach or [], debtor)


def _add(  # noqa: PLR0913, PLR0917 - what a note has
    call: Call, policy: Policy, subject: str, text: str, files: list[Path], debtor: str | None
) -> int:
    from relance.runs.notes import Note, add_note

    with project.history_of(policy, readonly=False) as history:
        portfolio = project.proposal_of(call, policy, history).portfolio
        given = Note(subject, text, portfolio.today, operator_name(), debtor, files)
        made = add_note(given, portfolio, history)
    if isinstance(made, list):
        raise project.refused_by(call, made)
    if call.json:
        output.show_json({"schema_version": 1, "note": made})
    else:
        output.tell(call, _("Noted: {number}, {subject}.").format(number=made, subject=subject))
    return Exit.DONE


def _list(call: Call, policy: Policy, subject: str | None, debtor: str | None) -> int:
    from relance.runs.notes import findings_of, notes_of

    with project.history_of(policy) as history:
        notes = notes_of(history, policy.root)
    wanted = [
        each
        for each in notes
        if debtor in (None, each["debtor"]) and (subject is None or _is_about(subject, each))
    ]
    if call.json:
        output.show_json({"schema_version": 1, "notes": wanted})
        return Exit.DONE
    output.report(call, findings_of(wanted), "concise")
    if not wanted:
        output.tell(call, _("There are no notes."))
        return Exit.DONE
    from relance.reports.debtor_view import notes_table

    output.show(notes_table(wanted, call.language))
    return Exit.DONE


def _is_about(subject: str, note: dict[str, str | None]) -> bool:
    plain = "".join(subject.split()).upper()
    notice = (note["notice"] or "").startswith(subject.lower()) and bool(note["notice"])
    return subject in (note["debtor"], note["item"]) or plain == note["number"] or notice
