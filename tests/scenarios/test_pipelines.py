"""Hooks, the action and the template of pipelines, run here as the services run them.

What they cannot be tried on without a network: the services themselves, and the installation of relance by pip.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from relance.cli.commands import COMMANDS

from .stage import PROCEDURE, Fields, Stage, new_stage

ROOT = Path(__file__).parents[2]
DAY = "2026-04-08"
LEVELS = PROCEDURE["levels"]
LATER = {"standard": {"levels": [{**LEVELS[0], "days": 10}, *LEVELS[1:]]}}


def read(name: str) -> Fields:
    content: Fields = yaml.safe_load((ROOT / name).read_text("utf-8"))
    return content


def git(root: Path, *words: str) -> str:
    who = ["-c", "user.name=Nadia", "-c", "user.email=nadia@dubreuil.example"]
    done = subprocess.run(
        ["git", "-C", str(root), *who, *words], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@dataclass
class Runner:
    """A machine that runs jobs: a checkout with a project, a PATH with relance, a folder for files.

    The policy of the project is in git with its exports, and the branch puts off the first reminder.
    """

    home: Path
    stage: Stage
    base: str
    variables: dict[str, str] = field(default_factory=dict)

    def bash(self, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run `script` as GitHub does with `shell: bash`."""
        file = self.home / "script.sh"
        file.write_text(script, "utf-8")
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(file)],
            cwd=self.stage.root, env={**self.variables, **variables}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def commit(self, message: str) -> None:
        git(self.stage.root, "add", "-A")
        git(self.stage.root, "commit", "-q", "-m", message)

    def break_it(self) -> None:
        self.stage.write("procedures/standard.yaml", "name: standard\nlevls: []\n")
        self.commit("broken")


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    programs = tmp_path / "bin"
    programs.mkdir()
    relance = programs / "relance"
    relance.write_text(f'#!/bin/sh\nexec {sys.executable} -m relance "$@"\n', "utf-8")
    relance.chmod(0o755)
    stage = new_stage(tmp_path / "checkout")
    git(stage.root, "init", "-q", "-b", "main", ".")
    git(stage.root, "add", "-A")
    git(stage.root, "commit", "-q", "-m", "the procedures")
    base = git(stage.root, "rev-parse", "HEAD")
    git(stage.root, "checkout", "-q", "-b", "later")
    stage.procedures(LATER)
    variables = {name: os.environ[name] for name in ("HOME", "PYTHONPATH") if name in os.environ}
    variables |= {"PATH": f"{programs}:{os.environ['PATH']}", "LANG": "C.UTF-8"}
    made = Runner(tmp_path, stage, base, variables)
    made.commit("later")
    return made


@dataclass
class Ran:
    """What a run of the action left: the exit code of each step that ran, its lines and its files."""

    codes: dict[str, int]
    said: str
    summary: str
    outputs: dict[str, str]


_INPUT = re.compile(r"\$\{\{ inputs\.([\w-]+) \}\}")


def act(runner: Runner, *only: str, **given: str) -> Ran:
    """Run the steps of the action with these inputs (`-` as `_`), as a runner of GitHub does.

    With `only`, the others are taken to have passed.
    """
    action = read("action.yml")
    inputs = {name: one["default"] for name, one in action["inputs"].items()}
    inputs |= {name.replace("_", "-"): value for name, value in given.items()}
    files = {name: runner.home / name.lower() for name in ("GITHUB_STEP_SUMMARY", "GITHUB_PATH")}
    steps = [step for step in action["runs"]["steps"] if not only or step["id"] in only]
    codes: dict[str, int] = {"validate": 0} if only else {}
    outputs: dict[str, str] = {}
    said = ""
    for step in steps:
        if not _goes(step, codes, inputs):
            continue
        env = {k: _INPUT.sub(lambda m: inputs[m[1]], v) for k, v in step.get("env", {}).items()}
        assert not any("${{" in value for value in env.values())
        mine = {**files, "GITHUB_OUTPUT": runner.home / f"output-{step['id']}"}
        places = {"RUNNER_TEMP": runner.home, "GITHUB_ACTION_PATH": ROOT, **mine}
        done = runner.bash(step["run"], **env, **{k: str(path) for k, path in places.items()})
        codes[step["id"]], said = done.returncode, said + done.stdout + done.stderr
        if mine["GITHUB_OUTPUT"].exists():
            lines = mine["GITHUB_OUTPUT"].read_text("utf-8").splitlines()
            outputs |= dict(line.split("=", 1) for line in lines)
    summary = files["GITHUB_STEP_SUMMARY"]
    return Ran(codes, said, summary.read_text("utf-8") if summary.exists() else "", outputs)


def _goes(step: Fields, codes: dict[str, int], inputs: Fields) -> bool:
    if "if" not in step:
        return not any(codes.values())
    assert step["if"] == (
        "${{ !cancelled() && steps.validate.outcome == 'success' && inputs.diff-against != '' }}"
    )
    return codes.get("validate") == 0 and inputs["diff-against"] != ""


def test_the_action_uses_no_other_and_puts_no_input_into_a_script():
    action = read("action.yml")
    assert action["runs"]["using"] == "composite"
    steps = action["runs"]["steps"]
    assert not [step for step in steps if "uses" in step]
    assert not [step for step in steps if "${{" in step["run"]]
    assert {step["shell"] for step in steps} == {"bash"}
    named = set(_INPUT.findall(yaml.safe_dump(action))) | {"diff-against"}
    assert named == set(action["inputs"])
    for one in action["outputs"].values():
        step, name = re.findall(r"steps\.(\w+)\.outputs\.(\w+)", one["value"])[0]
        assert f"{name}=" in next(s["run"] for s in steps if s["id"] == step)


def test_the_action_passes_a_good_project_and_says_what_the_change_does(runner: Runner):
    hostile = "main$(touch${IFS}pwned)"  # a name is a name, and is not executed
    git(runner.stage.root, "branch", hostile, runner.base)
    ran = act(runner, install="false", date=DAY, diff_against=hostile)
    assert ran.codes == {"install": 0, "validate": 0, "test": 0, "diff": 0}, ran
    assert "::notice::. has no tests/: nothing was tested" in ran.said
    sarif = json.loads(Path(ran.outputs["sarif"]).read_text("utf-8"))
    assert sarif["version"] == "2.1.0"
    assert ran.outputs["differs"] == "true"
    assert "### Notices removed: 1" in ran.summary
    assert "Client C1" not in ran.summary
    assert not list(runner.home.rglob("pwned"))


def test_the_action_fails_on_a_broken_project_with_the_places_of_its_errors(runner: Runner):
    runner.break_it()
    ran = act(runner, install="false", diff_against=runner.base)
    assert ran.codes == {"install": 0, "validate": 2}
    assert "::error file=procedures/standard.yaml,line=2,col=1,title=P" in ran.said
    assert "| error | procedures/standard.yaml:2:1 |" in ran.summary
    results = json.loads(Path(ran.outputs["sarif"]).read_text("utf-8"))["runs"][0]["results"]
    assert {result["level"] for result in results} == {"error"}


def test_the_action_fetches_the_base_that_a_shallow_clone_lacks(runner: Runner):
    origin = runner.stage.root
    shallow = runner.home / "shallow"
    url = origin.as_uri()
    git(runner.home, "clone", "-q", "--depth=1", "--branch=later", url, str(shallow))
    there = Runner(runner.home, Stage(shallow), runner.base, runner.variables)
    ran = act(there, "diff", date=DAY, diff_against=runner.base, names="true")
    assert ran.codes["diff"] == 0, ran.said
    assert "Client C1" in ran.summary
    assert act(there, "diff", diff_against="nothing").codes["diff"] != 0


with_tests = pytest.mark.skipif("test" not in COMMANDS, reason="there is no command `test` yet")

TEST = """\
- name: a reminder after ten days
  open: [{number: F1, due: 2026-04-01, amount: 250.50}]
  steps:
    - plan: 2026-04-13
      notices: [{level: %s, numbers: [F1]}]
"""


@with_tests
def test_the_action_runs_the_tests_of_the_project_and_keeps_what_failed(runner: Runner):
    runner.stage.write("tests/standard.yaml", TEST % "reminder-1")
    passed = act(runner, "test")
    assert passed.codes["test"] == 0, passed.said
    assert ElementTree.parse(passed.outputs["junit"]).getroot().get("failures") in (None, "0")
    assert passed.summary == ""
    runner.stage.write("tests/standard.yaml", TEST % "reminder-2")
    failed = act(runner, "test", diff_against="")
    assert failed.codes["test"] == 1
    assert "a reminder after ten days" in failed.summary
    assert failed.summary.startswith("```text\n")
    cases = ElementTree.parse(failed.outputs["junit"]).getroot().iter("failure")
    assert len([*cases]) == 1


@dataclass
class Job:
    """A job of the template: its variables and its lines."""

    variables: dict[str, str]
    lines: list[str]


def job(name: str) -> Job:
    template = read("ci/relance.gitlab-ci.yml")
    own = template[name]
    base = template[own["extends"]]
    return Job(template["variables"], [*base["before_script"], *own["script"]])


def pipeline(runner: Runner, name: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the lines of a job in one shell that stops at the first that fails, as a runner of GitLab does."""
    found = job(name)
    return runner.bash("\n".join(found.lines), **{**found.variables, **variables})


def test_the_template_writes_a_report_of_code_quality_and_fails_on_a_broken_project(
    runner: Runner,
):
    report = runner.stage.root / "gl-code-quality-report.json"
    assert pipeline(runner, "relance-validate", RELANCE_DAY=DAY).returncode == 0
    issues = json.loads(report.read_text("utf-8"))
    assert {issue["severity"] for issue in issues} == {"minor"}
    runner.break_it()
    done = pipeline(runner, "relance-validate")
    assert done.returncode == 2
    assert "procedures/standard.yaml:2:1" in done.stdout
    issues = json.loads(report.read_text("utf-8"))
    assert ("procedures/standard.yaml", "critical") in {
        (issue["location"]["path"], issue["severity"]) for issue in issues
    }


def test_the_template_says_what_a_merge_request_does(runner: Runner):
    git(runner.stage.root, "remote", "add", "origin", runner.stage.root.as_uri())
    told = {"RELANCE_DAY": DAY, "CI_MERGE_REQUEST_DIFF_BASE_SHA": runner.base}
    done = pipeline(runner, "relance-diff", **told, RELANCE_DATA=".")
    assert done.returncode == 0, done.stderr
    assert "### Notices removed: 1" in (runner.stage.root / "relance-diff.md").read_text("utf-8")
    assert "Client C1" not in done.stdout


@with_tests
def test_the_template_tests_a_project_that_has_tests(runner: Runner):
    assert "no tests/ in ." in pipeline(runner, "relance-test").stdout
    runner.stage.write("tests/standard.yaml", TEST % "reminder-2")
    assert pipeline(runner, "relance-test").returncode == 1
    report = ElementTree.parse(runner.stage.root / "relance-junit.xml").getroot()
    assert len([*report.iter("failure")]) == 1


def test_the_artifacts_of_the_template_are_what_its_jobs_write():
    template = read("ci/relance.gitlab-ci.yml")
    jobs = {name: one for name, one in template.items() if name.startswith("relance-")}
    assert set(jobs) == {"relance-validate", "relance-test", "relance-diff"}
    for one in jobs.values():
        artifacts = one["artifacts"]
        files = [*artifacts.get("paths", []), *artifacts.get("reports", {}).values()]
        assert all(any(file in line for line in one["script"]) for file in files)


def hooks() -> list[Fields]:
    content: list[Fields] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    return content


def committed(runner: Runner, hook: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a hook on what is staged; instead of being installed by pip, it is taken from the PATH."""
    program = Path(sys.executable).parent / "pre-commit"
    if not program.exists():
        pytest.skip("pre-commit is not installed")
    own = next(one for one in hooks() if one["id"] == hook)
    local = {**own, "language": "system", "args": [*words]}
    config = {"repos": [{"repo": "local", "hooks": [local]}]}
    runner.stage.write(".pre-commit-config.yaml", yaml.safe_dump(config))
    git(runner.stage.root, "add", ".pre-commit-config.yaml")
    return subprocess.run(
        [str(program), "run", "--color=never"], cwd=runner.stage.root, capture_output=True, text=True,
        env={**runner.variables, "PRE_COMMIT_HOME": str(runner.home / "cache")}, check=False,
    )  # fmt: skip


def test_the_hooks_are_a_manifest_that_pre_commit_takes():
    program = shutil.which("pre-commit", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("pre-commit is not installed")
    manifest = ROOT / ".pre-commit-hooks.yaml"
    subprocess.run([program, "validate-manifest", str(manifest)], check=True)
    assert {one["entry"].split()[1] for one in hooks()} <= {*COMMANDS, "test"}


def test_the_hook_looks_at_the_projects_whose_files_are_committed(runner: Runner):
    runner.stage.write("README.md", "nothing of relance\n")
    git(runner.stage.root, "add", "-A")
    assert "Skipped" in committed(runner, "relance-validate").stdout
    runner.stage.procedures({})
    git(runner.stage.root, "add", "-A")
    passed = committed(runner, "relance-validate")
    assert (passed.returncode, "Passed" in passed.stdout) == (0, True), passed.stdout
    runner.stage.write("procedures/standard.yaml", "name: standard\nlevls: []\n")
    git(runner.stage.root, "add", "-A")
    failed = committed(runner, "relance-validate")
    assert failed.returncode == 1
    assert "procedures/standard.yaml:2:1: error P" in failed.stdout


@with_tests
def test_the_hook_of_tests_stops_a_commit_whose_tests_fail(runner: Runner):
    runner.stage.write("tests/standard.yaml", TEST % "reminder-2")
    git(runner.stage.root, "add", "-A")
    failed = committed(runner, "relance-test", "-C", str(runner.stage.root))
    assert failed.returncode == 1
    assert "a reminder after ten days" in failed.stdout
