from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from relance.diagnostics import Diagnostic
from relance.intake.bank.reading import Movements, read_bank
from relance.policy.model import BankSource, Creditor

CREDITOR = Creditor.model_validate(
    {
        "name": "Menuiserie Lenoir SARL",
        "country": "FR",
        "address": ["69003 Lyon"],
        "email": "compta@lenoir.example",
    }
)

ReadBank = Callable[..., Movements]


@pytest.fixture
def read_files(tmp_path: Path) -> ReadBank:
    """Write files by name, and read them as a source."""

    def read(
        files: dict[str, bytes | str], accounts: tuple[str, ...] = (), **more: Any
    ) -> Movements:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            (tmp_path / name).write_bytes(data)
        source = BankSource(name="banque", kind="bank", path="*", **more)
        return read_bank(source, CREDITOR, tmp_path, accounts)

    return read


@pytest.fixture
def read_one(read_files: ReadBank) -> Callable[..., pl.DataFrame]:
    """Read one file without any error, and return its movements as told, in order of lines."""

    def read(content: bytes | str, name: str = "f.txt", **more: Any) -> pl.DataFrame:
        frame, said, _ = read_files({name: content}, **more)
        assert [concise(d) for d in said if d.severity == "error"] == []
        return frame.sort("line")

    return read


def concise(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.span}: {diagnostic.code} {diagnostic.message()}"


def said_of(said: list[Diagnostic], *codes: str) -> list[str]:
    return [concise(d) for d in said if d.code in codes]
