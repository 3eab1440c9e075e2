"""A ledger that is not whole, or not a ledger, gives nothing: a missing line may be a payment."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relance.diagnostics import Severity
from relance.intake.fec_codes import REFUSALS

from .fec_ledgers import COLUMNS, Fec, Read, line, read


def ledger() -> Fec:
    fec = (
        Fec()
        .opening("20260101", line("411000/C1", 300, "RAN"))
        .receipt("C1", "20260105", 300, "AA")
    )
    fec.sale("C1", "F1", "20260110", 1234.56).sale("C2", "F2", "20260112", 60, "AB")
    return fec.receipt("C2", "20260201", 60, "AB").credit_note("C2", "AV1", "20260203", 5)


def refused(result: Read, *codes: str) -> bool:
    errors = {d.code for d in result.diagnostics if d.severity is Severity.ERROR}
    assert result.items.is_empty()
    assert not result.files
    return set(codes) == errors and bool(errors & REFUSALS)


def test_a_last_line_without_its_end(tmp_path: Path) -> None:
    assert refused(read(tmp_path, ledger().write(last_eol=False)), "I007")
    accepted = read(tmp_path, ledger().write(last_eol=False), unterminated="accept")
    assert accepted.open() == {"F1": 123456, "AV1": -500}


def test_debits_that_are_not_credits(tmp_path: Path) -> None:
    fec = ledger()
    fec.rows[4]["Debit"] = "1234,57"
    result = read(tmp_path, fec)
    assert refused(result, "I053")
    assert "differ by 0.01" in result.diagnostics[0].message()


def test_a_file_cut_inside_an_entry(tmp_path: Path) -> None:
    lines = ledger().write().splitlines(keepends=True)
    assert refused(read(tmp_path, b"".join(lines[:-1])), "I053")


@pytest.mark.parametrize("percent", range(1, 100))
def test_a_file_cut_anywhere_is_refused_or_ends_with_a_whole_entry(
    tmp_path: Path, percent: int
) -> None:
    data = ledger().write()
    cut = data[: len(data) * percent // 100]
    result = read(tmp_path, cut)
    whole_entries = cut.endswith(b"\n") and cut.count(b"\n") % 2 == 1
    assert whole_entries or any(d.code in REFUSALS for d in result.diagnostics)


def test_nul_bytes(tmp_path: Path) -> None:
    assert refused(read(tmp_path, ledger().write().replace(b"Ventes", b"Ven\0es", 1)), "I006")


def test_an_empty_file_and_a_header_alone(tmp_path: Path) -> None:
    assert refused(read(tmp_path, b""), "I003")
    assert refused(read(tmp_path, Fec().write()), "I003")


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"PK\x03\x04", "xlsx"),
        (b"%PDF-1.7\n", "PDF"),
        (b"<html><table>", "HTML"),
        (b"<?xml ?>", "XML"),
    ],
)
def test_another_kind_of_file(tmp_path: Path, start: bytes, kind: str) -> None:
    result = read(tmp_path, start + b"x" * 50 + b"\n")
    assert refused(result, "I050")
    assert kind in result.diagnostics[0].message()


def test_a_list_of_invoices(tmp_path: Path) -> None:
    assert refused(read(tmp_path, b"number;debtor;amount\nF1;C1;10,00\n"), "I051")


def test_columns_that_are_missing_are_named(tmp_path: Path) -> None:
    columns = tuple(c for c in COLUMNS if c not in ("EcritureLet", "PieceRef"))
    result = read(tmp_path, ledger().write(columns=columns))
    assert refused(result, "I052")
    assert result.diagnostics[0].message() == "columns are missing: PieceRef, EcritureLet"


@pytest.mark.parametrize(
    "written", ["abc", "1.234", "12,345", "1234,56 €", "1,2,3", "9" * 16, "1e5e5", "--5", "0x10"]
)
def test_an_amount_that_cannot_be_read(tmp_path: Path, written: str) -> None:
    fec = ledger()
    fec.rows[4]["Debit"] = written
    result = read(tmp_path, fec)
    assert refused(result, "I053", "I054", "I055")
    assert str(result.diagnostics[0].span) == "1FEC.txt:6"


@pytest.mark.parametrize("written", ["20261301", "hier", "20260230", "00010101", "260110", ""])
def test_a_date_that_cannot_be_read(tmp_path: Path, written: str) -> None:
    fec = ledger()
    fec.rows[4]["EcritureDate"] = written
    result = read(tmp_path, fec)
    assert refused(result, "I053", "I054", "I056")
    assert str(result.diagnostics[0].span) == "1FEC.txt:6"


def test_a_side_that_is_neither(tmp_path: Path) -> None:
    fec = ledger()
    for row in fec.rows:
        row["Montant"] = row["Debit"] if row["Credit"] == "0,00" else row["Credit"]
        row["Sens"] = "D" if row["Credit"] == "0,00" else "C"
    fec.rows[5]["Sens"] = "X"
    columns = tuple({"Debit": "Montant", "Credit": "Sens"}.get(name, name) for name in COLUMNS)
    assert refused(read(tmp_path, fec.write(columns=columns)), "I053", "I054", "I057")


def test_a_line_with_too_few_fields(tmp_path: Path) -> None:
    text = ledger().write() + b"VE\tVentes\t99\t20260110\n"
    result = read(tmp_path, text)
    assert refused(result, "I054", "I058")
    assert "4 fields" in result.diagnostics[0].message()


def test_a_line_without_account(tmp_path: Path) -> None:
    fec = ledger()
    fec.rows[5]["CompteNum"] = " "
    assert "I059" in {d.code for d in read(tmp_path, fec).diagnostics}


def test_an_entry_that_does_not_balance_while_the_ledger_does(tmp_path: Path) -> None:
    fec = ledger()
    fec.rows[4]["EcritureNum"] = "98"
    result = read(tmp_path, fec)
    assert result.sums == (122956, 122956)
    told = [d for d in result.diagnostics if d.code == "I061"]
    assert [str(d.span) for d in told] == ["1FEC.txt:6", "1FEC.txt:7"]


def test_an_opening_of_customers_alone_is_read_and_told(tmp_path: Path) -> None:
    fec = ledger()
    del fec.rows[1]
    result = read(tmp_path, fec)
    assert result.sums == (122956, 122956)
    assert result.codes == {"I062"}


def test_one_refused_file_leaves_no_items_of_the_others(tmp_path: Path) -> None:
    result = read(tmp_path, ledger(), b"x\n")
    assert result.items.is_empty()
    assert [file.path for file in result.files] == ["1FEC.txt"]


def test_no_file(tmp_path: Path) -> None:
    assert refused(read(tmp_path), "I001")


def test_many_odd_lines_are_told_in_one(tmp_path: Path) -> None:
    fec = Fec()
    for n in range(200):
        fec.sale("C1", f"F{n}", "20260110", 10)
    for row in fec.rows:
        row["EcritureDate"] = "x"
    result = read(tmp_path, fec)
    assert len(result.diagnostics) < 60
    assert "I048" in result.codes


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_no_bytes_whatever_raise(tmp_path: Path, data: st.DataObject) -> None:
    text = bytearray(ledger().write(data.draw(st.sampled_from(["\t", "|", ";"]))))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(text)))
        junk = data.draw(
            st.one_of(
                st.binary(max_size=4),
                st.sampled_from([b"\t", b"|", b"\n", b"\r", b'"', b"-", b"9" * 20]),
            )
        )
        text[at : at + data.draw(st.integers(0, 5))] = junk
    result = read(tmp_path, bytes(text))
    for diagnostic in result.diagnostics:
        assert diagnostic.message()
        diagnostic.hint()
