"""Writes a commented project that validates and runs at once, for `relance init`."""

from __future__ import annotations

import json
import os
import re
from datetime import date
from errno import EEXIST
from pathlib import Path
from string import Template
from typing import Literal

from relance.library import shipped
from relance.policy.scaffold.example import CREDITORS, customers_csv, sales_csv
from relance.policy.schema import SUBJECTS, json_schema

_HERE = Path(__file__).parent
_SCHEMA_OF_PROCEDURES = "# yaml-language-server: $schema=../.relance/schema/procedure.json\n#\n"
_COMMENT = re.compile(r"^(  [a-z]+: [^{]*?) +(# .*)$", re.MULTILINE)
_IGNORED = "relance.db*\nout/\n.relance/*\n!.relance/schema/\n.env\n"


def scaffold(
    directory: Path, country: Literal["fr", "be"], language: str, today: date
) -> list[Path]:
    """Return the files of a new project, written into `directory`, which is made if need be.

    The creditor and the debtors are examples of the `country`; comments are in the operator's
    `language`, "fr" or else English; due dates lie around `today`, so that some items are due.

    Raises:
        FileExistsError: if one of the files is there already; nothing is written then.
    """
    files = contents(country, "fr" if language == "fr" else "en", today)
    for name in files:
        if os.path.lexists(directory / name):
            raise FileExistsError(EEXIST, os.strerror(EEXIST), str(directory / name))
    return [_written(directory / name, text) for name, text in files.items()]


def contents(country: Literal["fr", "be"], language: str, today: date) -> dict[str, str]:
    """Return the text of each file of a new project, by its path in the project."""
    facts = CREDITORS[country]
    files = {
        "relance.yaml": _filled(f"relance.{language}.yaml", facts),
        "accounts.yaml": _filled(f"accounts.{language}.yaml", facts),
        "procedures/standard.yaml": _SCHEMA_OF_PROCEDURES + _standard(language),
        "tests/standard.yaml": (_HERE / f"tests.{language}.yaml").read_text("utf-8"),
        "customers.csv": customers_csv(country),
        "exports/ventes.csv": sales_csv(country, today),
        ".gitignore": _IGNORED,
    }
    for subject in SUBJECTS:
        text = json.dumps(json_schema(subject), ensure_ascii=False, indent=1)
        files[f".relance/schema/{subject}.json"] = text + "\n"
    return files


def _filled(name: str, facts: dict[str, str]) -> str:
    text = Template((_HERE / name).read_text("utf-8")).substitute(facts)
    return _COMMENT.sub(lambda match: f"{match[1]:<38} {match[2]}", text)


def _standard(language: str) -> str:
    """Return the standard procedure, with comments in `language`."""
    own = _HERE / f"standard.{language}.yaml"
    path = own if own.is_file() else shipped("procedures") / "standard.yaml"
    return path.read_text("utf-8")


def _written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return path
