"""A small project on disk, and changes to it."""

from __future__ import annotations

from pathlib import Path

MAIN = """\
creditor:
  name: Atelier Dubreuil SAS
  country: FR
  registration: "732829320"
  address: [4 quai des Brumes, 44000 Nantes]
  email: compta@dubreuil.example
sources:
  - {name: ventes, kind: csv, path: ventes.csv}
segments:
  - {name: standard, procedure: ladder}
channels:
  email: {kind: outbox, folder: out}
  letter: {kind: letter, folder: out/letters}
  task: {kind: task}
"""
ACCOUNTS = "- {iban: FR7630006000011234567890189, holder: Atelier Dubreuil SAS}\n"
LADDER = """\
name: ladder
levels:
  - {id: reminder, days: 5, channel: email, template: note}
"""


def write_project(
    root: Path, main: str = MAIN, ladder: str = LADDER, accounts: str = ACCOUNTS
) -> Path:
    """Return `root` with the files of a project whose template `note` is in all languages."""
    files = {"relance.yaml": main, "accounts.yaml": accounts, "procedures/ladder.yaml": ladder}
    files |= {f"templates/note/{code}.wording": "x" for code in ("fr", "nl", "de", "en")}
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root
