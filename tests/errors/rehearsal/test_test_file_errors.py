"""Each code of files of tests: the smallest file that shows it, and the exact words."""

from __future__ import annotations

from pathlib import Path

import pytest

from relance.diagnostics import Diagnostic, Rule, Span
from relance.reports.diagnostics import render
from relance.runs.rehearsal import codes
from relance.runs.rehearsal.reading import read_tests

BEGIN = "- name: a\n  steps:\n"
PLAN = "    - plan: 2026-04-08\n"

CASES = {
    "P260": (
        BEGIN + "    - verdicts: {F1: act}\n",
        "t.yaml:3:7: error P260: the step does nothing: it has none of export, customers, paid,"
        " policy, procedures, record, answer, adopt, approve, call, run, plan",
    ),
    "P261": (
        BEGIN + "    - plan: 2026-04-08\n      run: 2026-04-08\n",
        "t.yaml:3:7: error P261: the step does several things: run, plan",
    ),
    "P262": (
        BEGIN + "    - paid: F1\n      notices: []\n",
        "t.yaml:4:7: error P262: `notices` is never looked at beside `paid`",
    ),
    "P263": (
        BEGIN + "    - record: block F1\n",
        "t.yaml:3:7: error P263: `record` has no day: no step before it has one",
    ),
    "P264": (
        BEGIN + PLAN + BEGIN + PLAN,
        "t.yaml:4:9: error P264: two tests of the file are named `a`",
    ),
    "P265": (
        BEGIN + PLAN + "    - call: doctor --check-channels\n",
        "t.yaml:4:13: error P265: a test does not call `doctor`",
    ),
    "P266": (
        BEGIN + PLAN + "    - call: plan -C ..\n",
        "t.yaml:4:13: error P266: `-C` is given by the test itself",
    ),
    "P267": (
        "- name: a\n  open: [{number: F1, amount: 1, source: vente}]\n  steps:\n" + PLAN,
        "t.yaml:2:42: error P267: there is no source `vente` of receivables",
    ),
    "P268": (
        BEGIN + PLAN + "    - record: block F1 --reason \"it's\n",
        "t.yaml:4:15: error P268: the words of `record` cannot be told apart: No closing quotation"
        " (close what is quoted)",
    ),
    "P269": ("", "tests/: error P269: tests/ has no tests"),
}


def test_each_code_has_a_case() -> None:
    declared = {rule.code for rule in vars(codes).values() if isinstance(rule, Rule)}

    assert declared == set(CASES)


@pytest.mark.parametrize("code", [code for code in CASES if code != "P269"])
def test_is_told_with_its_place(code: str, tmp_path: Path) -> None:
    text, said = CASES[code]
    (tmp_path / "t.yaml").write_text(text, "utf-8")

    files, found = read_tests([tmp_path / "t.yaml"], tmp_path, ["ventes"])

    assert files == []
    assert len(found) == 1
    assert render(found, "concise").startswith(said)


def test_no_tests_at_all_is_no_success() -> None:
    none = Diagnostic(codes.NO_FILES, Span("tests/"), {"path": "tests/"})

    assert render([none], "concise").startswith(CASES["P269"][1])
