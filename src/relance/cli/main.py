"""The command `relance`: its subcommands, and the options that may stand before them."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from relance import __version__
from relance.cli import exits, help, streams
from relance.cli.words import _

app = help.new_app(
    name="relance",
    help=_(
        "Reminds debtors of what they owe: right to the cent, never twice, every decision "
        "explained.\n\n"
        "\b\n"
        "Examples:\n"
        "  relance init --country fr my-firm   begin a project\n"
        "  relance run --dry-run               see what would go out, and why the rest would not\n"
        "  relance run                         import, decide, send and record\n"
        "  relance explain F-2026-042          why this invoice is or is not dunned today\n"
        "  relance status                      the aged balance"
    ),
)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"relance {__version__}")
        raise typer.Exit


@app.callback()
def options(  # noqa: PLR0913, PLR0917 - a parameter is an option
    context: typer.Context,
    project: Annotated[list[str] | None, typer.Option("--project", "-C", hidden=True)] = None,
    date: Annotated[str | None, typer.Option("--date", hidden=True)] = None,
    json: Annotated[bool, typer.Option("--json", hidden=True)] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", hidden=True)] = False,
    lang: Annotated[
        str | None, typer.Option("--lang", metavar="fr|en", help=_("Language of the messages."))
    ] = None,
    version: Annotated[  # noqa: ARG001
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_show_version, help=_("Show the version.")
        ),
    ] = False,
) -> None:
    """Keep the options that stand before the command."""
    context.obj = {
        "project": project, "date": date, "json": json, "quiet": quiet, "lang": lang
    }  # fmt: skip


def main() -> None:
    """Run the command line; the process ends with one of the documented exit codes."""
    os.umask(0o077)  # what it writes is for its owner, whoever set up the machine
    streams.open_streams()
    exits.terminate_on_sigterm()
    sys.exit(exits.guarded(lambda: help.run_app(app)))
