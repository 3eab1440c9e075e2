"""Where output goes: data to stdout, messages and progress to stderr, and neither breaks a run."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from relance.cli.call import Call
from relance.cli.streams import write, write_data, write_message
from relance.cli.words import _
from relance.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

PIPE_WIDTH = 100
"""Columns of tables that go to a file or a pipe, when COLUMNS does not say."""


def show_text(lines: Iterable[str]) -> None:
    """Write `lines` to stdout."""
    write(lambda stream: stream.writelines(f"{line}\n" for line in lines))


def show_json(value: object) -> None:
    """Write `value` to stdout as indented JSON; amounts are text already."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    write_data(lambda stream: print(text, file=stream))


def show_json_parts(parts: Iterable[str]) -> None:
    """Write the pieces of a JSON document to stdout as they come."""
    write_data(lambda stream: stream.writelines(parts))


def _console(stream: IO[str]) -> Console:
    from rich.console import Console

    width = None
    if not stream.isatty():
        asked = os.environ.get("COLUMNS", "")
        width = int(asked) if asked.isdecimal() and int(asked) > 0 else PIPE_WIDTH
    return Console(file=stream, width=width, markup=False, emoji=False, highlight=False)


def show(content: RenderableType) -> None:
    """Write a table or a text to stdout, with colours on a terminal only."""

    def render(stream: IO[str]) -> None:
        # Rendered first, written after: a reader that left is then seen in one place.
        console = _console(stream)
        with console.capture() as captured:
            console.print(content)
        text = captured.get()
        if not stream.isatty():
            text = "".join(line.rstrip() + "\n" for line in text.splitlines())
        stream.write(text)

    write(render)


def tell(call: Call, *lines: str) -> None:
    """Write messages to stderr, unless the operator asked for quiet."""
    if call.quiet:
        return
    write_message("\n".join(lines))


def report(call: Call, diagnostics: Sequence[Diagnostic], form: str = "full") -> None:
    """Write diagnostics to stderr; with `--quiet`, the errors only."""
    shown = [d for d in diagnostics if not call.quiet or d.severity is Severity.ERROR]
    if not shown:
        return
    from relance.reports.diagnostics import render

    write_message(render(shown, form, language=call.language).rstrip("\n"))


def alarm(call: Call, diagnostics: Sequence[Diagnostic]) -> None:
    """Write what should worry somebody to stderr, `--quiet` or not."""
    if diagnostics:
        from relance.reports.diagnostics import render

        write_message(render(diagnostics, "concise", language=call.language).rstrip("\n"))


SHOWN = 20
"""Findings about the input that a run shows one by one."""


def brief(call: Call, diagnostics: Sequence[Diagnostic]) -> None:
    """Write what is wrong with the input to stderr, a line each, the gravest first."""
    from relance.diagnostics import in_order

    found = [d for d in in_order(diagnostics) if d.severity is not Severity.INFO]
    found.sort(key=lambda d: d.severity is not Severity.ERROR)
    report(call, found[:SHOWN], "concise")
    if len(found) > SHOWN:
        more = _("… and {count} more findings: `relance import` shows them all")
        tell(call, more.format(count=len(found) - SHOWN))


Advance = Callable[[int], None]


@contextmanager
def progress(call: Call, label: str, total: int | None = None) -> Iterator[Advance]:
    """Yield a function that moves a progress bar on; there is a bar on a terminal's stderr only."""
    dumb = os.environ.get("TERM") in ("dumb", "unknown")
    if call.quiet or dumb or not sys.stderr.isatty():
        yield lambda _steps: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = [TextColumn("{task.description}"), BarColumn()]
    counted: list[Any] = [MofNCompleteColumn(), TimeRemainingColumn()] if total else []
    console = Console(file=sys.stderr, markup=False, highlight=False)
    with Progress(*columns, *counted, console=console, transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda steps: bar.advance(task, steps)
