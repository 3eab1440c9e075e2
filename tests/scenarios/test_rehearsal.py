"""`relance test`: users' tests of their own procedures, in projects of their own."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from .stage import Stage, new_stage

PASSING = """\
- name: a reminder after five days, and none once it is paid
  open:
    - {number: F1, due: 2026-04-01, amount: 250.5}
  steps:
    - plan: 2026-04-03
      notices: []                 # nothing must go
    - run: 2026-04-07
      notices: [{level: reminder-1, numbers: [F1], total_due: 250.50}]
      sent: 1
    - paid: F1
    - plan: 2026-04-30
      verdicts: {F1: settled}
      notices: []
"""
FAILING = """\
# What we told the auditors.
- name: too early
  open: [{number: F1, due: 2026-04-01, amount: 250.50}]
  steps:
    - plan: 2026-04-03   # a Friday
      verdicts: {F1: act}
      until: {F1: 2026-04-06}
      notices:
        - {level: reminder-2, numbers: [F1]}   # wished for
    - plan: 2026-04-07
      notices: [{level: reminder-1, numbers: [F1], total_due: 251.00}]
"""


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return new_stage(tmp_path / "project")


def test_says_that_all_passed_and_what_is_never_reached(stage: Stage) -> None:
    stage.write("tests/a.yaml", PASSING)

    said = stage("test")

    assert said.code == 0, said
    assert "levels of standard never reached by a test: reminder-2, formal-notice" in said.out
    assert "Levels reached: 1 of 3, segments: 1 of 1 (50 %)." in said.out


def test_touches_nothing_of_the_project_and_sends_nothing(stage: Stage) -> None:
    stage.policy({"channels": {"email": {"kind": "smtp", "host": "127.0.0.1", "port": "9",
                                         "folder": None, "security": "none",
                                         "from": "compta@dubreuil.example"}}})  # fmt: skip
    stage.write("tests/a.yaml", PASSING)
    before = stage.bytes_of()

    said = stage("test")

    assert said.code == 0, said
    assert stage.bytes_of() == before


def test_tells_what_differs_and_why(stage: Stage) -> None:
    stage.write("tests/a.yaml", FAILING)

    said = stage("test")

    assert said.code == 1
    assert said.out.splitlines()[:12] == [
        "FAILED tests/a.yaml:2:9: too early",
        "  step 1, plan 2026-04-03  (tests/a.yaml:5)",
        "    verdicts F1  expected act, got not_due",
        "    until F1     expected 2026-04-06, got 2026-04-07",
        "    notices 1    expected level: reminder-2, numbers: [F1], got nothing",
        "    why F1: not_due: level reminder-1 comes 5 days after the due date 2026-04-01: on"
        " 2026-04-07",
        "  step 2, plan 2026-04-07  (tests/a.yaml:10)",
        "    notices 1 total_due  expected 251.00, got 250.50",
        "    why F1: act: level reminder-1 is due today",
        "",
        "levels of standard never reached by a test: reminder-2, formal-notice",
        "Tests passed: 0 of 1. Levels reached: 1 of 3, segments: 1 of 1 (50 %).",
    ]


def test_update_writes_what_there_is_and_keeps_the_rest(stage: Stage) -> None:
    stage.write("tests/a.yaml", FAILING)

    said = stage("test", "--update")
    text = (stage.root / "tests/a.yaml").read_text("utf-8")

    assert said.code == 1, said
    assert "tests/a.yaml:6: act is now not_due" in said.out
    assert "tests/a.yaml:5: notices 1 is left as it is: change it by hand" in said.out
    assert text == FAILING.replace("{F1: act}", "{F1: not_due}").replace(
        "2026-04-06", "2026-04-07"
    ).replace("251.00", "250.50")

    stage.write("tests/a.yaml", text.replace("   # wished for", ""))
    assert stage("test", "--update").code == 0
    assert "      notices: []\n" in (stage.root / "tests/a.yaml").read_text("utf-8")
    assert "# a Friday" in (stage.root / "tests/a.yaml").read_text("utf-8")


def test_writes_junit_with_a_case_for_the_coverage_that_is_asked(stage: Stage) -> None:
    stage.write("tests/a.yaml", FAILING)
    stage.write("tests/b.yaml", PASSING)

    said = stage("test", "--junit", str(stage.root / "r.xml"), "--min-coverage", "80")
    root = ElementTree.parse(stage.root / "r.xml").getroot()

    assert said.code == 1
    assert {suite.get("name"): suite.get("failures") for suite in root} == {
        "tests/a.yaml": "1", "tests/b.yaml": "0", "coverage": "1"
    }  # fmt: skip
    assert "expected act, got not_due" in "".join(root.itertext())


def test_too_little_reached_is_a_failure_when_that_is_asked(stage: Stage) -> None:
    stage.write("tests/a.yaml", PASSING)

    said = stage("test", "--quiet", "--min-coverage", "51")

    assert said.code == 1
    assert "Asked: 51 % at least." in said.out
    assert stage("test", "--quiet", "--min-coverage", "50").out == ""


def test_json_says_the_same_for_programs(stage: Stage) -> None:
    stage.write("tests/a.yaml", PASSING + FAILING.partition("\n")[2])

    found = stage("test", "--json").json

    assert (found["schema_version"], found["passed"], found["failed"]) == (1, 1, 1)
    (failed,) = [test for test in found["tests"] if not test["passed"]]
    assert failed["failures"][0]["differences"][0] == {
        "what": "verdicts F1", "expected": "act", "got": "not_due"
    }  # fmt: skip
    assert found["coverage"]["levels"][0] == {
        "procedure": "standard", "level": "reminder-1", "reached": True
    }  # fmt: skip


def test_chooses_by_words_of_the_file_or_the_name(stage: Stage) -> None:
    stage.write("tests/a.yaml", FAILING)
    stage.write("tests/b.yaml", PASSING)

    assert stage("test", "-k", "Paid").code == 0
    assert stage("test", "-k", "a.yaml").code == 1
    assert stage("test", str(stage.root / "tests/b.yaml")).code == 0
    none = stage("test", "-k", "nowhere")
    assert none.code == 2
    assert "no test has the words nowhere" in none.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PASSING.replace("total_due", "totaldue"), "--> tests/a.yaml:8:52"),
        (PASSING.replace("settled", "setled"), "did you mean: settled"),
        (PASSING.replace("2026-04-30", "2026-04-31"), "write it like 2026-04-30"),
        ("", "tests/a.yaml"),
        ("- name: [", "P004"),
    ],
)
def test_errors_of_a_file_are_told_with_their_place(stage: Stage, text: str, said: str) -> None:
    stage.write("tests/a.yaml", text)

    done = stage("test")

    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_project_without_tests_is_told_how_to_begin(stage: Stage) -> None:
    done = stage("test")

    assert done.code == 2
    assert "P269" in done.err
    assert "relance init" in done.err


def test_a_policy_that_a_test_changes_badly_is_told_at_the_place_in_the_test(stage: Stage) -> None:
    text = PASSING.replace("  open:", "  policy: {limits: {max_notice: 5}}\n  open:", 1)
    stage.write("tests/a.yaml", text)

    done = stage("test")

    assert done.code == 1
    assert "tests/a.yaml:2:21: P020 unknown key `max_notice`" in done.out
    assert "did you mean: max_notices" in done.out


def test_what_a_test_changes_of_a_procedure_counts_for_no_coverage(stage: Stage) -> None:
    text = PASSING.replace("  open:", "  procedures: {standard: {interval: 9}}\n  open:", 1)
    stage.write("tests/a.yaml", text)

    assert "Levels reached: 0 of 3, segments: 1 of 1" in stage("test").out


def test_hostile_names_steer_no_terminal_and_leave_no_folder(stage: Stage) -> None:
    name = 'x\\e[2J\\u202e"]]><&'
    stage.write(
        "tests/a.yaml", FAILING.replace("too early", f'"{name}'.replace('"]', '\\"]') + '"')
    )

    done = stage("test", "--junit", str(stage.root / "r.xml"))

    assert done.code == 1, done
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out
    assert ElementTree.parse(stage.root / "r.xml").getroot().get("failures") == "1"


def test_another_project_is_never_meant_whatever_the_environment_says(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELANCE_ONLY_PROJECT", str(stage.root))
    text = PASSING.replace("    - paid: F1", "    - record: block F1\n    - paid: F1")
    stage.write("tests/a.yaml", text)
    before = stage.bytes_of()

    said = stage("test", "--json")

    assert json.loads(said.out)["passed"] == 1, said
    assert stage.bytes_of() == before
