"""The smallest workbook for each code of the reader of workbooks, and what is said of it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from relance.diagnostics import Diagnostic, Rule
from relance.intake import xlsx_codes
from relance.intake.reading import read
from relance.policy.model import Policy


def workbook(*others: str) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    for name in ("Ventes", *others):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["number", "debtor", "amount"])
        sheet.write_row(1, 0, ["F1", "C1", 10])
    book.close()
    return content.getvalue()


def archive(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("xl/workbook.xml", b"<workbook/>")
        for name, data in parts.items():
            new.writestr(f"xl/worksheets/{name}.xml", data)
    return made.getvalue()


@dataclass(frozen=True)
class Case:
    """A workbook, how it is declared, and the line that is said of it."""

    code: str
    content: bytes
    said: str
    source: dict[str, Any] = field(default_factory=dict)


CASES = [
    Case("I192", b"number;debtor;amount\n",
         "v.xlsx: error I192: this is not an Excel workbook (xlsx): no ZIP archive"),
    Case("I193", archive(sheet1=b'<row r="1048576"><c r="ZZ1"/></row>'),
         "v.xlsx: error I193: the workbook unpacks to more than an export has: 1048576 × 702, "
         "at most 30000000"),
    Case("I194", archive(sheet1=b"<!DOCTYPE a><a/>"),
         "v.xlsx: error I194: the workbook has a part that no spreadsheet writes, "
         "xl/worksheets/sheet1.xml: a document type"),
    Case("I195", workbook()[:-30],
         "v.xlsx: error I195: the workbook cannot be read: File is not a zip file"),
    Case("I196", workbook(),
         "v.xlsx: error I196: the workbook has no sheet Achats; it has Ventes", {"sheet": "Achats"}),
    Case("I197", workbook("Achats"), "v.xlsx: info I197: sheet Ventes is read; not read: Achats"),
]  # fmt: skip


def concise(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.span}: {diagnostic.severity} {diagnostic.code}: {diagnostic.message()}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_each_code_has_its_smallest_workbook(tmp_path: Path, case: Case) -> None:
    (tmp_path / "v.xlsx").write_bytes(case.content)
    policy = Policy.model_validate(
        {
            "creditor": {
                "name": "Menuiserie Lenoir SARL",
                "country": "FR",
                "address": ["69003 Lyon"],
                "email": "compta@lenoir.example",
            },
            "sources": [{"name": "ventes", "kind": "xlsx", "path": "v.xlsx", **case.source}],
            "segments": [{"name": "standard", "procedure": "standard"}],
            "channels": {"email": {"kind": "outbox", "folder": "out"}},
        }
    ).model_copy(update={"root": tmp_path})
    reading = read(policy)
    assert case.said in [concise(d) for d in reading.diagnostics]
    assert reading.refused == any(d.severity == "error" for d in reading.diagnostics)


def test_every_code_has_a_case_and_is_explained() -> None:
    rules = [rule for rule in vars(xlsx_codes).values() if isinstance(rule, Rule)]
    assert sorted(rule.code for rule in rules) == [case.code for case in CASES]
    assert all(rule.hint and rule.explanation for rule in rules)
