from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from relance.intake.reading import Reading, read

from .conftest import codes, policy

HEAD = ["N° facture", "Code client", "Date facture", "Échéance", "Montant TTC", "Reste dû"]
Rows = list[list[Any]]


def workbook(rows: Rows, *, at: tuple[int, int] = (0, 0), others: tuple[str, ...] = ()) -> bytes:
    """An Excel workbook whose first sheet has `rows` from the cell `at` on."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet("Ventes")
    dated = book.add_format({"num_format": "dd/mm/yyyy"})
    for row, cells in enumerate(rows, at[0]):
        for column, cell in enumerate(cells, at[1]):
            if isinstance(cell, date):
                sheet.write_datetime(row, column, cell, dated)
            elif isinstance(cell, str):
                sheet.write_string(row, column, cell)
            elif cell is not None:
                sheet.write(row, column, cell)
    for name in others:
        book.add_worksheet(name).write_row(0, 0, ["number", "debtor", "amount"])
    book.close()
    return content.getvalue()


ReadXlsx = Callable[..., Reading]


@pytest.fixture
def read_xlsx(tmp_path: Path) -> ReadXlsx:
    def reading(content: bytes, **source: Any) -> Reading:
        (tmp_path / "ventes.xlsx").write_bytes(content)
        declared = {"name": "ventes", "kind": "xlsx", "path": "ventes.xlsx", **source}
        return read(policy(tmp_path, [declared]))

    return reading


def changed(content: bytes, parts: dict[str, bytes | None]) -> bytes:
    """The workbook with some of its parts replaced, added, or (None) left out."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name), zipfile.ZIP_DEFLATED)
        for name, data in parts.items():
            if data is not None:
                new.writestr(name, data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


PLAIN = workbook([HEAD, ["F1", "C1", date(2026, 3, 2), date(2026, 4, 1), 120.5, 100]])


def test_rows_are_read_as_those_of_a_csv_file(read_xlsx: ReadXlsx) -> None:
    rows = [
        ["Menuiserie Lenoir"], ["Export du", date(2026, 3, 1)], [], HEAD,
        ["F1", "C1", date(2026, 3, 2), date(2026, 4, 1), 1234.5, 1234.5],
        ["F2", 1002, 46100, "15/04/2026", 0.1 + 0.2, None],
        ["AV3", "C3", "02/03/2026", None, -12.5, None],
        ["Total", None, None, None, 1222.3],
    ]  # fmt: skip
    reading = read_xlsx(workbook(rows))
    items = reading.items.select(
        "number", "debtor", "issued", "due", "amount", "open", "kind", "line"
    )
    assert items.rows() == [
        ("F1", "C1", date(2026, 3, 2), date(2026, 4, 1), 123450, 123450, "invoice", 5),
        ("F2", "1002", date(2026, 3, 19), date(2026, 4, 15), 30, 30, "invoice", 6),
        ("AV3", "C3", date(2026, 3, 2), None, -1250, -1250, "credit_note", 7),
    ]
    assert codes(reading) == ["I022"]
    assert reading.files[0].kind == "xlsx"


def test_rows_are_counted_from_the_top_of_the_sheet(read_xlsx: ReadXlsx) -> None:
    reading = read_xlsx(workbook([HEAD, ["F1", "C1", None, None, 10, 10]], at=(3, 2)))
    assert reading.items.select("number", "line").rows() == [("F1", 5)]


@pytest.mark.parametrize(
    ("cells", "amounts"),
    [
        ([1234.5, "1 234,56 €", "12,5"], [123450, 123456, 1250]),
        ([1234.5, 1000, 0.5], [123450, 100000, 50]),
        ([1234.5, "1.234,00", 7], [123450, 123400, 700]),
        (["1,234.50", 1234.5, 1000], [123450, 123450, 100000]),
    ],
)
def test_numbers_have_a_point_and_text_the_mark_of_who_typed_it(
    read_xlsx: ReadXlsx, cells: list[Any], amounts: list[int]
) -> None:
    rows = [
        ["number", "debtor", "amount"],
        *([f"F{n}", "C1", cell] for n, cell in enumerate(cells)),
    ]
    reading = read_xlsx(workbook(rows))
    assert reading.items.sort("number")["amount"].to_list() == amounts
    assert not reading.refused


def test_the_mark_of_the_policy_is_that_of_text_only(read_xlsx: ReadXlsx) -> None:
    rows = [["number", "debtor", "amount"], ["F1", "C1", 1234.5], ["F2", "C1", "1,5"]]
    reading = read_xlsx(workbook(rows), decimal=",")
    assert reading.items["amount"].to_list() == [123450, 150]


def test_a_number_of_three_decimals_is_never_taken_for_thousands(read_xlsx: ReadXlsx) -> None:
    rows = [["number", "debtor", "amount"], ["F1", "C1", 1.234], ["F2", "C1", "1.000,50"]]
    reading = read_xlsx(workbook(rows))
    assert reading.items.select("number", "amount").rows() == [("F2", 100050)]
    assert codes(reading) == ["I033", "I046"]


def test_cells_of_several_lines_and_marks_stay_one_cell(read_xlsx: ReadXlsx) -> None:
    rows = [["number", "debtor", "debtor_name", "amount"],
            ["F1", "C1", 'Le "Bon"; Coin\nSARL', 10], ["F2", "C2", "B", 20]]  # fmt: skip
    reading = read_xlsx(workbook(rows))
    assert reading.items.select("debtor_name", "line").rows() == [
        ('Le "Bon"; Coin SARL', 2), ("B", 3),
    ]  # fmt: skip


def test_a_sheet_is_found_by_its_name(read_xlsx: ReadXlsx) -> None:
    content = workbook([HEAD, ["F1", "C1", None, None, 10, 10]], others=("Achats", "Banque"))
    assert codes(read_xlsx(content)) == ["I197"]
    assert read_xlsx(content, sheet="Achats").items.is_empty()
    reading = read_xlsx(content, sheet="Vente")
    assert codes(reading) == ["I196"]
    assert reading.refused


def test_the_newest_of_full_exports_is_read(tmp_path: Path) -> None:
    import os

    for day, name in enumerate(("a.xlsx", "b.xlsx")):
        (tmp_path / name).write_bytes(workbook([HEAD, [name, "C1", None, None, 10, 10]]))
        os.utime(tmp_path / name, (day, day))
    source = {"name": "v", "kind": "xlsx", "path": "*.xlsx", "full": True}
    reading = read(policy(tmp_path, [source]))
    assert reading.items["number"].to_list() == ["b.xlsx"]
    assert codes(reading) == ["I021"]


def test_macros_and_pictures_are_not_opened(read_xlsx: ReadXlsx) -> None:
    strange = {"xl/vbaProject.bin": b"\0" * 1000, "xl/media/image1.png": b"\x89PNG"}
    assert read_xlsx(changed(PLAIN, strange)).items["number"].to_list() == ["F1"]


SHEET = "xl/worksheets/sheet1.xml"
_CELLS = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%b</sheetData></worksheet>'


def _spread(rows: bytes) -> bytes:
    return changed(PLAIN, {SHEET: _CELLS % rows})


REFUSED = {
    "old": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "I192"),
    "text": (b"number;debtor\n", "I192"),
    "ods": (changed(PLAIN, {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                            "content.xml": b"<a/>"}), "I192"),
    "binary": (changed(PLAIN, {"xl/workbook.xml": None, "xl/workbook.bin": b"x"}), "I192"),
    "archive": (changed(PLAIN, {"xl/workbook.xml": None}), "I192"),
    "far cell": (_spread(b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "I193"),
    "many rows": (_spread(b'<row r="1">' + b"<c><v>1</v></c>" * 60 + b"</row>" + b"<row/>" * 600_000), "I193"),
    "ratio": (changed(PLAIN, {"xl/sharedStrings.xml": b"<sst>" + b" " * 80_000_000 + b"</sst>"}), "I193"),
    "parts": (changed(PLAIN, {f"xl/a{n}.xml": b"" for n in range(5001)}), "I193"),
    "dtd": (changed(PLAIN, {"xl/sharedStrings.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><sst/>'}), "I194"),
    "dtd in utf-16": (changed(PLAIN, {"xl/styles.xml": '<!DOCTYPE a><a/>'.encode("utf-16-le")}), "I194"),
    "way out": (changed(PLAIN, {"../../etc/x.xml": b"<a/>"}), "I194"),
    "cut": (PLAIN[: len(PLAIN) // 2], "I195"),
    "sheet of nothing": (changed(PLAIN, {SHEET: b"<worksheet"}), "I195"),
    "empty": (workbook([]), "I003"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "code"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_export_is_refused_before_it_is_opened(
    read_xlsx: ReadXlsx, content: bytes, code: str
) -> None:
    reading = read_xlsx(content)
    assert codes(reading) == [code]
    assert reading.refused
    assert reading.items.is_empty()


def test_a_size_that_is_not_the_declared_one_is_refused(read_xlsx: ReadXlsx) -> None:
    """The directory of the archive says less than the part unpacks to."""
    bomb = changed(PLAIN, {"xl/sharedStrings.xml": b"<sst>" + b"a" * 3_000_000 + b"</sst>"})
    size = (3_000_011).to_bytes(4, "little")
    assert bomb.count(size) == 2
    assert codes(read_xlsx(bomb.replace(size, (100).to_bytes(4, "little")))) == ["I195"]


def test_an_encrypted_part_is_refused(read_xlsx: ReadXlsx) -> None:
    marked = bytearray(PLAIN)
    place = PLAIN.index(b"PK\x01\x02")
    marked[place + 8] |= 1
    assert codes(read_xlsx(bytes(marked))) == ["I194"]


def test_cells_without_names_stand_beside_one_another(read_xlsx: ReadXlsx) -> None:
    def row(*cells: str) -> bytes:
        made = "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)
        return f"<row>{made}</row>".encode()

    reading = read_xlsx(_spread(row("number", "debtor", "amount") + row("F1", "C1", "10,5")))
    assert reading.items.select("number", "amount").rows() == [("F1", 1050)]
