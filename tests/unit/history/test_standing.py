"""A database that was restored from a backup, or copied, does not run on as if nothing were."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from relance.history import dispatches, place
from relance.history.errors import HistoryRefused
from relance.history.place import Place
from relance.history.store import History
from relance.history.values import AlreadyClaimed, Claimed, Ending, GivenUp

from .notices import MONDAY, covering, dispatch, message


def run(history: History, *keys: str, ending: str = "accepted") -> None:
    number = history.begin_run(MONDAY)
    for key in keys:
        history.claim(dispatch(key), covering(f"C1|{key}|2026"), message(key), number)
        history.transmitting(key, number)
        history.settle(key, Ending(ending), number)  # type: ignore[arg-type]
    history.finish_run(number, "completed", {})


class Backup:
    """A backup of the database of a test, put back later; of a server, a dump of its schema."""

    def __init__(self, history: History, root: Path) -> None:
        self.root = root
        self.tables = ("events", "dispatches", "claims", "messages", "runs", "meta")
        self.sqlite = history._database.dialect == "sqlite"
        if self.sqlite:
            assert history.back_up(root / "backup.db")
            return
        with history._transaction() as connection:
            for table in self.tables:
                connection.execute(text(f"CREATE TABLE saved_{table} AS TABLE {table}"))

    def put_back(self, history: History) -> None:
        if self.sqlite:
            history.close()
            (self.root / "relance.db").unlink()
            shutil.copyfile(self.root / "backup.db", self.root / "relance.db")
            return
        with history._transaction() as connection:
            for table in self.tables:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
                connection.execute(text(f"TRUNCATE {table}"))
                columns = (
                    "id, creditor, item, procedure, level, level_number, cycle, part, dispatch,"
                    " run_date, released" if table == "claims" else "*"
                )  # fmt: skip
                names = f"({columns})" if table == "claims" else ""
                connection.execute(
                    text(f"INSERT INTO {table} {names} SELECT {columns} FROM saved_{table}")
                )
        history.close()


def test_a_database_that_knows_less_than_its_witness_stops_the_run(reopened, tmp_path):
    history = reopened()
    run(history, "k1")
    backup = Backup(history, tmp_path)
    run(history, "k2", "k3")
    backup.put_back(history)
    restored = reopened()
    with pytest.raises(HistoryRefused) as caught:
        restored.begin_run(MONDAY)
    assert caught.value.diagnostic.code == "H030"
    assert caught.value.diagnostic.facts["left"] == 2
    assert len(restored.runs(9)) == 1


def test_what_left_since_the_backup_is_in_doubt_and_not_sent_again(reopened, tmp_path):
    history = reopened()
    run(history, "k1")
    backup = Backup(history, tmp_path)
    run(history, "k2", "k3")
    backup.put_back(history)
    restored = reopened()
    lost = restored.restored(by="anne")
    assert {seen.dispatch for seen in lost.departures} == {"k2", "k3"}
    number = restored.begin_run(MONDAY)
    both = covering("C1|k2|2026", "C1|new|2026")
    answer = restored.claim(dispatch("k9"), both, message("k9"), number)
    assert isinstance(answer, GivenUp)
    assert answer.state == "in_doubt"
    (doubt,) = restored.in_doubt()
    assert doubt.dispatch.key == "k2"
    again = restored.claim(dispatch("k9"), both, message("k9"), number)
    assert isinstance(again, AlreadyClaimed)
    alone = covering("C1|new|2026")
    assert isinstance(restored.claim(dispatch("k8"), alone, message("k8"), number), Claimed)
    assert restored.verify().verdict == "intact"


def test_what_was_on_its_way_in_the_backup_is_in_doubt_at_once(reopened, tmp_path):
    history = reopened()
    number = history.begin_run(MONDAY)
    history.claim(dispatch("k1"), covering("C1|k1|2026"), message("k1"), number)
    backup = Backup(history, tmp_path)
    history.transmitting("k1", number)
    history.settle("k1", Ending("accepted"), number)
    backup.put_back(history)
    restored = reopened()
    assert restored.restored(by="anne") is not None
    assert [doubt.dispatch.key for doubt in restored.in_doubt()] == ["k1"]
    assert restored.restored(by="anne") is None


def test_a_backup_that_was_used_elsewhere_is_another_record(reopened, tmp_path):
    history = reopened()
    run(history, "k1")
    backup = Backup(history, tmp_path)
    run(history, "k2")
    backup.put_back(history)
    witness = tmp_path / ".relance" / "witness"
    kept = witness.read_bytes()
    witness.unlink()
    elsewhere = reopened()
    run(elsewhere, "k3", "k4", "k5")
    elsewhere.close()
    witness.write_bytes(kept)
    history = reopened()
    assert history.gap().common > 0
    assert history.verify().verdict == "rewritten"
    with pytest.raises(HistoryRefused):
        history.begin_run(MONDAY)


def test_nothing_is_released_where_nothing_is_missing(reopened):
    history = reopened()
    run(history, "k1")
    before = history.chain_head()
    assert history.restored(by="anne") is None
    assert history.chain_head() == before


def test_a_witness_cut_short_or_gone_does_not_stop_a_run(reopened, tmp_path):
    history = reopened()
    run(history, "k1")
    witness = tmp_path / ".relance" / "witness"
    witness.write_bytes(witness.read_bytes()[:-20])
    run(history, "k2")
    witness.unlink()
    run(history, "k3")


def test_the_witness_holds_no_personal_data_and_is_for_its_owner(history, tmp_path):
    run(history, "k1")
    witness = tmp_path / ".relance" / "witness"
    assert stat.S_IMODE(witness.stat().st_mode) == 0o600
    content = witness.read_text()
    assert "k1" in content
    assert all(word not in content for word in ("C1", "a@b.example", "2026"))


def test_a_transaction_that_failed_tells_the_witness_nothing(history, tmp_path):
    number = history.begin_run(MONDAY)
    history.claim(dispatch("k1"), covering("C1|F|2026"), message("k1"), number)
    witness = tmp_path / ".relance" / "witness"
    with history._database.connection.begin() as transaction:
        dispatches.transmitting(transaction.connection, history._mark(number), "k1")
        transaction.rollback()
    history.settle("k1", Ending("transient"), number)
    assert not witness.exists()


class TestPlaces:
    @pytest.fixture
    def url(self) -> str:
        return "sqlite:///relance.db"

    @pytest.fixture(autouse=True)
    def machine(self, monkeypatch):
        monkeypatch.setenv("RELANCE_MACHINE", "one")

    def test_a_copy_on_another_machine_stops(self, reopened, monkeypatch):
        run(reopened(), "k1")
        monkeypatch.setenv("RELANCE_MACHINE", "two")
        copy = reopened()
        with pytest.raises(HistoryRefused) as caught:
            copy.begin_run(MONDAY)
        assert caught.value.diagnostic.code == "H031"
        assert copy.moved(by="anne") is not None
        run(copy, "k2")
        monkeypatch.setenv("RELANCE_MACHINE", "one")
        with pytest.raises(HistoryRefused):
            reopened().begin_run(MONDAY)

    def test_a_copy_in_another_folder_stops_and_a_renamed_one_does_not(self, tmp_path, clock):
        first, second, third = (tmp_path / name for name in "123")
        first.mkdir()

        def opened(root: Path) -> History:
            return History.open("sqlite:///relance.db", root, creditor="1", now=clock)

        with opened(first) as history:
            run(history, "k1")
        shutil.copytree(first, second)
        with opened(second) as copy, pytest.raises(HistoryRefused) as caught:
            copy.begin_run(MONDAY)
        assert caught.value.diagnostic.code == "H031"
        first.rename(third)
        with opened(third) as renamed:
            run(renamed, "k2")

    def test_a_machine_without_an_id_is_not_stopped_for_nothing(self, tmp_path, monkeypatch):
        here = place.place_of(tmp_path)
        unknown = Place(None, "/data/relance.db", 7)
        assert not here.is_other_than(unknown)
        assert not unknown.is_other_than(here)

    def test_a_backup_put_back_in_its_place_is_no_copy(self, reopened, tmp_path):
        history = reopened()
        run(history, "k1")
        (tmp_path / "other").write_bytes(b"")  # so that the file number is another one
        Backup(history, tmp_path).put_back(history)
        reopened().begin_run(MONDAY)

    def test_a_backup_is_whole_while_a_run_is_at_work(self, reopened, tmp_path):
        history = reopened()
        run(history, "k1")
        head = history.chain_head()
        target = tmp_path / "backup.db"
        assert history.back_up(target)
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
        assert not list(tmp_path.glob("backup.db-*"))
        with sqlite3.connect(target) as copy:
            found = copy.execute(
                "SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1"
            ).fetchone()
        copy.close()
        assert found == (head.seq, head.hash)
        with pytest.raises(FileExistsError):
            history.back_up(target)


def test_a_server_has_no_place(history):
    if history._database.dialect == "postgresql":
        assert history.moved(by="anne") is None
