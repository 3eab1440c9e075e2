"""What the wheel holds, and that it works where there is no source tree."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATE = "2026-03-16"


def _written(project: Path, suffix: str) -> list[Path]:
    return sorted((project / "out").rglob(f"*{suffix}"))


def test_the_wheel_holds_the_shipped_library_and_the_catalogues(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("procedures", "templates"):
        shipped = [p.relative_to(ROOT) for p in (ROOT / folder).rglob("*") if p.is_file()]
        lost = [
            str(p) for p in shipped if p.name != ".gitkeep" and f"relance/library/{p}" not in names
        ]
        assert lost == []
    assert "relance/locale/fr/LC_MESSAGES/relance.mo" in names
    assert "relance/py.typed" in names
    assert not [name for name in names if name.startswith(("tests", "bench", "examples"))]


def test_the_program_runs_from_the_wheel_alone(installed):
    python = installed.with_name("python")
    where = [str(python), "-c", "import relance; print(relance.__file__)"]
    done = subprocess.run(where, capture_output=True, text=True, check=True, cwd=installed.parent)
    assert Path(done.stdout.strip()).is_relative_to(installed.parents[1])


@pytest.mark.parametrize("country", ["fr", "be"])
def test_a_new_project_validates_and_runs_at_once(program, country):
    program("init", "--country", country, "--date", DATE, "firm")
    program.home /= "firm"
    program("validate", "--strict")
    plan = json.loads(program("run", "--dry-run", "--json", "--date", DATE).stdout)
    emails = sum(n["channel"] == "email" for n in plan["notices"])
    assert emails > 0
    assert not (program.home / "relance.db").exists()
    program("run", "--date", DATE)
    program("run", "--date", DATE)
    assert len(_written(program.home, ".eml")) == emails


@pytest.mark.parametrize(
    ("example", "date"),
    [("menuiserie-lenoir", DATE), ("brouwerij-dekens", DATE), ("cabinet-fec", "2026-01-20")],
)
def test_an_example_runs_and_the_second_run_sends_nothing(
    program, copy_of, tmp_path, example, date
):
    program.home = copy_of(example, tmp_path)
    program("validate", "--strict")
    plan = json.loads(program("plan", "--date", date, "--json").stdout)
    program("run", "--date", date)
    files = _written(program.home, ".eml") + _written(program.home, ".pdf")
    assert len(files) == len(plan["notices"]) > 0
    program("run", "--date", date)
    assert _written(program.home, ".eml") + _written(program.home, ".pdf") == files


def test_several_projects_run_in_one_call(program, copy_of, tmp_path):
    copy_of("menuiserie-lenoir", tmp_path / "clients")
    broken = copy_of("brouwerij-dekens", tmp_path / "clients")
    (broken / "relance.yaml").write_text("creditor: {}\n")
    program("run", "-C", "clients/*", "--date", DATE, expect=2)
    assert _written(tmp_path / "clients" / "menuiserie-lenoir", ".eml")
    assert not _written(broken, ".eml")


def test_the_balance_of_the_ledger_is_that_of_its_accounts(program, copy_of, tmp_path):
    program.home = copy_of("cabinet-fec", tmp_path)
    status = json.loads(program("status", "--date", "2026-01-20", "--json").stdout)
    # 411 and 416 at closing are 32 850,10; the advances on 4191 are 900,00.
    assert status["currencies"]["EUR"]["net"] == "31950.10"
