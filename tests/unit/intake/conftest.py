from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from relance.intake.reading import Reading, read
from relance.policy.model import Policy

ReadCsv = Callable[..., Reading]


def policy(root: Path, sources: list[dict[str, Any]], **more: Any) -> Policy:
    creditor = {
        "name": "Menuiserie Lenoir SARL",
        "country": more.pop("country", "FR"),
        "currency": more.pop("home", "EUR"),
        "address": ["12 rue des Ateliers", "69003 Lyon"],
        "email": "compta@lenoir.example",
    }
    made = Policy.model_validate(
        {
            "creditor": creditor,
            "sources": sources,
            "segments": [{"name": "standard", "procedure": "standard"}],
            "channels": {"email": {"kind": "outbox", "folder": "out"}},
            **more,
        }
    )
    return made.model_copy(update={"root": root})


def as_bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


@pytest.fixture
def read_csv(tmp_path: Path) -> ReadCsv:
    """Read one CSV of receivables; keywords `country` and `home` are the creditor's."""

    def reading(content: str | bytes, **source: Any) -> Reading:
        (tmp_path / "ventes.csv").write_bytes(as_bytes(content))
        creditor = {key: source.pop(key) for key in ("country", "home") if key in source}
        declared = {"name": "ventes", "kind": "csv", "path": "ventes.csv", **source}
        return read(policy(tmp_path, [declared], **creditor))

    return reading


@pytest.fixture
def read_customers(tmp_path: Path) -> ReadCsv:
    """Read one customers' file beside an empty source."""

    def reading(content: str | bytes, **source: Any) -> Reading:
        (tmp_path / "clients.csv").write_bytes(as_bytes(content))
        (tmp_path / "ventes.csv").write_text("number,debtor,amount\nF1,C1,10\n")
        creditor = {key: source.pop(key) for key in ("country", "home") if key in source}
        sales = {"name": "ventes", "kind": "csv", "path": "ventes.csv"}
        customers = {"kind": "csv", "path": "clients.csv", **source}
        return read(policy(tmp_path, [sales], customers=customers, **creditor))

    return reading


def codes(reading: Reading, *ignored: str) -> list[str]:
    """The codes of what was said, without the echo of what was understood."""
    return sorted(d.code for d in reading.diagnostics if d.code not in ("I020", *ignored))
