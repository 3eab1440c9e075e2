"""Which number a document of a ledger has."""

from __future__ import annotations

from pathlib import Path

import pytest

from .fec_ledgers import Fec, line, read


def test_piece_ref_with_its_inner_spaces_collapsed(tmp_path: Path) -> None:
    assert set(read(tmp_path, Fec().sale("C1", "FA  220062", "20260110", 10)).open()) == {
        "FA 220062"
    }


def test_a_piece_ref_of_the_month_is_not_the_number(tmp_path: Path) -> None:
    fec = Fec()
    for n in range(1, 7):
        fec.sale(f"C{n}", "VE  0126", "20260110", n, number=f"{n:08}")
    result = read(tmp_path, fec)
    assert set(result.open()) == {f"{n:08}" for n in range(1, 7)}
    assert result.codes == {"I073"}
    told = next(d for d in result.diagnostics if d.code == "I073")
    assert told.message() == (
        "book VE: PieceRef (“VE  0126”) is not the invoice number; EcritureNum is used"
    )


def test_a_piece_ref_that_one_customer_has_on_two_entries_is_not_the_number(tmp_path: Path) -> None:
    fec = (
        Fec()
        .sale("C1", "P1", "20260110", 10, number="41")
        .sale("C1", "P1", "20260111", 20, number="42")
    )
    fec.sale("C2", "P2", "20260110", 5)
    assert set(read(tmp_path, fec).open()) == {"41", "42", "P2"}


def test_an_invoice_and_the_credit_note_on_it_may_share_their_piece_ref(tmp_path: Path) -> None:
    fec = Fec().sale("C1", "F1", "20260110", 10).credit_note("C1", "F1", "20260111", 4)
    assert read(tmp_path, fec).items["number"].to_list() == ["F1", "F1"]


@pytest.mark.parametrize("piece", ["", "-", "0000000", "RAN", "sans", "PIECE", "divers"])
@pytest.mark.parametrize(
    ("label", "number"),
    [
        ("Facture 2026-015 Dupont", "2026-015"),
        ("FACT. N° F26/0015", "F26/0015"),
        ("FA 260015 chantier", "FA 260015"),
        ("Dupont FC260015", "FC260015"),
        ("Facture du 31/12/2025", "77"),
        ("Facture 2026", "77"),
        ("Vente", "77"),
    ],
)
def test_without_piece_ref_the_label_or_the_entry_gives_the_number(
    tmp_path: Path, piece: str, label: str, number: str
) -> None:
    customer = line("411000/C1", 10, piece, EcritureLib=label)
    fec = Fec().entry("VE", "20260110", customer, line("706000", -10), number="77")
    assert set(read(tmp_path, fec).open()) == {number}


def test_entry_numbers_that_are_all_the_same(tmp_path: Path) -> None:
    fec = (
        Fec()
        .sale("C1", "F1", "20260110", 10, number="0")
        .sale("C2", "F2", "20260110", 20, number="0")
    )
    fec.sale("C3", "", "20260112", 30, number="0")
    result = read(tmp_path, fec)
    assert result.open() == {"F1": 1000, "F2": 2000, "VE 20260112": 3000}
    assert set(result.items["kind"]) == {"invoice"}


def test_entry_numbers_that_restart_in_each_book(tmp_path: Path) -> None:
    fec = Fec().sale("C1", "F1", "20260110", 10, "AA", number="1")
    fec.entry("BQ", "20260110", line("512000", 10), line("411000/C1", -10, "", "AA"), number="1")
    result = read(tmp_path, fec)
    assert result.sums == (0, 0)
    assert result.codes == set()


def test_openings_in_detail_are_the_old_invoices(tmp_path: Path) -> None:
    old = line("411000/C1", 80, "FA250199", PieceDate="20251105", EcritureLib="Facture")
    fec = Fec().opening(
        "20260101", old, line("411000/C2", 40, "RAN"), line("411000/C3", -7, "AV2504")
    )
    result = read(tmp_path, fec)
    row = result.item("FA250199")
    assert (row["kind"], str(row["issued"])) == ("invoice", "2025-11-05")
    assert result.item("AN 2026")["kind"] == "opening"
    assert result.item("AV2504")["kind"] == "credit_note"


def test_an_opening_piece_shared_by_customers_is_no_number(tmp_path: Path) -> None:
    fec = Fec().opening("20260101", line("411000/C1", 80, "BAL01"), line("411000/C2", 40, "BAL01"))
    assert read(tmp_path, fec).items["number"].to_list() == ["AN 2026", "AN 2026"]


@pytest.mark.parametrize(
    ("code", "name"),
    [("AN", "Journal"), ("RAN", "x"), ("AD", "A Nouveaux Détaillés"), ("X1", "Report à nouveau"),
     ("00", "Ouverture"), ("A.N", "")],
)  # fmt: skip
def test_books_of_the_opening_balance(tmp_path: Path, code: str, name: str) -> None:
    lines = [line("411000/C1", 80, "RAN"), line("120000", -80)]
    fec = Fec().sale("C2", "F1", "20260110", 10)
    fec.entry(code, "20260101", *({**row, "JournalLib": name} for row in lines))
    assert "AN 2026" in read(tmp_path, fec).open()


def test_a_book_that_touches_revenue_opens_nothing(tmp_path: Path) -> None:
    fec = Fec().entry("AN", "20260101", line("411000/C1", 80, "F1"), line("706000", -80))
    assert read(tmp_path, fec).item("F1")["kind"] == "invoice"


def test_an_opening_in_the_book_of_other_operations(tmp_path: Path) -> None:
    fec = Fec().sale("C2", "F1", "20260110", 10)
    label = {"EcritureLib": "A NOUVEAU"}
    fec.entry("OD", "20260101", line("411000/C1", 80, "", **label), line("120000", -80, **label))
    assert read(tmp_path, fec).item("AN 2026")["kind"] == "opening"
