"""The header row: where it stands, what its cells are, and what it lacks."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from relance.diagnostics import Diagnostic, Span
from relance.intake import codes
from relance.intake.columns import Wanted, assign
from relance.intake.findings import Refusal, refuse, shown
from relance.intake.presets import Preset, recognised, wanted
from relance.intake.synonyms import Known, key

DELIMITERS = (";", ",", "\t", "|")

_SAMPLE_LINES = 60
_SAMPLE_BYTES = 1 << 18
_AGES = re.compile(
    r"^((de)?\d+(a|to|tot|bis)\d+(jours|days|dagen|tage|j|d)?"
    r"|(plusde|over|meerdan|uber)\d{2,3}(jours|days|dagen|tage|j|d)?"
    r"|\d{2,3}(plusde|etplus|andover|jetplus|joursetplus)"
    r"|nonechu|current|notdue|nietvervallen|nichtfallig)$"
)


@dataclass(frozen=True)
class Heading:
    """The header row and what its cells are.

    Attributes:
        line: 1-based line of the header row.
        cells: its cells, stripped.
        delimiter: one character.
        columns: column → positions (0-based); the first cell that is not empty counts.
        preset: the preset in use; None if none.
        others: column → headers that would fit too and are not read.
    """

    line: int
    cells: tuple[str, ...]
    delimiter: str
    columns: Mapping[str, tuple[int, ...]]
    preset: Preset | None
    others: Mapping[str, tuple[str, ...]]

    def position(self, header: str) -> int | None:
        """Return the position of `header`; None if the file has not got it."""
        keys = [key(cell) for cell in self.cells]
        return keys.index(key(header)) if key(header) in keys else None

    def lacks(self, required: tuple[tuple[str, ...], ...]) -> list[str]:
        """Return the first column of each required group that no cell gives."""
        return [group[0] for group in required if not any(c in self.columns for c in group)]

    def read_from(self) -> dict[str, str]:
        """Return column → header, for the echo."""
        return {
            column: " / ".join(shown(self.cells[p]) for p in positions)
            for column, positions in self.columns.items()
        }


def find_heading(data: bytes, file: str, asked: Wanted, delimiter: str | None) -> Heading:
    """Return the header row of the text `data`: the row near its top that gives most columns.

    Raises:
        Refusal: if a column is missing, a mapped header is absent, or it is an aged balance.
    """
    _check_given(file, asked)
    delimiter = _one_character(delimiter, file)
    top = data[:_SAMPLE_BYTES].decode("utf-8", "ignore")
    told = re.match(r"\s*\"?sep=(.)\"?\n", top)
    mark = delimiter or (told.group(1) if told else None)
    tried = (mark,) if mark else DELIMITERS
    headings = [
        _heading(line, cells, delimiter, asked)
        for delimiter in tried
        for line, cells in _rows(top, delimiter)
        if len(cells) > 1 or len(tried) == 1
    ]
    if not headings:
        headings = [_heading(1, (top.split("\n")[0],), tried[0], asked)]
    best = max(headings, key=lambda h: (not h.lacks(asked.required), len(h.columns), -h.line))
    _check(file, best, asked)
    return best


def _one_character(delimiter: str | None, file: str) -> str | None:
    if delimiter is None:
        return None
    mark = "\t" if delimiter.strip().casefold() in ("tab", "\\t") else delimiter
    if len(mark) != 1 or not mark.isascii() or mark in '"\n\r\0' or mark.isalnum():
        raise refuse(codes.BAD_SETTING, file, setting="delimiter", text=shown(delimiter))
    return mark


def _rows(top: str, delimiter: str) -> list[tuple[int, tuple[str, ...]]]:
    reader = csv.reader(top.split("\n")[:_SAMPLE_LINES], delimiter=delimiter)
    rows: list[tuple[int, tuple[str, ...]]] = []
    line = 1
    try:
        for cells in reader:
            rows.append((line, tuple(" ".join(cell.split()) for cell in cells)))
            line = reader.line_num + 1
    except csv.Error:  # a quotation mark that does not end; told when the rows are read
        pass
    return [(line, cells) for line, cells in rows if any(cells)]


def _heading(line: int, cells: tuple[str, ...], delimiter: str, asked: Wanted) -> Heading:
    keys = [key(cell) for cell in cells]
    preset = recognised(keys, asked.preset) if asked.presets else None
    columns, others = assign(keys, asked, preset)
    named = {column: tuple(cells[p] for p in places) for column, places in others.items()}
    return Heading(line, cells, delimiter, columns, preset, named)


def _check_given(file: str, asked: Wanted) -> None:
    found = [
        Diagnostic(
            codes.UNKNOWN_COLUMN,
            Span(file),
            {
                "column": shown(column),
                "known": ", ".join(asked.table),
                "nearest": _nearest([column], asked.table),
            },
        )
        for column in asked.given
        if column not in asked.table
    ]
    if found:
        raise Refusal(*found)


def _check(file: str, heading: Heading, asked: Wanted) -> None:
    headers = ", ".join(shown(cell) for cell in heading.cells[:40] if cell) or "–"
    for column, header in asked.given.items():
        if heading.position(header) is None:
            raise refuse(
                codes.MAPPED_ABSENT, file, heading.line,
                column=column, header=shown(header), headers=headers,
                nearest=_nearest([header], heading.cells),
            )  # fmt: skip
    if asked.preset and not heading.preset:
        absent = [h for h in wanted(asked.preset) if heading.position(h) is None]
        raise refuse(
            codes.PRESET, file, heading.line,
            preset=asked.preset, missing=", ".join(absent), headers=headers,
        )  # fmt: skip
    missing = heading.lacks(asked.required)
    ages = [cell for cell in heading.cells if _AGES.match(_age_key(cell))]
    if len(ages) > 1 and missing:
        raise refuse(codes.AGED_BALANCE, file, heading.line, headers=", ".join(map(shown, ages)))
    if missing:
        raise refuse(
            codes.NO_COLUMN, file, heading.line,
            missing=", ".join(missing), headers=headers, example=missing[0],
            nearest=_nearest([word for m in missing for word in _words(asked, m)], heading.cells),
        )  # fmt: skip


def _age_key(header: str) -> str:
    plain = re.sub(r"[>+]", "plusde", header.casefold())
    return key(re.sub(r"(\d)\s*[-–à/]\s*(\d)", r"\1a\2", plain))


def _words(asked: Wanted, column: str) -> list[str]:
    specific, generic = asked.table[column]
    return [*specific, *generic]


def _nearest(names: Sequence[str], among: Sequence[str] | Known) -> str:
    by_key = {key(name): name for name in among if key(name)}
    found: list[str] = []
    for name in names:
        found += difflib.get_close_matches(key(name), by_key, 2, 0.6)
    return ", ".join(shown(by_key[name]) for name in dict.fromkeys(found[:3])) or "–"
