"""How long the records of a notice take, from its claim to its end, as a ratio to bare inserts.

    python bench/claims.py [notices]

A notice is claimed with its message, marked as being transmitted, and settled: three transactions,
each durable before the next step of a run. The floor is as many bare inserts, each committed, by
the driver alone into a table of the same database. SQLite on this disk with synchronous=FULL, and
PostgreSQL where its programs are installed: a server of its own, with fsync. One notice after the
other, and four at once, as a run with four connections does it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from relance.history.store import History
from relance.history.values import Claim, Dispatch, Ending
from relance.notices.message import Message

DAY = date(2026, 3, 2)
ROOT = Path(__file__).parents[1]
TEXT = "Bonjour, veuillez trouver notre rappel ci-joint.\r\n" * 20


def take_notices(url: str, count: int, threads: int) -> float:
    """Return the seconds that `count` notices take, each claimed, marked and settled."""
    with (
        tempfile.TemporaryDirectory(dir=ROOT / "build") as folder,
        History.open(
            url, Path(folder), creditor="732829320", now=lambda: datetime.now(UTC)
        ) as history,
    ):
        run = history.begin_run(DAY)

        def one(number: int) -> None:
            dispatch, claims, message = notice(number)
            history.claim(dispatch, claims, message, run)
            history.transmitting(dispatch.key, run)
            history.settle(dispatch.key, Ending("accepted", "250 queued"), run)

        start = time.perf_counter()
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(one, range(count)))
        return time.perf_counter() - start


def notice(number: int) -> tuple[Dispatch, list[Claim], Message]:
    """Return notice `number`: one receivable, a kilobyte of text."""
    key = f"{number:032x}"
    to = f"achats@garage{number}.example"
    message = Message(
        key, "email", to, "compta@lenoir.example", "Rappel", TEXT.encode(), f"<{key}@lenoir.example>",
        "rappel.eml",
    )  # fmt: skip
    dispatch = Dispatch(
        key, "notice", DAY, f"C{number}", "email", "email", to, "EUR", 12_000, "standard",
        "reminder-1", 1,
    )  # fmt: skip
    return dispatch, [Claim(f"F{number}", "standard", "reminder-1", 1)], message


def take_inserts(execute: Callable[[str], object], commit: Callable[[], None], count: int) -> float:
    """Return the seconds that `count` bare inserts take, each committed."""
    execute("CREATE TABLE bare (number INTEGER PRIMARY KEY, text TEXT)")
    commit()
    start = time.perf_counter()
    for number in range(count):
        execute(f"INSERT INTO bare VALUES ({number}, 'a row of the floor')")
        commit()
    return time.perf_counter() - start


def on_sqlite(count: int) -> None:
    """Print the lines of SQLite."""
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        plain = sqlite3.connect(Path(folder) / "floor.db")
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            plain.execute(f"PRAGMA {pragma}")
        floor = take_inserts(plain.execute, plain.commit, count)
        plain.close()
    serial = take_notices("sqlite:///relance.db", count, 1)
    several = take_notices("sqlite:///relance.db", count, 4)
    show("SQLite", count, floor, serial, several)


def on_postgresql(count: int) -> None:
    """Print the lines of PostgreSQL, or that it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        print("PostgreSQL is not installed")
        return
    import psycopg

    with server(found[-1].parent) as url, psycopg.connect(url) as connection:
        floor = take_inserts(connection.execute, connection.commit, count)  # type: ignore[arg-type]
        for schema in ("one", "four"):
            connection.execute(f"CREATE SCHEMA {schema}")  # type: ignore[arg-type]
        connection.commit()
        ours = url.replace("postgresql:", "postgresql+psycopg:") + "?options=-csearch_path%3D"
        serial = take_notices(f"{ours}one", count, 1)
        several = take_notices(f"{ours}four", count, 4)
    show("PostgreSQL", count, floor, serial, several)


@contextmanager
def server(programs: Path) -> Iterator[str]:
    """Yield the URL of a new server on loopback, stopped and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="relance-bench-"))
    owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if owner:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    data = str(folder / "data")
    made = [
        str(programs / "initdb"),
        "-D",
        data,
        "-A",
        "trust",
        "-U",
        "relance",
        "-E",
        "UTF8",
        "--locale=C",
    ]
    quietly([*owner, *made])
    control = [*owner, str(programs / "pg_ctl"), "-D", data, "-w"]
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    begin = [*control, "-l", str(folder / "log"), "-o", options, "start"]
    quietly(begin)
    try:
        yield f"postgresql://relance@127.0.0.1:{port}/postgres"
    finally:
        quietly([*control, "-m", "immediate", "stop"])
        shutil.rmtree(folder)


def quietly(command: list[str]) -> None:
    """Run `command`; what it says does not matter."""
    null = subprocess.DEVNULL
    subprocess.run(command, check=True, stdout=null, stderr=null, cwd="/")


def show(name: str, count: int, floor: float, serial: float, several: float) -> None:
    """Print the lines of one database."""
    lines = (
        ("bare inserts, committed one by one", floor),
        ("notices claimed, marked and settled", serial),
        ("the same, four at once", several),
    )
    print(f"{name}, {count:,}")
    for what, seconds in lines:
        print(
            f"  {what:36} {seconds:8.2f} s {count / seconds:8.0f} a second {seconds / floor:6.1f} x"
        )


if __name__ == "__main__":
    notices = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    (ROOT / "build").mkdir(exist_ok=True)
    on_sqlite(notices)
    on_postgresql(notices)
