"""Workbooks that unpack to more than a machine has, or lead out of themselves, are not opened."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from intake.conftest import policy

from relance.intake.reading import Reading, read

from .corpus import built, each

HEAD = ("number", "debtor", "amount")


def workbook() -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet("Ventes")
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, ("F1", "C1", 10))
    book.close()
    return content.getvalue()


def tricked(entry: dict[str, Any]) -> bytes:
    """Return the harmless workbook with the parts of `entry` over its own."""
    parts: dict[str, bytes | str] = {
        name: built(text) for name, text in entry.get("parts", {}).items()
    }
    parts |= {f"xl/media/{n}.xml": "" for n in range(entry.get("many", 0))}
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old:
        parts = {name: old.read(name) for name in old.namelist()} | parts
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name, text in parts.items():
            new.writestr(name, text)
    return made.getvalue()


def reading(folder: Path, data: bytes) -> Reading:
    (folder / "v.xlsx").write_bytes(data)
    return read(policy(folder, [{"name": "v", "kind": "xlsx", "path": "v.xlsx"}]))


@each("workbooks")
def test_a_hostile_workbook_is_refused_before_it_is_opened(
    entry: dict[str, Any], tmp_path: Path
) -> None:
    made = reading(tmp_path, tricked(entry))
    assert [d.code for d in made.diagnostics] == [entry["code"]]
    assert made.items.is_empty()
    assert [p.name for p in tmp_path.iterdir()] == ["v.xlsx"]


def test_a_part_that_lies_about_its_size_is_measured_all_the_same(tmp_path: Path) -> None:
    bomb = tricked({"parts": {"xl/media/x.xml": {"text": " " * 1000, "times": 64_000}}})
    size = (64_000_000).to_bytes(4, "little")
    assert size in bomb
    made = reading(tmp_path, bomb.replace(size, (10).to_bytes(4, "little")))
    assert made.refused
    assert {d.code for d in made.diagnostics} <= {"I193", "I195"}


def test_a_formula_counts_by_the_value_saved_with_it_and_is_not_run(tmp_path: Path) -> None:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet("Ventes")
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, ("F1", "C1"))
    sheet.write_formula(1, 2, "=1000*1000", None, 12)
    book.close()
    assert reading(tmp_path, content.getvalue()).items["amount"].to_list() == [1200]


def test_the_workbook_without_a_trick_is_read(tmp_path: Path) -> None:
    assert reading(tmp_path, tricked({})).items["number"].to_list() == ["F1"]


@pytest.mark.parametrize("trick", [b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"\xd0\xcf\x11\xe0"])
def test_what_only_begins_as_an_archive_is_refused(trick: bytes, tmp_path: Path) -> None:
    assert reading(tmp_path, trick).refused
