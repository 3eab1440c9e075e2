"""The wheel, built once, and installed into an environment that has no source tree."""

from __future__ import annotations

import os
import site
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

Done = subprocess.CompletedProcess[str]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    return next(folder.glob("relance-*.whl"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program `relance` of an environment into which only the wheel was installed.

    Its dependencies are those of this environment, by a path that does not lead to the sources.
    """
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False, symlinks=True)
    packages = next(home.glob("lib/python*/site-packages"))
    pip = [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"), "install"]
    subprocess.run(
        [*pip, "--quiet", "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True
    )
    (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()))
    return home / "bin" / "relance"


@dataclass
class Program:
    """The installed program, in a project directory and a bare environment."""

    path: Path
    home: Path
    variables: dict[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: str, expect: int = 0) -> Done:
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **self.variables}
        done = subprocess.run(
            [str(self.path), *arguments],
            cwd=self.home,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == expect, (arguments, done.returncode, done.stdout, done.stderr)
        return done


@pytest.fixture
def program(installed: Path, tmp_path: Path) -> Program:
    return Program(installed, tmp_path)


@pytest.fixture
def copy_of() -> Iterator[Callable[[str, Path], Path]]:
    """Copies an example to a folder."""
    import shutil

    def copy(name: str, folder: Path) -> Path:
        return Path(shutil.copytree(ROOT / "examples" / name, folder / name))

    return copy
