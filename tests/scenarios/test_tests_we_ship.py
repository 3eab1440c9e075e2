"""The tests that come with relance pass: of its procedures, of a new project, of the examples."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import pytest

from relance.cli.in_process import InProcess
from relance.cli.test_report import told
from relance.library import shipped
from relance.policy.scaffold import scaffold
from relance.runs.opening import check
from relance.runs.rehearsal.project import Origin
from relance.runs.rehearsal.reading import paths_of, read_tests
from relance.runs.rehearsal.results import Reached, Result
from relance.runs.rehearsal.running import Session

from .stage import new_stage

ROOT = Path(__file__).parents[2]
PROCEDURES = sorted(path.stem for path in shipped("procedures").glob("*.yaml"))
REGISTERED = {"kind": "letter", "folder": "out/registered"}
EXAMPLES = ("menuiserie-lenoir", "brouwerij-dekens", "cabinet-fec")


def results(project: Path, *paths: Path) -> list[Result]:
    """The results of the tests of a project, or of `paths` with its policy."""
    policy = check(project).policy
    assert policy is not None
    session = Session(Origin.of(policy), InProcess(), "en")
    sources = [source.name for source in policy.item_sources]
    files, found = read_tests(paths_of(project, paths), project, sources)
    assert [f"{d.span} {d.message()}" for d in found] == []
    return [session.run(f, number) for f in files for number in range(len(f.scenarios.tests))]


def failures(found: list[Result]) -> str:
    return "\n".join(
        line for one in found for failure in one.failures for line in told(failure, "en")
    )


@pytest.mark.parametrize("name", PROCEDURES)
def test_a_shipped_procedure_does_what_its_tests_say_on_each_of_its_levels(
    name: str, tmp_path: Path
) -> None:
    stage = new_stage(tmp_path / "project", {"policy": {"channels": {"registered": REGISTERED}}})
    (stage.root / "procedures/standard.yaml").unlink()

    found = results(stage.root, shipped("procedures") / "tests" / f"{name}.yaml")
    reached = Reached()
    for one in found:
        reached |= one.reached

    assert failures(found) == ""
    policy = check(stage.root).policy
    assert policy is not None
    assert reached.levels == {(name, level.id) for level in policy.procedures[name].levels}


@pytest.mark.parametrize(("country", "language"), [("fr", "fr"), ("be", "en")])
def test_the_tests_of_a_new_project_pass(
    country: Literal["fr", "be"], language: str, tmp_path: Path
) -> None:
    scaffold(tmp_path / "new", country, language, date(2026, 11, 20))

    found = results(tmp_path / "new")

    assert len(found) == 2
    assert failures(found) == ""


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_tests_of_an_example_pass(name: str) -> None:
    found = results(ROOT / "examples" / name)

    assert found
    assert failures(found) == ""
