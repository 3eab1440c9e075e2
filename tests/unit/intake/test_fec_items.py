"""From a ledger to what each customer owes."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from relance.ledger.schema import ITEMS, schema

from .fec_ledgers import Fec, line, read


def test_the_frame_has_the_columns_of_the_items(tmp_path: Path) -> None:
    result = read(tmp_path, Fec().sale("C1", "F1", "20260110", 120))
    assert result.items.schema == schema(ITEMS)
    row = result.item("F1")
    assert (row["item"], row["due"], row["terms"]) == (None, None, None)
    assert (row["source"], row["file"], row["line"]) == ("compta", "1FEC.txt", 2)
    assert (row["kind"], row["currency"], row["amount"], row["open"]) == (
        "invoice",
        "EUR",
        12000,
        12000,
    )
    assert (row["debtor"], row["debtor_name"], row["doubtful"]) == ("C1", "Client C1", False)


def test_a_lettered_group_that_balances_is_settled_and_kept(tmp_path: Path) -> None:
    fec = Fec().sale("C1", "F1", "20260110", 120, "AA").receipt("C1", "20260201", 120, "AA")
    result = read(tmp_path, fec)
    assert result.sums == (0, 0)
    assert result.item("F1")["open"] == 0
    assert result.items["kind"].to_list() == ["invoice"]


def test_one_letter_stands_for_another_group_on_each_account(tmp_path: Path) -> None:
    fec = Fec().sale("C1", "F1", "20260110", 120, "AA").receipt("C1", "20260201", 120, "AA")
    fec.sale("C2", "F2", "20260110", 50, "AA").receipt("C2", "20260201", 50, "AA")
    assert read(tmp_path, fec).sums == (0, 0)


def test_payments_of_last_years_invoices_settle_the_opening_lump(tmp_path: Path) -> None:
    fec = Fec().opening("20260101", line("411000/C1", 300, "RAN"))
    fec.receipt("C1", "20260110", 100, "AA").receipt("C1", "20260120", 150, "AB")
    result = read(tmp_path, fec)
    assert result.open() == {"AN 2026": 5000}
    assert result.item("AN 2026")["kind"] == "opening"
    assert result.sums == (5000, 5000)


def test_more_than_the_opening_leaves_a_credit(tmp_path: Path) -> None:
    fec = (
        Fec()
        .opening("20260101", line("411000/C1", 60, "RAN"))
        .receipt("C1", "20260110", 100, "AA", "CHQ77")
    )
    assert read(tmp_path, fec).open() == {"CHQ77": -4000}


def test_invoices_lettered_with_payments_of_next_year_are_not_dunned(tmp_path: Path) -> None:
    fec = Fec().sale("C1", "F1", "20261210", 120, "ZZ").sale("C1", "F2", "20261211", 30)
    result = read(tmp_path, fec)
    assert result.sums == (15000, 3000)
    assert "I065" in result.codes
    told = next(d for d in result.diagnostics if d.code == "I065")
    assert told.message().endswith("taken for settled: 1 (120.00)")


def test_they_are_open_if_the_source_says_so(tmp_path: Path) -> None:
    fec = Fec().sale("C1", "F1", "20261210", 120, "ZZ")
    result = read(tmp_path, fec, lettered_later="open")
    assert result.open() == {"F1": 12000}
    assert "I066" in result.codes


def test_a_part_payment_leaves_its_residue_on_the_latest_invoice(tmp_path: Path) -> None:
    fec = Fec().sale("C1", "F1", "20260110", 100, "AA").sale("C1", "F2", "20260210", 100, "AA")
    fec.receipt("C1", "20260301", 150, "AA")
    assert read(tmp_path, fec).open() == {"F2": 5000}


def test_a_residue_of_cents_is_closed_and_told(tmp_path: Path) -> None:
    fec = Fec().sale("C1", "F1", "20260110", 100.03, "AA").receipt("C1", "20260301", 100, "AA")
    result = read(tmp_path, fec)
    assert result.sums == (3, 0)
    assert "I067" in result.codes
    assert read(tmp_path, fec, tolerance="0").open() == {"F1": 3}


def test_small_letters_are_part_payments_where_others_are_capitals(tmp_path: Path) -> None:
    fec = Fec().sale("C1", "F1", "20260110", 100, "a").receipt("C1", "20260301", 40, "a")
    fec.sale("C2", "F2", "20260110", 10, "AA").receipt("C2", "20260301", 10, "AA")
    fec.sale("C3", "F3", "20260110", 70, "b")
    assert read(tmp_path, fec).open() == {"F1": 6000, "F3": 7000}


def test_an_unlettered_payment_is_a_credit_and_pays_nothing_by_guess(tmp_path: Path) -> None:
    fec = Fec().sale("C1", "F1", "20260110", 100).receipt("C1", "20260301", 100, piece="CHQ1")
    result = read(tmp_path, fec)
    assert result.open() == {"F1": 10000, "CHQ1": -10000}
    assert result.item("CHQ1")["kind"] == "payment"
    assert result.codes == {"I063"}


def test_a_credit_note(tmp_path: Path) -> None:
    result = read(tmp_path, Fec().credit_note("C1", "AV7", "20260110", 25))
    assert (result.item("AV7")["kind"], result.item("AV7")["open"]) == ("credit_note", -2500)


def test_two_lines_of_one_entry_and_number_are_one_invoice(tmp_path: Path) -> None:
    fec = Fec().entry(
        "VE", "20260110",
        line("411000/C1", 60, "F1"), line("411000/C1", 40, "F1"), line("706000", -100, "F1"),
    )  # fmt: skip
    result = read(tmp_path, fec)
    assert result.items.height == 1
    assert result.item("F1")["amount"] == 10000


def test_lines_of_an_entry_need_not_be_together(tmp_path: Path) -> None:
    fec = Fec().sale("C1", "F1", "20260110", 100).sale("C2", "F2", "20260110", 50)
    fec.rows = [fec.rows[0], fec.rows[2], fec.rows[3], fec.rows[1]]
    result = read(tmp_path, fec)
    assert result.codes == set()
    assert set(result.items["kind"]) == {"invoice"}


@pytest.mark.parametrize("piece", ["CHQ9", ""])
def test_a_payment_sent_back_is_a_charge_due_at_once(tmp_path: Path, piece: str) -> None:
    fec = Fec().entry(
        "BQ", "20260305", line("411000/C1", 80, piece, EcritureLib="Rejet"), line("512000", -80, piece), number="B7"
    )  # fmt: skip
    row = read(tmp_path, fec).item(piece or "B7")
    assert (row["kind"], row["open"], str(row["due"])) == ("charge", 8000, "2026-03-05")


@pytest.mark.parametrize("label", ["Rejet prélèvement FA-2026-001", "IMPAYE FA 2026 001"])
def test_a_payment_sent_back_that_names_its_invoice_opens_it_again(
    tmp_path: Path, label: str
) -> None:
    fec = Fec().sale("C1", "FA-2026-001", "20260110", 80, "AA").receipt("C1", "20260201", 80, "AA")
    fec.entry(
        "BQ", "20260305", line("411000/C1", 80, "REJ", EcritureLib=label), line("512000", -80)
    )
    result = read(tmp_path, fec)
    row = result.item("FA-2026-001")
    assert (row["amount"], row["open"], str(row["issued"])) == (8000, 8000, "2026-01-10")
    assert result.items.height == 1
    assert result.sums == (8000, 8000)


def test_a_write_off_is_a_credit(tmp_path: Path) -> None:
    fec = (
        Fec()
        .sale("C1", "F1", "20260110", 80)
        .entry("OD", "20260630", line("411000/C1", -80, "PERTE1"), line("654000", 80))
    )
    assert read(tmp_path, fec).item("PERTE1")["kind"] == "credit_note"


def test_an_invoice_moved_to_416_keeps_its_number_and_date_and_is_doubtful(tmp_path: Path) -> None:
    fec = Fec().sale("C1", "F100", "20260110", 80)
    fec.entry(
        "OD", "20260630",
        line("416000/C1", 80, "OD1", EcritureLib="Douteux F100"),
        line("411000/C1", -80, "OD1", EcritureLib="Douteux F100"),
    )  # fmt: skip
    result = read(tmp_path, fec)
    assert result.open() == {"F100": 8000}
    row = result.item("F100")
    assert (row["doubtful"], row["amount"], str(row["issued"])) == (True, 8000, "2026-01-10")
    assert result.items.height == 1


def test_a_lettered_move_to_416_is_found_by_its_piece(tmp_path: Path) -> None:
    fec = Fec().sale("C1", "F100", "20260110", 80, "AA")
    fec.entry("OD", "20260630", line("416000/C1", 80, "F100"), line("411000/C1", -80, "F100", "AA"))
    result = read(tmp_path, fec)
    assert result.open() == {"F100": 8000}
    assert result.item("F100")["doubtful"]


def test_a_move_to_416_without_a_name_is_found_by_its_amount(tmp_path: Path) -> None:
    fec = Fec().sale("C1", "F100", "20260110", 80).sale("C1", "F101", "20260110", 70)
    fec.entry("OD", "20260630", line("416000/C1", 80, "OD1"), line("411000/C1", -80, "OD1"))
    result = read(tmp_path, fec)
    assert result.open() == {"F100": 8000, "F101": 7000}
    assert [result.item(n)["doubtful"] for n in ("F100", "F101")] == [True, False]


def test_advances_are_credits_less_what_invoices_used(tmp_path: Path) -> None:
    fec = Fec().entry("BQ", "20260105", line("512000", 300), line("419100/C1", -300, "ACPT1"))
    fec.entry(
        "VE",
        "20260110",
        line("419100/C1", 200),
        line("411000/C1", 800, "F1"),
        line("706000", -1000),
    )
    result = read(tmp_path, fec)
    assert result.open() == {"F1": 80000, "ACPT1": -10000}
    assert result.item("ACPT1")["kind"] == "advance"


def test_advances_of_nobody_are_told(tmp_path: Path) -> None:
    fec = Fec().sale("C1", "F1", "20260110", 10)
    fec.entry("BQ", "20260105", line("512000", 300), line("419100", -300))
    result = read(tmp_path, fec)
    assert result.open() == {"F1": 1000}
    assert "I072" in result.codes


def test_bills_and_sales_not_invoiced_yet_are_told_and_not_dunned(tmp_path: Path) -> None:
    fec = Fec().sale("C1", "F1", "20260110", 10)
    fec.entry("OD", "20260105", line("413000/C1", 50), line("411000/C1", -50, "LCR1"))
    fec.entry("OD", "20260131", line("418100", 70), line("706000", -70))
    result = read(tmp_path, fec)
    assert result.sums == (-4000, -4000)
    assert [d.facts["amount"] for d in result.diagnostics if d.code == "I071"] == ["50.00", "70.00"]


def test_accounts_per_customer_without_auxiliary(tmp_path: Path) -> None:
    fec = Fec().entry(
        "VE", "20260110", line("411MARTIN", 80, "F1", CompteLib="Martin SARL"), line("706000", -80)
    )
    fec.entry(
        "OD",
        "20260630",
        line("416MARTIN", 30, "X1", CompteLib="Martin douteux"),
        line("780000", -30),
    )
    fec.entry(
        "BQ", "20260630", line("4191MARTIN", -5, "AC1", CompteLib="Martin"), line("512000", 5)
    )
    result = read(tmp_path, fec)
    assert set(result.items["debtor"]) == {"411MARTIN"}
    assert result.item("F1")["debtor_name"] == "Martin douteux"


def test_the_name_of_a_debtor_is_the_latest_one(tmp_path: Path) -> None:
    fec = Fec().sale("C1", "F1", "20260110", 10, CompAuxLib="Vieux nom")
    fec.sale("C1", "F2", "20260210", 10, CompAuxLib="Nouveau nom")
    assert set(read(tmp_path, fec).items["debtor_name"]) == {"Nouveau nom"}


def test_no_customers_and_no_letters_are_told(tmp_path: Path) -> None:
    fec = Fec().entry("VE", "20260110", line("530000", 10), line("706000", -10))
    result = read(tmp_path, fec)
    assert result.items.is_empty()
    assert "I064" in result.codes


def test_the_order_of_lines_changes_nothing_but_lines(tmp_path: Path) -> None:
    fec = Fec().opening("20260101", line("411000/C1", 300, "RAN"))
    fec.receipt("C1", "20260110", 100, "AA").sale("C1", "F1", "20260110", 100, "AB")
    fec.sale("C1", "F2", "20260210", 100, "AB").receipt("C1", "20260301", 150, "AB")
    fec.sale("C2", "F3", "20260210", 10).credit_note("C2", "A1", "20260211", 4)
    first = read(tmp_path, fec).items.drop("line").sort("number", "debtor")
    fec.rows.reverse()
    second = read(tmp_path, fec).items.drop("line").sort("number", "debtor")
    assert first.equals(second)


def test_sums_of_balance_are_those_of_the_accounts(tmp_path: Path) -> None:
    fec = Fec().opening("20260101", line("411000/C1", 300, "RAN"), line("411000/C2", -20, "RAN"))
    fec.receipt("C1", "20260110", 100, "AA").sale("C1", "F1", "20260110", 123.45, "AB")
    fec.sale("C2", "F3", "20260210", 10, "AC").credit_note("C2", "A1", "20260211", 4, "AC")
    expected = sum(
        round(100 * float(r["Debit"].replace(",", ".")))
        - round(100 * float(r["Credit"].replace(",", ".")))
        for r in fec.rows
        if r["CompteNum"].startswith("411")
    )
    result = read(tmp_path, fec)
    assert result.sums[0] == expected
    assert (result.items["open"].abs() <= result.items["balance"].abs()).all()
    assert result.items.filter(pl.col("kind") == "opening").height == 1


def test_the_example_of_the_documentation(tmp_path: Path) -> None:
    fec = Fec().opening(
        "20250901", line("411000/BOIS", 900, "RAN"), line("411000/CALE", 450, "RAN")
    )
    fec.receipt("BOIS", "20250910", 600, "AA").receipt("BOIS", "20250925", 300, "AB")
    fec.sale("BOIS", "FA 250101", "20251003", 1200, "AC").receipt("BOIS", "20251104", 1200, "AC")
    fec.sale("CALE", "FA 250102", "20251010", 800, "AD").receipt("CALE", "20251120", 500, "AD")
    fec.sale("DUNE", "FA 250103", "20260612", 2400, "AE").sale("DUNE", "FA 250104", "20260710", 360)
    fec.credit_note("DUNE", "AV 250002", "20260715", 60)
    result = read(tmp_path, fec)
    assert result.sums == (345000, 105000)
    assert result.items.select("debtor", "number", "balance", "open").rows() == [
        ("BOIS", "AN 2025", 0, 0),
        ("CALE", "AN 2025", 45000, 45000),
        ("BOIS", "FA 250101", 0, 0),
        ("CALE", "FA 250102", 30000, 30000),
        ("DUNE", "FA 250103", 240000, 0),
        ("DUNE", "FA 250104", 36000, 36000),
        ("DUNE", "AV 250002", -6000, -6000),
    ]
