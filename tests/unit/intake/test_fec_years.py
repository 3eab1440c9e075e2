"""Several files of one source: years that follow each other, and exports of one year."""

from __future__ import annotations

from pathlib import Path

from .fec_ledgers import Fec, line, read


def year_2025() -> Fec:
    fec = Fec().sale("C1", "F25-1", "20250110", 100, "AA").receipt("C1", "20250201", 100, "AA")
    return fec.sale("C1", "F25-2", "20251110", 60).sale("C2", "F25-3", "20251215", 40, "AB")


def test_openings_are_left_out_when_the_year_before_is_there(tmp_path: Path) -> None:
    later = Fec().opening(
        "20260101", line("411000/C1", 60, "RAN"), line("411000/C2", 40, "RAN", "AB")
    )
    later.sale("C1", "F26-1", "20260115", 10).receipt("C2", "20260120", 40, "AB")
    result = read(tmp_path, year_2025(), later)
    assert result.open() == {"F25-2": 6000, "F26-1": 1000}
    assert result.sums == (7000, 7000)
    assert "I069" in result.codes
    assert "I070" not in result.codes


def test_a_letter_used_again_next_year_is_another_group(tmp_path: Path) -> None:
    later = Fec().opening("20260101", line("411000/C1", 60, "RAN"), line("411000/C2", 40, "RAN"))
    later.sale("C1", "F26-1", "20260115", 10, "AA").receipt("C1", "20260201", 10, "AA")
    first = Fec().sale("C1", "F25-1", "20250110", 60, "AA").sale("C2", "F25-3", "20251215", 40)
    result = read(tmp_path, first, later)
    assert result.item("F25-1")["open"] == 0
    assert result.sums == (10000, 4000)


def test_a_letter_on_a_detailed_opening_settles_the_invoice_it_repeats(tmp_path: Path) -> None:
    first = Fec().sale("C1", "F25-1", "20251101", 30).sale("C1", "F25-2", "20251110", 60)
    later = Fec().opening(
        "20260101", line("411000/C1", 30, "F25-1"), line("411000/C1", 60, "F25-2", "AB")
    )
    later.receipt("C1", "20260115", 60, "AB")
    assert read(tmp_path, first, later).open() == {"F25-1": 3000}


def test_payments_of_the_new_year_settle_older_unlettered_invoices_oldest_first(
    tmp_path: Path,
) -> None:
    first = Fec().sale("C1", "F25-1", "20251101", 30).sale("C1", "F25-2", "20251110", 60)
    later = (
        Fec().opening("20260101", line("411000/C1", 90, "RAN")).receipt("C1", "20260115", 30, "AB")
    )
    assert read(tmp_path, first, later).open() == {"F25-2": 6000}


def test_an_opening_that_is_not_the_closing_before_is_told(tmp_path: Path) -> None:
    later = Fec().opening("20260101", line("411000/C1", 55, "RAN"))
    result = read(tmp_path, year_2025(), later)
    told = next(d for d in result.diagnostics if d.code == "I070")
    assert told.message() == (
        "account 411000: the year before closes at 100.00 and this one opens at 55.00"
    )


def test_openings_stay_when_a_year_is_missing_between(tmp_path: Path) -> None:
    later = (
        Fec().opening("20270101", line("411000/C1", 60, "RAN")).sale("C1", "F27", "20270115", 10)
    )
    assert read(tmp_path, year_2025(), later).open()["AN 2027"] == 6000


def test_two_years_in_one_file(tmp_path: Path) -> None:
    fec = year_2025().opening(
        "20260101", line("411000/C1", 60, "RAN"), line("411000/C2", 40, "RAN", "AB")
    )
    fec.receipt("C2", "20260120", 40, "AB")
    result = read(tmp_path, fec)
    assert result.open() == {"F25-2": 6000}
    assert result.sums == (6000, 6000)


def test_of_two_exports_of_one_year_the_later_one_counts(tmp_path: Path) -> None:
    older = Fec().sale("C1", "F1", "20260110", 10).sale("C1", "F2", "20260111", 20)
    newer = Fec().sale("C1", "F1", "20260110", 10).sale("C1", "F2", "20260111", 20)
    newer.sale("C1", "F3", "20260201", 30)
    result = read(tmp_path, newer, older)
    assert result.open() == {"F1": 1000, "F2": 2000, "F3": 3000}
    told = next(d for d in result.diagnostics if d.code == "I068")
    assert (told.span.file, told.facts["newer"]) == ("2FEC.txt", "1FEC.txt")


def test_a_year_split_in_two_files_is_read_whole(tmp_path: Path) -> None:
    first = Fec().sale("C1", "F1", "20260110", 10, "AA").sale("C1", "F2", "20260211", 20)
    second = Fec(entries=10).receipt("C1", "20260710", 10, "AA").sale("C2", "F3", "20260801", 30)
    assert read(tmp_path, first, second).open() == {"F2": 2000, "F3": 3000}


def test_the_order_of_files_changes_nothing(tmp_path: Path) -> None:
    later = Fec().opening(
        "20260101", line("411000/C1", 60, "RAN"), line("411000/C2", 40, "RAN", "AB")
    )
    later.receipt("C2", "20260120", 40, "AB")
    one = read(tmp_path, year_2025(), later).items.drop("file").sort("number")
    other = read(tmp_path, later, year_2025()).items.drop("file").sort("number")
    assert one.equals(other)
