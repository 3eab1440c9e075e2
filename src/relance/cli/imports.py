"""`relance import`: reads the sources and says what was understood of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.intake.reading import Reading

HELP = _(
    "Read the sources and say what was understood: encoding, separators, date format, rows, "
    "amounts, and every row that could not be read. Nothing is recorded; a run imports by "
    "itself.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance import\n"
    "  relance import --json"
)


def imports(call: Call) -> int:
    """Show what was read."""
    from relance.diagnostics import in_order
    from relance.intake.reading import read

    policy = project.policy_of(call)
    with output.progress(call, _("reading")):
        reading = read(policy)
    found = in_order(reading.diagnostics)
    code = Exit.REFUSED if reading.refused else Exit.DONE
    if call.json:
        output.show_json(_fields(call, reading))
    else:
        output.report(call, found)
        if not call.quiet:
            _show(call, reading)
    return code


def _show(call: Call, reading: Reading) -> None:
    from relance.reports.import_table import files_table, items_table
    from relance.reports.tables import stacked

    tables = [files_table(reading.files, call.language), items_table(reading.items, call.language)]
    output.show(stacked(tables))


def _fields(call: Call, reading: Reading) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "refused": reading.refused,
        "items": reading.items.height,
        "debtors": reading.debtors.height,
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
        "diagnostics": [d.as_json(call.language) for d in reading.diagnostics],
    }
