"""`relance feed`: what a spreadsheet or another program has to tell."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.people import operator_name
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.diagnostics import Diagnostic
    from relance.runs.feed import Fed
    from relance.runs.feed_rows import Row

HELP = _(
    "Record what a spreadsheet or another program has to tell: calls, promises, disputes, notes, "
    "blocks, tasks and what came of them. CSV as Excel saves it, or JSON; all rows are recorded or "
    "none. A row that was recorded before is not recorded again.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance feed calls.csv\n"
    "  relance feed calls.csv --dry-run       says what is wrong, records nothing\n"
    "  crm export | relance feed - --json\n"
    "\b\n"
    "  event;debtor;number;task;date;until;amount;outcome;code;note;owner;by;id\n"
    "  call;C12;;;2026-04-14;2026-04-30;;promised;;Mrs Roy;;;\n"
    "  outcome;;;214;;;;paid;;by cheque;;;crm-881\n"
    "  dispute;;F-2026-042;;;;120,50;;price;offer 2026-17;paul;;"
)

_LARGEST = 20_000_000
"""Bytes of a file: far more than people say in a year."""


def feed(
    call: Call,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=_("CSV or JSON; - for the standard input."))
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Say what would be recorded, and record nothing."))
    ] = False,
) -> int:
    """Record what the file tells."""
    from relance.runs.feed import record, understood

    rows = _rows(call, file)
    policy = project.policy_of(call)
    # Two programs that hand in the same file must not both find it new.
    alone = nullcontext() if dry_run else project.locked(policy, wait=True)
    with alone, project.history_of(policy, readonly=dry_run) as history:
        proposal = project.proposal_of(call, policy, history)
        fed = understood(rows, proposal, history, operator_name())
        if isinstance(fed, list):
            raise project.refusal(call, Exit.REFUSED, fed)
        numbers = [] if dry_run else record(fed, history)
    return _told(call, fed, numbers)


def _rows(call: Call, file: Path) -> list[Row]:
    """Return the rows of a file.

    Raises:
        Stop: if it cannot be read, or has columns that mean nothing.
    """
    from relance.intake.feed import NotRows, rows_in
    from relance.runs.feed_rows import Row, named

    name = str(file)
    try:
        found = rows_in(_bytes(file), name)
    except OSError as error:
        why = error.strerror or error
        raise Stop(
            Exit.REFUSED, _("{file} cannot be read: {why}").format(file=name, why=why)
        ) from None
    except NotRows as error:
        raise Stop(
            Exit.REFUSED,
            _("{file} is no list of rows: {why}").format(file=name, why=error),
            _('JSON is a list of objects: [{"event": "note", "debtor": "C1", "note": "…"}]'),
        ) from None
    wrong: list[Diagnostic] = []
    rows: list[Row] = []
    if found and not isinstance(found[0], tuple):
        wrong = [each for each in found if not isinstance(each, tuple)]
    else:
        for each in named([row for row in found if isinstance(row, tuple)], name):
            if isinstance(each, Row):
                rows.append(each)
            else:
                wrong.append(each)
    if wrong:
        raise project.refusal(call, Exit.REFUSED, wrong)
    return rows


def _bytes(file: Path) -> bytes:
    """Return what a file, or the standard input, holds."""
    if str(file) == "-":
        content = sys.stdin.buffer.read(_LARGEST + 1)
    else:
        with file.open("rb") as opened:
            content = opened.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise Stop(Exit.REFUSED, _("{file} is too large to be a list of rows").format(file=file))
    return content


def _told(call: Call, fed: Fed, numbers: list[int]) -> int:
    """Say what was recorded (with --dry-run, what would be), and what was known."""
    if call.json:
        given = dict(enumerate(numbers))
        told = [
            {"line": row.place.line, "event": row.event, "id": row.id, "number": given.get(place)}
            for place, (row, _records) in enumerate(fed.new)
        ]
        known = [{"line": row.place.line, "id": row.id, "number": seq} for row, seq in fed.known]
        output.show_json({"schema_version": 1, "recorded": told, "known": known})
        return Exit.DONE
    if fed.new:
        from relance.reports.history_table import TYPES

        events = Counter(_(TYPES[records[0].type]) for _row, records in fed.new)
        listed = ", ".join(f"{event} {count}" for event, count in sorted(events.items()))
        said = _("Recorded: {events}.") if numbers else _("To record: {events}.")
        output.tell(call, said.format(events=listed))
    else:
        output.tell(call, _("Nothing new."))
    if fed.known:
        again = _("Recorded before, or twice in the file: {count}.")
        output.tell(call, again.format(count=len(fed.known)))
    return Exit.DONE
