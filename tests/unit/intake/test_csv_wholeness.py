from __future__ import annotations

import os
from pathlib import Path

import pytest

from relance.intake.reading import read

from .conftest import ReadCsv, codes, policy

HEAD = "number,debtor,due,amount\n"
TWO = HEAD + "F1,C1,2026-03-31,10.00\nF2,C1,2026-03-31,20.00\n"


def test_a_complete_file_is_read(read_csv: ReadCsv) -> None:
    reading = read_csv(TWO)
    assert not reading.refused
    assert reading.items["number"].to_list() == ["F1", "F2"]
    assert reading.items["amount"].to_list() == [1000, 2000]
    assert reading.files[0].rows == 2
    assert reading.files[0].detected["delimiter"] == ","


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (TWO.encode()[:-3], "I007", 3),
        (TWO.encode()[:-12], "I007", 3),
        (b"", "I003", None),
        (b"\n\n  \n", "I003", None),
        (b"\xef\xbb\xbf", "I003", None),
        (TWO.encode() + b"F3,C1,2026-03-31,\x0030\n", "I006", 4),
        (TWO.encode() + b'F3,"C1,2026-03-31,30\n', "I008", 4),
        (TWO.encode() + b'F3,"C1,2026\nF4,"C1",2026-03-31,30\n', "I008", 4),
        (TWO.encode() + b"F3,C1\n", "I009", 4),
        (TWO.encode() + b"F3,C1,2026-03-31,30,x\n", "I009", 4),
        (TWO.encode() + b"F3,Lenoir, Paul,2026-03-31,30\n" + b"F4,C1,2026-03-31,1\n", "I009", 4),
        (b"PK\x03\x04\x14\x00\x06\x00", "I004", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "I004", None),
        (b"%PDF-1.7\n", "I004", None),
        (b"<!DOCTYPE html>\n<html><body>502 Bad Gateway</body></html>\n", "I004", None),
        (b"  <html>\n", "I004", None),
        (b'{"error": "expired"}\n', "I004", None),
        (b"nom;ville\nLenoir;Lyon\n", "I010", 1),
    ],
)
def test_a_file_that_is_not_whole_is_refused_with_its_line(
    read_csv: ReadCsv, content: bytes, code: str, line: int | None
) -> None:
    reading = read_csv(content)
    assert reading.refused
    assert [(d.code, d.span.line if d.span else None) for d in reading.diagnostics] == [
        (code, line)
    ]
    assert reading.items.height == 0
    assert reading.files == ()


def test_a_last_line_without_end_is_read_where_the_policy_accepts_it(read_csv: ReadCsv) -> None:
    reading = read_csv(TWO.rstrip("\n"), unterminated="accept")
    assert reading.items["number"].to_list() == ["F1", "F2"]


def test_a_full_export_without_rows_is_refused(read_csv: ReadCsv) -> None:
    assert codes(read_csv(HEAD, full=True)) == ["I013"]
    reading = read_csv(HEAD)
    assert not reading.refused
    assert reading.items.height == 0


def test_an_aged_balance_is_refused(read_csv: ReadCsv) -> None:
    content = "Client;Non échu;0-30;31-60;61-90;> 90 jours;Total\nC1;0;10;0;0;5;15\n"
    reading = read_csv(content)
    assert codes(reading) == ["I014"]
    assert "31-60" in reading.diagnostics[0].message()


def test_a_missing_column_names_the_headers_and_the_nearest(read_csv: ReadCsv) -> None:
    reading = read_csv("Numero de factur;Code client;Montant TTC\nF1;C1;10\n")
    assert codes(reading) == ["I010"]
    assert "Numero de factur, Code client, Montant TTC" in reading.diagnostics[0].message()
    assert "Numero de factur" in reading.diagnostics[0].hint()


def test_a_mapped_header_that_is_absent_is_refused(read_csv: ReadCsv) -> None:
    reading = read_csv("N° piece;Client;Montant\nF1;C1;10\n", columns={"number": "N° pce"})
    assert codes(reading) == ["I011"]
    assert "N° piece" in reading.diagnostics[0].hint()


def test_a_column_that_relance_does_not_have_is_refused(read_csv: ReadCsv) -> None:
    assert codes(read_csv(TWO, columns={"numbr": "number"})) == ["I012"]


def test_a_pattern_without_files_is_refused(tmp_path: Path) -> None:
    reading = read(policy(tmp_path, [{"name": "v", "kind": "csv", "path": "exports/v*.csv"}]))
    assert reading.refused
    assert codes(reading) == ["I001"]


def test_a_missing_customers_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_text(TWO)
    sources = [{"name": "v", "kind": "csv", "path": "v.csv"}]
    reading = read(policy(tmp_path, sources, customers={"path": "clients.csv"}))
    assert reading.refused


def test_the_newest_file_of_a_full_export_is_read(tmp_path: Path) -> None:
    for age, name in enumerate(("b.csv", "a.csv")):
        (tmp_path / name).write_text(HEAD + f"{name},C1,,10\n")
        os.utime(tmp_path / name, (1_700_000_000 + age, 1_700_000_000 + age))
    source = {"name": "v", "kind": "csv", "path": "*.csv"}
    full = read(policy(tmp_path, [{**source, "full": True}]))
    assert full.items["number"].to_list() == ["a.csv"]
    assert [(d.code, str(d.span)) for d in full.diagnostics if d.code == "I021"] == [
        ("I021", "b.csv")
    ]
    both = read(policy(tmp_path, [source]))
    assert sorted(both.items["number"]) == ["a.csv", "b.csv"]
    assert [file.modified for file in both.files] == [1_700_000_000, 1_700_000_001]


def test_one_refused_file_of_several_refuses_the_reading(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TWO)
    (tmp_path / "b.csv").write_text(TWO[:-3])
    reading = read(policy(tmp_path, [{"name": "v", "kind": "csv", "path": "*.csv"}]))
    assert reading.refused


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs a changing file")
def test_a_file_whose_size_does_not_hold_is_refused(tmp_path: Path) -> None:
    (tmp_path / "v.csv").symlink_to("/proc/self/status")
    reading = read(policy(tmp_path, [{"name": "v", "kind": "csv", "path": "v.csv"}]))
    assert codes(reading) == ["I005"]


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_text(TWO)
    (tmp_path / "v.csv").chmod(0)
    if os.access(tmp_path / "v.csv", os.R_OK):
        pytest.skip("this user may read everything")
    reading = read(policy(tmp_path, [{"name": "v", "kind": "csv", "path": "v.csv"}]))
    assert codes(reading) == ["I002"]


def test_the_fingerprint_is_that_of_the_bytes(read_csv: ReadCsv) -> None:
    from hashlib import sha256

    assert read_csv(TWO).files[0].fingerprint == sha256(TWO.encode()).hexdigest()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_any_line_end_is_read(read_csv: ReadCsv, end: str) -> None:
    reading = read_csv(TWO.replace("\n", end))
    assert reading.items["line"].to_list() == [2, 3]


def test_lines_are_those_of_the_file_after_cells_of_several_lines(read_csv: ReadCsv) -> None:
    content = 'number,debtor,debtor_name,amount\nF1,C1,"Lenoir\net\nfils",10\nF2,C2,"x",x\n'
    reading = read_csv(content)
    assert reading.items["line"].to_list() == [2]
    assert reading.items["debtor_name"].to_list() == ["Lenoir et fils"]
    assert [(d.code, d.span.line) for d in reading.diagnostics if d.code == "I032"] == [("I032", 5)]


def test_a_quotation_mark_inside_a_cell_is_a_character(read_csv: ReadCsv) -> None:
    content = 'number;debtor;debtor_name;amount\nF1;C1;Tubes 5" et cie;10\nF2;C2;"a ""b""; c";20\n'
    reading = read_csv(content)
    assert reading.items["debtor_name"].to_list() == ['Tubes 5" et cie', 'a "b"; c']


def test_empty_cells_beyond_the_header_are_no_fault(read_csv: ReadCsv) -> None:
    reading = read_csv("number;debtor;amount\nF1;C1;10;\nF2;C1;20;;\n")
    assert reading.items.height == 2
    assert not reading.refused
