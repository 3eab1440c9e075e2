"""A project directory on disk, and runs on it as the program does them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from relance.history.store import History
from relance.runs.execution import dry_run, run
from relance.runs.opening import check, open_history
from relance.runs.report import RunReport
from relance.runs.reviewed import Reviewed

POLICY = """
creditor:
  name: Atelier Dubreuil SAS
  country: FR
  registration: "732829320"
  address: [4 quai des Brumes, 44000 Nantes]
  email: compta@dubreuil.example
  language: fr
accounts: accounts.yaml
customers: {kind: csv, path: customers.csv}
sources:
  - {name: ventes, kind: csv, path: ventes.csv, full: true}
segments:
  - {name: standard, procedure: standard}
channels:
  email: {kind: outbox, folder: out}
  letter: {kind: letter, folder: out/letters}
  task: {kind: task}
"""
PROCEDURE = """
name: standard
group: receivable
levels:
  - {id: reminder-1, days: 5, channel: email, template: reminder}
  - {id: reminder-2, days: 20, channel: email, template: reminder, tone: firm}
"""
ACCOUNTS = "- {iban: FR7630006000011234567890189, bic: AGRIFRPP, holder: Atelier Dubreuil SAS}\n"
HEADER = "number,debtor,issued,due,amount,open,currency,kind\n"
CUSTOMERS = "id,name,kind,country,language,email,address,postcode,city\n"


@dataclass
class Firm:
    """A project directory, written and run in a few words."""

    root: Path

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def sales(self, *rows: str) -> None:
        self.write("ventes.csv", HEADER + "".join(f"{row}\n" for row in rows))

    def customers(self, *rows: str) -> None:
        self.write("customers.csv", CUSTOMERS + "".join(f"{row}\n" for row in rows))

    def policy(self, **replaced: str) -> None:
        text = POLICY
        for old, new in replaced.items():
            lines = [line for line in text.splitlines() if not line.startswith(f"{old}:")]
            text = "\n".join([*lines, f"{old}: {new}", ""])
        self.write("relance.yaml", text)

    def channels(self, **lines: str) -> None:
        """Give channels other settings, by name."""
        text = (self.root / "relance.yaml").read_text()
        for name, given in lines.items():
            kept = [line for line in text.splitlines() if not line.startswith(f"  {name}:")]
            at = kept.index("channels:") + 1
            text = "\n".join([*kept[:at], f"  {name}: {given}", *kept[at:], ""])
        self.write("relance.yaml", text)

    def procedure(self, old: str, new: str) -> None:
        assert old in PROCEDURE
        self.write("procedures/standard.yaml", PROCEDURE.replace(old, new))

    def history(self, *, readonly: bool = False) -> History:
        reading = check(self.root)
        assert reading.policy, [d.message() for d in reading.diagnostics]
        return open_history(reading.policy, readonly=readonly)

    def run(self, day: str, reviewed: Reviewed | None = None) -> RunReport:
        policy = check(self.root).policy
        assert policy
        with self.history() as history:
            *_, report = run(policy, date.fromisoformat(day), history, reviewed)
        return report

    def dry(self, day: str) -> RunReport:
        policy = check(self.root).policy
        assert policy
        with self.history(readonly=True) as history:
            return dry_run(policy, date.fromisoformat(day), history)

    def outbox(self) -> list[str]:
        return sorted(path.name for path in (self.root / "out").rglob("*.eml"))


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    made = Firm(tmp_path)
    made.policy()
    made.write("accounts.yaml", ACCOUNTS)
    made.write("procedures/standard.yaml", PROCEDURE)
    made.customers("C1,Client Un,business,FR,fr,un@client.example,1 rue Haute,75001,Paris")
    made.sales("F1,C1,2026-03-02,2026-04-01,250.50,250.50,EUR,invoice")
    return made
