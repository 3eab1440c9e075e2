"""A run is killed while it keeps payments, then run again: nothing is doubled, nothing is lost."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

from scenarios.stage import Stage, new_stage

LONG = os.environ.get("RELANCE_TESTS") == "long"
SALES = """
F-2026-101,C1,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice
F-2026-102,C1,2026-03-02,2026-04-01,100.00,100.00,EUR,invoice
"""
BANK = """date,amount,counterparty,text,account
2026-04-09,250.50,Client C1,FACTURE F-2026-101,FR7630006000011234567890189
2026-04-09,999.00,Inconnu,VIREMENT,FR7630006000011234567890189
"""


def staged(root: Path) -> Stage:
    sources = [
        {"name": "ventes", "kind": "csv", "path": "ventes.csv"},
        {"name": "banque", "kind": "bank", "path": "banque.csv"},
    ]
    stage = new_stage(root, {"open": SALES, "policy": {"sources": sources}})
    stage.write("banque.csv", BANK)
    return stage


def killed(stage: Stage, step: int) -> bool:
    driver = Path(__file__).parent / "payments_driver.py"
    command = [sys.executable, str(driver), str(stage.root), str(step)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


def test_payments_are_kept_once_wherever_a_run_is_killed(tmp_path):
    step, places = 8, 0
    while killed(stage := staged(tmp_path / str(step)), step):
        assert stage("run", "--date", "2026-04-10", "--quiet").code == 0
        with sqlite3.connect(stage.root / "relance.db") as database:
            kept = [
                database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in ("movements", "allocations")
            ]
        database.close()
        assert kept == [2, 1], step
        assert len(stage.outbox()) == 1, step
        places += 1
        step += 1 if LONG else 13
    assert places > 2
