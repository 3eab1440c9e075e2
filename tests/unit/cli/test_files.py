"""What `-o` does to the file that it names."""

from __future__ import annotations

import errno
import os
import stat
import threading
from pathlib import Path

import pytest

from relance.cli import files
from relance.cli.exits import Exit, Stop


def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()

    files.write(pipe, [b"a", b"b"])

    reader.join()
    assert read == [b"ab"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize(
    ("name", "code"), [("", Exit.USAGE), ("/", Exit.USAGE), ("folder", Exit.INFRASTRUCTURE)]
)
def test_what_is_no_file_is_refused_with_a_way_out(tmp_path: Path, name: str, code: Exit):
    (tmp_path / "folder").mkdir()
    with pytest.raises(Stop) as refused:
        files.write(Path(name) if name in ("", "/") else tmp_path / name, [b"x"])
    assert refused.value.code is code


def test_on_a_disk_without_links_nothing_is_written_over_either(tmp_path: Path, monkeypatch):
    def refuse(*names: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    file = tmp_path / "letter.pdf"
    files.write(file, [b"first"], over=False)
    with pytest.raises(Stop) as refused:
        files.write(file, [b"second"], over=False)
    assert refused.value.code is Exit.USAGE
    assert file.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [file]
