"""Poor surroundings: no locale, home, time zone, terminal or stdout; the same plan and the same mails."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scenarios.stage import Stage, new_stage

DAY = "2026-04-08"
PLAIN = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
SURROUNDINGS: dict[str, dict[str, str]] = {
    "nothing at all": {},
    "LANG=C": {"LANG": "C", "LC_ALL": "C"},
    "a locale that is not there": {"LC_ALL": "xx_YY.UTF-8", "LANGUAGE": "xx"},
    "HOME is nowhere": {"HOME": "/nonexistent"},
    "HOME is a file": {"HOME": "/dev/null"},
    "TZ of the moon": {"TZ": "Moon/Sea"},
    "TZ east": {"TZ": "Pacific/Kiritimati"},
    "TZ west": {"TZ": "Pacific/Niue"},
    "a dumb terminal": {"TERM": "dumb", "COLUMNS": "0", "LINES": "x"},
    "colours forced": {"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"},
    "ASCII streams": {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    "hashes of any order": {"PYTHONHASHSEED": "4711"},
}
LONG = os.environ.get("RELANCE_TESTS") == "long"


def tried() -> dict[str, dict[str, str]]:
    """Return each of the surroundings in a long run; else four at a time, later ones winning."""
    if LONG:
        return SURROUNDINGS
    names = list(SURROUNDINGS)
    parts = [names[n::4] for n in range(4)]
    return {
        " + ".join(part): {k: v for name in part for k, v in SURROUNDINGS[name].items()}
        for part in parts
    }


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return new_stage(
        tmp_path / "Société É",
        {"customers": "C1,Café Gaëlle,business,FR,fr,c1@client.example,1 rue Haute,75001,Paris"},
    )


def relance(
    stage: Stage, *words: str, environment: dict[str, str], shell: str = ""
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "relance", *words, "-C", str(stage.root)]
    if shell:
        command = ["/bin/sh", "-c", f'exec "$@" {shell}', "sh", *command]
    return subprocess.run(
        command, env={"PATH": PLAIN["PATH"], **environment}, cwd="/", capture_output=True,
        stdin=subprocess.DEVNULL, umask=0, check=False,
    )  # fmt: skip


def outbox(stage: Stage) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in stage.outbox()}


def test_the_plan_and_the_mails_are_the_same_everywhere(tmp_path: Path, stage: Stage) -> None:
    wanted = relance(stage, "plan", "--json", "--date", DAY, environment=PLAIN)
    assert wanted.returncode == 0, wanted.stderr
    assert relance(stage, "run", "--date", DAY, environment=PLAIN).returncode == 0
    mails = outbox(stage)
    assert len(mails) == 1
    for number, (name, environment) in enumerate(tried().items()):
        other = new_stage(tmp_path / str(number))
        for path in ("relance.yaml", "ventes.csv", "customers.csv", "accounts.yaml"):
            (other.root / path).write_bytes((stage.root / path).read_bytes())
        plan = relance(other, "plan", "--json", "--date", DAY, environment=environment)
        assert (plan.returncode, plan.stdout) == (0, wanted.stdout), (name, plan.stderr)
        done = relance(other, "run", "--date", DAY, environment=environment)
        assert done.returncode == 0, (name, done.stderr)
        assert b"Traceback" not in done.stderr
        assert outbox(other) == mails, name


@pytest.mark.parametrize("shell", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-", ">/dev/full"])
def test_streams_that_are_closed_or_full_lose_no_notice(shell: str, stage: Stage) -> None:
    for _ in range(2):
        done = relance(stage, "run", "--date", DAY, environment=PLAIN, shell=shell)
        assert b"Traceback" not in done.stdout + done.stderr
        assert done.returncode == 0 or (shell == ">/dev/full" and done.returncode == 5)
    assert len(outbox(stage)) == 1
    verified = relance(stage, "history", "verify", environment=PLAIN)
    assert verified.returncode == 0, verified.stdout


def test_a_reader_that_leaves_is_no_fault(stage: Stage) -> None:
    done = relance(stage, "plan", "--all", "--date", DAY, environment=PLAIN, shell="| head -c 1")
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
