"""Where the shipped library lies: procedures and templates, in the wheel or in the source tree."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def shipped(name: str) -> Path:
    """Return the folder of the shipped `name` ("procedures" or "templates")."""
    inside = _PACKAGE / "library" / name
    return inside if inside.is_dir() else _PACKAGE.parents[1] / name
