"""A folder that messages are written to: whole or not at all, and for their owner only."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Folder:
    """An open folder. The folder that is named may be a symbolic link, nothing below it is.

    Raises:
        OSError: if it cannot be made or opened.
    """

    def __init__(self, path: Path) -> None:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def inside(self, name: str) -> Folder:
        """Return the folder `name` below this one, made if it is absent."""
        _check(name)
        with suppress(FileExistsError):
            os.mkdir(name, 0o700, dir_fd=self._handle)
        below = Folder.__new__(Folder)
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
        below._handle = os.open(name, flags, dir_fd=self._handle)
        return below

    def put(self, name: str, content: bytes, before: Callable[[], None] | None = None) -> None:
        """Write `content` under `name`, replacing what was there.

        It is written aside, made durable and renamed, so that it is there whole or not at all.
        `before` is called just before it appears.
        """
        _check(name)
        aside = f".{name}.part"
        with suppress(FileNotFoundError):
            os.unlink(aside, dir_fd=self._handle)
        try:
            self._write(aside, content)
            if before:
                before()
            os.rename(aside, name, src_dir_fd=self._handle, dst_dir_fd=self._handle)
        except BaseException:
            with suppress(OSError):
                os.unlink(aside, dir_fd=self._handle)
            raise
        os.fsync(self._handle)

    def append(self, name: str, content: bytes) -> None:
        """Add `content` at the end of the file `name`, made if it is absent."""
        _check(name)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        handle = os.open(name, flags, 0o600, dir_fd=self._handle)
        try:
            _write_all(handle, content)
        finally:
            os.close(handle)

    def read(self, name: str) -> bytes | None:
        """Return the content of the file `name`; None when there is no such plain file."""
        _check(name)
        try:
            handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=self._handle)
        except FileNotFoundError:
            return None
        with os.fdopen(handle, "rb") as stream:
            return stream.read()

    def names(self) -> list[str]:
        """Return the names of the plain files here, sorted; hidden ones are left out."""
        with os.scandir(self._handle) as entries:
            return sorted(
                entry.name
                for entry in entries
                if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False)
            )

    def close(self) -> None:
        """Close the folder."""
        os.close(self._handle)

    def _write(self, name: str, content: bytes) -> None:
        handle = os.open(name, _CREATE, 0o600, dir_fd=self._handle)
        try:
            os.fchmod(handle, stat.S_IRUSR | stat.S_IWUSR)
            _write_all(handle, content)
            os.fsync(handle)
        finally:
            os.close(handle)


def _write_all(handle: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(handle, view) :]


def _check(name: str) -> None:
    """Refuse names that could lead out of the folder, or be taken for hidden files."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a plain file name: {name!r}")
