"""A disk that is full: where the history is, where letters are put, where the log is."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scenarios.stage import Said

from .book import DAY, book, is_quiet, project, states


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of three megabytes."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small file system cannot be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path, leave: int) -> Path:
    """Fill the file system of `place` but for `leave` bytes."""
    ballast = place / "ballast"
    free = os.statvfs(place)
    ballast.write_bytes(b"x" * max(0, free.f_bavail * free.f_bsize - leave))
    return ballast


def test_no_room_for_the_history_sends_nothing_and_says_so(tmp_path, small_disk):
    database = {"database": f"sqlite:///{small_disk}/relance.db"}
    stage = project(tmp_path / "p", book(40), database)
    assert stage("plan", "--date", DAY).code == 0
    ballast = fill(small_disk, 4096)
    said = stage("run", "--date", DAY)
    assert said.code == 5
    assert "no space" in said.err
    assert stage.outbox() == []
    ballast.unlink()
    assert stage("run", "--date", DAY).code in (0, 4)


def test_a_history_that_fills_the_disk_half_way_stops_sending_and_forgets_nothing(
    tmp_path, small_disk
):
    stage = project(tmp_path / "p", book(12), {"database": f"sqlite:///{small_disk}/relance.db"})
    assert stage("run", "--date", "2026-04-03").code == 0  # nothing is due: the database is made
    ballast = fill(small_disk, 140_000)
    said = stage("run", "--date", DAY)
    assert said.code == 5, said
    assert "no space" in said.err
    sent = len(stage.outbox())
    assert sent < 12
    ballast.unlink()
    assert stage("run", "--date", DAY).code == 0
    assert len(stage.outbox()) == 12
    assert is_quiet(stage)


def test_no_room_for_letters_stops_that_channel_and_the_next_run_goes_on(tmp_path, small_disk):
    channel = {"channels": {"email": {"kind": "outbox", "folder": str(small_disk / "out")}}}
    stage = project(tmp_path / "p", book(5), channel)
    ballast = fill(small_disk, 8192)
    said = stage("run", "--date", DAY)
    assert said.code == 5
    assert "No space left" in said.err + said.out
    assert not list(small_disk.rglob("*.part"))
    ballast.unlink()
    assert stage("run", "--date", DAY).code == 0
    assert states(stage)["sent"] == 5
    assert len(list(small_disk.rglob("*.eml"))) == 5
    assert stage("run", "--date", DAY).code == 0
    assert len(list(small_disk.rglob("*.eml"))) == 5


def test_a_log_that_cannot_be_written_keeps_no_notice_from_leaving(tmp_path):
    stage = project(tmp_path / "p", book(3))
    said: Said = stage("run", "--date", DAY, "--log", "/dev/full")
    assert said.code in (0, 1, 5)
    assert states(stage)["sent"] == 3
    assert is_quiet(stage)


def test_output_that_cannot_be_written_keeps_no_notice_from_leaving(tmp_path):
    stage = project(tmp_path / "p", book(3))
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "relance", "run", "-C", str(stage.root), "--date", DAY]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert b"Traceback" not in done.stderr
    assert states(stage)["sent"] == 3
    assert is_quiet(stage)
