"""The smallest case for each code about notes, debtors' sheets and hold lists, and what is said of it."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from relance.runs import debtor_codes
from scenarios.stage import Stage, new_stage

SALES = """
F1,C1,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice
SAME,C1,2026-03-02,2026-04-01,10.00,10.00,EUR,invoice
SAME,C2,2026-03-02,2026-04-01,10.00,10.00,EUR,invoice
"""
CASES = {
    "D130": ("debtor C7", 2, "there is no debtor C7"),
    "D131": ("note add NOPE text", 2, "NOPE is no debtor, no invoice and no notice"),
    "D132": ("note add SAME text", 2, "SAME may be several: C1|SAME|2026, C2|SAME|2026"),
    "D133": ("note add C1 ' '", 2, "the note says nothing"),
    "D134": ("note add C1 x --attach no.pdf", 2, "no.pdf cannot be attached: it is no file that can be read"),
    "D137": (
        "debtor --over-limit -o hold.csv", 4, "hold list d60a8a04a045 is not approved: nothing was written",
    ),
    "D138": (
        "debtor --over-limit --approve abc", 4,
        "today's hold list is d60a8a04a045, not abc: nothing was approved",
    ),
    "D139": (
        "score evaluate", 3,
        "0 receivables are seen paid, 0 of them late: too few to judge the estimate by",
    ),
}  # fmt: skip
WARNINGS = {
    "D135": "photo.jpg, attached to note 1, is not the file that was attached",
    "D136": "photo.jpg, attached to note 1, is not there any more",
}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    root: Path = tmp_path_factory.mktemp("debtor") / "project"
    return new_stage(root, {"open": SALES})


@pytest.mark.parametrize("code", CASES)
def test_what_is_said(stage, code):
    words, exit_code, expected = CASES[code]
    said = stage(*shlex.split(words), "--json", "--date", "2026-04-10")
    found = {d["code"]: d["message"] for d in said.json["diagnostics"]}
    assert found[code] == expected
    assert said.code == exit_code


def test_what_is_said_of_attachments(tmp_path):
    stage = new_stage(tmp_path / "project", {"open": SALES})
    file = stage.root / "photo.jpg"
    file.write_bytes(b"as it was")
    assert stage("note", "add", "C1", "look", "--attach", str(file)).code == 0
    number = stage("note", "list", "--json").json["notes"][0]["note"]
    file.write_bytes(b"another")
    expected = WARNINGS["D135"].replace("note 1", f"note {number}")
    assert f"warning D135: {expected}" in stage("note", "list").err
    file.unlink()
    expected = WARNINGS["D136"].replace("note 1", f"note {number}")
    assert f"warning D136: {expected}" in stage("note", "list").err


def test_each_code_has_a_case():
    declared = {rule.code for rule in vars(debtor_codes).values() if hasattr(rule, "code")}
    assert declared == {*CASES, *WARNINGS}
