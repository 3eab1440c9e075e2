"""What people see: small projects, the commands typed in them, and every line that came out.

`pytest tests/golden --update` writes the transcripts anew; look at the difference before you commit.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

import forked

HERE = Path(__file__).parent
CASES = sorted(path.parent.name for path in HERE.glob("*/commands"))
WIDTH = "80"
_HASH = re.compile(r"\b[0-9a-f]{12,64}\b")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^\"\s]*")


def ran(command: str, project: Path) -> str:
    """Return the transcript of one command: what it wrote to both streams, and its exit code."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment |= {"LANG": "C.UTF-8", "NO_COLOR": "1", "COLUMNS": WIDTH, "USER": "nadia"}
    environment |= {"LOGNAME": "nadia", "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    done = forked.run(["-m", "relance", *shlex.split(command)], cwd=project, env=environment)
    streams = [done.stdout.decode()]
    if done.stderr:
        streams.append("[stderr]\n" + done.stderr.decode())
    return f"$ relance {command}\n{''.join(streams)}[exit {done.returncode}]\n"


def steady(text: str) -> str:
    """Return `text` without what differs from one version or moment to the next."""
    return _MOMENT.sub("<moment>", _HASH.sub("<hash>", text))


@pytest.mark.parametrize("case", CASES)
def test_a_project_gives_exactly_its_transcript(case: str, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(HERE / case / "project", project)
    commands = (HERE / case / "commands").read_text("utf-8").splitlines()
    transcript = steady("\n".join(ran(command, project) for command in commands))
    golden = HERE / case / "transcript.txt"
    if os.environ.get("UPDATE"):
        golden.write_text(transcript, encoding="utf-8")
    assert transcript == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_no_line_of_a_table_is_wider_than_the_window(case: str) -> None:
    lines = (HERE / case / "transcript.txt").read_text("utf-8").splitlines()
    ruled = [line for line in lines if set(line) == {"─"}]
    assert all(len(line) <= int(WIDTH) for line in ruled)
