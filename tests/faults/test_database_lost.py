"""The database is locked, cut short, of a newer version; the server goes away at the worst moment."""

from __future__ import annotations

import random
import shutil
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from channels.servers import Scripted
from relance.history import store
from scenarios.stage import Stage

from .book import DAY, book, by_smtp, project


def test_a_lock_that_never_ends_sends_nothing_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "PATIENCE", 0.3)
    monkeypatch.setitem(store.History.open.__func__.__kwdefaults__, "patience", 0.3)
    stage = project(tmp_path, book(3))
    assert stage("run", "--date", "2026-04-03").code == 0
    with closing(sqlite3.connect(stage.root / "relance.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        said = stage("run", "--date", DAY)
        other.execute("ROLLBACK")
    assert said.code == 5
    assert "lock" in said.err
    assert stage.outbox() == []
    assert stage("run", "--date", DAY).code == 0
    assert len(stage.outbox()) == 3


def test_a_lock_that_ends_is_waited_for(tmp_path):
    stage = project(tmp_path, book(3))
    assert stage("run", "--date", "2026-04-03").code == 0
    locked, ended = threading.Event(), threading.Event()

    def hold() -> None:
        with closing(sqlite3.connect(stage.root / "relance.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            locked.set()
            ended.wait(1.5)
            other.execute("ROLLBACK")

    thread = threading.Thread(target=hold)
    thread.start()
    locked.wait()
    assert stage("run", "--date", DAY).code == 0
    ended.set()
    thread.join()
    assert len(stage.outbox()) == 3


@pytest.mark.parametrize("seed", range(12))
def test_a_database_that_was_cut_short_is_never_taken_for_an_empty_one(tmp_path, seed):
    """Whatever is left of it: either it says that it is damaged, or it sends nothing twice."""
    stage = project(tmp_path, book(3))
    assert stage("run", "--date", DAY).code == 0
    sent = {path: path.read_bytes() for path in stage.outbox()}
    database = stage.root / "relance.db"
    size = database.stat().st_size
    offset = random.Random(seed).randrange(1, size)
    with database.open("r+b") as file:
        file.truncate(offset)
    said = stage("run", "--date", DAY)
    assert said.code == 5, (offset, said)
    assert {path: path.read_bytes() for path in stage.outbox()} == sent


def test_an_empty_file_in_the_place_of_the_history_is_noticed(tmp_path):
    """The witness beside it knows that notices left."""
    stage = project(tmp_path, book(3))
    assert stage("run", "--date", DAY).code == 0
    (stage.root / "relance.db").write_bytes(b"")
    (stage.root / "out").rename(stage.root / "sent")
    assert stage("run", "--date", DAY).code in (4, 5)
    assert not (stage.root / "out").exists()


@pytest.mark.parametrize("seed", range(12))
def test_a_log_of_the_database_that_was_cut_short_loses_no_claim_in_silence(tmp_path, seed):
    """SQLite keeps what is whole of its log: then the witness knows of more than the history."""
    with Scripted().running() as server:
        stage = project(tmp_path / "p", book(3), by_smtp(server.port))
        assert stage("run", "--date", "2026-04-03").code == 0
        keep_open = sqlite3.connect(stage.root / "relance.db")
        keep_open.execute("SELECT count(*) FROM events").fetchone()
        assert stage("run", "--date", DAY).code == 0
        cut = shutil.copytree(stage.root, tmp_path / "cut")
        keep_open.close()
        log = cut / "relance.db-wal"
        (cut / "relance.db-shm").unlink(missing_ok=True)
        with log.open("r+b") as file:
            file.truncate(random.Random(seed).randrange(0, log.stat().st_size))
        other = Stage(cut)
        said = other("run", "--date", DAY)
        assert said.code in (1, 4, 5), said
        assert len(server.accepted) == 3


def test_a_database_of_a_newer_relance_is_left_alone(tmp_path):
    stage = project(tmp_path, book(3))
    assert stage("run", "--date", "2026-04-03").code == 0
    with closing(sqlite3.connect(stage.root / "relance.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = 'r9999'")
        database.commit()
    before = (stage.root / "relance.db").read_bytes()
    said = stage("run", "--date", DAY)
    assert said.code == 5
    assert "newer" in said.err
    assert (stage.root / "relance.db").read_bytes() == before
    assert stage.outbox() == []


def test_yesterday_s_backup_sends_nothing_before_somebody_says_that_it_was_restored(tmp_path):
    with Scripted().running() as server:
        stage = project(tmp_path, book(3), by_smtp(server.port))
        assert stage("run", "--date", "2026-04-03").code == 0
        backup = (stage.root / "relance.db").read_bytes()
        assert stage("run", "--date", DAY).code == 0
        (stage.root / "relance.db").write_bytes(backup)
        assert stage("run", "--date", DAY).code == 4
        assert stage("run", "--date", "2026-04-09").code == 4
        assert len(server.accepted) == 3


def test_a_project_that_was_copied_sends_nothing_in_its_second_place(tmp_path):
    with Scripted().running() as server:
        stage = project(tmp_path / "one", book(3), by_smtp(server.port))
        assert stage("run", "--date", "2026-04-03").code == 0
        other = Stage(shutil.copytree(stage.root, tmp_path / "two"))
        assert other("run", "--date", DAY).code == 4
        assert stage("run", "--date", DAY).code == 0
        assert len(server.accepted) == 3


class Wire:
    """A line to the server of the database that can be cut when a certain statement passes."""

    def __init__(self, port: int) -> None:
        self.target, self.port, self.at, self.count = port, 0, b"", 0
        self.after = False

    @contextmanager
    def up(self) -> Iterator[Wire]:
        with socket.create_server(("127.0.0.1", 0)) as door:
            self.port = door.getsockname()[1]
            door.settimeout(0.05)
            self._ended = threading.Event()
            threads: list[threading.Thread] = []
            thread = threading.Thread(target=self._serve, args=(door, threads))
            thread.start()
            try:
                yield self
            finally:
                self._ended.set()
                for each in (thread, *threads):
                    each.join()

    def cut_at(self, statement: bytes, count: int, *, after: bool = False) -> None:
        """Cut when `statement` passes for the time number `count`, or `after` it was answered."""
        self.at, self.count, self.after = statement, count, after

    def _serve(self, door: socket.socket, threads: list[threading.Thread]) -> None:
        while not self._ended.is_set():
            with suppress(TimeoutError):
                client, _ = door.accept()
                threads.append(threading.Thread(target=self._carry, args=(client,)))
                threads[-1].start()

    def _carry(self, client: socket.socket) -> None:
        with ExitStack() as stack, suppress(OSError):
            stack.enter_context(client)
            server = stack.enter_context(socket.create_connection(("127.0.0.1", self.target)))
            cut = threading.Event()
            back = threading.Thread(target=self._back, args=(server, client, cut))
            back.start()
            client.settimeout(0.05)
            while not self._ended.is_set() and not cut.is_set():
                with suppress(TimeoutError):
                    content = client.recv(65536)
                    if not content:
                        break
                    due = self.count > 0 and self.at in content
                    self.count -= due
                    if due and self.count == 0:
                        if self.after:
                            server.sendall(content)
                            server.settimeout(5)
                            cut.set()
                            server.recv(65536)
                        break
                    server.sendall(content)
            cut.set()
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            client.close()
            back.join()

    def _back(self, server: socket.socket, client: socket.socket, cut: threading.Event) -> None:
        server.settimeout(0.05)
        while not self._ended.is_set() and not cut.is_set():
            try:
                content = server.recv(65536)
                if not content:
                    return
                client.sendall(content)
            except TimeoutError:
                continue
            except OSError:
                return


@pytest.fixture
def wired(tmp_path: Path, postgresql_server: str) -> Iterator[Callable[[int], tuple[Stage, Wire]]]:
    """Makes a project whose history is reached by a wire that can be cut."""
    with ExitStack() as stack:

        def make(mail: int) -> tuple[Stage, Wire]:
            host, _, rest = postgresql_server.partition("127.0.0.1:")
            port, _, database = rest.partition("/")
            name = f"wire_{abs(hash(str(tmp_path)))}"
            plain = postgresql_server.replace("+psycopg", "")
            with psycopg.connect(plain, autocommit=True) as connection:
                connection.execute(f"CREATE SCHEMA {name}")
            wire = stack.enter_context(Wire(int(port)).up())
            url = f"{host}127.0.0.1:{wire.port}/{database}?options=-csearch_path%3D{name}"
            policy = by_smtp(mail) | {"database": f"{url}&sslmode=disable"}
            stage = project(tmp_path, book(3), policy)
            assert stage("run", "--date", "2026-04-03").code == 0
            return stage, wire

        yield make


CUTS = {
    "before the first claim": (b"INSERT INTO claims", 1, False),
    "before the mark": (b"UPDATE dispatches SET state", 1, False),
    "before the second mark": (b"UPDATE dispatches SET state", 3, False),
    "between send and sent": (b"UPDATE dispatches SET state", 2, False),
    "at a commit, before the server has it": (b"COMMIT", 8, False),
    "at a commit, after the server has it": (b"COMMIT", 8, True),
    "at the next commit, after the server has it": (b"COMMIT", 9, True),
    "at a commit near the end, after the server has it": (b"COMMIT", 14, True),
}


@pytest.mark.parametrize("moment", CUTS)
def test_a_server_that_goes_away_stops_the_run_and_nothing_is_sent_twice(wired, moment):
    statement, count, after = CUTS[moment]
    with Scripted().running() as mail:
        stage, wire = wired(mail.port)
        wire.cut_at(statement, count, after=after)
        said = stage("run", "--date", DAY)
        assert said.code == 5, said
        assert stage("run", "--date", DAY).code in (0, 1)
        doubts = stage("doubt", "list", "--json").json["doubts"]
        assert len(doubts) <= 1
        assert 3 - len(doubts) <= len(mail.accepted) <= 3
        assert len(set(mail.accepted)) == len(mail.accepted)
        before = len(mail.accepted)
        assert stage("run", "--date", DAY).code in (0, 1)
        assert len(mail.accepted) == before
