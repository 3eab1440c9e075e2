"""`relance doctor`: looks at the machine, the project and its channels, and says what to do."""

from __future__ import annotations

from typing import Annotated

import typer

from relance.cli import output
from relance.cli.call import Call
from relance.cli.checkup import FAIL, OK, WARN, Finding
from relance.cli.exits import worst
from relance.cli.words import _

HELP = _(
    "Check the machine, the project and its channels; each line says what was found and, where "
    "something is wrong, what to do.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance doctor\n"
    "  relance doctor --check-channels     connects to servers and services, sends nothing"
)

_MARKS = {OK: ("✓", "green"), WARN: ("!", "yellow"), FAIL: ("✗", "red")}


def doctor(
    call: Call,
    check_channels: Annotated[
        bool, typer.Option("--check-channels", help=_("Connect to the servers of channels."))
    ] = False,
) -> int:
    """Run the checks."""
    from relance.cli import checkup_machine, checkup_project

    with output.progress(call, _("looking")):
        found = [
            *checkup_machine.findings(),
            *checkup_project.findings(call, check_channels=check_channels),
        ]
    shown = [f for f in found if not call.quiet or f.state != OK]
    if call.json:
        output.show_json({"schema_version": 1, "checks": [_fields(f) for f in found]})
    elif shown:
        _show(shown)
    return worst(f.code for f in found if f.state == FAIL)


def _fields(finding: Finding) -> dict[str, str]:
    return {
        "check": finding.name,
        "state": finding.state,
        "detail": finding.detail,
        "hint": finding.hint,
    }


def _show(findings: list[Finding]) -> None:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    from relance.reports.figures import safe

    grid = Table.grid(padding=(0, 1))
    grid.add_column()
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for finding in findings:
        mark, style = _MARKS[finding.state]
        detail = Text(safe(finding.detail))
        if finding.hint:
            detail.append(f"\n→ {safe(finding.hint)}", style="italic")
        grid.add_row(Text(mark, style=style), finding.name, detail)
    failed = any(f.state == FAIL for f in findings)
    last = _("Something is wrong.") if failed else _("Nothing stands in the way of a run.")
    output.show(Group(grid, Text(), Text(last, style="bold")))
