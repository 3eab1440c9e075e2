"""A history in a SQLite file and, where its programs are installed, in PostgreSQL."""

from __future__ import annotations

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
