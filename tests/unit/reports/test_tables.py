"""Tables stay readable in narrow windows, and data cannot forge or colour lines."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from relance.reports.figures import amount_text, counted, date_text, safe
from relance.reports.tables import Column, Table


def shown(table: Table, width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width, markup=False, highlight=False)
    console.print(table)
    return console.file.getvalue().splitlines()  # type: ignore[attr-defined]


LONG = "Société coopérative des ateliers réunis de la Haute-Bretagne"


def test_a_table_that_fits_is_shown_whole():
    lines = shown(
        Table("Title", [Column("A"), Column("B", "right")], [["x", "1"], ["yy", "22"]]), 40
    )
    assert lines == ["Title", "A    B", "──────", "x    1", "yy  22"]


@pytest.mark.parametrize("width", [40, 60, 80])
def test_no_line_is_wider_than_the_window_and_numbers_are_never_cut(width):
    columns = [Column("Debtor", fit="cut"), Column("Note", fit="wrap"), Column("Amount", "right")]
    lines = shown(Table("", columns, [[LONG, LONG, "12 345,67 €"]]), width)
    assert max(map(len, lines)) <= width
    assert "12 345,67 €" in lines[2]


def test_what_is_wrapped_keeps_every_word():
    table = Table("", [Column("Note", fit="wrap")], [[LONG]])
    assert " ".join(" ".join(shown(table, 20)[2:]).split()) == LONG


def test_a_column_is_left_out_before_others_become_unreadable():
    columns = [Column("Debtor", fit="cut"), Column("Recipient", fit="drop"), Column("Sum", "right")]
    table = Table("", columns, [[LONG, "someone.with.a.long.address@company.example", "1.00"]])
    assert "Recipient" in shown(table, 120)[0]
    assert "Recipient" not in shown(table, 50)[0]


def test_wide_characters_count_twice():
    lines = shown(Table("", [Column("A"), Column("B")], [["東京", "x"], ["ab", "y"]]), 40)
    assert lines[2:] == ["東京  x", "ab    y"]


def test_markup_in_data_is_text():
    assert "[bold red]x[/]" in shown(Table("", [Column("A")], [["[bold red]x[/]"]]), 40)[2]


@pytest.mark.parametrize(
    ("hostile", "shown_as"),
    [
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\nb", "a\\nb"),
        ("a\u202eb", "a\\u202eb"),
        ("a\u2028b", "a\\u2028b"),
        ("a\ud800b", "a\\ud800b"),
        (None, ""),
        ("Élise & Fils", "Élise & Fils"),
    ],
)
def test_control_characters_are_written_out(hostile, shown_as):
    assert safe(hostile) == shown_as


@pytest.mark.parametrize(
    ("minor", "currency", "language", "text"),
    [
        (123456789, "EUR", "fr", "1\u202f234\u202f567,89\xa0€"),
        (-1525, "EUR", "en", "-€15.25"),
        (690000, "CHF", "en", "CHF\xa06,900.00"),
        (1500, "JPY", "fr", "1\u202f500\xa0JPY"),
        (12345, "TND", "fr", "12,345\xa0TND"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(minor, currency, language, text):
    assert amount_text(minor, currency, language) == text


@pytest.mark.parametrize(
    ("number", "language", "text"),
    [(0, "en", "0 notices"), (1, "en", "1 notice"), (0, "fr", "0 relance"), (2, "fr", "2 relances"),
     (12345, "fr", "12\u202f345 relances")],
)  # fmt: skip
def test_numbers_agree_with_their_noun(number, language, text):
    assert counted(number, "notice", language) == text


def test_no_date_is_a_dash():
    assert date_text(None, "fr") == "–"
