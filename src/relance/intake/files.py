"""The bytes of a source's files, whole or not at all."""

from __future__ import annotations

import glob
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from relance.diagnostics import Diagnostic, Span
from relance.intake import codes, size_codes
from relance.intake.findings import refuse, shown

_FORMATS = (
    (b"PK\x03\x04", "Excel (xlsx), ZIP"),
    (b"\xd0\xcf\x11\xe0", "Excel (xls)"),
    (b"%PDF", "PDF"),
    (b"\x1f\x8b", "gzip"),
    (b"<!doctype html", "HTML"),
    (b"<html", "HTML"),
    (b"<table", "HTML"),
    (b"<?xml", "XML"),
    (b"{", "JSON"),
    (b"[{", "JSON"),
    (b"PAR1", "Parquet"),
    (b"SQLite format 3", "SQLite"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
)

ANY_FORMAT = tuple(dict.fromkeys(what for _, what in _FORMATS))
"""All formats that are recognised: for readers that say themselves what they do not read."""


LARGEST = 2_000
"""Most megabytes of a file; some formats have less (see `xlsx`, `einvoice`)."""


@dataclass(frozen=True)
class Content:
    """A file's bytes with what identifies them.

    Attributes:
        path: relative to the project where it can be, with forward slashes.
        data: all its bytes.
        modified: time of last change in whole seconds since the epoch.
    """

    path: str
    data: bytes
    modified: int

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


def matching(root: Path, pattern: str) -> list[Path]:
    """Return the regular files under `root` that match `pattern`, oldest first, then by name.

    Raises:
        Refusal: if there is none.
    """
    # Path.glob refuses absolute patterns, which a source may well have.
    names = glob.glob(pattern, root_dir=root, recursive=True)  # noqa: PTH207
    found = [root / name for name in names]
    files = [path for path in found if path.is_file() and not path.name.startswith(("~$", "."))]
    if not files:
        raise refuse(codes.NO_FILE, pattern, pattern=shown(pattern))
    return sorted(files, key=lambda path: (path.stat().st_mtime_ns, path.as_posix()))


def newest(root: Path, files: list[Path]) -> tuple[Path, list[Diagnostic]]:
    """Return the last of `files` and a diagnostic for each of the others."""
    last = files[-1]
    name = relative(root, last)
    others = [
        Diagnostic(codes.OLDER, Span(relative(root, path)), {"newest": name}) for path in files[:-1]
    ]
    return last, others


def relative(root: Path, path: Path) -> str:
    """Return `path` relative to `root` where it can be, with forward slashes."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return path.as_posix()


def load(root: Path, path: Path, allowed: tuple[str, ...] = ()) -> Content:
    """Return the content of `path`; `allowed` names the formats beside text that are read.

    Raises:
        Refusal: if it cannot be read, is too large, changes meanwhile, is empty or is of another
            format.
    """
    name = relative(root, path)
    try:
        with path.open("rb") as stream:
            before = os.fstat(stream.fileno())
            _check_size(name, before.st_size)
            data = stream.read(before.st_size + 1)  # no more, however fast it grows
            after = os.fstat(stream.fileno())
    except OSError as error:
        raise refuse(codes.UNREADABLE, name, reason=error.strerror or str(error)) from error
    same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    if not same or len(data) != after.st_size:
        raise refuse(codes.CHANGED, name)
    _check_format(name, data, allowed)
    return Content(name, data, int(after.st_mtime))


def _check_size(name: str, size: int) -> None:
    if size > LARGEST * 1_000_000:
        raise refuse(size_codes.TOO_LARGE, name, size=size // 1_000_000, most=LARGEST)


def _check_format(name: str, data: bytes, allowed: tuple[str, ...]) -> None:
    blank = b" \t\r\n\xef\xbb\xbf"
    if not data[:4096].strip(blank) and not data.strip(blank):
        raise refuse(codes.EMPTY, name)
    start = data[:256].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for magic, what in _FORMATS:
        if what not in allowed and start.startswith(magic.lower()):
            raise refuse(codes.NOT_TEXT, name, what=what)
