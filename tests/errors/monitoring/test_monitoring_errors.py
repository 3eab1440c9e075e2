"""The smallest case for each code about watching runs, and what is said of it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from relance.diagnostics import RULES
from relance.runs import monitoring_codes  # noqa: F401 - declares the rules
from scenarios.stage import Stage, new_stage

TWO = """
F1,C1,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice
F2,C2,2026-03-02,2026-04-01,80.00,80.00,EUR,invoice
"""
NOBODY = "http://127.0.0.1:1/ping"
CASES: dict[str, tuple[dict[str, Any], list[str], str]] = {
    "D110": (
        {"limits": {"max_notices": 1}, "monitoring": {"silent_days": 1}}, [],
        "no notice was sent for 1 working days, though some were due (last one: –)",
    ),
    "D111": ({}, [], "notices in doubt for more than a day: 2, the oldest since 2026-01-01"),
    "D112": (
        {"monitoring": {"ping": NOBODY}}, [],
        "the monitoring service was not told: 127.0.0.1:1: [Errno 111] Connection refused",
    ),
    "D113": (
        {"monitoring": {"textfile": "relance.yaml/figures"}}, [],
        "the figures could not be written to relance.yaml/figures: File exists",
    ),
    "D114": (
        {"channels": {"smtp": {"kind": "smtp", "host": "127.0.0.1", "port": "1", "security": "none",
                               "from": "a@dubreuil.example"}},
         "monitoring": {"summary": {"to": "b@dubreuil.example", "channel": "smtp"}}}, [],
        "the summary could not be sent: b@dubreuil.example: 127.0.0.1:1: Connection refused",
    ),
    "D115": (
        {}, ["--log", "/dev/full"],
        "the log /dev/full could not be written: No space left on device",
    ),
}  # fmt: skip


def in_doubt(stage: Stage) -> None:
    connection = sqlite3.connect(stage.root / "relance.db")
    changed = "2026-01-01T00:00:00.000000+00:00"
    connection.execute(
        "UPDATE dispatches SET state = 'in_doubt', idempotent = 0, changed = ?", [changed]
    )
    connection.commit()
    connection.close()


@pytest.mark.parametrize("code", CASES)
def test_the_smallest_case_shows_its_code(code: str, tmp_path: Path) -> None:
    changes, options, expected = CASES[code]
    stage = new_stage(tmp_path, {"open": TWO, "policy": changes})
    stage("run", "--date", "2026-04-10", *options)
    if code == "D111":
        in_doubt(stage)
    said = stage("run", "--date", "2026-04-13", *options)
    assert f"{code}: {expected}" in said.err


def test_each_code_has_its_case() -> None:
    declared = {code for code in RULES if "D110" <= code <= "D119"}
    assert declared == set(CASES)
