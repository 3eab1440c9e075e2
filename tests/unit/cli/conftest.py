from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Relance = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def relance(tmp_path: Path) -> Relance:
    """Run the program as a user does, in an empty directory and a plain environment."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("LC_")}
        return subprocess.run(
            [sys.executable, "-m", "relance", *arguments],
            cwd=tmp_path,
            env={**plain, "LANG": "C.UTF-8", "NO_COLOR": "1", "COLUMNS": "80", **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    return run
