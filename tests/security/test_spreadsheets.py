"""Tables that relance writes for spreadsheet programs: no cell of them is a formula."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest

from relance.channels.folder import Folder
from relance.channels.manifest import COLUMNS, Manifest
from relance.notices.message import Message
from scenarios.stage import Stage, new_stage

from .corpus import each, entries
from .people import names_book

FORMULA = re.compile("[=+@\t\r\\-\uff1d\uff0b\uff0d\uff20]")
SOURCE = Path(__file__).parents[2] / "src" / "relance"


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))


@each("formulas")
def test_a_formula_in_a_name_is_text_in_the_manifest(entry: str, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "letters")
    letter = Message(
        key="0" * 32, medium="letter", recipient=entry, sender="", subject=entry, content=b"%PDF",
        message_id="", filename="2026-03-02-x.pdf",
    )  # fmt: skip
    manifest = Manifest(folder)
    manifest.enter("2026-03-02-x.pdf", "0" * 32, letter)
    folder.put("2026-03-02-x.pdf", b"%PDF")
    manifest.tidy()
    content = (tmp_path / "letters" / "manifest.csv").read_bytes()
    folder.close()
    header, row = cells(content)
    assert header == list(COLUMNS)
    assert len(row) == len(COLUMNS)
    assert not [cell for cell in row if FORMULA.match(cell)]


def test_the_manifest_of_a_run_has_no_formula(tmp_path: Path) -> None:
    stage: Stage = new_stage(
        tmp_path / "firm",
        {"procedures": {"standard": {"levels": [
            {"id": "a", "days": 5, "channel": "letter", "template": "reminder"},
        ]}}},
    )  # fmt: skip
    names_book(stage, list(entries("formulas").values())[:20])
    assert stage("run", "--date", "2026-04-08").code in (0, 1)
    (manifest,) = stage.root.glob("out/letters/*/manifest.csv")
    rows = cells(manifest.read_bytes())
    assert len(rows) > 10
    assert not [cell for row in rows for cell in row if FORMULA.match(cell)]


def test_the_worklist_has_no_formula(tmp_path: Path) -> None:
    stage: Stage = new_stage(
        tmp_path / "firm",
        {"procedures": {"standard": {"levels": [
            {"id": "a", "days": 5, "channel": "task", "task": {"subject": "{{ debtor.name }}"}},
        ]}}},
    )  # fmt: skip
    names_book(stage, list(entries("formulas").values())[:20])
    assert stage("run", "--date", "2026-04-08").code in (0, 1)
    for kind in ("csv", "xlsx"):
        said = stage("tasks", "--date", "2026-04-08", "-o", str(stage.root / f"list.{kind}"))
        assert said.code == 0
    table = (stage.root / "list.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table, newline=""), delimiter=";", strict=True))
    assert len(rows) > 10
    assert not [cell for row in rows for cell in row if FORMULA.match(cell)]
    with zipfile.ZipFile(stage.root / "list.xlsx") as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
        assert not [name for name in book.namelist() if "externalLink" in name]


WRITERS = {"channels/manifest.py", "reports/workbook.py"}
"""Modules that write tables for people; each has its test here."""

OWN_EXPORTS = {"runs/rehearsal/books.py"}
"""Modules that write exports which the program alone reads, in a folder that is gone afterwards."""


def test_no_other_module_writes_tables() -> None:
    found = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if re.search(r"csv\.(Dict)?[wW]riter|xlsxwriter|openpyxl", path.read_text("utf-8"))
    }
    assert found == WRITERS | OWN_EXPORTS


@pytest.mark.parametrize("text", ["=1+1", "-5", "+33 4 72 00 00 00"])
def test_what_goes_to_programs_stays_as_it_is(text: str, tmp_path: Path) -> None:
    """JSON is for programs: what is neutralised there would be wrong data."""
    stage = new_stage(tmp_path / "firm")
    names_book(stage, [text])
    assert stage.plan("2026-04-08")["notices"][0]["debtor_name"] == text
