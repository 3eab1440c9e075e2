"""Commands done within this process, for the tests of users: on another project, said to nobody."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING

from relance.cli import exits, help
from relance.cli.exits import Exit, Terminated
from relance.cli.projects import ONLY

if TYPE_CHECKING:
    from relance.diagnostics import Diagnostic
    from relance.runs.rehearsal.doing import Said
    from relance.runs.rehearsal.project import Rehearsal
    from relance.runs.report import RunReport


class InProcess:
    """The command line of this process, as tests call it."""

    def call(self, words: Sequence[str], rehearsal: Rehearsal) -> Said:
        """Do a command on the project of a test; return what it said."""
        from relance.cli.main import app
        from relance.runs.rehearsal.doing import Said, at_home

        command, *rest = words
        arguments = [command, "-C", str(rehearsal.root), *rest]
        out, err = io.StringIO(), io.StringIO()
        with at_home(rehearsal), _apart(), redirect_stdout(out), redirect_stderr(err):
            code = exits.guarded(lambda: help.run_app(app, arguments))
        if code == Exit.TERMINATED:
            raise Terminated
        if code == Exit.INTERRUPTED:
            raise KeyboardInterrupt
        return Said(int(code), out.getvalue(), err.getvalue())

    def exit_of_run(self, report: RunReport) -> int:
        """Return the exit code of a run."""
        from relance.cli.run_report import exit_of

        return int(exits.of_diagnostics(report.stops) if report.stops else exit_of(report))

    def exit_of(self, found: Sequence[Diagnostic]) -> int:
        """Return the exit code that findings ask for."""
        return int(exits.of_diagnostics(found))


@contextmanager
def _apart() -> Iterator[None]:
    """Let nobody be asked, and no project be meant but the one that is named."""
    only, keyboard = os.environ.pop(ONLY, None), sys.stdin
    sys.stdin = io.StringIO()
    try:
        yield
    finally:
        sys.stdin = keyboard
        if only is not None:
            os.environ[ONLY] = only
