"""Rows as tables for spreadsheets, an Excel workbook or CSV, in which nothing is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from relance.notices.cells import harmless

Cell = str | int | Decimal | date | None
_WIDEST = 60
_EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - sheets know no zones


Rows = Sequence[Sequence[Cell]]


def workbook(title: str, rows: Rows) -> bytes:
    """Return a workbook with one sheet; see `workbook_of`."""
    return workbook_of([(title, rows)])


def workbook_of(sheets: Sequence[tuple[str, Rows]]) -> bytes:
    """Return a workbook; the first row of each sheet is the headings, which stay and filter.

    Text is text, whatever it begins with: nothing in a cell is ever a formula or a link. The same
    rows give the same bytes.

    Args:
        sheets: title and rows of each, the titles different from one another.
    """
    import xlsxwriter

    out = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, plain) as book:
        # A moment of making it would differ from one time to the next.
        book.set_properties({"created": _EPOCH})
        bold = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        money = book.add_format({"num_format": "#,##0.00"})
        for title, rows in sheets:
            sheet = book.add_worksheet(_name(title))
            sheet.write_row(0, 0, rows[0], bold)
            for number, row in enumerate(rows[1:], start=1):
                for place, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(number, place, cell)
                    elif isinstance(cell, date):
                        sheet.write_datetime(number, place, cell, day)
                    elif isinstance(cell, Decimal):
                        sheet.write_number(number, place, cell, money)
                    elif cell is not None:
                        sheet.write_number(number, place, cell)
            _arrange(sheet, rows)
    return out.getvalue()


def comma_separated(rows: Sequence[Sequence[Cell]]) -> str:
    """Return the rows as CSV for programs: text that a spreadsheet would take for a formula is quoted."""
    return _separated(rows, ",")


def for_excel(rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return the rows as Excel opens CSV in France and Belgium: UTF-8 with its mark, semicolons between."""
    return _separated(rows, ";").encode("utf-8-sig")


def _separated(rows: Sequence[Sequence[Cell]], delimiter: str) -> str:
    out = io.StringIO(newline="")
    table = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    table.writerows([_plain(cell) for cell in row] for row in rows)
    return out.getvalue()


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return cell.isoformat() if isinstance(cell, date) else str(cell)
    return harmless(cell)


def _arrange(sheet: object, rows: Sequence[Sequence[Cell]]) -> None:
    """Give the columns their widths, keep the headings in sight, and let people filter."""
    for place, cells in enumerate(zip(*rows, strict=True)):
        widest = max(len(str(cell)) for cell in cells if cell is not None)
        sheet.set_column(place, place, min(widest, _WIDEST) + 2)  # type: ignore[attr-defined]
    sheet.freeze_panes(1, 0)  # type: ignore[attr-defined]
    sheet.autofilter(0, 0, max(1, len(rows) - 1), len(rows[0]) - 1)  # type: ignore[attr-defined]


def _name(title: str) -> str:
    """Return `title` as sheets may be called: 31 characters, and none of seven."""
    return "".join(c for c in title if c not in "[]:*?/\\")[:31] or "relance"
