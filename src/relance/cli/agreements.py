"""What `instalments` and `offer` do alike: the list, the sheet and the letter of what was proposed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from relance.cli import files, output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.words import _

if TYPE_CHECKING:
    from rich.console import RenderableType

    from relance.diagnostics import Diagnostic
    from relance.history.store import History
    from relance.policy.model import Policy
    from relance.runs.proposal import Proposal

Fields = dict[str, Any]

Whose = Annotated[
    str | None,
    typer.Option("--debtor", metavar="ID", help=_("Whose invoices, where numbers repeat.")),
]
Said = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help=_("What was said."))]
LetterFile = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help=_("Write the letter: .pdf, or .eml to send.")
    ),
]


@dataclass(frozen=True)
class Kind:
    """A kind of agreement.

    Attributes:
        key: what the list is called in JSON.
        none: what is said of an empty list.
        listed: gives all, as JSON.
        find: gives the one of a number, an invoice or a debtor, as JSON; or why there is none.
        letter: gives the letter of a number as a PDF ("letter") or an e-mail ("email"); or what is wrong.
        table, sheet: draw the list, and one of it, in the operator's language.
    """

    key: str
    none: str
    listed: Callable[[Proposal], list[Fields]]
    find: Callable[[str, Proposal], Fields | Diagnostic]
    letter: Callable[[int, Proposal, History, str], bytes | list[Diagnostic]]
    table: Callable[[Sequence[Mapping[str, Any]], str], RenderableType]
    sheet: Callable[[Mapping[str, Any], str], RenderableType]


def show_list(call: Call, policy: Policy, kind: Kind, debtor: str | None) -> int:
    """Show all agreements of `kind`, or those of `debtor`; return the exit code."""
    with project.history_of(policy) as history:
        found = kind.listed(project.proposal_of(call, policy, history))
    if debtor:
        found = [each for each in found if each["debtor"] == debtor]
    if call.json:
        output.show_json({"schema_version": 1, kind.key: found})
    elif not found:
        output.tell(call, kind.none)
    else:
        output.show(kind.table(found, call.language))
    return Exit.DONE


def show_one(call: Call, policy: Policy, kind: Kind, subject: str) -> int:
    """Show the agreement that `subject` names; return the exit code.

    Raises:
        Stop: when there is none.
    """
    with project.history_of(policy) as history:
        found = found_of(call, kind, subject, project.proposal_of(call, policy, history))
    return shown(call, kind, found)


def shown(call: Call, kind: Kind, agreement: Fields) -> int:
    """Show `agreement`, an entry of the list; return the exit code."""
    if call.json:
        output.show_json({"schema_version": 1, **agreement})
    else:
        output.show(kind.sheet(agreement, call.language))
    return Exit.DONE


def show_letter(call: Call, policy: Policy, kind: Kind, subject: str, out: Path | None) -> int:
    """Write the letter of the agreement that `subject` names to `out`; return the exit code.

    Raises:
        Stop: when there is none, or it cannot be written.
    """
    if out is None:
        raise Stop(Exit.USAGE, _("to which file?"), _("give -o FILE.pdf, or -o FILE.eml"))
    with project.history_of(policy) as history:
        proposal = project.proposal_of(call, policy, history)
        found = found_of(call, kind, subject, proposal)
        write_letter(call, kind, (found["number"], out), proposal, history)
    if call.json:
        output.show_json({"schema_version": 1, "written": str(out), **found})
    else:
        output.tell(call, _("Written: {file}.").format(file=out))
    return Exit.DONE


def show_new(
    call: Call, policy: Policy, kind: Kind, made: tuple[int, str, Path | None], history: History
) -> int:
    """Show what was just recorded: its number, what is said of it, the file of its letter.

    Returns the exit code.

    Raises:
        Stop: when the letter cannot be made or written.
    """
    number, said, out = made
    proposal = project.proposal_of(call, policy, history)
    found = found_of(call, kind, str(number), proposal)
    if out is not None:
        write_letter(call, kind, (number, out), proposal, history)
    shown(call, kind, found)
    if not call.json:
        output.tell(call, said.format(number=number))
        if out is not None:
            output.tell(call, _("Written: {file}.").format(file=out))
    return Exit.DONE


def found_of(call: Call, kind: Kind, subject: str, proposal: Proposal) -> Fields:
    """Return the agreement that `subject` names, as JSON.

    Raises:
        Stop: when there is none.
    """
    found = kind.find(subject, proposal)
    if isinstance(found, dict):
        return found
    raise project.refused_by(call, [found])


def write_letter(
    call: Call, kind: Kind, what: tuple[int, Path], proposal: Proposal, history: History
) -> None:
    """Write the letter of the agreement with this number to this file, which must be new.

    Raises:
        Stop: when it cannot be made or written.
    """
    number, file = what
    made = kind.letter(number, proposal, history, medium_of(file))
    if not isinstance(made, bytes):
        raise project.refused_by(call, made)
    files.write(file, [made], over=False, private=True)


def medium_of(out: Path | None) -> str:
    """Return what `out` is to be, by its end.

    Raises:
        Stop: when it is neither a PDF nor an e-mail.
    """
    suffix = out.suffix.lower() if out else ".pdf"
    if suffix not in (".pdf", ".eml"):
        raise Stop(
            Exit.USAGE,
            _("{file} is neither a PDF nor an e-mail").format(file=out),
            _("give a name that ends in .pdf or .eml"),
        )
    return "letter" if suffix == ".pdf" else "email"
