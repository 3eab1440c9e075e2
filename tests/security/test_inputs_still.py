"""Inputs that move while they are read are refused: size and time of change must hold still."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from intake.conftest import policy

from relance.intake.reading import read
from relance.intake.stillness import marks_of, moved
from scenarios.stage import CUSTOMERS, HEADER, Stage, new_stage

ROW = "F1,C1,2026-03-02,2026-04-01,100.00,100.00,EUR,invoice\n"
GROWS = """
import os, sys
handle = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND)
print("growing", flush=True)
while os.getppid() != 1:
    os.write(handle, sys.argv[2].encode())
"""


@contextmanager
def growing(path: Path, row: str) -> Iterator[None]:
    """Let another process write rows to `path`, one after the other."""
    writer = subprocess.Popen([sys.executable, "-c", GROWS, str(path), row], stdout=subprocess.PIPE)
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"growing\n"
        yield
    finally:
        writer.kill()
        writer.communicate()


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return new_stage(tmp_path / "firm")


@pytest.mark.parametrize(
    ("name", "row"),
    [("ventes.csv", ROW), ("customers.csv", "C9,X,business,FR,fr,x@client.example,r,1,P\n")],
)
def test_a_file_that_grows_while_it_is_read_refuses_the_run(
    name: str, row: str, stage: Stage
) -> None:
    with growing(stage.root / name, row):
        said = stage("run", "--date", "2026-04-08")
    assert said.code == 3, said
    assert name in said.err
    assert "I005" in said.err
    assert stage.outbox() == []


def test_files_that_change_while_the_others_are_read_are_seen(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv", "gone.csv"):
        (tmp_path / name).write_text(HEADER + "\n" + ROW)
    (tmp_path / "customers.csv").write_text(CUSTOMERS + "\n")
    source = {"name": "v", "kind": "csv", "path": "*.csv"}
    firm = policy(tmp_path, [source], customers={"path": "customers.csv"})
    before = marks_of(firm)
    assert moved(before, marks_of(firm)) == []
    (tmp_path / "b.csv").write_text(HEADER + "\n" + ROW + ROW)
    os.utime(tmp_path / "customers.csv", (1, 1))
    (tmp_path / "gone.csv").unlink()
    (tmp_path / "new.csv").write_text(HEADER + "\n")
    said = moved(before, marks_of(firm))
    assert [str(d.span) for d in said] == ["b.csv", "customers.csv", "gone.csv", "new.csv"]
    assert {d.code for d in said} == {"I005"}


def test_what_holds_still_is_read(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_text(HEADER + "\n" + ROW)
    made = read(policy(tmp_path, [{"name": "v", "kind": "csv", "path": "v.csv", "full": True}]))
    assert (made.refused, made.items.height) == (False, 1)
