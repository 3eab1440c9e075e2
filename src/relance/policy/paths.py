"""Paths of the policy: they stay inside the project."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath


def leaves_project(path: str) -> bool:
    """Return whether `path`, relative to the project, is absolute or climbs out of it."""
    posix, windows = PurePosixPath(path), PureWindowsPath(path)
    absolute = posix.is_absolute() or bool(windows.drive or windows.root)
    return absolute or ".." in posix.parts or ".." in windows.parts


def lies_inside(root: Path, path: Path) -> bool:
    """Return whether `path`, with its links followed, lies below `root`."""
    return path.resolve().is_relative_to(root.resolve())
