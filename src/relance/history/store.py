"""The history: what was sent, what may have been sent, and what people recorded.

Import this module only where a history is opened: it loads the database library.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from relance.history import schema
from relance.history.database import Database, in_memory, open_database, open_to_read
from relance.history.errors import explained
from relance.history.incoming import Receiving
from relance.history.keeping import Keeping
from relance.history.recording import Recording
from relance.history.sending import Sending
from relance.history.telling import Telling
from relance.history.upgrade import bring_forward, check
from relance.history.witness import Witness

PATIENCE = 30.0
"""Seconds to wait for another program that has the database locked."""


class History(Sending, Receiving, Recording, Telling, Keeping):
    """The history of one creditor: what runs do, what comes in, what people record, what it tells."""

    @classmethod
    def open(  # noqa: PLR0913
        cls,
        url: str,
        root: Path,
        *,
        creditor: str,
        now: Callable[[], datetime],
        readonly: bool = False,
        patience: float = PATIENCE,
    ) -> History:
        """Return the history at `url`; a file is relative to `root`.

        Args:
            creditor: identity of the creditor, pinned on first use.
            now: gives the moment of events.
            readonly: change nothing on the disk; what does not exist yet reads as empty.
            patience: seconds to wait for a locked database.
        """
        if readonly:
            readable = _readable(url, root, creditor, patience)
            readable.witness = Witness(root)
            return cls(readable, creditor, now)
        database = open_database(url, root, patience=patience)
        database.witness = Witness(root)
        try:
            with explained(database.name):
                bring_forward(database, creditor)
        except BaseException:
            database.close()
            raise
        return cls(database, creditor, now)


def _readable(url: str, root: Path, creditor: str, patience: float) -> Database:
    database = open_to_read(url, root, patience=patience)
    if database is None:
        return _empty()
    try:
        with explained(database.name):
            if check(database, creditor):
                return database
    except BaseException:
        database.close()
        raise
    database.close()
    return _empty()


def _empty() -> Database:
    database = in_memory()
    with database.connection.begin():
        schema.metadata.create_all(database.connection)
    return database
