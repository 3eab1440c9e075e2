"""`relance schema`: the JSON Schema of the policy's files, for editors."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from relance.cli import output
from relance.cli.call import Call
from relance.cli.exits import Exit
from relance.cli.words import _

HELP = _(
    "Write the JSON Schema (draft-07) of a policy file, for editors that complete and check.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance schema > relance.schema.json\n"
    "  relance schema procedure"
)


class Subject(StrEnum):
    """The files of a policy that have a schema."""

    RELANCE = "relance"
    PROCEDURE = "procedure"
    ACCOUNTS = "accounts"
    TESTS = "tests"


def schema(
    call: Call,  # noqa: ARG001
    subject: Annotated[
        Subject, typer.Argument(help=_("Which file: relance, procedure, accounts or tests."))
    ] = Subject.RELANCE,
) -> int:
    """Write the schema of `subject`."""
    from relance.policy.schema import json_schema

    output.show_json(json_schema(subject.value))
    return Exit.DONE
