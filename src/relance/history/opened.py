"""An open history: its database, its creditor, its clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Self

from sqlalchemy import Connection

from relance.history import witness
from relance.history.database import Database
from relance.history.errors import explained
from relance.history.events import Mark
from relance.history.turns import Answer, Turns


class Opened:
    """What all parts of the history share. Each method of theirs is one transaction.

    Any thread may call them: they take turns. All raise `HistoryUnavailable` when the database
    fails.
    """

    def __init__(self, database: Database, creditor: str, now: Callable[[], datetime]) -> None:
        self._database = database
        self._creditor = creditor
        self._now = now
        self._turns = Turns(self._begin)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def now(self) -> datetime:
        """Return the present moment, UTC, by the clock that stamps the events."""
        return self._now()

    def _mark(self, run: int | None = None) -> Mark:
        return Mark(self._now(), run)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._turns.alone() as connection:
            yield connection

    def _shared(self, work: Callable[[Connection], Answer]) -> Answer:
        """Return what `work` gave; it shares the commit with what other threads do meanwhile."""
        return self._turns.shared(work)

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        connection = self._database.connection
        with explained(self._database.name):
            witness.waiting(connection)  # of a transaction that failed
            with connection.begin():
                yield connection
            self._database.tell(witness.waiting(connection))
