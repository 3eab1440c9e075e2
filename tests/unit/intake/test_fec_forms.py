"""One ledger in the many forms that software writes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .fec_ledgers import COLUMNS, Fec, line, read


def ledger() -> Fec:
    fec = Fec().sale("C1", "F1", "20260110", 1234.56).sale("C2", "F2", "20260112", 60, "AA")
    return fec.receipt("C2", "20260201", 60, "AA")


OPEN = {"F1": 123456}


@pytest.mark.parametrize("separator", ["\t", "|", ";"])
@pytest.mark.parametrize("eol", ["\n", "\r\n", "\r", "\r\r\n"])
def test_separators_and_line_ends(tmp_path: Path, separator: str, eol: str) -> None:
    result = read(tmp_path, ledger().write(separator, eol))
    assert result.open() == OPEN
    assert result.codes == set()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "iso-8859-15"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    fec = Fec().sale("C1", "F1", "20260110", 10, CompAuxLib="Café Müller €")
    result = read(tmp_path, fec.write(encoding=encoding))
    assert result.item("F1")["debtor_name"] == "Café Müller €"


def test_21_and_22_columns(tmp_path: Path) -> None:
    more = (*COLUMNS, "DateRglt", "ModeRglt", "NatOp", "IdClient")
    for columns in (more[:21], more):
        assert read(tmp_path, ledger().write(columns=columns)).open() == OPEN


def test_an_extra_separator_at_the_end_of_each_line(tmp_path: Path) -> None:
    text = ledger().write("|").replace(b"\n", b"|\n")
    assert read(tmp_path, text).open() == OPEN
    body = ledger().write("|").replace(b"\n", b"|\n").replace(b"Idevise|", b"Idevise")
    assert read(tmp_path, body).open() == OPEN


def test_header_names_in_any_case_with_accents_and_quotes(tmp_path: Path) -> None:
    text = ledger().write().decode().replace("Debit\tCredit", "DÉBIT\tCrédit ")
    assert read(tmp_path, text.encode()).open() == OPEN
    quoted = "\n".join(
        "\t".join(f'"{field}"' for field in row.split("\t"))
        for row in ledger().write().decode().splitlines()
    )
    assert read(tmp_path, f"{quoted}\n".encode()).open() == OPEN


def test_padded_columns(tmp_path: Path) -> None:
    text = ledger().write("|").decode().splitlines()
    padded = [text[0], *("|".join(f"{field:<14}" for field in row.split("|")) for row in text[1:])]
    result = read(tmp_path, ("\n".join(padded) + "\n").encode("cp1252"))
    assert result.open() == OPEN
    assert result.item("F1")["debtor"] == "C1"


def test_columns_in_another_order(tmp_path: Path) -> None:
    columns = (*COLUMNS[5:], *COLUMNS[:5])
    assert read(tmp_path, ledger().write(columns=columns)).open() == OPEN


@pytest.mark.parametrize(("debit", "credit"), [("D", "C"), ("d", "c"), ("+1", "-1"), ("1", "-1")])
def test_montant_and_sens(tmp_path: Path, debit: str, credit: str) -> None:
    fec = ledger()
    for row in fec.rows:
        is_debit = row["Credit"] == "0,00"
        row["Montant"] = row["Debit"] if is_debit else row["Credit"]
        row["Sens"] = debit if is_debit else credit
    columns = tuple({"Debit": "Montant", "Credit": "Sens"}.get(name, name) for name in COLUMNS)
    result = read(tmp_path, fec.write(columns=columns))
    assert result.open() == OPEN
    assert result.files[0].detected["amounts"] == "Montant, Sens"


@pytest.mark.parametrize(
    "written",
    ["1234,56", "1234.56", "0000001234,56", "1 234,56", "1\u202f234,56", "1.234,56", "1,234.56",
     "+1234,56", "1234,56+", "1234,560000", "1.23456E3"],
)  # fmt: skip
def test_amounts_as_they_are_written(tmp_path: Path, written: str) -> None:
    fec = ledger()
    fec.rows[0]["Debit"] = fec.rows[1]["Credit"] = written
    assert read(tmp_path, fec).open() == OPEN


@pytest.mark.parametrize("written", ["-1234,56", "1234,56-", "(1234,56)"])
def test_a_negative_credit_is_a_debit(tmp_path: Path, written: str) -> None:
    fec = ledger()
    fec.rows[0] |= {"Debit": "0,00", "Credit": written}
    fec.rows[1] |= {"Debit": written, "Credit": ""}
    assert read(tmp_path, fec).open() == OPEN


def test_commas_and_points_in_one_file(tmp_path: Path) -> None:
    fec = ledger()
    fec.rows[1]["Credit"] = "1234.56"
    assert read(tmp_path, fec).open() == OPEN


@pytest.mark.parametrize(
    "written",
    ["20260110", "10/01/2026", "2026-01-10", "10.01.2026", "2026/01/10 00:00:00", "10012026"],
)
def test_dates_as_they_are_written(tmp_path: Path, written: str) -> None:
    fec = ledger()
    for row in fec.rows[:2]:
        row |= {"EcritureDate": written, "PieceDate": written}
    assert str(read(tmp_path, fec).item("F1")["issued"]) == "2026-01-10"


@pytest.mark.parametrize("none", ["", "00000000", "--", "  /  /    "])
def test_a_zero_date_is_none(tmp_path: Path, none: str) -> None:
    fec = Fec().sale("C1", "F1", "20260110", 10, PieceDate=none)
    assert str(read(tmp_path, fec).item("F1")["issued"]) == "2026-01-10"


def test_the_separator_inside_a_label_is_put_right(tmp_path: Path) -> None:
    fec = ledger()
    fec.rows[0]["EcritureLib"] = "Facture | chantier | Lyon"
    result = read(tmp_path, fec.write("|"))
    assert result.open() == OPEN
    assert result.codes == {"I060"}
    assert result.diagnostics[0].span.line == 2


def test_the_separator_inside_a_customers_name_is_put_right(tmp_path: Path) -> None:
    fec = ledger()
    fec.rows[0]["CompAuxLib"] = "Dupont|Fils"
    assert read(tmp_path, fec.write("|")).item("F1")["debtor_name"] == "Dupont|Fils"


def test_a_line_end_inside_a_label_is_put_right(tmp_path: Path) -> None:
    fec = ledger()
    fec.rows[0]["EcritureLib"] = "Facture\nchantier"
    result = read(tmp_path, fec)
    assert result.open() == OPEN
    assert result.item("F1")["line"] == 2
    assert "I060" in result.codes


def test_lines_without_their_last_empty_fields(tmp_path: Path) -> None:
    text = re.sub(rb"\t+\n", b"\n", ledger().write())
    assert read(tmp_path, text).open() == OPEN


def test_blank_lines_and_a_header_that_comes_again_are_passed_over(tmp_path: Path) -> None:
    lines = ledger().write().decode().splitlines()
    text = "\n".join([*lines[:3], "", "   ", lines[0], *lines[3:], ""]) + "\n"
    result = read(tmp_path, text.encode())
    assert result.open() == OPEN
    assert result.codes == set()


def test_line_numbers_are_those_of_the_file(tmp_path: Path) -> None:
    lines = ledger().write().decode().splitlines()
    text = "\n".join([lines[0], "", *lines[1:]]) + "\n"
    assert read(tmp_path, text.encode()).item("F1")["line"] == 3


def test_what_was_detected_is_told(tmp_path: Path) -> None:
    fec = ledger()
    fec.rows[0]["DateLet"] = "20260305"
    file = read(tmp_path, fec.write("|", encoding="cp1252")).files[0]
    assert (file.kind, file.rows, file.path) == ("fec", 6, "1FEC.txt")
    assert file.detected["delimiter"] == "|"
    assert file.detected["first"] == "2026-01-10"
    assert file.detected["last"] == "2026-02-01"
    assert file.detected["snapshot"] == "2026-03-05"


def test_no_control_or_direction_characters_in_what_is_shown(tmp_path: Path) -> None:
    fec = Fec().entry(
        "VE", "20260110",
        line("411000/C\u202e1", 10, "F\x1b 1", CompAuxLib="A\u2028B\x07  C"),
        line("706000", -10, "F1"),
    )  # fmt: skip
    row = read(tmp_path, fec).items.row(0, named=True)
    assert (row["debtor"], row["number"], row["debtor_name"]) == ("C 1", "F 1", "A B C")
