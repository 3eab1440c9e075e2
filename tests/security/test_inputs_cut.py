"""Inputs that are cut, damaged or told twice: nobody is dunned from half of a file."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from intake.conftest import policy
from intake.einvoice_forms import cii, ubl

from relance.intake.reading import Reading, read
from scenarios.stage import CUSTOMERS, HEADER, Said, Stage, new_stage, verdicts

from .people import table

ROWS = 60
COLUMNS = HEADER.split(",")
BOOK = [
    [
        f"F{n}",
        f"C{n}",
        "2026-03-02",
        "2026-04-01",
        f"{100 + n}.50",
        f"{100 + n}.50",
        "EUR",
        "invoice",
    ]
    for n in range(ROWS)
]
PEOPLE = [
    [f"C{n}", f"Client {n}", "business", "FR", "fr", f"c{n}@client.example", "1 rue", "75001", "P"]
    for n in range(ROWS)
]


def workbook() -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet("Ventes")
    for n, row in enumerate([COLUMNS, *BOOK]):
        sheet.write_row(n, 0, row)
    book.close()
    return content.getvalue()


FORMS: dict[str, tuple[str, bytes]] = {
    "csv": ("csv", table(HEADER, BOOK).encode()),
    "csv with quotes": ("csv", table(HEADER, [[*r[:1], "C,1", *r[2:]] for r in BOOK]).encode()),
    "csv of Windows": ("csv", table(HEADER, BOOK).replace("\n", "\r\n").encode("cp1252")),
    "csv in UTF-16": ("csv", table(HEADER, BOOK).encode("utf-16")),
    "xlsx": ("xlsx", workbook()),
    "UBL": ("einvoice", ubl()),
    "CII": ("einvoice", cii()),
}


def reading(folder: Path, kind: str, data: bytes, **more: Any) -> Reading:
    name = {"xlsx": "v.xlsx", "einvoice": "v.xml"}.get(kind, "v.csv")
    (folder / name).write_bytes(data)
    source = {"name": "v", "kind": kind, "path": name, **more}
    if kind == "csv":
        source |= {"full": True}
    return read(policy(folder, [source]))


@pytest.mark.parametrize("form", FORMS)
def test_a_file_cut_at_each_percent_is_refused_or_ends_with_a_whole_row(
    form: str, tmp_path: Path
) -> None:
    kind, data = FORMS[form]
    whole = reading(tmp_path, kind, data)
    assert not whole.refused, [d.message() for d in whole.diagnostics]
    known = set(whole.items.select("number", "debtor", "due", "amount", "open").rows())
    for percent in range(1, 100, 4 if kind == "einvoice" else 1):  # XML is whole or it is not
        part = reading(tmp_path, kind, data[: len(data) * percent // 100])
        rows = set(part.items.select("number", "debtor", "due", "amount", "open").rows())
        if not part.refused:
            assert kind == "csv", percent
            assert data[: len(data) * percent // 100].decode(_encoding(form)).endswith("\n"), (
                percent
            )
        assert rows <= known, percent


def _encoding(form: str) -> str:
    return "utf-16" if "16" in form else "utf-8"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A book of 60 rows that a run has seen, before any of them is late."""
    stage = new_stage(tmp_path / "firm")
    stage.write("ventes.csv", table(HEADER, BOOK))
    stage.write("customers.csv", table(CUSTOMERS, PEOPLE))
    assert stage("run", "--date", "2026-03-30").code == 0
    return stage


def run_on(stage: Stage, text: str | bytes, name: str = "ventes.csv") -> Said:
    data = text if isinstance(text, bytes) else text.encode()
    (stage.root / name).write_bytes(data)
    return stage("run", "--date", "2026-04-08")


def rewritten(change: Callable[[list[str]], list[str]]) -> str:
    return table(HEADER, [change(list(row)) for row in BOOK])


@pytest.mark.parametrize("rows", [1, 12, 30, 47])
def test_a_file_cut_between_rows_is_caught_by_the_brake(rows: int, stage: Stage) -> None:
    said = run_on(stage, table(HEADER, BOOK[:rows]))
    assert said.code == 4, said
    assert "D05" in said.err
    assert stage.outbox() == []


def test_what_a_cut_of_a_few_rows_lost_is_missing_and_not_dunned(stage: Stage) -> None:
    """Below the brake's 20 % nothing tells a cut file from one with fewer rows: see docs/security."""
    stage.write("ventes.csv", table(HEADER, BOOK[:50]))
    plan = stage.plan("2026-04-08")
    said = verdicts(plan)
    assert {said[row[0]] for row in BOOK[50:]} == {"missing"}
    assert {said[row[0]] for row in BOOK[:50]} == {"act"}


WHOLE = table(HEADER, BOOK)
DAMAGED: dict[str, str | bytes] = {
    "empty": b"",
    "blank": "\n\n",
    "header only": HEADER + "\n",
    "last line without its end": WHOLE[:-1],
    "cut in the last amount": WHOLE[: WHOLE.rindex(",EUR") - 1],
    "NUL": WHOLE.replace("F30", "F\x0030"),
    "zeros at its end": WHOLE.encode() + b"\0" * 4096,
    "zeros for a block": WHOLE.encode()[:512] + b"\0" * 512 + WHOLE.encode()[1024:],
    "UTF-16 without its mark": WHOLE.encode("utf-16-le"),
    "half a character of UTF-16": WHOLE.encode("utf-16")[:-1],
    "a quotation mark that does not end": WHOLE.replace("F30", '"F30'),
    "a column less": WHOLE.replace(",EUR,invoice\nF31", ",invoice\nF31"),
    "a column more": WHOLE.replace("F30,", "F30,X,"),
    "two files in one": WHOLE + "id,name\nC1,X\n",
    "a page of an error": "<html><body>502 Bad Gateway</body></html>\n",
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_file_refuses_the_run(damage: str, stage: Stage) -> None:
    said = run_on(stage, DAMAGED[damage])
    assert said.code == 3, said
    assert "ventes.csv" in said.err
    assert stage.outbox() == []


SHIFTED: dict[str, tuple[str, int]] = {
    "signs flipped": (rewritten(lambda r: [*r[:4], "-" + r[4], "-" + r[5], *r[6:]]), 4),
    "decimal comma swapped": (
        rewritten(lambda r: [*r[:4], r[4].replace(".", ""), r[5].replace(".", ""), *r[6:]]), 4,
    ),
    "nine times the rows": (
        table(HEADER, [[f"{r[0]}-{n}", *r[1:]] for r in BOOK for n in range(9)]), 4,
    ),
    "a tenth of the rows": (table(HEADER, BOOK[:6]), 4),
}  # fmt: skip


@pytest.mark.parametrize("shift", SHIFTED)
def test_a_file_that_is_whole_and_wrong_is_caught_by_a_brake(shift: str, stage: Stage) -> None:
    text, code = SHIFTED[shift]
    said = run_on(stage, text)
    assert said.code == code, said
    assert stage.outbox() == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "cp1252", "iso-8859-15", "utf-8-sig"])
def test_a_mislabelled_encoding_never_changes_an_amount(encoding: str, tmp_path: Path) -> None:
    rows = [[*row[:1], "Café", *row[2:]] for row in BOOK]
    data = table(HEADER, rows).encode(encoding)
    if encoding == "utf-16-be":
        data = b"\xfe\xff" + data
    for said in (None, "utf-8", "cp1252", "utf-16"):
        made = reading(tmp_path, "csv", data, **({"encoding": said} if said else {}))
        if not made.refused:
            assert made.items["open"].sort().to_list() == [10050 + 100 * n for n in range(ROWS)]


def test_the_same_export_again_resorted_or_renamed_sends_nothing_more(stage: Stage) -> None:
    said = run_on(stage, WHOLE)
    if said.code == 4:  # the first run that sends so many: a person looks at it
        plan = stage.plan("2026-04-08")["plan_hash"]
        assert stage("approve", plan, "--date", "2026-04-08").code == 0
        assert stage("run", "--date", "2026-04-08").code == 0
    sent = len(stage.outbox())
    assert sent == ROWS
    stage.policy({"sources": [{"name": "ventes", "kind": "csv", "path": "v*.csv", "full": True}]})
    for name, text in {
        "ventes.csv": WHOLE,
        "ventes-2.csv": table(HEADER, BOOK[::-1]),
        "ventes-3.csv": table(HEADER, sorted(BOOK, key=lambda row: row[4])),
    }.items():
        assert run_on(stage, text, name).code == 0
        assert len(stage.outbox()) == sent


def test_a_customers_file_that_is_cut_refuses_the_run(stage: Stage) -> None:
    whole = table(CUSTOMERS, PEOPLE)
    said = run_on(stage, whole[: len(whole) // 2], "customers.csv")
    assert said.code == 3, said
    assert stage.outbox() == []
