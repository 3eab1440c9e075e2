"""Each code of the law's lint has a smallest project that shows it, and the exact output it gives."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from relance.channels.registry import kinds
from relance.diagnostics import Rule
from relance.policy.codes import law
from relance.policy.load import read_project
from relance.reports.diagnostics import render

HERE = Path(__file__).parent
CASES = sorted(path.name for path in HERE.iterdir() if path.name.startswith("L"))
DAYS = {"L042": date(2026, 11, 22)}
"""The others are read on a day on which the next rates are far away."""


def shown(case: Path, to: Path) -> str:
    shutil.copytree(HERE / "base", to, dirs_exist_ok=True)
    shutil.copytree(case, to, dirs_exist_ok=True)
    return render(
        read_project(to, kinds(), DAYS.get(case.name, date(2026, 9, 1))).diagnostics, "concise"
    )


@pytest.mark.parametrize("code", CASES)
def test_the_smallest_project_that_shows_a_code_gives_exactly_its_output(
    code: str, tmp_path: Path
) -> None:
    text = shown(HERE / code, tmp_path)

    golden = HERE / code / "expected.txt"
    if os.environ.get("UPDATE"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
    assert f" {code}: " in text


def test_every_declared_code_has_a_smallest_project() -> None:
    assert sorted(rule.code for rule in vars(law).values() if isinstance(rule, Rule)) == CASES


def test_the_project_that_the_cases_are_made_from_has_no_findings(tmp_path: Path) -> None:
    assert shown(HERE / "base", tmp_path) == ""
