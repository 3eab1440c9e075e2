"""A folder of e-invoices, read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from relance.intake.reading import Reading, read

from .conftest import policy
from .einvoice_forms import BUYER, cii, ubl

__all__ = ["BUYER", "cii", "read_folder", "ubl"]


def read_folder(root: Path, files: dict[str, bytes], **more: Any) -> Reading:
    """Read `files` as a folder of e-invoices; `customers` is the text of a customers' file."""
    folder = root / "factures"
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    source = {"name": "factures", "kind": "einvoice", "path": "factures", **more.pop("source", {})}
    settings: dict[str, Any] = {}
    if "customers" in more:
        (root / "clients.csv").write_text(more.pop("customers"))
        settings["customers"] = {"path": "clients.csv"}
    made = policy(root, [source, *more.pop("sources", [])], **settings)
    creditor = made.creditor.model_copy(
        update={"registration": "732829320", **more.pop("creditor", {})}
    )
    return read(made.model_copy(update={"creditor": creditor, **more}))
