"""Erases what is personal of a debtor; what the law needs stays, under a pseudonym.

Amounts, dates, and that a notice left, stay. The chain holds: an event tells what was erased, with
digests of what stays.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from relance.history import covering, events, personal, remains, schema
from relance.history.database import Database
from relance.history.events import Event, Mark, append, packed
from relance.history.personal import Case

STAYS = (
    "until", "amount", "schedule", "attempt", "sha256", "bytes", "adopted", "claims_sha256",
    "facts_sha256", "by", "code", "about",
)  # fmt: skip
"""What of an event's data tells no name, address or text: it stays."""

_table = schema.events


def erase(connection: Connection, mark: Mark, about: Case, by: str, *, named: bool) -> int:
    """Return the number of the event that tells of the erasing of all that `about` has.

    `named` keeps the debtor's number and those of its items, which an open case needs in order
    that nothing is sent twice.
    """
    number = events.head(connection).seq + 1
    names = {} if named else _pseudonyms(about, number)
    before = _erased_before(connection, about)
    _erase_events(connection, about, names, number)
    _erase_dispatches(connection, about, names)
    for claim in about.claims:
        _rename(connection, schema.claims, schema.claims.c.id == claim, names)
    for name in covering.PERSONAL:
        _erase_payments(connection, name, getattr(about, name), names, number)
    connection.execute(schema.incoming.delete().where(schema.incoming.c.debtor == about.debtor))
    _erase_imports(connection, about.debtor)
    told = {"by": by, "instead_of": before or None, "remains": remains.of(connection, number)}
    append(connection, mark, [Event(remains.ERASED, data=packed(told))])
    return number


def scrub(database: Database) -> None:
    """Leave no erased bytes in the file of a SQLite database, nor in its log.

    Call it outside of a transaction. A server does it in its own time (VACUUM).
    """
    if database.dialect != "sqlite":
        return
    raw = database.connection.connection.driver_connection
    if raw is not None:
        for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            raw.execute(statement).fetchall()


def _pseudonyms(about: Case, number: int) -> dict[str, str]:
    """Return what stands for the debtor and each of its items from now on."""
    name = f"{remains.ERASED}-{number}"
    items = {item: f"{name}|{nth}" for nth, item in enumerate(about.items, 1)}
    return {about.debtor: name, **items}


def _erased_before(connection: Connection, about: Case) -> list[int]:
    found: set[int] = set()
    for number in about.events:
        wanted = select(_table.c.erased).where(_table.c.seq == number)
        found.add(connection.execute(wanted).scalar() or 0)
    return sorted(found - {0})


def _erase_events(
    connection: Connection, about: Case, names: Mapping[str, str], number: int
) -> None:
    for seq in about.events:
        this = _table.c.seq == seq
        row = connection.execute(select(_table).where(this)).mappings().one()
        data = {name: value for name, value in json.loads(row["data"]).items() if name in STAYS}
        values = {name: names.get(row[name], row[name]) for name in ("debtor", "item")}
        values |= {"data": packed(data), "salt": None, "erased": number}
        connection.execute(_table.update().where(this).values(values))


def _erase_dispatches(connection: Connection, about: Case, names: Mapping[str, str]) -> None:
    for key in about.dispatches:
        dispatch = schema.dispatches
        gone = {"debtor": names.get(about.debtor, about.debtor), "recipient": "", "detail": ""}
        connection.execute(dispatch.update().where(dispatch.c.key == key).values(gone))
        message = schema.messages
        empty: dict[str, Any] = {"subject": "", "filename": "", "content": b"", "addressee": None}
        connection.execute(message.update().where(message.c.dispatch == key).values(empty))


def _erase_payments(
    connection: Connection,
    name: str,
    numbers: tuple[int, ...],
    names: Mapping[str, str],
    number: int,
) -> None:
    table = schema.metadata.tables[name]
    for seq in numbers:
        this = table.c.seq == seq
        if name == "movements":
            values: dict[str, Any] = dict.fromkeys(covering.PERSONAL[name])
            connection.execute(table.update().where(this).values(values))
        else:
            _rename(connection, table, this, names)
        connection.execute(table.update().where(this).values(salt=None, erased=number))


def _rename(connection: Connection, table: Any, this: Any, names: Mapping[str, str]) -> None:
    columns = [
        column for column in (table.c.get("item"), table.c.get("debtor")) if column is not None
    ]
    row = connection.execute(select(*columns).where(this)).mappings().one()
    values = {name: names[value] for name, value in row.items() if value in names}
    if values:
        connection.execute(table.update().where(this).values(values))


def _erase_imports(connection: Connection, debtor: str) -> None:
    table = schema.snapshots
    for source, frame in personal.frames(connection):
        mine = personal.of_debtor(frame, debtor)
        if mine is None or frame.filter(mine).is_empty():
            continue
        buffer = io.BytesIO()
        frame.filter(~mine).write_parquet(buffer, compression="zstd", compression_level=1)
        this = table.c.source == source
        connection.execute(table.update().where(this).values(frame=buffer.getvalue()))
