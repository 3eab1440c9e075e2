"""A run is killed while it keeps payments, then run again: nothing is doubled, nothing is lost."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

import forked
from scenarios.stage import Stage, new_stage

from .projects import schema_of

LONG = os.environ.get("RELANCE_TESTS") == "long"
SALES = """
F-2026-101,C1,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice
F-2026-102,C1,2026-03-02,2026-04-01,100.00,100.00,EUR,invoice
"""
BANK = """date,amount,counterparty,text,account
2026-04-09,250.50,Client C1,FACTURE F-2026-101,FR7630006000011234567890189
2026-04-09,999.00,Inconnu,VIREMENT,FR7630006000011234567890189
"""


def staged(root: Path, url: str) -> Stage:
    sources = [
        {"name": "ventes", "kind": "csv", "path": "ventes.csv"},
        {"name": "banque", "kind": "bank", "path": "banque.csv"},
    ]
    policy = {"sources": sources, "database": url}
    stage = new_stage(root, {"open": SALES, "policy": policy})
    stage.write("banque.csv", BANK)
    return stage


def killed(stage: Stage, step: int) -> bool:
    driver = Path(__file__).parent / "payments_driver.py"
    command = [str(driver), str(stage.root), str(step)]
    done = forked.run(command, cwd=stage.root, env=os.environ)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


def kept(stage: Stage, url: str) -> list[int]:
    """Return how many movements and allocations are in the history."""
    counts = [f"SELECT count(*) FROM {table}" for table in ("movements", "allocations")]
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(stage.root / "relance.db")) as file:
            return [file.execute(count).fetchone()[0] for count in counts]
    with psycopg.connect(url.replace("+psycopg", "")) as server:
        found = [server.execute(count).fetchone() for count in counts]
    return [row[0] for row in found if row]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_payments_are_kept_once_wherever_a_run_is_killed(tmp_path, request, database):
    step, places, stride = 4, 0, 1 if LONG else 31
    while True:
        url = "sqlite:///relance.db"
        if database == "postgresql":
            url = schema_of(tmp_path / str(step), request.getfixturevalue("postgresql_server"))
        stage = staged(tmp_path / str(step), url)
        if not killed(stage, step):
            break
        assert stage("run", "--date", "2026-04-10", "--quiet").code == 0
        assert kept(stage, url) == [2, 1], step
        assert len(stage.outbox()) == 1, step
        places += 1
        step += stride
    assert places > 2
