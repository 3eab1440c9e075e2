"""`relance import`: reads the sources and says what was understood of them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.people import operator_name
from relance.cli.typed import day_of
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.diagnostics import Diagnostic
    from relance.intake.reading import Reading
    from relance.runs.bank_import import BankImport

HELP = _(
    "Read the sources and say what was understood: encoding, separators, date format, rows, "
    "amounts, and every row that could not be read. Nothing is recorded; a run imports by "
    "itself.\n\n"
    "With `bank`, keep the payments of bank statements (camt, CODA, CFONB, MT940, OFX, CSV): each "
    "counts once, however often it is imported, and the file is not needed afterwards.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance import\n"
    "  relance import --json\n"
    "  relance import bank releves/*.xml\n"
    "  relance import bank old.xml --since 2026-10-01     the books have what is earlier"
)


class Kind(StrEnum):
    """What is imported from files named on the command line."""

    BANK = "bank"


def imports(
    call: Call,
    kind: Annotated[
        Kind | None, typer.Argument(help=_("bank: keep the payments of the files named."))
    ] = None,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE...", help=_("Bank statements."))
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="YYYY-MM-DD", help=_("Leave out earlier movements.")),
    ] = None,
) -> int:
    """Show what was read, or keep payments."""
    if kind is Kind.BANK:
        if not files:
            raise Stop(Exit.USAGE, _("which files?"), "relance import bank FILE...")
        return _bank(call, files, day_of(since, "--since") if since else None)
    if since is not None:
        raise Stop(Exit.USAGE, _("--since goes with `relance import bank FILE...`"))
    return _sources(call)


def _bank(call: Call, files: list[Path], since: date | None) -> int:
    from relance.diagnostics import in_order
    from relance.runs.bank_import import keep, read_statements

    policy = project.policy_of(call)
    with project.locked(policy), project.history_of(policy, readonly=False) as history:
        with output.progress(call, _("reading")):
            read = read_statements(policy, files, history, since)
        new = 0 if read.refused else keep(read, history, operator_name())
    if call.json:
        from relance.reports.bank_table import statement_fields

        output.show_json(
            {
                "schema_version": 1,
                "refused": read.refused,
                "new": new,
                "statements": [statement_fields(s) for s in read.statements],
                "diagnostics": [d.as_json(call.language) for d in read.diagnostics],
            }
        )
    else:
        output.report(call, in_order(read.diagnostics))
        _show_statements(call, read, new)
    return Exit.REFUSED if read.refused else Exit.DONE


def _show_statements(call: Call, read: BankImport, new: int) -> None:
    from relance.reports.bank_table import statements_table

    if read.statements and not call.quiet:
        output.show(statements_table(read.statements, call.language))
    if read.refused:
        output.tell(call, _("A file was refused: nothing was kept."))
    else:
        output.tell(call, _("New payments and returns: {count}.").format(count=new))


def _sources(call: Call) -> int:
    from relance.diagnostics import in_order
    from relance.intake.identity import check_debtors
    from relance.intake.reading import read

    policy = project.policy_of(call)
    with output.progress(call, _("reading")):
        reading = read(policy)
        found = in_order([*reading.diagnostics, *check_debtors(reading.debtors)])
    code = Exit.REFUSED if reading.refused else Exit.DONE
    if call.json:
        output.show_json(_fields(call, reading, found))
    else:
        output.report(call, found)
        if not call.quiet:
            _show(call, reading)
    return code


def _show(call: Call, reading: Reading) -> None:
    from relance.reports.import_table import files_table, items_table, movements_table
    from relance.reports.tables import stacked

    tables = [files_table(reading.files, call.language), items_table(reading.items, call.language)]
    if reading.movements.height:
        tables.append(movements_table(reading.movements, call.language))
    output.show(stacked(tables))


def _fields(call: Call, reading: Reading, found: list[Diagnostic]) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "refused": reading.refused,
        "items": reading.items.height,
        "debtors": reading.debtors.height,
        "movements": reading.movements.height,
        "files": [
            {
                "source": file.source,
                "path": file.path,
                "kind": file.kind,
                "rows": file.rows,
                "sha256": file.fingerprint,
                "detected": dict(file.detected),
            }
            for file in reading.files
        ],
        "diagnostics": [d.as_json(call.language) for d in found],
    }
