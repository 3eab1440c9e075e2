"""`relance test --update`: only what differs is written, in the file's own hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from relance.policy.scenarios import Step
from relance.runs.rehearsal.expectations import differences
from relance.runs.rehearsal.reading import read_tests
from relance.runs.rehearsal.results import Difference, Failure, Reached, Result
from relance.runs.rehearsal.rewriting import rewritten

PLAN = {
    "notices": [
        {
            "debtor": "C1",
            "level": "reminder-1",
            "total_due": "120.00",
            "receivables": [{"number": "F1", "level": "reminder-1"}],
            "other_open": [],
            "credits": [],
            "paid_late": [],
        }
    ],
    "tasks": [{"kind": "call", "debtor": "C2", "level": "call", "receivables": ["F2"]}],
    "held": [
        {"number": "F3", "verdict": "not_due", "until": "2026-04-20", "next_level": "reminder-1"}
    ],
    "diagnostics": [],
}
HEAD = "- name: a\n  steps:\n    - plan: 2026-04-08\n"
FLOW = "      notices: [{{level: {level}, numbers: [F1], total_due: {total}}}]\n"


def after(text: str, folder: Path, *, newline: str = "\n") -> tuple[str, list[str], list[str]]:
    """The file once it is rewritten for PLAN, what changed, and what is left."""
    path = folder / "t.yaml"
    path.write_bytes(text.replace("\n", newline).encode())
    (file,), found = read_tests([path], folder, ["ventes"])
    assert found == []
    step: Step = file.scenarios.tests[0].steps[0]
    route = file.route(0, "steps", 0)
    wrong = tuple(differences(PLAN, step, route))
    failure = Failure(0, "plan", file.document.span(*route), wrong)
    done = rewritten([Result(file, 0, (failure,) if wrong else (), Reached(), 0)])
    if not done:
        return text, [], []
    (one,) = done
    path.write_bytes(one.content)
    again, found = read_tests([path], folder, ["ventes"])
    assert found == []
    if not one.left:
        assert differences(PLAN, again[0].scenarios.tests[0].steps[0], route) == []
    return one.content.decode(), [new for _, _, new in one.changes], [what for _, what in one.left]


@pytest.mark.parametrize(
    ("before", "then"),
    [
        (FLOW.format(level="reminder-1", total="99.00"), FLOW.format(level="reminder-1", total="120.00")),
        (FLOW.format(level="x", total="120"), FLOW.format(level="reminder-1", total="120")),
        ("      levels: {F1: 'x'}\n", "      levels: {F1: 'reminder-1'}\n"),
        ("      levels: {}\n", "      levels: {F1: reminder-1}\n"),
        ("      levels:\n        F1: x   # sure\n", "      levels:\n        F1: reminder-1   # sure\n"),
        ("      levels:\n        F9: x\n", "      levels: {F1: reminder-1}\n"),
        ("      until: {F3: null}\n", "      until: {F3: 2026-04-20}\n"),
        ("      tasks: []\n", "      tasks: [{debtor: C2, kind: call, level: call, numbers: [F2]}]\n"),
        ("      tasks: [{kind: call}, {kind: check}]\n", "      tasks: [{kind: call}]\n"),
        ("      tasks:\n        - {kind: check}\n        - {kind: call}   # kept\n",
         "      tasks:\n        - {kind: call}   # kept\n"),
        ("      notices:\n      - {level: reminder-1}\n      - {level: x}\n",
         "      notices:\n      - {level: reminder-1}\n"),
    ],
)  # fmt: skip
def test_what_differs_is_written_and_nothing_else(before: str, then: str, tmp_path: Path) -> None:
    tail = "      verdicts: {F3: not_due}   # as it was\n"

    text, changes, left = after(HEAD + before + tail, tmp_path)

    assert text == HEAD + then + tail
    assert (len(changes), left) == (1, [])


@pytest.mark.parametrize(
    "part",
    [
        "      tasks:\n        - {kind: check}   # by Inès\n        - {kind: call}\n",
        "      levels:\n        # nobody else\n        F9: x\n",
        "      until: {F1: 2026-04-20}\n",
        "      diagnostics: [{code: D040}]\n",
    ],
)
def test_what_would_lose_a_comment_or_is_no_value_is_left_and_said(
    part: str, tmp_path: Path
) -> None:
    text, changes, left = after(HEAD + part, tmp_path)

    assert text == HEAD + part
    assert changes == []
    assert left


def test_line_ends_and_the_byte_order_mark_stay(tmp_path: Path) -> None:
    text, _, _ = after(
        "\ufeff" + HEAD + FLOW.format(level="x", total="1.00"), tmp_path, newline="\r\n"
    )

    whole = "\ufeff" + HEAD + FLOW.format(level="reminder-1", total="120.00")
    assert text == whole.replace("\n", "\r\n")


def test_an_exit_code_that_was_not_written_gets_a_line(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(
        "given: {}\ntests:\n  - name: a\n    steps:\n      - run: 2026-04-08 # Wednesday\n"
    )
    (file,), _ = read_tests([path], tmp_path, ["ventes"])
    route = file.route(0, "steps", 0)
    wrong = Difference("exit", "0", "4", (*route, "exit"), 4)
    failure = Failure(0, "run", file.document.span(*route), (wrong,))

    (one,) = rewritten([Result(file, 0, (failure,), Reached(), 0)])

    assert one.content.decode().endswith("- run: 2026-04-08 # Wednesday\n        exit: 4\n")


def test_hostile_values_stay_values(tmp_path: Path) -> None:
    from relance.policy.yaml import read_yaml
    from relance.runs.rehearsal.rewriting import _scalar

    for value in ("a: b", "- x", "null", "~", "", "it's", 'say "x"', "#", "a\nb", "[", "{", "&a",
                  "*a", "!t", "-1", "- ", "a #b", "é", "0x1", "a: ", "?", "@x", "%", " a "):  # fmt: skip
        for style in (None, "'", '"'):
            document, found = read_yaml(f"k: {_scalar(value, style)}\n".encode(), "t")
            assert found == []
            assert document is not None
            assert document.get("k") == value
