"""A project for the tests of this folder, and what can be asked of it after a fault."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from scenarios.stage import Fields, Stage, new_stage

DAY = "2026-04-08"
ROW = "{number},{debtor},2026-03-02,2026-04-01,{amount},{open},{currency},invoice"


def row(number: str, debtor: str, open: str = "250.50", currency: str = "EUR") -> str:
    amount = open if open.lstrip("-") != "0.00" else "250.50"
    return ROW.format(number=number, debtor=debtor, amount=amount, open=open, currency=currency)


def book(count: int) -> str:
    """Return so many receivables of as many debtors, all due for their first reminder on DAY."""
    return "\n".join(row(f"F{n}", f"C{n}") for n in range(1, count + 1))


def project(root: Path, sales: str, policy: Fields | None = None, **given: Any) -> Stage:
    return new_stage(root, {"open": sales, "policy": policy or {}, **given})


def by_smtp(port: int, **more: object) -> Fields:
    mail = {
        "kind": "smtp", "host": "127.0.0.1", "port": port, "security": "none", "folder": None,
        "from": "compta@dubreuil.example", **more,
    }  # fmt: skip
    return {"channels": {"email": mail}}


def states(stage: Stage) -> Counter[str]:
    """Return how many notices are in each state."""
    with closing(sqlite3.connect(stage.root / "relance.db")) as database:
        rows = database.execute("SELECT state FROM dispatches WHERE kind = 'notice'")
        return Counter(state for (state,) in rows)


def numbers(stage: Stage) -> Counter[str]:
    """Return how many messages of the outbox name each invoice."""
    found: Counter[str] = Counter()
    for path in stage.outbox():
        found.update(set(re.findall(r"\bF\d+\b", path.read_bytes().decode("utf-8", "replace"))))
    return found


def is_quiet(stage: Stage, day: str = DAY) -> bool:
    """Run once more; return whether nothing more was sent."""
    before = stage.outbox()
    assert stage("run", "--date", day).code in (0, 1)
    return stage.outbox() == before
