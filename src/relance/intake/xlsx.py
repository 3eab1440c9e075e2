"""A sheet of an Excel workbook as items: its cells become the text of a CSV file and are read as one."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import polars as pl

from relance.diagnostics import Diagnostic, Span
from relance.intake import amounts
from relance.intake import codes as file_codes
from relance.intake import xlsx_codes as codes
from relance.intake.amount_cells import AMOUNTS
from relance.intake.encoding import Text
from relance.intake.files import ANY_FORMAT, load
from relance.intake.findings import refuse, shown
from relance.intake.headers import find_heading
from relance.intake.reading import FileRead
from relance.intake.receivables import Table, read_files, wanted
from relance.intake.workbook import check_workbook
from relance.policy.model import Creditor, XlsxSource

if TYPE_CHECKING:
    from fastexcel import ExcelReader

# A library that nobody asked writes its warnings to stderr, between the operator's lines.
for _name in ("fastexcel", "calamine"):
    logging.getLogger(_name).addHandler(logging.NullHandler())

_DELIMITER = ";"
_NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"
_LARGEST = 200
"""Most megabytes of a workbook as it is stored."""


def read_xlsx(
    source: XlsxSource, creditor: Creditor, root: Path
) -> tuple[pl.DataFrame, list[Diagnostic], list[FileRead]]:
    """Return the items of a source's workbooks, what is said of them, and the files read.

    Lines are rows of the sheet. Macros, formulas and links are not followed: a formula counts by
    the value that was saved with it.
    """
    return read_files(source, creditor, root, lambda path: _opened(root, path, source))


def _opened(root: Path, path: Path, source: XlsxSource) -> Table:
    """Return the sheet of the workbook at `path` as delimited text.

    Raises:
        Refusal: if the workbook is not to be opened, cannot be read, or lacks the sheet.
    """
    content = load(root, path, ANY_FORMAT)
    file = content.path
    check_workbook(content.data, file, _LARGEST)
    sheet = _Sheet(content.data, file, source.sheet)
    cells = sheet.texts()
    if cells.is_empty():
        raise refuse(file_codes.EMPTY, file)
    mark, numbers = _amounts(sheet, cells, source)
    if mark == ",":
        cells = cells.with_columns(
            pl.when(numbers[name].is_not_null())
            .then(pl.col(name).str.replace(".", ",", literal=True))
            .otherwise(name)
            .alias(name)
            for name in numbers.columns
        )
    text = Text(_delimited(cells), f"xlsx ({shown(sheet.name)})")
    said = [] if len(sheet.others) == 0 else [_others(sheet)]
    return Table(content, text, _DELIMITER, mark, tuple(said))


def _others(sheet: _Sheet) -> Diagnostic:
    facts = {"sheet": shown(sheet.name), "others": ", ".join(map(shown, sheet.others[:20]))}
    return Diagnostic(codes.OTHER_SHEETS, Span(sheet.file), facts)


class _Sheet:
    """One sheet of a workbook.

    Attributes:
        file: path for the diagnostics.
        name: of the sheet.
        others: names of the other sheets.
    """

    def __init__(self, data: bytes, file: str, wanted: str | None) -> None:
        self.file = file
        self._reader = self._open(data)
        names = self._reader.sheet_names
        if not names or (wanted is not None and wanted not in names):
            there = ", ".join(map(shown, names)) or "–"
            raise refuse(codes.NO_SHEET, file, sheet=shown(wanted or "–"), sheets=there)
        self.name = wanted or names[0]
        self.others = [name for name in names if name != self.name]

    def _open(self, data: bytes) -> ExcelReader:
        import fastexcel

        try:
            return fastexcel.read_excel(data)
        except BaseException as error:
            raise self._damaged(error) from error

    def texts(self) -> pl.DataFrame:
        """Return all cells as text, from the first row of the sheet on; columns `column_0`, …"""
        return self._load("string")

    def numbers(self, positions: list[int]) -> pl.DataFrame:
        """Return the columns at `positions` as numbers; null where the cell is text that is none."""
        return self._load("float").select(f"column_{position}" for position in positions)

    def _load(self, dtype: Literal["string", "float"]) -> pl.DataFrame:
        try:
            sheet = self._reader.load_sheet(self.name, header_row=None, skip_rows=0, dtypes=dtype)
            frame: pl.DataFrame = sheet.to_polars()
        except BaseException as error:
            raise self._damaged(error) from error
        frame.columns = [f"column_{position}" for position in range(frame.width)]
        return frame

    def _damaged(self, error: BaseException) -> BaseException:
        """The reader is compiled: where it gives up by panic, that is no `Exception`."""
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            return error
        return refuse(codes.DAMAGED, self.file, reason=shown(str(error).split("\n")[0]))


def _amounts(
    sheet: _Sheet, cells: pl.DataFrame, source: XlsxSource
) -> tuple[amounts.Mark, pl.DataFrame]:
    """Return the decimal mark of the amounts, and the columns of amounts whose numbers are to have it.

    A cell that is a number has a decimal point, whatever the language of the program; one that is
    text has the mark of whoever typed it. Both may stand in one column.
    """
    heading = find_heading(_delimited(cells.head(200)), sheet.file, wanted(source), _DELIMITER)
    positions = sorted({p for name in AMOUNTS for p in heading.columns.get(name, ())})
    below = cells.slice(heading.line)
    texts = [below.to_series(position).str.strip_chars() for position in positions]
    if source.decimal != "," and all(
        text.str.contains(_NUMBER).fill_null(True).all() for text in texts
    ):
        return ".", pl.DataFrame()
    numbers = sheet.numbers(positions)
    typed = [
        text.filter(number.is_null())
        for text, number in zip(texts, numbers.slice(heading.line).get_columns(), strict=True)
    ]
    return source.decimal or amounts.detect(typed, None).decimal or ".", numbers


def _delimited(cells: pl.DataFrame) -> bytes:
    """Return the cells as delimited text with one line per row."""
    plain = cells.with_columns(pl.all().str.replace_all(r"[\r\n\x00]+", " "))
    text = plain.write_csv(include_header=False, separator=_DELIMITER, quote_style="necessary")
    return text.encode()
