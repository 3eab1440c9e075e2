"""`relance diff`: what a change of the policy does to today's portfolio."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.revisions import extract
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.diagnostics import Diagnostic
    from relance.history.store import History
    from relance.policy.model import Policy
    from relance.runs.comparison import Comparison

HELP = _(
    "Say what a change of the procedures does to today's portfolio: which notices would be added, "
    "removed or otherwise, which items wait for something else, which tasks come and go.\n\n"
    "OLD and NEW are project directories, or git revisions of the project of -C; NEW is the project "
    "as it lies there when it is not given. Both decide on the same exports and history: those of "
    "--data, or of -C, or of NEW. Nothing is written or sent.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance diff main                    what this branch changes\n"
    "  relance diff main HEAD --exit-code   1 when anything differs\n"
    "  relance diff ../old . --all          two directories, everything listed\n"
    "  relance diff main --format markdown  for a comment on a pull request, without names"
)


class Form(StrEnum):
    """How the differences are written."""

    FULL = "full"
    MARKDOWN = "markdown"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two policies.

    Attributes:
        name: what the operator called it; of a directory, without the folders that it lies in.
        root: where it and its templates lie.
        policy: what was read there.
    """

    name: str
    root: Path
    policy: Policy


def diff(  # noqa: PLR0913, PLR0917 - a parameter is an option
    call: Call,
    old: Annotated[str, typer.Argument(help=_("Project directory, or git revision."))],
    new: Annotated[
        str | None, typer.Argument(help=_("The same; the project as it is, if not given."))
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option(
            "--data",
            metavar="DIR",
            help=_("Exports and history of DIR: of -C or NEW, if not given."),
        ),
    ] = None,
    form: Annotated[
        Form, typer.Option("--format", case_sensitive=False, help=_("Form of the differences."))
    ] = Form.FULL,
    everything: Annotated[
        bool, typer.Option("--all", help=_("List all that differs, however much."))
    ] = False,
    names: Annotated[
        bool,
        typer.Option("--names", help=_("Let Markdown and JSON name debtors and addresses.")),
    ] = False,
    detailed: Annotated[
        bool, typer.Option("--exit-code", help=_("Exit with 1 when anything differs."))
    ] = False,
) -> int:
    """Show the differences; 1 with `--exit-code` when there is any."""
    with _side(call, old) as before, _side(call, new or str(call.project)) as after:
        data = _data(call, new, source)
        with _history(data, after) as history, output.progress(call, _("reading and deciding")):
            comparison = _compared(call, before, after, data, history)
    _show(call, comparison, (before, after), Form.JSON if call.json else form,
          everything=everything, names=names)  # fmt: skip
    return Exit.PARTLY if detailed and comparison.any else Exit.DONE


@contextmanager
def _side(call: Call, name: str) -> Iterator[Side]:
    """Yield the policy that `name` stands for: of a directory that holds one, else of a revision."""
    folder = Path(name)
    if (folder / "relance.yaml").is_file():
        yield Side(folder.name or name, folder, _policy(call, folder, f"{name}/"))
        return
    if folder.is_dir() and (name.startswith((".", "/")) or "/" in name):
        raise Stop(
            Exit.USAGE,
            _("{folder} is no project: it has no relance.yaml").format(folder=name),
            _("name a project directory, or a git revision"),
        )
    with tempfile.TemporaryDirectory(prefix="relance-") as aside:
        extract(call.project, name, Path(aside))
        yield Side(name, Path(aside), _policy(call, Path(aside), f"{name}:"))


def _policy(call: Call, folder: Path, prefix: str) -> Policy:
    """Return the policy in `folder`.

    Raises:
        Stop: when it has errors; they are shown, their places with `prefix`.
    """
    reading = project.read(folder)
    if reading.policy is None:
        raise project.refusal(call, Exit.USAGE, [_placed(d, prefix) for d in reading.diagnostics])
    return reading.policy


def _placed(found: Diagnostic, prefix: str) -> Diagnostic:
    if found.span is None or prefix == "./":
        return found
    return replace(found, span=replace(found.span, file=prefix + found.span.file))


def _data(call: Call, new: str | None, asked: Path | None) -> Path:
    """Return the directory whose exports and history both policies decide on."""
    if asked is not None and not asked.is_dir():
        raise Stop(Exit.USAGE, _("there is no directory {folder}").format(folder=asked))
    if asked is not None:
        return asked
    own = new is not None and (Path(new) / "relance.yaml").is_file()
    return Path(new) if new and own and call.project == Path() else call.project


@contextmanager
def _history(data: Path, after: Side) -> Iterator[History]:
    """Yield the history of the project `data`; that of its own policy, where that can be read."""
    from relance.runs.comparison import on_data

    own = project.read(data).policy if (data / "relance.yaml").is_file() else None
    with project.history_of(own or on_data(after.policy, data)) as history:
        yield history


def _compared(call: Call, before: Side, after: Side, data: Path, history: History) -> Comparison:
    from relance.runs.comparison import compare, propose_on
    from relance.runs.execution import refuse_past

    today = call.today(after.policy)
    past = refuse_past(history, today)
    if past is not None:
        raise project.refused_by(call, [past])
    proposals = []
    for side in (before, after):
        proposal = propose_on(side.policy, data, today, history)
        if proposal.refused:
            raise project.refusal(call, Exit.REFUSED, list(proposal.diagnostics))
        proposals.append(proposal)
    old, new = proposals
    return compare(old, new, history, (before.root, after.root))


def _show(  # noqa: PLR0913
    call: Call,
    comparison: Comparison,
    sides: tuple[Side, Side],
    form: Form,
    *,
    everything: bool,
    names: bool,
) -> None:
    from relance.reports.diff_tables import Shown, diff_view
    from relance.reports.markdown import markdown

    found, language = comparison.differences, call.language
    if form is Form.JSON:
        from relance.reports.diff_json import diff_json

        titles = (sides[0].name, sides[1].name)
        texts, differs = comparison.texts, comparison.any
        told = diff_json(found, texts, titles, differs=differs, names=names)
        said = {"stops": comparison.stops, "diagnostics": comparison.findings}
        lists = {name: [d.as_json(language) for d in many] for name, many in said.items()}
        output.show_json({**told, **lists})
        return
    if call.quiet and not comparison.any:
        return
    open_view = form is Form.FULL or names
    shown = Shown((sides[0].name, sides[1].name), language, everything=everything, names=open_view)
    parts = diff_view(found, comparison.texts, comparison.stops, shown)
    if form is Form.MARKDOWN:
        output.show_json_parts([markdown(parts), "\n"])  # UTF-8, whatever the locale
        return
    from relance.reports.tables import stacked

    output.brief(call, comparison.findings)
    output.show(stacked(parts))
