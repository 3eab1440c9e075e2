from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from relance.history import schema
from relance.history.errors import AlreadyRunning, HistoryUnavailable
from relance.history.lock import acquire
from relance.history.store import History
from relance.history.upgrade import _config
from relance.history.values import Ending

from .notices import MONDAY, covering, dispatch, message


def write(history: History, key: str = "k1") -> None:
    run = history.begin_run(MONDAY)
    history.claim(dispatch(key), covering(f"F{key}"), message(key), run)
    history.transmitting(key, run)
    history.settle(key, Ending("accepted"), run)


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in files}


def code_of(caught: pytest.ExceptionInfo[HistoryUnavailable]) -> str:
    return caught.value.diagnostic.code


def test_migrations_lead_to_the_schema_that_the_code_uses(history):
    with history._transaction() as connection:
        context = MigrationContext.configure(connection)
        differences = [
            found for found in compare_metadata(context, schema.metadata)
            if "alembic_version" not in str(found)
        ]  # fmt: skip
    assert differences == []
    assert ScriptDirectory.from_config(_config()).get_current_head() == schema.HEAD


def test_what_was_written_is_there_when_it_is_opened_again(reopened):
    history = reopened()
    write(history)
    history.close()
    assert reopened().past().levels.height == 1


def test_reading_only_sees_what_is_there(reopened):
    write(reopened())
    assert reopened(readonly=True).past().levels.height == 1


def test_reading_an_absent_history_is_an_empty_past(reopened, tmp_path):
    history = reopened(readonly=True)
    assert history.past().levels.is_empty()
    assert history.last_completed_run() is None
    assert list(tmp_path.iterdir()) == []


def test_what_is_opened_to_read_cannot_be_written(reopened):
    write(reopened())
    with pytest.raises(HistoryUnavailable):
        reopened(readonly=True).begin_run(MONDAY)


def test_a_newer_schema_is_refused(reopened):
    history = reopened()
    with history._transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'r9999'"))
    history.close()
    for readonly in (False, True):
        with pytest.raises(HistoryUnavailable, match="r9999") as caught:
            reopened(readonly=readonly)
        assert code_of(caught) == "H004"


def test_another_creditor_s_database_is_refused(reopened):
    reopened().close()
    for readonly in (False, True):
        with pytest.raises(HistoryUnavailable, match="552100554") as caught:
            reopened(creditor="552100554", readonly=readonly)
        assert code_of(caught) == "H007"


class TestSqlite:
    @pytest.fixture
    def url(self) -> str:
        return "sqlite:///relance.db"

    def test_reading_leaves_every_file_as_it_is(self, reopened, tmp_path):
        write(reopened())
        for history in (reopened(readonly=True), reopened(readonly=True)):
            history.close()
        history = reopened()
        history.close()
        before = contents(tmp_path)
        reader = reopened(readonly=True)
        assert reader.past().levels.height == 1
        reader.timeline("Fk1")
        assert contents(tmp_path) == before
        reader.close()
        assert contents(tmp_path) == before

    def test_what_a_killed_run_committed_is_read_without_touching_its_log(
        self, tmp_path, clock, reopened
    ):
        program = (
            "import os, sys; from datetime import date, datetime, UTC; from pathlib import Path\n"
            "from relance.history.store import History\n"
            "h = History.open('sqlite:///relance.db', Path(sys.argv[1]), creditor='732829320',"
            " now=lambda: datetime(2026, 3, 2, tzinfo=UTC))\n"
            "h.finish_run(h.begin_run(date(2026, 3, 2)), 'completed', {})\n"
            f"os.kill(os.getpid(), {int(signal.SIGKILL)})"
        )
        subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
        assert (tmp_path / "relance.db-wal").stat().st_size > 0
        before = contents(tmp_path)
        reader = reopened(readonly=True)
        assert reader.last_completed_run() == MONDAY
        reader.close()
        assert contents(tmp_path) == before

    def test_a_run_under_way_can_be_read(self, reopened):
        writer = reopened()
        write(writer, "k1")
        reader = reopened(readonly=True)
        write(writer, "k2")
        assert reader.past().levels.height == 1
        assert reopened(readonly=True).past().levels.height == 2

    def test_files_are_for_their_owner_only_whatever_the_umask(self, reopened, tmp_path):
        before = os.umask(0)
        try:
            write(reopened())
        finally:
            os.umask(before)
        modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in tmp_path.rglob("*")}
        assert modes.pop(".relance") == 0o700
        assert set(modes) >= {"relance.db", "relance.db-wal", "witness"}
        assert set(modes.values()) == {0o600}

    def test_commits_are_durable(self, history):
        with history._transaction() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2

    def test_a_locked_database_is_said_to_be_locked(self, reopened, tmp_path):
        reopened().close()
        with sqlite3.connect(tmp_path / "relance.db", isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(HistoryUnavailable) as caught:
                reopened(patience=0.05)
            other.execute("ROLLBACK")
        other.close()
        assert code_of(caught) == "H002"

    @pytest.mark.parametrize("readonly", [False, True])
    def test_another_file_is_not_a_database(self, reopened, tmp_path, readonly):
        (tmp_path / "relance.db").write_text("Bonjour, je suis un tableur.\n" * 50)
        with pytest.raises(HistoryUnavailable) as caught:
            reopened(readonly=readonly)
        assert code_of(caught) == "H005"

    @pytest.mark.parametrize("readonly", [False, True])
    def test_a_truncated_database_is_said_to_be_damaged(self, reopened, tmp_path, readonly):
        history = reopened()
        write(history)
        history.close()
        path = tmp_path / "relance.db"
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
        with pytest.raises(HistoryUnavailable) as caught:
            reopened(readonly=readonly).past()
        assert code_of(caught) == "H005"

    def test_a_folder_that_is_not_there_is_named(self, tmp_path, clock):
        with pytest.raises(HistoryUnavailable, match=r"nowhere/relance\.db") as caught:
            History.open("sqlite:///nowhere/relance.db", tmp_path, creditor="x", now=clock)
        assert code_of(caught) == "H001"

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
    def test_a_folder_that_cannot_be_written_is_said_so(self, reopened, tmp_path):
        tmp_path.chmod(0o500)
        with pytest.raises(HistoryUnavailable) as caught:
            reopened()
        tmp_path.chmod(0o700)
        assert code_of(caught) == "H006"

    def test_a_full_disk_is_said_to_be_full(self, history):
        with history._transaction() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(HistoryUnavailable) as caught:
            history.claim(dispatch("k1"), covering("F1"), message("k1", b"x" * 100_000), 1)
        assert code_of(caught) == "H003"
        assert history.past().levels.is_empty()

    def test_a_copy_of_the_project_carries_its_history(self, reopened, tmp_path, clock):
        history = reopened()
        write(history)
        history.close()
        shutil.copytree(tmp_path, tmp_path / "copy")
        with History.open(
            "sqlite:///relance.db", tmp_path / "copy", creditor="732829320", now=clock
        ) as copied:
            assert copied.past().levels.height == 1


@pytest.mark.parametrize(
    "url", ["mysql://u:secret@h/d", "relance.db", "sqlite://", "sqlite:///:memory:"]
)
def test_a_database_that_relance_does_not_know_is_refused_without_its_password(
    url, tmp_path, clock
):
    with pytest.raises(HistoryUnavailable) as caught:
        History.open(url, tmp_path, creditor="x", now=clock)
    assert code_of(caught) == "H009"
    assert "secret" not in str(caught.value)


def test_a_server_that_does_not_answer_is_named_without_its_password(tmp_path, clock):
    with pytest.raises(HistoryUnavailable) as caught:
        History.open(
            "postgresql+psycopg://u:secret@127.0.0.1:1/d", tmp_path, creditor="x", now=clock
        )
    assert code_of(caught) == "H001"
    assert "secret" not in str(caught.value)


def test_one_run_at_a_time(url, tmp_path):
    with acquire(tmp_path, url), pytest.raises(AlreadyRunning), acquire(tmp_path, url):
        pass
    with acquire(tmp_path, url):
        pass


def test_two_machines_on_one_server_run_one_at_a_time(url, tmp_path):
    if url.startswith("sqlite"):
        pytest.skip("a file is on one machine")
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    with acquire(here, url), pytest.raises(AlreadyRunning), acquire(there, url):
        pass


def test_the_lock_of_a_killed_run_is_free(tmp_path):
    program = (
        "import os, sys; from pathlib import Path; from relance.history.lock import acquire\n"
        "with acquire(Path(sys.argv[1]), 'sqlite:///relance.db'):\n"
        f"    os.kill(os.getpid(), {int(signal.SIGKILL)})"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    with acquire(tmp_path, "sqlite:///relance.db"):
        assert stat.S_IMODE((tmp_path / ".relance").stat().st_mode) == 0o700
