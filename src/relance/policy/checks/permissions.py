"""Who may write the policy: what everybody may change is nobody's word."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from relance.diagnostics import Diagnostic, Span
from relance.policy.codes import reading as codes
from relance.policy.draft import Project

_FOLDERS = ("procedures", "templates")


def check_permissions(project: Project) -> Iterator[Diagnostic]:
    """Yield what of the policy and the templates any user of the machine may write."""
    root = project.root
    files = [root, root / project.main.file, root / project.accounts_document.file]
    for path in (*files, *_below(root / name for name in _FOLDERS)):
        if _open_to_all(path):
            name = path.relative_to(root).as_posix()
            yield Diagnostic(codes.WRITABLE, Span(name), {"path": name})


def _below(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        if folder.exists():
            yield folder
            yield from sorted(folder.rglob("*"))


def _open_to_all(path: Path) -> bool:
    """Whether the mode lets others write; links are followed, and Windows has no such modes."""
    return os.name == "posix" and path.exists() and bool(path.stat().st_mode & stat.S_IWOTH)
