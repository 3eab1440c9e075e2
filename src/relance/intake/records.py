"""The rows of a delimited text as columns of text, each row with the line it begins on."""

from __future__ import annotations

import csv
import io
import re

import polars as pl

from relance.intake import codes
from relance.intake.findings import refuse
from relance.intake.headers import Heading

SUM = r"(?i)^\W*((sous|sub|grand|general)[ -]?)*(tota(l|ux|al)|solde g[ée]n[ée]ral|somme|summe|som|eindtotaal|gesamtsumme|[àa] reporter|report)\b"
"""How the first cell of a row of sums begins."""

_UNUSED = (b"\x1f", b"\x1e", b"\x1d", b"\x1c", b"\x01", b"\x02")
_LOOKED_AT = 2000


def cell(position: int) -> str:
    """Return the name of the column of text at `position` (0-based)."""
    return f"c{position}"


def tabulate(data: bytes, file: str, heading: Heading) -> pl.DataFrame:
    """Return the rows after the header: `line` (1-based, of the file) and `c0`, `c1`, … as text.

    Empty cells are null or empty. Rows of sums, headings of groups and blank rows are among
    them: with fewer cells than the header their last ones are null.

    Raises:
        Refusal: if quotation marks do not pair up or the number of cells changes.
    """
    lines = _lines(data).slice(heading.line - 1)
    if b'"' not in data:
        return _unquoted(lines.slice(1), file, heading)
    if heading.line > 1:
        data = data[_offset(data, heading.line) :]
    return _quoted(lines, data, file, heading)


def physical_lines(data: bytes) -> pl.DataFrame:
    """Return `line` (1-based) and `text` of each line of `data`."""
    return _lines(data)


def _lines(data: bytes) -> pl.DataFrame:
    mark = next((mark for mark in _UNUSED if mark not in data), None)
    if mark is None:
        mark = _UNUSED[0]
        data = data.replace(mark, b"\x1b")
    frame = pl.read_csv(
        data, separator=mark.decode(), quote_char=None, has_header=False, infer_schema=False,
        new_columns=["text"], row_index_name="line", row_index_offset=1,
    )  # fmt: skip
    return frame.with_columns(pl.col("line").cast(pl.Int64), pl.col("text").fill_null(""))


def _offset(data: bytes, line: int) -> int:
    position = 0
    for _ in range(line - 1):
        position = data.index(b"\n", position) + 1
    return position


def _unquoted(lines: pl.DataFrame, file: str, heading: Heading) -> pl.DataFrame:
    width = len(heading.cells)
    counts = lines["text"].str.count_matches(heading.delimiter, literal=True) + 1
    _check_widths(lines.filter(counts != width), file, heading)
    fields = pl.col("text").str.split_exact(heading.delimiter, max(width - 1, 1)).alias("cells")
    names = [cell(position) for position in range(max(width, 2))]
    rows = lines.select("line", fields.struct.rename_fields(names)).unnest("cells")
    return rows.select("line", *names[:width])


def _quoted(lines: pl.DataFrame, data: bytes, file: str, heading: Heading) -> pl.DataFrame:
    records = _records(lines)
    width = len(heading.cells)
    schema = {cell(position): pl.String for position in range(width)}
    try:
        rows = pl.read_csv(
            data, separator=heading.delimiter, has_header=False, schema=schema,
            truncate_ragged_lines=True,
        )  # fmt: skip
    except pl.exceptions.PolarsError:
        rows = pl.DataFrame()
    if records is None or rows.height != records.height:
        return _plainly(data, file, heading)
    outside = records["text"].str.replace_all(r'"[^"]*"', "")
    counts = outside.str.count_matches(heading.delimiter, literal=True) + 1
    _check_widths(
        records.filter(counts != width).filter(pl.col("line") > heading.line), file, heading
    )
    return rows.with_columns(records["line"]).select("line", *schema).slice(1)


def _records(lines: pl.DataFrame) -> pl.DataFrame | None:
    """Return the lines that form one record joined; None if quotation marks do not pair up."""
    odd = lines["text"].str.count_matches('"', literal=True) % 2 == 1
    if not odd.any():
        return lines
    inside = odd.cum_sum() % 2 == 1
    if inside[-1]:
        return None
    begins = ~inside.shift(1, fill_value=False)
    return (
        lines.with_columns(record=begins.cum_sum())
        .group_by("record", maintain_order=True)
        .agg(pl.col("line").first(), pl.col("text").str.join("\n"))
    )


def _plainly(data: bytes, file: str, heading: Heading) -> pl.DataFrame:
    """Read record by record: slower, and it knows the line at which quotation marks go wrong."""
    stream = io.StringIO(data.decode("utf-8"), newline="")
    reader = csv.reader(stream, delimiter=heading.delimiter, strict=True)
    before, width = heading.line - 1, len(heading.cells)
    columns: list[list[str | None]] = [[] for _ in range(width)]
    starts: list[int] = []
    line = before + 1
    try:
        for cells in reader:
            if len(cells) != width and line > heading.line:
                _check_width(cells, line, file, heading)
            starts.append(line)
            padded = [*cells, *[None] * (width - len(cells))]
            for column, value in zip(columns, padded, strict=False):
                column.append(value)
            line = before + reader.line_num + 1
    except csv.Error as error:
        raise refuse(codes.QUOTES, file, line) from error
    schema = {"line": pl.Int64, **{cell(position): pl.String for position in range(width)}}
    return pl.DataFrame([starts, *columns], schema=schema).slice(1)


def _check_widths(others: pl.DataFrame, file: str, heading: Heading) -> None:
    for line, text in others.head(_LOOKED_AT).select("line", "text").iter_rows():
        try:
            cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=heading.delimiter), [])
        except csv.Error as error:
            raise refuse(codes.QUOTES, file, line) from error
        _check_width(cells, line, file, heading)
    if others.height > _LOOKED_AT:
        line, text = others.select("line", "text").row(_LOOKED_AT)
        raise _ragged(file, line, text.count(heading.delimiter) + 1, heading)


def _check_width(cells: list[str], line: int, file: str, heading: Heading) -> None:
    """Accept blank cells too many or too few, and rows that are text or sums, not items."""
    filled = [text for text in cells if text.strip()]
    surplus = any(text.strip() for text in cells[len(heading.cells) :])
    lacking = any(heading.cells[len(cells) :])
    sums = any(re.match(SUM, text) for text in filled)
    if (surplus or lacking) and len(filled) > 1 and not sums:
        raise _ragged(file, line, len(cells), heading)
    if surplus and not sums:
        raise _ragged(file, line, len(cells), heading)


def _ragged(file: str, line: int, found: int, heading: Heading) -> Exception:
    return refuse(codes.RAGGED, file, line, found=found, expected=len(heading.cells))
