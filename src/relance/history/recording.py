"""What people enter and what imports observe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import polars as pl

from relance.history import controls, payments, read, records, snapshots
from relance.history.opened import Opened
from relance.history.values import Payments, Record, Snapshot


class Recording(Opened):
    """What is entered beside the dispatches."""

    def record(self, events: Iterable[Record]) -> tuple[int, ...]:
        """Append what an operator entered, all or nothing; return the numbers of the events."""
        with self._transaction() as connection:
            return records.record(connection, self._mark(), events)

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

    def approve(self, keys: Iterable[str], by: str, facts: records.Facts | None = None) -> None:
        """Append approvals of notices or plans by `by` (who, for the record).

        `facts` has what is approved, as it is now, by key: see `runs.approvals`.
        """
        with self._transaction() as connection:
            about = {key: (facts or {}).get(key, {}) for key in keys}
            records.approve(connection, self._mark(), by, about)

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

    def save_addresses(self, run_date: date, addresses: pl.DataFrame) -> None:
        """Keep where debtors can be reached, in place of what was kept before."""
        with self._transaction() as connection:
            snapshots.save_frame(connection, snapshots.ADDRESSES, run_date, addresses)

    def pause(self, by: str, reason: str = "") -> None:
        """Append that nothing is to be sent until somebody resumes; a run under way stops too."""
        with self._transaction() as connection:
            controls.pause(connection, self._mark(), by, reason)

    def resume(self, by: str) -> None:
        """Append that sending goes on."""
        with self._transaction() as connection:
            controls.resume(connection, self._mark(), by)

    def pin(self, name: str, value: str, by: str | None = None) -> None:
        """Append that `value` is what `name` has to be from now on; `by` None: on first use."""
        with self._transaction() as connection:
            controls.pin(connection, self._mark(), name, value, by)
