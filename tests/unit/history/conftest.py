"""A SQLite file and, where its programs are installed, a PostgreSQL server of the session."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from relance.history.store import History


class Hours:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment

    def forward(self, **by: float) -> None:
        self.moment += timedelta(**by)


@pytest.fixture
def clock() -> Hours:
    return Hours()


def _programs() -> Path | None:
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((p for p in reversed(places) if (p / "initdb").exists()), None)


def _as_owner() -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


def _run(command: list[str]) -> None:
    null = subprocess.DEVNULL
    subprocess.run(command, check=True, stdout=null, stderr=null, cwd="/")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    programs = _programs()
    if programs is None:
        pytest.skip("the programs of PostgreSQL are not installed")
    folder = Path(tempfile.mkdtemp(prefix="relance-pg-"))
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"
    initdb = [programs / "initdb", "-D", data, "-A", "trust", "-U", "relance", "-E", "UTF8", "-N"]
    _run([*_as_owner(), *map(str, initdb), "--locale=C"])
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = [*_as_owner(), str(programs / "pg_ctl"), "-D", str(data), "-w"]
    _run([*control, "-l", str(folder / "log"), "-o", options, "start"])
    try:
        yield f"postgresql+psycopg://relance@127.0.0.1:{port}/postgres"
    finally:
        _run([*control, "-m", "immediate", "stop"])
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database; a schema of its own on PostgreSQL."""
    if request.param == "sqlite":
        return "sqlite:///relance.db"
    import psycopg

    server = request.getfixturevalue("postgresql_server")
    name = f"test_{abs(hash(request.node.nodeid))}"
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    return f"{server}?options=-csearch_path%3D{name}"


@pytest.fixture
def reopened(url: str, tmp_path: Path, clock: Hours) -> Iterator[Callable[..., History]]:
    """Opens the history of the test, any number of times."""
    opened = []

    def open_history(**options: object) -> History:
        settings = {"creditor": "732829320", "now": clock} | options
        opened.append(History.open(url, tmp_path, **settings))  # type: ignore[arg-type]
        return opened[-1]

    yield open_history
    for history in opened:
        history.close()


@pytest.fixture
def history(reopened: Callable[..., History]) -> History:
    return reopened()
