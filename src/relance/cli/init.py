"""`relance init`: a commented project that validates and runs at once."""

from __future__ import annotations

import os
import shlex
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from relance.cli import output
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.words import _

HELP = _(
    "Begin a project: a commented relance.yaml, accounts, a procedure and an example export, which "
    "validate and run at once.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance init --country fr my-firm\n"
    "  relance init --country be          in the current directory"
)


class Country(StrEnum):
    """Countries that a project can begin with."""

    FR = "fr"
    BE = "be"


_ZONES = {Country.FR: "Europe/Paris", Country.BE: "Europe/Brussels"}


def init(
    call: Call,
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help=_("Where; the current directory if not given."))
    ] = Path(),
    country: Annotated[
        Country | None,
        typer.Option("--country", case_sensitive=False, help=_("Country of the creditor.")),
    ] = None,
) -> int:
    """Write the project."""
    from relance import clock
    from relance.policy.scaffold import scaffold

    chosen = country or _asked_country()
    today = call.day or clock.today(_ZONES[chosen])
    try:
        files = scaffold(folder, chosen.value, call.language, today)
    except FileExistsError as error:
        raise Stop(
            Exit.USAGE,
            _("{path} is there already: nothing was written").format(path=error.filename),
            _("choose another directory: relance init --country {country} DIR").format(
                country=chosen.value
            ),
        ) from None
    _tell(call, folder, files)
    return Exit.DONE


def _asked_country() -> Country:
    """Return the country that the operator types; without a terminal it must be an option."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        raise Stop(
            Exit.USAGE,
            _("in which country is the creditor?"),
            _("give --country fr or --country be"),
        )
    while True:
        text = typer.prompt(_("Country of the creditor (fr, be)"), default="fr", err=True)
        if text.strip().lower() in list(Country):
            return Country(text.strip().lower())


def _tell(call: Call, folder: Path, files: list[Path]) -> None:
    if call.json:
        output.show_json({"schema_version": 1, "files": [str(path) for path in files]})
        return
    shown = [path for path in files if ".relance" not in path.parts]
    output.tell(call, *(f"  {os.fspath(path)}" for path in shown), "")
    steps = [] if folder == Path() else [f"cd {shlex.quote(str(folder))}"]
    steps += ["relance validate", "relance run --dry-run"]
    output.tell(call, _("The project is ready. Next:"), *(f"  {step}" for step in steps))
