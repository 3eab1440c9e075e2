"""Which projects the `-C` options name."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from relance.cli.exits import Exit, Stop
from relance.cli.words import _

ONLY = "RELANCE_ONLY_PROJECT"
"""Variable by which a call on several projects tells each of its processes which one is its own."""

_PATTERN = "*?["


def _matches(asked: str) -> list[Path]:
    """Return the projects that one `-C` names: itself, or what its pattern finds, sorted."""
    if not any(mark in asked for mark in _PATTERN) or Path(asked).is_dir():
        return [Path(asked)]
    import glob

    found = [Path(path) for path in sorted(glob.glob(asked))]  # noqa: PTH207
    projects = [path for path in found if (path / "relance.yaml").is_file()]
    if not projects:
        raise Stop(
            Exit.USAGE,
            _("no project matches {pattern}").format(pattern=asked),
            _("a project is a directory with a file relance.yaml in it"),
        )
    return projects


def projects_of(asked: Sequence[str] | None) -> list[Path]:
    """Return the project directories of the `-C` options, each once; the current one for none."""
    only = os.environ.get(ONLY)
    if only is not None:
        return [Path(only)]
    if not asked:
        return [Path()]
    found = [project for pattern in asked for project in _matches(pattern)]
    return list(dict.fromkeys(found))
