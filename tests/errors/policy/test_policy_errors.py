"""Each code of the policy has a smallest project that shows it, and the exact output it gives."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import ModuleType

import pytest
from pydantic import BaseModel, ConfigDict

from relance.channels.contract import Capabilities
from relance.channels.registry import kinds
from relance.diagnostics import Rule
from relance.policy import codes
from relance.policy.load import read_project
from relance.reports.diagnostics import render

HERE = Path(__file__).parent
CASES = sorted(path.name for path in HERE.iterdir() if path.name.startswith("P"))


class PagerSettings(BaseModel):
    model_config = ConfigDict(extra="forbid")

    number: str


class Pager:
    """A third party's channel that carries no documents."""

    settings = PagerSettings
    capabilities = Capabilities(media=("sms",), idempotent=False, attachments=False)


def declared() -> list[str]:
    modules = [m for m in vars(codes).values() if isinstance(m, ModuleType)]
    rules = {rule for m in modules for rule in vars(m).values() if isinstance(rule, Rule)}
    return sorted(rule.code for rule in rules if rule.code[0] == "P")


def project_of(case: Path, to: Path) -> Path:
    """The files of the case over those of the base; setup.txt removes files, pads them or opens them to all."""
    shutil.copytree(HERE / "base", to, dirs_exist_ok=True)
    shutil.copytree(case, to, dirs_exist_ok=True)
    setup = to / "setup.txt"
    for line in setup.read_text().splitlines() if setup.exists() else []:
        verb, name, *size = line.split()
        if verb == "remove":
            (to / name).unlink()
        elif verb == "open":
            (to / name).chmod(0o666)
        else:
            (to / name).write_text("#" * int(size[0]))
    return to


def shown(project: Path) -> str:
    reading = read_project(project, {**kinds(), "pager": Pager})
    return render(reading.diagnostics, "concise")


@pytest.mark.parametrize("code", CASES)
def test_the_smallest_project_that_shows_a_code_gives_exactly_its_output(
    code: str, tmp_path: Path
) -> None:
    text = shown(project_of(HERE / code, tmp_path))

    golden = HERE / code / "expected.txt"
    if os.environ.get("UPDATE"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
    assert f" {code}: " in text


def test_every_declared_code_has_a_smallest_project() -> None:
    assert declared() == CASES


def test_the_project_that_the_cases_are_made_from_has_no_findings(tmp_path: Path) -> None:
    shutil.copytree(HERE / "base", tmp_path, dirs_exist_ok=True)

    assert shown(tmp_path) == ""
