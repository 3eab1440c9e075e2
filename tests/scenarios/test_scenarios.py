"""The contract as scenarios: a project, dated steps, and what the program says of them.

The YAML files beside this one are tests as users write them (docs/testing.md), and run as theirs
do. What a scenario does not give is as in the project of `stage.py`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from relance.cli.in_process import InProcess
from relance.cli.test_report import told
from relance.runs.opening import check
from relance.runs.rehearsal.project import Origin
from relance.runs.rehearsal.reading import TestFile, read_tests
from relance.runs.rehearsal.running import Session

from .stage import new_stage

HERE = Path(__file__).parent
FILES, FOUND = read_tests(sorted(HERE.glob("*.yaml")), HERE, ["ventes"])
CASES = [
    pytest.param(file, number, id=f"{file.path.stem}: {scenario.name}")
    for file in FILES
    for number, scenario in enumerate(file.scenarios.tests)
]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    policy = check(new_stage(tmp_path_factory.mktemp("base") / "project").root).policy
    assert policy is not None
    return Session(Origin.of(policy), InProcess(), "en")


def test_the_files_have_no_errors() -> None:
    assert [f"{d.span} {d.message()}" for d in FOUND] == []


@pytest.mark.parametrize(("file", "number"), CASES)
def test_scenario(session: Session, file: TestFile, number: int) -> None:
    failures = session.run(file, number).failures

    assert not failures, "\n".join(line for one in failures for line in told(one, "en"))
