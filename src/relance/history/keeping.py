"""Keeping the record whole: verify it, back it up, restore it, erase what is personal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from relance.history import (
    backup,
    codes,
    erasing,
    events,
    personal,
    schema,
    standing,
    upgrade,
    verify,
)
from relance.history.chain import Head
from relance.history.errors import explained, unavailable
from relance.history.events import stamp
from relance.history.opened import Opened
from relance.history.place import Place
from relance.history.standing import Gap
from relance.history.verify import Known, Verification


class Keeping(Opened):
    """What keeps the record whole."""

    def chain_head(self) -> Head:
        """Return the last event's number and hash: kept elsewhere, they vouch for all before."""
        with self._transaction() as connection:
            return events.head(connection)

    def verify(self, given: Sequence[Head] = ()) -> Verification:
        """Return whether the record is whole, and all that stands beside it what it tells.

        It is held against the heads that are `given`, and the one that the witness saw last.
        """
        known = [Known(head, verify.GIVEN) for head in given]
        seen = self._database.witness.last() if self._database.witness else None
        if seen is not None:
            known.append(Known(seen.head, verify.WITNESS))
        with self._up_to_date() as connection:
            return verify.verify(connection, known)

    def gap(self) -> Gap | None:
        """Return what the witness saw and the database does not know; None if it knows all."""
        with self._transaction() as connection:
            return (
                standing.gap(connection, self._database.witness) if self._database.witness else None
            )

    def restored(self, by: str) -> Gap | None:
        """Go on with a database that was restored; return what it does not know, None if nothing.

        What left since then is never sent again: it is in doubt as soon as it is proposed.
        """
        with self._transaction() as connection:
            return standing.restored(connection, self._mark(), self._database, by)

    def moved(self, by: str) -> Place | None:
        """Pin where the database lives now, and return it; None for a server."""
        with self._transaction() as connection:
            return standing.moved(connection, self._mark(), self._database, by)

    def back_up(self, target: Path) -> bool:
        """Copy the database to the new file `target`; return False for a server, which has tools.

        Raises:
            FileExistsError: if there is such a file.
        """
        if self._database.path is None:
            return False
        backup.copy(self._database.path, target)
        return True

    def held_about(self, debtor: str) -> dict[str, Any]:
        """Return all rows about a debtor by table, ready for JSON; empty when nothing is held."""
        with self._up_to_date() as connection:
            about = personal.case(connection, debtor)
            found = personal.held(connection, about)
        return {name: rows for name, rows in found.items() if rows}

    def messages_to(self, debtor: str) -> list[tuple[str, bytes]]:
        """Return the file name and the bytes of each message to a debtor."""
        with self._transaction() as connection:
            return list(personal.messages(connection, personal.case(connection, debtor)))

    def unsettled(self, debtor: str) -> list[str]:
        """Return the keys of a debtor's dispatches that are in doubt or to be tried again."""
        with self._transaction() as connection:
            return personal.unsettled(connection, debtor)

    def idle_since(self, moment: datetime) -> list[str]:
        """Return the debtors of whom nothing was recorded since `moment`."""
        with self._transaction() as connection:
            return personal.idle_since(connection, stamp(moment))

    def erase(self, debtors: Sequence[str], by: str, *, named: bool = False) -> int:
        """Erase what is personal of `debtors`; return of how many something was held.

        `named` keeps their numbers and those of their items: an open case needs them.
        """
        count = 0
        with self._erasing():
            for debtor in debtors:
                with self._transaction() as connection:
                    about = personal.case(connection, debtor)
                    if about:
                        erasing.erase(connection, self._mark(), about, by, named=named)
                        count += 1
        return count

    @contextmanager
    def _up_to_date(self) -> Iterator[Connection]:
        """Open a transaction on a database that has a chain."""
        with self._transaction() as connection:
            found = upgrade.revision(connection)
            if found not in (None, schema.HEAD):
                raise unavailable(codes.OLDER, self._database.name, revision=found)
            yield connection

    @contextmanager
    def _erasing(self) -> Iterator[None]:
        """See to it that erased bytes are gone from the file too."""
        yield
        with explained(self._database.name):
            erasing.scrub(self._database)
