"""`relance validate`: every error of a policy at once, in the form that people or machines want."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.diagnostics import Diagnostic, Span

HELP = _(
    "Check the policy: every error at once, with its place and a way out.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance validate\n"
    "  relance validate --format github    in a workflow, errors show on the lines of a change\n"
    "  relance validate clients/*          several projects"
)


class Form(StrEnum):
    """How findings are written."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"
    JUNIT = "junit"


_FOR_MACHINES = (Form.JSON, Form.SARIF, Form.JUNIT)
"""Forms that are UTF-8 by their standards, whatever the locale."""


def project_of(path: Path) -> Path:
    """Return the project that `path` (a directory or a file) belongs to: the nearest relance.yaml."""
    start = path if path.is_dir() else path.parent
    for folder in (start, *start.resolve().parents):
        if (folder / "relance.yaml").is_file():
            return folder
    if path.is_dir():
        return path  # reading it says what is missing, and how to begin
    raise Stop(
        Exit.USAGE,
        _("{path} belongs to no project").format(path=path),
        _("a project is a directory with a file relance.yaml in it"),
    )


def validate(
    call: Call,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help=_("Projects, or files of projects; the current project if none.")),
    ] = None,
    form: Annotated[
        Form, typer.Option("--format", case_sensitive=False, help=_("Form of the findings."))
    ] = Form.FULL,
    strict: Annotated[bool, typer.Option("--strict", help=_("Warnings fail as well."))] = False,
) -> int:
    """Show what is wrong with the policies of `paths`; USAGE when something is."""
    from relance.diagnostics import Severity, in_order
    from relance.reports.diagnostics import render

    roots = list(dict.fromkeys(project_of(path) for path in paths or [call.project]))
    readings = [project.read(root) for root in roots]
    found = in_order(
        _from_here(d, root)
        for root, reading in zip(roots, readings, strict=True)
        for d in reading.diagnostics
    )
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    failed = any(d.severity in failing for d in found)
    if failed or not call.quiet:
        files = [file for reading in readings for file in reading.files]
        procedures = sum(reading.procedures for reading in readings)
        chosen = Form.JSON if call.json else form
        text = render(found, chosen.value, call.language, files, procedures)
        if chosen in _FOR_MACHINES:
            output.show_json_parts([text.rstrip("\n"), "\n"])
        else:
            output.show_text([text.rstrip("\n")])
    return Exit.USAGE if failed else Exit.DONE


def _from_here(found: Diagnostic, root: Path) -> Diagnostic:
    """Return `found` with its places relative to where the command was called, not to `root`."""
    if root == Path():
        return found

    def moved(span: Span) -> Span:
        return replace(span, file=(root / span.file).as_posix())

    span = moved(found.span) if found.span else None
    return replace(found, span=span, related=tuple(moved(other) for other in found.related))
