"""A third party's channel: its package is installed beside the wheel, tested, and sends."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "examples" / "channel-plugin"
DATE = "2026-03-16"


@pytest.fixture(scope="module")
def plugged(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program of an environment into which the wheel and the plug-in were installed."""
    import site
    import venv

    folder = tmp_path_factory.mktemp("plugin")
    sources = shutil.copytree(PLUGIN, folder / "sources")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(sources)], check=True, capture_output=True)
    plugin = next(folder.glob("relance_carrier-*.whl"))
    home = folder / "environment"
    venv.create(home, with_pip=False, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"), "install"]
    install = [*pip, "--quiet", "--no-deps", "--no-index", str(wheel), str(plugin)]
    subprocess.run(install, check=True, capture_output=True)
    packages = next(home.glob("lib/python*/site-packages"))
    (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()))
    return home / "bin" / "relance"


def test_its_own_tests_pass_where_only_the_packages_are(plugged, tmp_path):
    tests = shutil.copytree(PLUGIN / "tests", tmp_path / "tests")
    python = str(plugged.with_name("python"))
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tests)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" in done.stdout
    assert "skipped" not in done.stdout


@pytest.fixture
def firm(program, plugged, copy_of, tmp_path):
    """The example whose letters go by the plug-in."""
    program.path = plugged
    program.home = copy_of("menuiserie-lenoir", tmp_path)
    path = program.home / "relance.yaml"
    policy = yaml.safe_load(path.read_text("utf-8"))
    policy["channels"]["letter"] = {"kind": "carrier", "tray": "out/tray", "floor": "3"}
    policy["channels"]["email"] = {"kind": "carrier", "tray": "out/tray"}
    path.write_text(yaml.safe_dump(policy, allow_unicode=True), "utf-8")
    return program


def approve_first_run(firm) -> None:
    plan = json.loads(firm("plan", "--date", DATE, "--json").stdout)
    firm("approve", plan["plan_hash"], "--date", DATE)


def test_letters_go_by_the_plug_in_once(firm):
    firm("validate")
    approve_first_run(firm)
    firm("run", "--date", DATE)
    tray = firm.home / "out" / "tray"
    letters = sorted(tray.glob("*.pdf"))
    slips = sorted(tray.glob("*.txt"))
    assert len(letters) == len(slips) > 0
    assert all(letter.read_bytes().startswith(b"%PDF") for letter in letters)
    firm("run", "--date", DATE)
    assert sorted(tray.glob("*.pdf")) == letters


def test_a_setting_that_it_does_not_take_is_named_with_its_line(firm):
    path = firm.home / "relance.yaml"
    path.write_text(path.read_text("utf-8").replace("floor: '3'", "floor: '99'"), "utf-8")
    done = firm("validate", expect=2)
    assert "floor" in done.stdout + done.stderr
