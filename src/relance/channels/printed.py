"""The folder that printed letters are moved or copied to: what it holds is shown, never believed.

Only the bytes of a letter say that it was printed. Names, dates, links and whatever else lies there
say nothing.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Found:
    """A plain file of the folder: its name there, and the digest of its bytes.

    `sha256` is "" for a file whose size is none of those asked for: it was not read.
    """

    name: str
    sha256: str


def printed_files(folder: Path, sizes: Collection[int]) -> Iterator[Found]:
    """Yield the PDF files in `folder` and in the folders just below it; nothing if it is absent.

    Links, pipes and the like are left out, and links to folders are not followed. A file that
    vanishes meanwhile is left out.

    Raises:
        OSError: if the folder cannot be read.
    """
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        yield from _in(handle, "", sizes)
        for entry in _entries(handle):
            if entry.is_dir(follow_symlinks=False):
                yield from _below(handle, entry.name, sizes)
    finally:
        os.close(handle)


def holds(outer: Path, inner: Path) -> bool:
    """Return whether `inner` is `outer` or lies in it, wherever links lead."""
    return inner.resolve().is_relative_to(outer.resolve())


def is_there(path: Path, content: bytes) -> bool:
    """Return whether `path` is a plain file that holds just `content`."""
    try:
        with os.fdopen(os.open(path, _OPEN), "rb") as stream:
            found = os.fstat(stream.fileno())
            plain = stat.S_ISREG(found.st_mode) and found.st_size == len(content)
            return plain and stream.read(len(content) + 1) == content
    except OSError:
        return False


def _entries(handle: int) -> list[os.DirEntry[str]]:
    with os.scandir(handle) as entries:
        shown = [entry for entry in entries if not entry.name.startswith(".")]
    return sorted(shown, key=lambda entry: entry.name)


def _below(handle: int, name: str, sizes: Collection[int]) -> Iterator[Found]:
    try:
        below = os.open(name, _FOLDER, dir_fd=handle)
    except OSError:
        return
    try:
        yield from _in(below, f"{name}/", sizes)
    finally:
        os.close(below)


def _in(handle: int, prefix: str, sizes: Collection[int]) -> Iterator[Found]:
    for entry in _entries(handle):
        if entry.name.lower().endswith(".pdf") and entry.is_file(follow_symlinks=False):
            with suppress(OSError):
                yield Found(prefix + entry.name, _digest(handle, entry.name, sizes))


def _digest(folder: int, name: str, sizes: Collection[int]) -> str:
    with os.fdopen(os.open(name, _OPEN, dir_fd=folder), "rb") as stream:
        found = os.fstat(stream.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_size not in sizes:
            return ""
        return hashlib.sha256(stream.read(found.st_size + 1)).hexdigest()
