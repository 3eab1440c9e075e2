"""What relance writes is for its owner, whatever the umask; what all may write is not followed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import forked
from scenarios.stage import Stage, new_stage

DAY = "2026-05-20"  # a letter is due
LONG = os.environ.get("RELANCE_TESTS") == "long"


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    """The program sets its own, and it runs in this process."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return new_stage(tmp_path / "firm")


def relance(umask: int, *words: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    """Run the program as a machine with `umask` would."""
    command = ["-m", "relance", "--lang", "en", *words]
    return forked.run(command, cwd=cwd, env=os.environ, umask=umask)


def modes(root: Path) -> dict[str, int]:
    """Return the mode of each file and folder below `root`."""
    found = (p for p in root.rglob("*") if not p.is_symlink())
    return {str(p.relative_to(root)): p.stat().st_mode & 0o7777 for p in found}


@pytest.mark.parametrize("umask", [0o000, 0o002, 0o022, 0o077] if LONG else [0o000, 0o022])
def test_what_is_written_is_for_its_owner_alone(umask: int, stage: Stage) -> None:
    before = modes(stage.root)
    for words in (
        ("adopt", "--yes", "--level", "reminder-1", "--date", "2026-04-30"),
        ("run", "--date", DAY), ("plan", "--date", DAY, "-o", "plan.json"),
        ("preview", "--date", DAY, "-o", "page"), ("letter", "F1", "--date", DAY, "-o", "one.pdf"),
        ("record", "block", "F1", "--date", DAY), ("run", "--date", "2026-06-30"),
    ):  # fmt: skip
        relance(umask, *words, cwd=stage.root)
    after = {name: mode for name, mode in modes(stage.root).items() if name not in before}
    assert {"relance.db", "plan.json", "out", ".relance", "page"} <= set(after)
    assert stage.outbox()
    loose = {name: oct(mode) for name, mode in after.items() if mode & 0o077}
    assert loose == {}


def test_a_new_project_is_for_its_owner_alone_and_runs(tmp_path: Path) -> None:
    done = relance(0o000, "init", "--country", "fr", "firm", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [n for n, mode in modes(tmp_path).items() if mode & 0o077] == []
    assert relance(0o000, "validate", cwd=tmp_path / "firm").returncode == 0


OPENED = [
    ".", "relance.yaml", "accounts.yaml", "procedures", "procedures/standard.yaml", "templates",
    "templates/reminder", "templates/reminder/fr.wording", "templates/_layout/letter.css",
]  # fmt: skip


@pytest.mark.parametrize("name", OPENED)
def test_a_policy_or_template_that_all_may_write_is_refused(name: str, stage: Stage) -> None:
    stage.write("templates/reminder/fr.wording", "{% block opening %}Payez.{% endblock %}\n")
    stage.write("templates/_layout/letter.css", "p {margin: 0}\n")
    assert stage("run", "--dry-run", "--date", DAY).code == 0
    path = stage.root / name
    path.chmod(path.stat().st_mode | 0o002)
    for words in (("run", "--date", DAY), ("plan", "--date", DAY), ("validate",)):
        said = stage(*words)
        assert said.code == 2, said
        assert "P205" in said.err + said.out
    assert stage.outbox() == []
    path.chmod(path.stat().st_mode & ~0o002)
    assert stage("run", "--date", DAY).code == 0


def test_a_link_to_a_file_that_all_may_write_is_refused(stage: Stage) -> None:
    elsewhere = stage.root.parent / "shared.yaml"
    (stage.root / "accounts.yaml").rename(elsewhere)
    (stage.root / "accounts.yaml").symlink_to(elsewhere)
    assert stage("validate").code == 0
    elsewhere.chmod(0o666)
    assert stage("validate").code == 2


def test_a_group_may_write_it(stage: Stage) -> None:
    (stage.root / "relance.yaml").chmod(0o664)
    assert stage("validate").code == 0
