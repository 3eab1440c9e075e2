"""A copy of a SQLite history that is whole, even while a run is at work."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from relance.history.errors import explained


def copy(source: Path, target: Path) -> None:
    """Write the database `source` to the new file `target`, for its owner only.

    Raises:
        FileExistsError: if `target` is there already.
        HistoryUnavailable: if the database cannot be read or the disk is full.
    """
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_NOFOLLOW, 0o600))
    try:
        with (
            explained(source.name),
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True)) as here,
            closing(sqlite3.connect(target, isolation_level=None)) as there,
        ):
            here.backup(there)
            there.execute("PRAGMA journal_mode=DELETE").fetchall()  # one file, nothing beside it
    except BaseException:
        target.unlink()
        raise
