"""What the history tells: to the decision as frames, to people as entries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from relance.dunning.events import DESK_TYPES, Past
from relance.dunning.worklist import Work
from relance.history import (
    controls,
    passages,
    posted,
    read,
    records,
    snapshots,
    timeline,
    totals,
    worklist,
)
from relance.history.controls import News, Pause, Pin
from relance.history.errors import explained
from relance.history.opened import Opened
from relance.history.posted import Letter
from relance.history.values import Approval, Doubt, Passage


class Telling(Opened):
    """What can be asked."""

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

    def runs(self, limit: int, status: str | None = None) -> list[Passage]:
        """Return the last `limit` runs, newest first, those that died or were stopped too.

        With `status` ("completed", …) only those that ended so.
        """
        with self._transaction() as connection:
            return passages.latest(connection, limit, status)

    def approved(self) -> list[Approval]:
        """Return what people approved, oldest first: who, when, and what it was then."""
        with self._transaction() as connection:
            return records.approved(connection)

    def recorded(
        self, types: Collection[str] = DESK_TYPES, debtor: str | None = None
    ) -> pl.DataFrame:
        """Return what people recorded, of `debtor` if one is given, in order. Columns: HOLDS."""
        with explained(self._database.name):
            return read.recorded(self._database, types, debtor)

    def tasks_given(self, debtor: str | None = None) -> list[Work]:
        """Return the tasks that runs gave, as they were then, in the order of their numbers.

        With `debtor` only those about it.
        """
        with self._transaction() as connection:
            return worklist.given(connection, debtor)

    def told(self, types: Collection[str], debtor: str | None = None) -> list[dict[str, Any]]:
        """Return what people recorded of `types`, oldest first, with all its facts, ready for JSON."""
        with self._transaction() as connection:
            return timeline.of_types(connection, types, debtor)

    def last_recipients(self) -> pl.DataFrame:
        """Return whom each debtor's last notice went to: debtor, medium, recipient."""
        with explained(self._database.name):
            return read.last_recipients(self._database)

    def addresses(self) -> pl.DataFrame | None:
        """Return what `save_addresses` kept last; None before the first time."""
        with self._transaction() as connection:
            found = snapshots.last(connection, snapshots.ADDRESSES)
        return None if found is None else found.items

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

    def unprinted(self, channels: Collection[str], since: date) -> list[Letter]:
        """Return the letters of `channels` since `since` that were not seen printed, oldest first."""
        with self._transaction() as connection:
            return posted.unprinted(connection, channels, since)

    def letters_about(self, items: Collection[str]) -> list[Letter]:
        """Return the letters that left about any of `items` (identities), oldest first."""
        with self._transaction() as connection:
            return posted.about(connection, items)

    def letters_by_key(self, beginning: str) -> list[Letter]:
        """Return the letters that left and whose key begins so, oldest first."""
        with self._transaction() as connection:
            return posted.by_key(connection, beginning)

    def receivables_in_letters(self, number: str) -> list[str]:
        """Return the identities of receivables that letters were about and that hold `number`."""
        with self._transaction() as connection:
            return posted.receivables(connection, number)

    def dispatches_by_day(self) -> pl.DataFrame:
        """Return how many notices and tasks there were; see `totals.dispatches_by_day`."""
        with explained(self._database.name):
            return totals.dispatches_by_day(self._database)

    def paused(self) -> Pause | None:
        """Return the pause that is in force; None if there is none."""
        with self._transaction() as connection:
            return controls.paused(connection)

    def pinned(self, name: str) -> Pin | None:
        """Return what `name` was last pinned to; None before the first time."""
        with self._transaction() as connection:
            return controls.pinned(connection, name)

    def head(self) -> int:
        """Return the number of the last event; 0 before the first."""
        with self._transaction() as connection:
            return controls.head(connection)

    def news(self, since: int) -> list[News]:
        """Return what was recorded after event `since` beside the dispatches, in order."""
        with self._transaction() as connection:
            return controls.news(connection, since)
