"""An open history: its database, its creditor, its clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Self

from sqlalchemy import Connection

from relance.history.database import Database
from relance.history.errors import explained
from relance.history.events import Mark


class Opened:
    """What all parts of the history share. Each method of theirs is one transaction.

    All raise `HistoryUnavailable` when the database fails.
    """

    def __init__(self, database: Database, creditor: str, now: Callable[[], datetime]) -> None:
        self._database = database
        self._creditor = creditor
        self._now = now

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _mark(self, run: int | None = None) -> Mark:
        return Mark(self._now(), run)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with explained(self._database.name), self._database.connection.begin():
            yield self._database.connection
