"""What all tests share: profiles of Hypothesis, and a PostgreSQL server where there is one."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

pytest.register_assert_rewrite("relance.channels.conformance")

# The frames of tests are small: threads that wait for one another cost more than they give.
os.environ.setdefault("POLARS_MAX_THREADS", "1")

# The gates try the same examples each time; `make fuzz` tries others, and prints its seeds.
settings.register_profile("gates", deadline=None, derandomize=True)
settings.register_profile("fuzz", deadline=None)
settings.load_profile("gates")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write the expected outputs anew")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("hypothesis_profile", None) is None:
        # Hypothesis also tries constants of the modules that are loaded so far: which these are
        # depends on the tests that ran before in the same worker. A gate is not a lottery.
        assert hasattr(providers, "is_local_module_file"), "Hypothesis calls it otherwise now"
        providers.is_local_module_file = lambda _: False
    if config.getoption("--update"):
        os.environ["UPDATE"] = "1"


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


@pytest.fixture
def postgresql_url(request: pytest.FixtureRequest, postgresql_server: str) -> str:
    """The URL of an empty schema of the server."""
    import psycopg

    name = f"test_{abs(hash(request.node.nodeid))}"
    with psycopg.connect(postgresql_server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    return f"{postgresql_server}?options=-csearch_path%3D{name}"
