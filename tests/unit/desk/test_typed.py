"""What is typed into the desk's forms."""

from __future__ import annotations

from datetime import date

import pytest
from rich.cells import cell_len

from relance.desk.lines import cell
from relance.desk.typed import Mistyped, day_of

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("30/04", date(2027, 4, 30)),
        ("23/11", TODAY),
        ("22/11", date(2027, 11, 22)),
        ("29/02", date(2028, 2, 29)),
        ("+5", date(2026, 11, 28)),
        ("1.12.26", date(2026, 12, 1)),
    ],
)
def test_a_date_without_its_year_is_the_next_one(typed: str, day: date):
    assert day_of(typed, TODAY) == day


@pytest.mark.parametrize("typed", ["+-5", "++5", "+", "30/02", "31/04", "0/1", "+99999999999"])
def test_what_is_no_day_is_said(typed: str):
    with pytest.raises(Mistyped):
        day_of(typed, TODAY)


@pytest.mark.parametrize(
    "text", ["漢字漢字漢字", "a漢字漢字漢字", "Menuiserie Lenoir et fils", "short"]
)
@pytest.mark.parametrize("width", [1, 2, 5, 6, 8])
def test_a_cell_is_as_wide_as_its_column_whatever_its_letters(text: str, width: int):
    assert cell_len(cell(text, width)) == width
