"""The history: what was sent, what may have been sent, and what people recorded.

Import this module only where a history is opened: it loads the database library.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import polars as pl
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from relance.dunning.events import Past
from relance.history import (
    dispatches,
    messages,
    passages,
    payments,
    read,
    records,
    schema,
    snapshots,
    timeline,
)
from relance.history.database import Database, in_memory, open_database, open_to_read
from relance.history.errors import explained
from relance.history.events import Mark
from relance.history.upgrade import bring_forward, check
from relance.history.values import (
    Claim,
    ClaimAnswer,
    Dispatch,
    Doubt,
    Ending,
    Payments,
    Record,
    Snapshot,
    State,
)
from relance.notices.message import Message

PATIENCE = 30.0
"""Seconds to wait for another program that has the database locked."""


class History:
    """The history of one creditor. Each method is one transaction.

    All raise `HistoryUnavailable` when the database fails.
    """

    def __init__(self, database: Database, creditor: str, now: Callable[[], datetime]) -> None:
        self._database = database
        self._creditor = creditor
        self._now = now

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
            return cls(_readable(url, root, creditor, patience), creditor, now)
        database = open_database(url, root, patience=patience)
        try:
            with explained(database.name):
                bring_forward(database, creditor)
        except BaseException:
            database.close()
            raise
        return cls(database, creditor, now)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def __enter__(self) -> History:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _mark(self, run: int | None = None) -> Mark:
        return Mark(self._now(), run)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with explained(self._database.name), self._database.connection.begin():
            yield self._database.connection

    def past(self, items: Collection[str] | None = None) -> Past:
        """Return the past as the decision reads it; levels and cycles of `items` only, if given."""
        with explained(self._database.name):
            found = read.past(self._database)
        if items is None:
            return found
        wanted = pl.col("item").is_in(list(items))
        return replace(
            found, levels=found.levels.filter(wanted), cycles=found.cycles.filter(wanted)
        )

    def last_completed_run(self) -> date | None:
        """Return the run date of the latest completed run; None before the first."""
        with self._transaction() as connection:
            return passages.last_completed(connection)

    def begin_run(self, run_date: date, plan_hash: str = "") -> int:
        """Return the number of the run that begins. Call it with the run lock held."""
        with self._transaction() as connection:
            return passages.begin(connection, self._mark(), run_date, plan_hash)

    def finish_run(
        self, run: int, status: Literal["completed", "stopped"], summary: Mapping[str, Any]
    ) -> None:
        """Record how the run ended; later runs may not be dated before a completed one."""
        with self._transaction() as connection:
            passages.finish(connection, self._mark(run), status, summary)

    def recover(self, run: int) -> list[Dispatch]:
        """Settle what dead runs left; return the dispatches to transmit again, as stored.

        Call it with the run lock held and before the past is read. What was claimed is released,
        what was being transmitted is in doubt, unless sending it twice leaves one copy: that is
        returned.
        """
        with self._transaction() as connection:
            return passages.recover(connection, self._mark(run))

    def claim(
        self, dispatch: Dispatch, claims: Sequence[Claim], message: Message, run: int
    ) -> ClaimAnswer:
        """Return whether the dispatch, with all that it covers, is ours to send now.

        The rendered bytes are stored in the same transaction.
        """
        proposal = dispatches.Proposal(dispatch, claims, message, self._creditor)
        try:
            with self._transaction() as connection:
                return dispatches.claim(connection, self._mark(run), proposal)
        except IntegrityError:
            with self._transaction() as connection:
                return dispatches.claimant(connection, proposal)

    def transmitting(self, key: str, run: int) -> None:
        """Record, for good, that from now on the message may have left."""
        with self._transaction() as connection:
            dispatches.transmitting(connection, self._mark(run), key)

    def settle(self, key: str, ending: Ending, run: int) -> State:
        """Return the state that a try led to.

        accepted → sent; transient → retry after 15 min, 1 h, 4 h, 24 h, then failed; rejected →
        rejected; channel_down → cancelled; unknown → in_doubt. What did not leave releases its
        claims.
        """
        with self._transaction() as connection:
            return dispatches.settle(connection, self._mark(run), key, ending)

    def cancel(self, key: str, reason: str, run: int | None = None) -> None:
        """Record that a claimed dispatch will not be sent; its claims are released."""
        with self._transaction() as connection:
            dispatches.cancel(connection, self._mark(run), key, reason)

    def interrupt(self, key: str, reason: str, run: int) -> None:
        """Settle a try that was interrupted, as `recover` does for those of a dead run."""
        with self._transaction() as connection:
            dispatches.interrupt(connection, self._mark(run), key, reason)

    def message(self, key: str) -> Message:
        """Return the stored message of a dispatch, byte for byte."""
        with self._transaction() as connection:
            return messages.stored(connection, key)

    def record(self, events: Iterable[Record]) -> None:
        """Append what an operator entered."""
        with self._transaction() as connection:
            records.record(connection, self._mark(), events)

    def record_adopted(self, levels: pl.DataFrame, by: str | None = None) -> int:
        """Return how many levels were set without sending; those already reached are left.

        `levels` has the columns item, procedure, level, level_number, cycle and date.
        """
        with self._transaction() as connection:
            return records.adopt(connection, self._mark(), levels, self._creditor, by)

    def record_cycles(
        self, settled: Sequence[str], reopened: Sequence[str], day: date, run: int | None = None
    ) -> None:
        """Append which dunned receivables are seen settled, and which open again, on `day`.

        What is known already is not repeated.
        """
        with self._transaction() as connection:
            seen = records.Sighting(settled, reopened, day)
            known = read.cycles(self._database)
            records.see_cycles(connection, self._mark(run), seen, known)

    def record_payments(
        self, given: Payments, *, run: int | None = None, by: str | None = None
    ) -> int:
        """Add movements, allocations and rejections; return how many movements are new."""
        with self._transaction() as connection:
            return payments.store(connection, self._mark(run), given, by)

    def approvals(self) -> set[str]:
        """Return the keys of notices and the hashes of plans that were approved."""
        with self._transaction() as connection:
            return records.approvals(connection)

    def approve(self, keys: Iterable[str], by: str) -> None:
        """Append approvals by `by` (who, for the record)."""
        with self._transaction() as connection:
            records.approve(connection, self._mark(), keys, by)

    def snapshot(self, source: str) -> Snapshot | None:
        """Return the last import of `source`; None before the first."""
        with self._transaction() as connection:
            return snapshots.last(connection, source)

    def save_snapshot(
        self, source: str, run_date: date, fingerprint: str, items: pl.DataFrame
    ) -> None:
        """Keep `items` as the last import of `source`, and its figures for good."""
        with self._transaction() as connection:
            taken = snapshots.taken(source, run_date, fingerprint, items)
            snapshots.save(connection, self._mark(), taken)

    def timeline(self, item: str, debtor: str | None = None) -> list[dict[str, Any]]:
        """Return what happened to a receivable (and to its whole debtor), oldest first."""
        with self._transaction() as connection:
            return timeline.of_item(connection, item, debtor)

    def entries(self, limit: int, debtor: str | None = None) -> list[dict[str, Any]]:
        """Return the last `limit` events, newest first."""
        with self._transaction() as connection:
            return timeline.latest(connection, limit, debtor)

    def in_doubt(self) -> list[Doubt]:
        """Return the dispatches of which nobody can tell whether they left, oldest first."""
        with self._transaction() as connection:
            return timeline.doubts(connection)

    def resolve(self, key: str, how: Literal["sent", "unsent", "abandoned"], by: str) -> State:
        """Return the state that a person gave to a dispatch.

        From in doubt: sent counts as sent; unsent releases the claims, so that it is sent again;
        abandoned passes the level over. From rejected and failed: unsent allows a new try.

        Raises:
            OutOfOrder: if the dispatch is in no such state.
        """
        with self._transaction() as connection:
            return dispatches.resolve(connection, self._mark(), key, how, by)


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
