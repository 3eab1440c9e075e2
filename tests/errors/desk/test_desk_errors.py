"""The smallest case for each code about disputes, promises and proceedings, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from relance.diagnostics import RULES
from relance.runs import desk_codes
from scenarios.stage import new_stage

DAY = "2026-04-10"
CASES: dict[str, tuple[list[list[str]], str]] = {
    "D140": (
        [["dispute", "open", "--debtor", "C1", "--amount", "10"]],
        "dispute: 10 EUR of which invoice?",
    ),
    "D141": (
        [["promise", "F1", "--until", "2026-04-20", "--amount", "300"]],
        "promise: 300 EUR is more than what is open, 250.50",
    ),
    "D142": (
        [["dispute", "reject", "F1"]],
        "F1 is no open dispute, and no invoice in dispute",
    ),
    "D143": (
        [["dispute", "open", "F1"], ["dispute", "accept", "F1"], ["dispute", "accept", "F1"]],
        "dispute {number} is accepted already: its credit note is expected",
    ),
    "D144": (
        [["insolvency", "close", "C1"]],
        "no collective proceedings of debtor C1 are open",
    ),
}


@pytest.mark.parametrize("code", CASES)
def test_the_smallest_case_shows_its_code(code: str, tmp_path: Path) -> None:
    lines, expected = CASES[code]
    stage = new_stage(tmp_path)
    *before, last = lines
    for words in before:
        assert stage(*words, "--date", DAY).code == 0

    said = stage(*last, "--json", "--date", DAY)

    assert said.code == 2
    [found] = said.json["diagnostics"]
    assert found["code"] == code
    opened = stage("dispute", "--json", "--date", DAY).json["disputes"]
    assert found["message"] == expected.format(number=opened[0]["number"] if opened else None)


def test_every_code_has_its_case() -> None:
    declared = {rule.code for rule in vars(desk_codes).values() if rule in RULES.values()}
    assert declared == set(CASES)
