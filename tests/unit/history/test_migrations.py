"""Databases are brought forward, on both servers of histories, wherever it is cut short."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text

from relance.history.database import open_database
from relance.history.store import History
from relance.history.upgrade import _config

OLD = "r0002"
ROWS = (
    "INSERT INTO meta VALUES ('creditor', '732829320')",
    "INSERT INTO dispatches VALUES ('k1', 1, '2026-03-02', 'C1', 'notice', 'email', 'email',"
    " 'a@b.example', 'standard', 'reminder-1', 1, 'EUR', 12000, false, true, 'sent', '', 1, 0,"
    " NULL, '2026-03-02T08:00:00.000000+00:00')",
    "INSERT INTO messages VALUES ('k1', 'email', 's', 'Rappel', '<k1@x>', 'k1.eml',"
    " '{digest}', {content})",
    "INSERT INTO claims (creditor, item, procedure, level, level_number, cycle, part, dispatch,"
    " run_date) VALUES ('732829320', 'C1|F1|2026', 'standard', 'reminder-1', 1, 0, '', 'k1',"
    " '2026-03-02'), ('732829320', 'C1|F0|2026', 'standard', 'reminder-1', 1, 0, '', '',"
    " '2026-03-02')",
    "INSERT INTO events (seq, at, date, run, type, dispatch, debtor, item, data) VALUES"
    " (1, '2026-03-02T08:00:00.000000+00:00', NULL, NULL, 'block', NULL, 'C1', NULL, '{{}}'),"
    " (4, '2026-03-02T08:00:00.000000+00:00', '2026-03-02', 1, 'claimed', 'k1', 'C1', NULL, '{{}}'),"
    " (9, '2026-03-02T08:00:00.000000+00:00', '2026-03-02', 1, 'sent', 'k1', 'C1', NULL, '{{}}')",
    "INSERT INTO movements (at, movement, source, file, account, currency, booked, amount, kind,"
    " counterparty) VALUES ('x', 'm1', 'b', 'b.csv', 'FR', 'EUR', '2026-03-01', 1, 'payment', 'P')",
    "INSERT INTO rejections (at, movement, item, withdrawn) VALUES ('x', 'm1', 'C1|F1|2026', false)",
)  # fmt: skip
STEPS = "relance/history/migrations/"


def old_database(url: str, root: Path) -> None:
    """Make a database as the first relance with payments left it, with gaps as a server leaves them."""
    database = open_database(url, root, patience=1)
    digest = hashlib.sha256(b"Bonjour").hexdigest()
    content = "'Bonjour'::bytea" if database.dialect == "postgresql" else "CAST('Bonjour' AS BLOB)"
    with database.connection.begin():
        config = _config()
        config.attributes["connection"] = database.connection
        command.upgrade(config, OLD)
        for row in ROWS:
            statement = row.format(digest=digest, content=content)
            database.connection.exec_driver_sql(statement)
    database.close()


def shape(history: History) -> tuple[set[str], str | None]:
    with history._transaction() as connection:
        tables = set(inspect(connection).get_table_names())
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return tables, found


def test_what_was_recorded_before_the_chain_is_chained(url, tmp_path, reopened):
    old_database(url, tmp_path)
    history = reopened()
    found = history.verify()
    assert (found.verdict, found.findings) == ("intact", ())
    assert history.past().levels.height == 2
    with history._transaction() as connection:
        last = connection.execute(text("SELECT type, data FROM events ORDER BY seq DESC LIMIT 1"))
        assert tuple(last.one()) == ("chained", '{"events":9}')


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE dispatches SET total = 1",
        "UPDATE claims SET item = 'x' WHERE dispatch = 'k1'",
        "UPDATE claims SET item = 'x' WHERE dispatch = ''",
        "DELETE FROM messages",
        "UPDATE movements SET amount = 2",
        "UPDATE movements SET counterparty = 'Q'",
        "UPDATE rejections SET withdrawn = true",
    ],
)
def test_what_stood_beside_the_record_before_is_covered(url, tmp_path, reopened, change):
    old_database(url, tmp_path)
    history = reopened()
    with history._transaction() as connection:
        connection.execute(text(change))
    assert history.verify().verdict == "differs"


def test_what_was_recorded_before_can_be_erased(url, tmp_path, reopened):
    old_database(url, tmp_path)
    history = reopened()
    assert history.erase(["C1"], by="anne") == 1
    assert history.held_about("C1") == {}
    assert history.verify().verdict == "intact"


def killed(url: str, root: Path, step: int) -> bool:
    """Migrate in a program that is killed at its line `step` of the migrations; say if it was."""
    program = f"""
import os, sys
from datetime import datetime, UTC
from pathlib import Path
from relance.history.store import History
left = {step}
def watch(frame, event, _):
    global left
    if {STEPS!r} not in frame.f_code.co_filename: return None
    if event == "line":
        left -= 1
        if left == 0: os.kill(os.getpid(), {int(signal.SIGKILL)})
    return watch
sys.settrace(watch)
History.open({url!r}, Path({str(root)!r}), creditor="732829320", now=lambda: datetime(2026, 3, 2, tzinfo=UTC))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


def test_a_migration_that_is_killed_leaves_the_old_database_and_is_done_again(
    url, tmp_path, reopened: Callable[..., History]
):
    old_database(url, tmp_path)
    step, kills = 3, 0
    stride = 7 if os.environ.get("RELANCE_TESTS") == "long" else 61
    while killed(url, tmp_path, step):
        step, kills = step + stride, kills + 1
        reader = reopened(readonly=True)
        assert shape(reader)[1] == OLD
        assert "departed" not in shape(reader)[0]
        assert reader.past().levels.height == 2
        reader.close()
    assert kills > 3
    history = reopened()
    assert history.verify().verdict == "intact"
    assert "departed" in shape(history)[0]
