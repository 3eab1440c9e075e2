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
    from relance.policy.load import Reading
    from relance.runs.receivables_check import Checked

HELP = _(
    "Check the policy: every error at once, with its place and a way out.\n\n"
    "With --receivables, read the sources too, and say which open invoices lack what their debtors "
    "need to pay them (order number, service code, mandatory mentions), the one due first before "
    "the others; which debtors have wrong numbers or are there twice; and each debtor's terms.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance validate\n"
    "  relance validate --format github    in a workflow, errors show on the lines of a change\n"
    "  relance validate --format gitlab    a Code Quality report; sarif, junit, markdown: others\n"
    "  relance validate clients/*          several projects\n"
    "  relance validate --receivables      open invoices that lack something"
)


class Form(StrEnum):
    """How findings are written."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"
    JUNIT = "junit"
    GITLAB = "gitlab"
    MARKDOWN = "markdown"


_FOR_MACHINES = (Form.JSON, Form.SARIF, Form.JUNIT, Form.GITLAB, Form.MARKDOWN)
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
    receivables: Annotated[
        bool, typer.Option("--receivables", help=_("Check debtors and open invoices too."))
    ] = False,
) -> int:
    """Show what is wrong with the policies of `paths`; USAGE when something is."""
    from relance import clock
    from relance.diagnostics import in_order

    roots = list(dict.fromkeys(project_of(path) for path in paths or [call.project]))
    # Whose midnight it is cannot matter to a warning that comes weeks ahead.
    readings = [project.read(root, call.day or clock.now().date()) for root in roots]
    found = in_order(
        _from_here(d, root)
        for root, reading in zip(roots, readings, strict=True)
        for d in reading.diagnostics
    )
    checked = _check(call, roots, readings) if receivables else []
    found += [_from_here(d, root) for root, one in checked for d in one.findings]
    failed = _fails(found, strict)
    if failed or not call.quiet:
        invoices = [one for _, one in checked] if receivables else None
        _show(call, Form.JSON if call.json else form, found, readings, invoices)
    if any(one.refused for _, one in checked):
        return Exit.REFUSED
    return Exit.USAGE if failed else Exit.DONE


def _fails(found: list[Diagnostic], strict: bool) -> bool:
    from relance.diagnostics import Severity

    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return any(d.severity in failing for d in found)


def _show(
    call: Call,
    form: Form,
    found: list[Diagnostic],
    readings: list[Reading],
    checked: list[Checked] | None,
) -> None:
    """Write `found` in its order; `checked` is None where only policies were."""
    from relance.reports.diagnostics import Ordered, render

    files = [file for reading in readings for file in reading.files]
    procedures = sum(reading.procedures for reading in readings)
    text = render(Ordered(found), form.value, call.language, files, procedures).rstrip("\n")
    if form is Form.JSON and checked is not None:
        text = _with_invoices(text, checked)
    if form in _FOR_MACHINES:
        output.show_json_parts([text, "\n"])
        return
    output.show_text([text])
    if form is Form.FULL and checked:
        _show_terms(call, checked)


def _check(call: Call, roots: list[Path], readings: list[Reading]) -> list[tuple[Path, Checked]]:
    """Return what was found of the open invoices of each project whose policy has no errors."""
    from relance.runs.receivables_check import check_receivables

    checked = []
    for root, reading in zip(roots, readings, strict=True):
        if reading.policy is None:
            continue
        today = call.today(reading.policy)
        progress = output.progress(call, _("reading"))
        with project.history_of(reading.policy) as history, progress:
            checked.append((root, check_receivables(reading.policy, today, history)))
    return checked


def _with_invoices(text: str, checked: list[Checked]) -> str:
    """Return the JSON `text` with the invoices that lack something, and the terms of debtors."""
    import json

    content = json.loads(text)
    content["receivables"] = [row for one in checked for row in one.invoices.iter_rows(named=True)]
    content["terms"] = [row for one in checked for row in one.terms.iter_rows(named=True)]
    return json.dumps(content, ensure_ascii=False, indent=2, default=str)


def _show_terms(call: Call, checked: list[Checked]) -> None:
    from relance.reports.tables import stacked
    from relance.reports.terms_table import terms_table

    tables = [terms_table(one.terms, call.language) for one in checked if one.terms.height]
    if tables:
        output.show(stacked(tables))


def _from_here(found: Diagnostic, root: Path) -> Diagnostic:
    """Return `found` with its places relative to where the command was called, not to `root`."""
    if root == Path():
        return found

    def moved(span: Span) -> Span:
        return replace(span, file=(root / span.file).as_posix())

    span = moved(found.span) if found.span else None
    return replace(found, span=span, related=tuple(moved(other) for other in found.related))
