"""Opens the database: SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool, StaticPool

from relance.history import codes
from relance.history.errors import explained, unavailable

if TYPE_CHECKING:
    from relance.history.witness import Witness

_SIDECARS = ("-wal", "-journal")


@dataclass(slots=True)
class Database:
    """An open database.

    Attributes:
        name: its path or its URL without the password, for messages.
        path: of a SQLite file that is open for writing; None otherwise.
        witness: what is told of all that leaves; None where nothing can.
    """

    name: str
    connection: Connection
    resources: ExitStack = field(default_factory=ExitStack)
    path: Path | None = None
    witness: Witness | None = None

    @property
    def dialect(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self.connection.dialect.name

    def tell(self, lines: list[str]) -> None:
        """Add `lines` to the witness."""
        if lines and self.witness is not None:
            self.witness.add(lines)

    def close(self) -> None:
        """Close the connection and remove what was made to read it."""
        self.resources.close()


def parsed(url: str) -> URL:
    """Return the parts of `url`.

    Raises:
        HistoryUnavailable: if it is neither SQLite nor PostgreSQL.
    """
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError):  # a port that is no number
        raise unavailable(codes.BAD_URL, url.rpartition("@")[2].partition("?")[0]) from None
    if "@" in (parts.host or ""):  # an @ in the password that is not written %40
        raise unavailable(codes.BAD_URL, str(parts.host).rpartition("@")[2])
    if parts.drivername in ("postgresql", "postgres"):
        parts = parts.set(drivername="postgresql+psycopg")
    if parts.drivername not in ("sqlite", "postgresql+psycopg"):
        raise unavailable(codes.BAD_URL, _shown(parts))
    if parts.drivername == "sqlite" and parts.database in (None, "", ":memory:"):
        raise unavailable(codes.BAD_URL, _shown(parts))
    return parts


def sqlite_file(url: URL, root: Path) -> Path | None:
    """Return the file of a SQLite `url`, relative to `root` as relance.yaml is; None otherwise."""
    return root / str(url.database) if url.drivername == "sqlite" else None


def open_database(url: str, root: Path, *, patience: float) -> Database:
    """Return the database of `url` open for writing; a SQLite file is made when it is absent.

    `patience` is how many seconds to wait for another program that has it locked.
    """
    parts = parsed(url)
    path = sqlite_file(parts, root)
    if path is None:
        server = _postgresql(parts, patience)
        event.listen(server, "begin", _take_turns)
        return _connected(_shown(parts), server, ExitStack())
    with explained(str(parts.database)):
        _make_private(path)
    engine = _sqlite(f"file:{_quoted(path)}?mode=rw", patience, "journal_mode=WAL")
    event.listen(engine, "begin", _begin_immediate)
    database = _connected(str(parts.database), engine, ExitStack())
    database.path = path.absolute()
    return database


def open_server(url: str) -> Database:
    """Return a connection to the PostgreSQL server of `url` that writes nothing: for a lock."""
    parts = parsed(url)
    return _connected(_shown(parts), _postgresql(parts), ExitStack())


def open_to_read(url: str, root: Path, *, patience: float) -> Database | None:
    """Return the database of `url` to read only, or None when there is none yet.

    Nothing on the disk changes: a closed SQLite file is read as immutable; one that has a log
    beside it (of a run that was killed, or is under way) is read from a copy.
    """
    parts = parsed(url)
    path = sqlite_file(parts, root)
    if path is None:
        database = _connected(_shown(parts), _postgresql(parts), ExitStack())
        database.connection.execution_options(postgresql_readonly=True)
        return database
    name = str(parts.database)
    with explained(name), ExitStack() as stack:
        if not path.exists() or path.stat().st_size == 0:
            return None
        engine = _sqlite(_uri_to_read(path, stack), patience, "query_only=ON")
        event.listen(engine, "begin", _begin)
        return _connected(name, engine, stack.pop_all())


def in_memory() -> Database:
    """Return an empty database that leaves nothing behind."""
    engine = _sqlite("file::memory:", 0)
    event.listen(engine, "begin", _begin)
    return _connected("memory", engine, ExitStack())


def _connected(name: str, engine: Engine, stack: ExitStack) -> Database:
    stack.callback(engine.dispose)
    try:
        with explained(name):
            connection = stack.enter_context(engine.connect())
    except BaseException:
        stack.close()
        raise
    return Database(name, connection, stack)


_STEADY = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""A server that vanishes without a word is noticed within a minute or so."""


def _postgresql(parts: URL, patience: float | None = None) -> Engine:
    try:
        given = {name: value for name, value in _STEADY.items() if name not in parts.query}
        engine = create_engine(parts, poolclass=NullPool, connect_args=given)
    except ModuleNotFoundError:
        raise unavailable(codes.NO_DRIVER, _shown(parts)) from None
    if patience is not None:
        event.listen(engine, "connect", partial(_be_patient, patience))
    return engine


def _be_patient(patience: float, connection: Any, _record: object) -> None:
    """Wait as long for what another program has locked as SQLite does."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {max(1, round(patience * 1000))}")
    connection.commit()


def _sqlite(uri: str, patience: float, *pragmas: str) -> Engine:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            uri, uri=True, timeout=patience, isolation_level=None, check_same_thread=False
        )
        for pragma in ("synchronous=FULL", *pragmas):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    return create_engine("sqlite://", creator=connect, poolclass=StaticPool)


def _begin_immediate(connection: Connection) -> None:
    # A transaction that reads and then writes fails at once when another one wrote in between,
    # whatever the timeout: take the right to write first.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _take_turns(connection: Connection) -> None:
    # What BEGIN IMMEDIATE is to SQLite: whoever writes takes the right to write first. Without it
    # two events could be linked to the same head, and two writers could wait for each other.
    key = "hashtext('relance record ' || current_schema())"
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({key})")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _make_private(path: Path) -> None:
    """Create the file readable by its owner only; SQLite gives its log the same rights."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return


def _uri_to_read(path: Path, stack: ExitStack) -> str:
    if not any(_sidecar(path, suffix).exists() for suffix in _SIDECARS):
        return f"file:{_quoted(path)}?mode=ro&immutable=1"
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="relance-")))
    copy = _still_copy(path, folder)
    # A database that never holds still has a run at work on it: its log is there and in use, and
    # reading beside that run creates nothing.
    return f"file:{_quoted(copy)}?mode=rw" if copy else f"file:{_quoted(path)}?mode=ro"


def _still_copy(path: Path, folder: Path) -> Path | None:
    """Return a copy of the database with its log, or None if it changed during every attempt."""
    for attempt in range(5):
        before = _marks(path)
        copy = folder / f"{attempt}.db"
        shutil.copyfile(path, copy)
        for suffix in _SIDECARS:
            if _sidecar(path, suffix).exists():
                shutil.copyfile(_sidecar(path, suffix), _sidecar(copy, suffix))
        if _marks(path) == before:
            return copy
    return None


def _marks(path: Path) -> list[object]:
    files = [path, *(_sidecar(path, suffix) for suffix in _SIDECARS)]
    marks: list[object] = []
    for file in files:
        if file.exists():
            status = file.stat()
            with file.open("rb") as stream:
                marks.append((status.st_size, status.st_mtime_ns, stream.read(100)))
    return marks


def _sidecar(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _quoted(path: Path) -> str:
    from urllib.parse import quote

    return quote(str(path.absolute()))


def _shown(parts: URL) -> str:
    """Return the URL for people: its query may hold a password as well."""
    return parts.set(query={}).render_as_string(hide_password=True)
