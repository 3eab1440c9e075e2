"""`relance gdpr`: what is held about a debtor, handed out or erased."""

from __future__ import annotations

import json
import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.people import operator_name
from relance.cli.typed import day_of
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.history.store import History
    from relance.policy.model import Policy

HELP = _(
    "Hand out all that is held about a debtor, or erase it: names, addresses, texts and messages. "
    "Amounts, dates and that a notice left stay, under a pseudonym, and the record can still be "
    "verified. Nothing is erased without --confirm.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance gdpr export C12 -o C12/\n"
    "  relance gdpr erase C12                       what would be erased\n"
    "  relance gdpr erase C12 --confirm\n"
    "  relance gdpr purge --before 2021-01-01 --confirm"
)


class Action(StrEnum):
    """What to do."""

    EXPORT = "export"
    ERASE = "erase"
    PURGE = "purge"


def gdpr(  # noqa: PLR0913, PLR0917 - a parameter is an option
    call: Call,
    action: Annotated[Action, typer.Argument(help=_("export, erase, purge."))],
    debtor: Annotated[
        str | None, typer.Argument(metavar="DEBTOR", help=_("Number of the debtor."))
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help=_("New folder for the export.")),
    ] = None,
    before: Annotated[
        str | None,
        typer.Option(
            "--before", metavar="YYYY-MM-DD",
            help=_("Purge: debtors who owe nothing and of whom nothing was recorded since."),
        ),
    ] = None,
    confirm: Annotated[bool, typer.Option("--confirm", help=_("Do erase."))] = False,
    open_too: Annotated[
        bool,
        typer.Option(
            "--although-open",
            help=_("Erase although something is open; the debtor's number stays."),
        ),
    ] = False,
) -> int:  # fmt: skip
    """Export, erase or purge."""
    policy = project.policy_of(call)
    if action is Action.PURGE:
        if before is None:
            raise Stop(Exit.USAGE, _("before which day?"), "relance gdpr purge --before 2021-01-01")
        return _purge(call, policy, before, confirm=confirm)
    if debtor is None:
        raise Stop(Exit.USAGE, _("which debtor?"), _("`relance status` shows their numbers"))
    if action is Action.EXPORT:
        return _export(call, policy, debtor, folder)
    return _erase(call, policy, debtor, confirm=confirm, open_too=open_too)


def _export(call: Call, policy: Policy, debtor: str, folder: Path | None) -> int:
    with project.history_of(policy) as history:
        held = history.held_about(debtor)
        messages = history.messages_to(debtor)
    if not held:
        raise _nothing(debtor)
    content = {"schema_version": 1, "debtor": debtor, **held}
    if folder is not None:
        _write(folder, content, messages)
        output.tell(call, _("Written to {folder}.").format(folder=folder))
    if call.json or folder is None:
        output.show_json(content)
    return Exit.DONE


def _write(folder: Path, content: dict[str, object], messages: list[tuple[str, bytes]]) -> None:
    """Write the export for its owner only; nothing that is there is replaced."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        raise Stop(
            Exit.USAGE,
            _("there is a folder {folder} already").format(folder=folder),
            _("give the export a folder of its own"),
        ) from None
    text = json.dumps(content, ensure_ascii=False, indent=2, default=str)
    for name, data in (("held.json", text.encode()), *messages):
        path = folder / name.replace("/", "-").replace("\0", "")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with os.fdopen(os.open(path, flags, 0o600), "wb") as stream:
            stream.write(data)


def _erase(call: Call, policy: Policy, debtor: str, *, confirm: bool, open_too: bool) -> int:
    with project.locked(policy), project.history_of(policy, readonly=not confirm) as history:
        held = history.held_about(debtor)
        if not held:
            raise _nothing(debtor)
        unsettled = history.unsettled(debtor)
        is_open = bool(unsettled) or debtor in _open_debtors(call, policy, history)
        if is_open and not open_too:
            raise Stop(
                Exit.BRAKE,
                _("{debtor} has something open, in doubt or to be tried again").format(
                    debtor=debtor
                ),
                _(
                    "settle it first; --although-open erases names, addresses and texts now and "
                    "keeps the number, so that nothing is sent twice"
                ),
            )
        if confirm:
            history.erase([debtor], operator_name(), named=is_open)
    counts = {name: len(rows) for name, rows in held.items()}
    return _told(call, {"debtors": [debtor], "rows": counts}, confirm=confirm)


def _purge(call: Call, policy: Policy, before: str, *, confirm: bool) -> int:
    from relance.clock import moment_of

    moment = moment_of(day_of(before, "--before"), policy.creditor.timezone)
    with project.locked(policy), project.history_of(policy, readonly=not confirm) as history:
        idle = history.idle_since(moment)
        alive = _open_debtors(call, policy, history) if idle else set()
        settled = [name for name in idle if name not in alive and not history.unsettled(name)]
        if confirm:
            history.erase(settled, operator_name())
    return _told(call, {"debtors": settled, "kept_open": len(idle) - len(settled)}, confirm=confirm)


def _open_debtors(call: Call, policy: Policy, history: History) -> set[str]:
    """Return the debtors who have an open item in the books of today."""
    import polars as pl

    facts = project.proposal_of(call, policy, history).facts
    return set(facts.filter(pl.col("open") != 0)["debtor"].drop_nulls())


def _told(call: Call, what: dict[str, object], *, confirm: bool) -> int:
    debtors = what["debtors"]
    assert isinstance(debtors, list)
    if call.json:
        output.show_json({"schema_version": 1, "erased": confirm, **what})
        return Exit.DONE
    names = ", ".join(debtors[:20]) + (", …" if len(debtors) > 20 else "")
    if not debtors:
        output.tell(call, _("Nobody to erase."))
    elif confirm:
        output.tell(
            call,
            _("Erased: {names}.").format(names=names),
            _(
                "What stands elsewhere is yours to erase: exports, customers.csv, folders of letters, "
                "mails and dossiers, the mail server, backups."
            ),
        )
    else:
        text = _("Would be erased: {names}. Nothing was: --confirm does it.")
        output.tell(call, text.format(names=names))
    return Exit.DONE


def _nothing(debtor: str) -> Stop:
    return Stop(
        Exit.USAGE,
        _("nothing is held about {debtor}").format(debtor=debtor),
        _("`relance history` and `relance status` show the numbers of debtors"),
    )
