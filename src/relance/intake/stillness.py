"""Whether the files of the sources held still while all of them were read.

A file that grows while it is read is seen as it is read. One that grows, is replaced or appears
while the others are read is seen here: the sources would tell of different moments.
"""

from __future__ import annotations

from pathlib import Path

from relance.diagnostics import Diagnostic, Span
from relance.intake import codes
from relance.intake.files import matching, relative
from relance.intake.findings import Refusal
from relance.policy.model import Policy

Marks = dict[str, tuple[int, int]]
"""Size and time of last change in nanoseconds, by path."""


def marks_of(policy: Policy) -> Marks:
    """Return the marks of each file that a source of `policy` or its customers name."""
    patterns = [source.path for source in policy.sources]
    patterns += [policy.customers.path] if policy.customers else []
    return {
        relative(policy.root, path): mark
        for pattern in dict.fromkeys(patterns)
        for path in _files(policy.root, pattern)
        if (mark := _mark(path))
    }


def moved(before: Marks, after: Marks) -> list[Diagnostic]:
    """Return an error for each file that is not the one it was."""
    names = sorted(before.keys() | after.keys())
    return [
        Diagnostic(codes.CHANGED, Span(name))
        for name in names
        if before.get(name) != after.get(name)
    ]


def _files(root: Path, pattern: str) -> list[Path]:
    try:
        return matching(root, pattern)
    except Refusal:  # told where it is read
        return []


def _mark(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:  # gone since it was listed
        return None
    return status.st_size, status.st_mtime_ns
