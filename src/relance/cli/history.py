"""`relance history`: what was sent and recorded, and whether the record is whole."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop, of_diagnostics
from relance.cli.people import operator_name
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.history.chain import Head
    from relance.policy.model import Policy

HELP = _(
    "Show what was sent and recorded, newest first; verify that the record is whole; back it up; "
    "release a database that was restored from a backup or moved to another machine.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance history\n"
    "  relance history --debtor C12 --limit 200\n"
    "  relance explain F-2026-042               for one invoice\n"
    "  relance history verify --head 4711:9f2c1a7be0d33c58\n"
    "  relance history backup /backups/relance-monday.db\n"
    "  relance history restored                 it was: go on from here\n"
    "  relance history moved                    it lives here from now on"
)


class Action(StrEnum):
    """What to do with the record."""

    SHOW = "show"
    VERIFY = "verify"
    BACKUP = "backup"
    RESTORED = "restored"
    MOVED = "moved"


def history(  # noqa: PLR0913, PLR0917 - a parameter is an option
    call: Call,
    action: Annotated[
        Action, typer.Argument(help=_("show, verify, backup, restored, moved."))
    ] = Action.SHOW,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help=_("New file for the backup."))
    ] = None,
    debtor: Annotated[
        str | None, typer.Option("--debtor", metavar="ID", help=_("Of this debtor only."))
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, metavar="N", help=_("How many events at most."))
    ] = 50,
    head: Annotated[
        list[str] | None,
        typer.Option(
            "--head", metavar="SEQ:HASH", help=_("A head that a run printed: verify against it.")
        ),
    ] = None,
) -> int:
    """Show the latest events, or look after the record."""
    policy = project.policy_of(call)
    match action:
        case Action.SHOW:
            project.note_printed(call, policy)
            return _show(call, policy, limit, debtor)
        case Action.VERIFY:
            return _verify(call, policy, [_head(text) for text in head or ()])
        case Action.BACKUP:
            return _back_up(call, policy, file)
        case Action.RESTORED:
            return _restored(call, policy)
        case Action.MOVED:
            return _moved(call, policy)


def _show(call: Call, policy: Policy, limit: int, debtor: str | None) -> int:
    with project.history_of(policy) as store:
        events = store.entries(limit, debtor)
    if call.json:
        output.show_json({"schema_version": 1, "events": events})
    elif not events:
        output.tell(call, _("Nothing was recorded yet."))
    else:
        from relance.reports.history_table import history_table

        output.show(history_table(events, call.language))
    return Exit.DONE


def _head(text: str) -> Head:
    from relance.history.chain import head_of

    found = head_of(text)
    if found is None:
        raise Stop(
            Exit.USAGE,
            _("{text} is no head of the record").format(text=text),
            _("each run prints one: the number of an event, a colon, and its hash"),
        )
    return found


def _verify(call: Call, policy: Policy, given: list[Head]) -> int:
    with project.history_of(policy) as store, output.progress(call, _("verifying")):
        found = store.verify(given)
    if call.json:
        output.show_json(
            {
                "schema_version": 1,
                "verdict": found.verdict,
                "events": found.events,
                "erased": found.erased,
                "head": str(found.head),
                "findings": [_finding(each, call.language) for each in found.findings],
            }
        )
    else:
        output.report(call, found.findings)
        text = _("The record is {verdict}: {events} events, head {head}.")
        words = text.format(verdict=_words(found.verdict), events=found.events, head=found.head)
        if not call.quiet:
            output.show_text([words])
    return of_diagnostics(found.findings)


def _finding(found: Any, language: str) -> dict[str, Any]:
    from relance.history.verify import VERDICTS

    shown = found.as_json(language)
    place = {
        name: found.facts[name] for name in ("seq", "first", "last", "key") if name in found.facts
    }
    return {"verdict": VERDICTS[found.code], **place} | {
        name: shown[name] for name in ("code", "severity", "message", "hint")
    }


def _words(verdict: str) -> str:
    """Return a verdict in the operator's language."""
    return {
        "intact": _("intact"),
        "changed": _("changed"),
        "removed": _("full of holes"),
        "truncated": _("cut off"),
        "rewritten": _("written anew"),
        "differs": _("at odds with the other tables"),
    }[verdict]


def _back_up(call: Call, policy: Policy, file: Path | None) -> int:
    if file is None:
        raise Stop(Exit.USAGE, _("into which file?"), _("relance history backup FILE"))
    with project.history_of(policy, readonly=False) as store:
        try:
            done = store.back_up(file)
        except FileExistsError:
            raise Stop(
                Exit.USAGE,
                _("there is a file {file} already").format(file=file),
                _("a backup never replaces another: give it a name of its own"),
            ) from None
        head = store.chain_head()
    if not done:
        raise Stop(
            Exit.USAGE,
            _("the history is on a PostgreSQL server"),
            _("`pg_dump --format=custom` backs it up, with all its triggers"),
        )
    if call.json:
        output.show_json({"schema_version": 1, "file": str(file), "head": str(head)})
    else:
        output.tell(call, _("Backed up to {file}, head {head}.").format(file=file, head=head))
    return Exit.DONE


def _restored(call: Call, policy: Policy) -> int:
    with project.locked(policy), project.history_of(policy, readonly=False) as store:
        lost = store.restored(operator_name())
    keys = sorted({str(seen.dispatch) for seen in lost.departures}) if lost else []
    if call.json:
        facts = {"known": lost.known.seq, "here": lost.here.seq} if lost else {}
        output.show_json({"schema_version": 1, "restored": lost is not None, **facts, "left": keys})
    elif lost is None:
        output.tell(call, _("The database knows all that its witness saw: nothing to release."))
    else:
        text = _(
            "Released. Known to have left since the backup: {count}. None of them is sent again: "
            "`relance doubt list` shows each as soon as a run proposes it."
        )
        output.tell(call, text.format(count=len(keys)))
    return Exit.DONE


def _moved(call: Call, policy: Policy) -> int:
    with project.locked(policy), project.history_of(policy, readonly=False) as store:
        here = store.moved(operator_name())
    if call.json:
        output.show_json({"schema_version": 1, "place": here.path if here else None})
    elif here is None:
        output.tell(call, _("The history is on a server: it has no place to release."))
    else:
        output.tell(call, _("The history lives at {path} from now on.").format(path=here.path))
    return Exit.DONE
