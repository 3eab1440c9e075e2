from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import forked

Relance = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def relance(tmp_path: Path) -> Relance:
    """Run the program as a user does, in an empty directory and a plain environment."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("LC_")}
        done = forked.run(
            ["-m", "relance", *arguments],
            cwd=tmp_path,
            env={**plain, "LANG": "C.UTF-8", "NO_COLOR": "1", "COLUMNS": "80", **environment},
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    return run
