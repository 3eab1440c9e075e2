"""The smallest case for each code of the history, and what is said of it."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from relance.diagnostics import RULES
from relance.history import schema
from relance.history.errors import AlreadyRunning, HistoryUnavailable
from relance.history.lock import acquire
from relance.history.store import History

MOMENT = datetime(2026, 3, 2, 8, tzinfo=UTC)
URL = "sqlite:///relance.db"


def opened(root: Path, url: str = URL, creditor: str = "732829320", **options: object) -> History:
    return History.open(url, root, creditor=creditor, now=lambda: MOMENT, patience=0.01, **options)  # type: ignore[arg-type]


def said(code: str, root: Path, act: Callable[[Path], object]) -> str:
    with pytest.raises((HistoryUnavailable, AlreadyRunning)) as caught:
        act(root)
    diagnostic = caught.value.diagnostic
    assert diagnostic.code == code
    assert diagnostic.hint()
    return diagnostic.message()


def locked(root: Path) -> None:
    opened(root).close()
    other = sqlite3.connect(root / "relance.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        opened(root)
    finally:
        other.close()


def full(root: Path) -> None:
    with opened(root) as history:
        with history._transaction() as connection:
            size = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {size}")
        history.approve(["x" * 100_000], by="anne")


def newer(root: Path) -> None:
    with opened(root) as history, history._transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'r9999'"))
    opened(root)


def not_a_database(root: Path) -> None:
    (root / "relance.db").write_text("Bonjour, je suis un tableur.\n" * 50)
    opened(root)


def read_only(root: Path) -> None:
    opened(root).close()
    with opened(root, readonly=True) as history:
        history.begin_run(date(2026, 3, 2))


def other_creditor(root: Path) -> None:
    opened(root).close()
    opened(root, creditor="552100554")


def running_twice(root: Path) -> None:
    with acquire(root, URL), acquire(root, URL):
        pass


CASES = {
    "H001": (
        lambda root: opened(root, "sqlite:///nowhere/relance.db"),
        "the database nowhere/relance.db cannot be opened: No such file or directory",
    ),
    "H002": (locked, "the database relance.db is locked by another program"),
    "H003": (full, "no space left for the database relance.db"),
    "H004": (
        newer,
        "the database relance.db was written by a newer relance (its schema is r9999)",
    ),
    "H005": (
        not_a_database,
        "relance.db is not a database, or it is damaged: file is not a database",
    ),
    "H006": (read_only, "the database relance.db or its folder cannot be written"),
    "H007": (
        other_creditor,
        "the database relance.db belongs to the creditor 732829320, not to 552100554",
    ),
    "H009": (
        lambda root: opened(root, "mysql://u:secret@host/books"),
        "mysql://u:***@host/books is not a database that relance knows",
    ),
    "H012": (running_twice, "another run of this project is under way"),
}


@pytest.mark.parametrize("code", CASES)
def test_what_is_said(tmp_path, code):
    act, expected = CASES[code]
    assert said(code, tmp_path, act) == expected


def test_an_older_schema_is_not_brought_forward_by_looking(tmp_path, monkeypatch):
    opened(tmp_path).close()
    monkeypatch.setattr(schema, "READABLE", ())
    assert said("H008", tmp_path, lambda root: opened(root, readonly=True)) == (
        "the database relance.db has an older schema (r0003) and was asked to be read only"
    )


def test_a_server_that_goes_away_is_said_to_be_lost(tmp_path, postgresql_url):
    history = opened(tmp_path, postgresql_url)
    with history._transaction() as connection:
        process = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    with opened(tmp_path, postgresql_url) as other, other._transaction() as connection:
        connection.exec_driver_sql(f"SELECT pg_terminate_backend({process})")
    with history:
        message = said("H010", tmp_path, lambda _: history.approved())
    assert message.startswith("the connection to the database postgresql+psycopg://relance@")
    assert " was lost: " in message


def test_a_driver_that_is_not_installed_is_said_so(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert said("H011", tmp_path, lambda root: opened(root, "postgresql://u@host/books")) == (
        "the driver for postgresql+psycopg://u@host/books is not installed"
    )


def test_each_code_has_its_case_and_its_explanation():
    declared = {code for code in RULES if code.startswith("H")}
    of_the_record = {f"H{number:03}" for number in range(20, 32)}
    assert declared == set(CASES) | {"H008", "H010", "H011"} | of_the_record
    assert all(RULES[code].explanation for code in declared)
