"""What is loaded and how fast help answers."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {
    "polars",
    "yaml",
    "rich",
    "sqlalchemy",
    "weasyprint",
    "httpcore",
    "babel",
    "jinja2",
}


def modules_after(*arguments: str) -> set[str]:
    code = (
        "import sys\n"
        f"sys.argv = ['relance', *{list(arguments)!r}]\n"
        "from relance.cli.main import main\n"
        "try:\n"
        "    main()\n"
        "except SystemExit:\n"
        "    print('\\nMODULES', *sorted(sys.modules))\n"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(out.stdout.splitlines()[-1].split())


def test_help_loads_nothing_heavy():
    assert modules_after("--help") & {*HEAVY, "pydantic"} == set()


@pytest.mark.parametrize("command", ["run", "plan", "record"])
def test_help_of_a_command_loads_none_of_the_engine(command):
    assert modules_after(command, "--help") & HEAVY == set()


def test_validate_does_without_frames_database_and_pdf(relance):
    relance("init", "--country", "fr", "firm")
    loaded = modules_after("validate", "firm")
    assert not loaded & {"polars", "sqlalchemy", "weasyprint", "httpcore", "rich"}


def test_version(relance):
    assert relance("--version").stdout.startswith("relance ")
