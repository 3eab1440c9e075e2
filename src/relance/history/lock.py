"""The lock that lets one run of a project go on at a time.

It spares work; what keeps a notice from going out twice are the constraints of the database.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from relance.history import codes
from relance.history.errors import AlreadyRunning, unavailable

FOLDER = ".relance"
"""Folder of the project directory where relance keeps its state."""


@contextmanager
def acquire(root: Path, url: str, wait: bool = False) -> Iterator[None]:
    """Hold the lock of the project at `root` whose history is at `url`.

    The system frees it when the process ends, however it ends. `wait` waits for the other run.

    Raises:
        AlreadyRunning: if another run holds it and `wait` is False.
        HistoryUnavailable: if the lock cannot be made or the server cannot be reached.
    """
    with ExitStack() as stack:
        stack.enter_context(_file_lock(root / FOLDER, wait))
        if url.startswith("postgres"):
            stack.enter_context(_server_lock(url, wait))
        yield


@contextmanager
def _file_lock(folder: Path, wait: bool) -> Iterator[None]:
    import fcntl

    path = folder / "lock"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        rule = codes.READ_ONLY if error.errno in (errno.EACCES, errno.EROFS) else codes.CANNOT_OPEN
        raise unavailable(rule, str(path), reason=error.strerror or str(error)) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise AlreadyRunning from None
        yield
    finally:
        os.close(handle)


@contextmanager
def _server_lock(url: str, wait: bool) -> Iterator[None]:
    from sqlalchemy import text

    from relance.history.database import open_server
    from relance.history.errors import explained

    # Two machines may share a server: a lock on a connection of its own, freed when that ends.
    key = "hashtext('relance run ' || current_schema())"
    database = open_server(url)
    try:
        with explained(database.name):
            if wait:
                database.connection.execute(text(f"SELECT pg_advisory_lock({key})"))
            elif not database.connection.execute(
                text(f"SELECT pg_try_advisory_lock({key})")
            ).scalar():
                raise AlreadyRunning
            database.connection.commit()
        yield
    finally:
        database.close()
