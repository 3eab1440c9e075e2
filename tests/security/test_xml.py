"""XML of banks and of sellers: no document type, entity, depth or comment changes what is read."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from intake.bank.messages import entry as bank_entry
from intake.bank.messages import message, statement
from intake.conftest import policy
from intake.einvoice_forms import cii, ubl

from relance.intake.reading import Reading, read

from .corpus import built, each

AMOUNT = "120.00"
CANARY = "canary-4711-of-a-file"
KINDS: dict[str, tuple[str, bytes]] = {
    "camt": ("bank", message(statement(bank_entry(AMOUNT)))),
    "UBL": ("einvoice", ubl(total=AMOUNT)),
    "CII": ("einvoice", cii(total=AMOUNT)),
}


def reading(folder: Path, kind: str, data: bytes) -> Reading:
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / "x.xml").write_bytes(data)
    return read(policy(folder, [{"name": "v", "kind": kind, "path": "in/x.xml"}]))


def amounts(made: Reading) -> list[int]:
    return [*made.items["amount"].to_list(), *made.movements["amount"].to_list()]


def tricked(data: bytes, entry: dict[str, Any]) -> bytes:
    """Return the document with the trick of `entry` in it."""
    text = data.decode()
    head, mark, rest = text.partition("?>\n") if text.startswith("<?xml") else ("", "", text)
    end = rest.rindex("</")
    text = head + mark + entry.get("prolog", "") + rest[:end] + built(entry.get("inside", ""))
    text += rest[end:]
    if "amount" in entry:
        made = entry["amount"].format(all=AMOUNT, first=AMOUNT[:2], rest=AMOUNT[2:])
        text = text.replace(f">{AMOUNT}<", f">{made}<")
    return text.encode()


@each("xml")
@pytest.mark.parametrize("kind", KINDS)
def test_a_trick_of_xml_is_refused_or_changes_nothing(
    kind: str, entry: dict[str, Any], tmp_path: Path
) -> None:
    source, data = KINDS[kind]
    (secret := tmp_path / "secret.txt").write_text(CANARY)
    with socket.create_server(("127.0.0.1", 0)) as canary:
        http = f"http://127.0.0.1:{canary.getsockname()[1]}"
        filled = {
            name: text.replace("{file}", str(secret)).replace("{http}", http)
            if isinstance(text, str) else text
            for name, text in entry.items()
        }  # fmt: skip
        made = reading(tmp_path, source, tricked(data, filled))
        canary.setblocking(False)
        with pytest.raises(BlockingIOError):
            canary.accept()
    told = " ".join(d.message() for d in made.diagnostics) + str(made.items) + str(made.movements)
    assert CANARY not in told
    if "amount" in entry:
        assert made.refused or amounts(made) == [12000]
    else:
        assert amounts(made) == []
        assert [d.code for d in made.diagnostics if d.severity == "error"]
        assert "in/x.xml" in {d.span.file for d in made.diagnostics if d.span}


@pytest.mark.parametrize("kind", KINDS)
def test_the_document_without_a_trick_is_read(kind: str, tmp_path: Path) -> None:
    source, data = KINDS[kind]
    assert amounts(reading(tmp_path, source, data)) == [12000]


@pytest.mark.parametrize("kind", ["csv", "fec", "bank", "einvoice", "xlsx"])
def test_a_file_larger_than_any_export_is_refused_without_being_read(
    kind: str, tmp_path: Path
) -> None:
    with (tmp_path / "x.xml").open("wb") as file:
        file.truncate(3_000_000_000)  # sparse: it takes no room
    made = read(policy(tmp_path, [{"name": "v", "kind": kind, "path": "x.xml"}]))
    assert made.refused
    assert {d.code for d in made.diagnostics if d.severity == "error"} == {
        "I173" if kind == "einvoice" else "I230"
    }
