"""Where a SQLite history lives: the machine, the path, the file itself.

A copy on a second machine (or in a second folder) would send what the first one sends.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

_MACHINE = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a history runs: digest of the machine's id (None if it has none), path, file number."""

    machine: str | None
    path: str
    file: int

    def packed(self) -> str:
        """Return the place as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    def is_other_than(self, then: Place) -> bool:
        """Return whether the database was copied away from `then`.

        Without the ids of both machines nobody can tell: containers often have none. On one
        machine a file may be renamed, and a backup put back in its place.
        """
        if self.machine is None or then.machine is None:
            return False
        if self.machine != then.machine:
            return True
        return self.path != then.path and self.file != then.file


def unpacked(text: str) -> Place:
    """Return the place that `packed` wrote."""
    return Place(**json.loads(text))


def place_of(path: Path) -> Place:
    """Return the place of the database file `path`."""
    return Place(_machine(), str(path.resolve()), path.stat().st_ino)


def _machine() -> str | None:
    """Return a digest of the machine's id: the id itself is nobody's business.

    RELANCE_MACHINE gives one to machines that have none, or another one every day.
    """
    for text in (os.environ.get("RELANCE_MACHINE", ""), *map(_content, _MACHINE)):
        if text.strip():
            return sha256(b"relance " + text.strip().encode()).hexdigest()[:16]
    return None


def _content(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
