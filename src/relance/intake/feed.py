"""What people and programs hand in as a file: bytes to rows of texts, each with its line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from relance.diagnostics import Diagnostic
from relance.intake.encoding import read_text
from relance.intake.findings import Refusal

Rows = list[tuple[int, Mapping[str, str]]]
"""Line (of JSON: place, from 1) and cells by heading; what is empty is left out."""

LONGER = ""
"""Heading of what stands right of the last heading."""

_DELIMITERS = ";,\t|"


class NotRows(Exception):  # noqa: N818  (it refuses a file; the program has no error)
    """JSON that is no list of objects with plain values; the argument says why."""


def rows_in(data: bytes, file: str) -> Rows | list[Diagnostic]:
    """Return the rows of CSV (as Excel saves it, in any language) or JSON; or why it cannot be read.

    Raises:
        NotRows: if it begins like JSON and is no list of objects, or a cell has no end.
    """
    try:
        text = read_text(data, file, None, True).data.decode("utf-8")
    except Refusal as refusal:
        return list(refusal.diagnostics)
    if text.lstrip()[:1] in ("[", "{"):
        return list(_objects(text))
    try:
        return list(_lines(text))
    except csv.Error as error:
        raise NotRows(str(error)) from None


def _lines(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    heading = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=heading.count)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    names: list[str] = []
    before = 0
    for cells in table:
        line, before = before + 1, table.line_num
        plain = [cell.strip() for cell in cells]
        if not names:
            names = plain if any(plain) else []
            continue
        own = dict(zip(names, plain, strict=False))
        over = " ".join(filter(None, plain[len(names) :]))
        found = {
            name: cell
            for name, cell in {**own, LONGER: over or own.get(LONGER, "")}.items()
            if cell
        }
        if found:
            yield line, found


def _objects(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        rows = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise NotRows(str(error)) from None
    if isinstance(rows, dict) and list(rows) == ["events"]:
        rows = rows["events"]
    if not isinstance(rows, list):
        raise NotRows("[{…}, {…}]")
    for place, row in enumerate(rows, start=1):
        if not isinstance(row, dict) or not all(_plain(value) for value in row.values()):
            raise NotRows(f"{place}: {json.dumps(row, default=str)[:60]}")
        cells = {name: str(value).strip() for name, value in row.items() if value is not None}
        found = {name: cell for name, cell in cells.items() if cell}
        if found:
            yield place, found


def _plain(value: Any) -> bool:
    return value is None or (isinstance(value, str | int | Decimal) and not isinstance(value, bool))
