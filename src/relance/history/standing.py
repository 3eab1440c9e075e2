"""Whether this database may run: it knows what its witness saw, and lives where it lived.

What stops a run here is released by a person, who says what happened.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from relance.history import codes, controls, departed, dispatches, events, place, schema, witness
from relance.history.chain import Head
from relance.history.database import Database
from relance.history.errors import HistoryRefused
from relance.history.events import Event, Mark, append, packed
from relance.history.place import Place
from relance.history.values import Ending
from relance.history.witness import Seen, Witness

_MAY_HAVE_LEFT = (
    "transmitting", "sent", "in_doubt", "resolved_sent", "abandoned", "bounced",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gap:
    """What the witness saw and the database does not know.

    Attributes:
        known: the last head that the witness saw.
        here: the head of the database.
        common: number of the last event that both know; 0 if the witness saw none that is here.
        departures: what left since, newest first.
    """

    known: Head
    here: Head
    common: int
    departures: tuple[Seen, ...]


def gap(connection: Connection, seen: Witness) -> Gap | None:
    """Return what `seen` saw and the database does not know; None if it knows all."""
    lost: list[Seen] = []
    for line in seen.newest_first():
        if _knows(connection, line.head):
            return _gap(connection, lost, line.head.seq) if lost else None
        lost.append(line)
    return _gap(connection, lost, 0) if lost else None


def check(connection: Connection, mark: Mark, database: Database) -> None:
    """Pin where the database lives, the first time.

    Raises:
        HistoryRefused: if it was restored from a backup, or copied from elsewhere.
    """
    if database.witness is not None:
        lost = gap(connection, database.witness)
        if lost is not None:
            raise _restored(lost, database)
    here = _here(database)
    if here is None:
        return
    then = _pinned(connection)
    if then is not None and here.is_other_than(then):
        facts = {"database": database.name, "path": then.path, "here": here.path}
        raise HistoryRefused(codes.MOVED, facts)
    if then != here:
        controls.pin(connection, mark, "place", here.packed(), None)


def moved(connection: Connection, mark: Mark, database: Database, by: str) -> Place | None:
    """Return the place that is pinned from now on; None for a server, which has none."""
    here = _here(database)
    if here is not None:
        controls.pin(connection, mark, "place", here.packed(), by)
    return here


def restored(connection: Connection, mark: Mark, database: Database, by: str) -> Gap | None:
    """Return what was lost, now kept in mind as having left; None if nothing is missing.

    What the record says is on its way is in doubt; what it does not know is put in doubt as soon
    as a run proposes it again.
    """
    lost = gap(connection, database.witness) if database.witness else None
    if lost is None:
        return None
    for seen in lost.departures:
        _keep_in_mind(connection, mark, seen)
    data = {"by": by, "known": lost.known.seq, "common": lost.common,
            "dispatches": [seen.dispatch for seen in lost.departures]}  # fmt: skip
    append(connection, mark, [Event("restored", data=packed(data))])
    witness.see_head(connection)
    return lost


def _keep_in_mind(connection: Connection, mark: Mark, seen: Seen) -> None:
    table, key = schema.dispatches.c, str(seen.dispatch)
    state = connection.execute(select(table.state).where(table.key == key)).scalar()
    if state == "claimed":
        dispatches.settle(connection, mark, key, Ending("unknown", departed.LOST))
    elif state not in _MAY_HAVE_LEFT:
        from relance.history.records import unless_there

        rows = [{"claim": claim, "dispatch": key} for claim in seen.claims]
        if rows:
            connection.execute(unless_there(connection, schema.departed), rows)


def _knows(connection: Connection, head: Head) -> bool:
    c = schema.events.c
    return connection.execute(select(c.hash).where(c.seq == head.seq)).scalar() == head.hash


def _gap(connection: Connection, lost: list[Seen], common: int) -> Gap:
    left = tuple(seen for seen in lost if seen.dispatch is not None)
    return Gap(lost[0].head, events.head(connection), common, left)


def _restored(lost: Gap, database: Database) -> HistoryRefused:
    facts = {
        "database": database.name,
        "here": lost.here.seq,
        "known": lost.known.seq,
        "events": lost.known.seq - lost.common,
        "left": len({seen.dispatch for seen in lost.departures}),
    }
    return HistoryRefused(codes.RESTORED, facts)


def _here(database: Database) -> Place | None:
    return place.place_of(database.path) if database.path is not None else None


def _pinned(connection: Connection) -> Place | None:
    pin = controls.pinned(connection, "place")
    return place.unpacked(pin.value) if pin else None
