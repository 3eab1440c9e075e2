"""Tables for people, which stay readable in a narrow window."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.text import Text

_GAP = "  "
_NARROWEST = 8


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        title: heading; empty for none.
        align: "right" for numbers.
        fit: what happens when the window is narrow: "keep" shows it whole, "cut" shortens it with
            an ellipsis, "wrap" breaks it into lines, "drop" cuts it or leaves the column out.
        style: name of a rich style, empty for none.
    """

    title: str
    align: Literal["left", "right"] = "left"
    fit: Literal["keep", "cut", "wrap", "drop"] = "keep"
    style: str = ""


Row = Sequence[str]


@dataclass(frozen=True)
class Table:
    """A table: a title, columns, rows of text, rows of totals under a line, and a note."""

    title: str
    columns: Sequence[Column] = ()
    rows: Sequence[Row] = ()
    totals: Sequence[Row] = ()
    note: str = ""

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        """Yield the lines of the table, as wide as the window allows."""
        from rich.text import Text

        if self.title:
            yield Text(self.title, style="bold")
        if self.columns:
            yield from _lines(_without_dropped(self, options.max_width), options.max_width)
        if self.note:
            yield Text(self.note, style="italic")


def _width(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)


def _natural(table: Table) -> list[int]:
    """Return the width that each column would like to have."""
    rows = [[column.title for column in table.columns], *table.rows, *table.totals]
    return [max(map(_width, cells)) for cells in zip(*rows, strict=True)]


def _widths(table: Table, available: int) -> list[int]:
    """Return the widths of the columns in `available` cells: the widest give way first."""
    widths = _natural(table)
    flexible = [n for n, column in enumerate(table.columns) if column.fit != "keep"]
    excess = sum(widths) + len(_GAP) * (len(widths) - 1) - available
    while excess > 0 and flexible:
        widest = max(flexible, key=lambda n: widths[n])
        if widths[widest] <= _NARROWEST:
            break
        widths[widest] -= 1
        excess -= 1
    return widths


def _without_dropped(table: Table, available: int) -> Table:
    """Return the table without the columns that are left out when others get too narrow."""
    dropped = [n for n, column in enumerate(table.columns) if column.fit == "drop"]
    widths, natural = _widths(table, available), _natural(table)
    squeezed = any(w < n * 3 // 5 for w, n in zip(widths, natural, strict=True))
    if not dropped or not squeezed:
        return table
    last = dropped[-1]

    def rest(cells: Sequence[str]) -> list[str]:
        return [cell for n, cell in enumerate(cells) if n != last]

    smaller = Table(
        table.title,
        [column for n, column in enumerate(table.columns) if n != last],
        [rest(row) for row in table.rows],
        [rest(row) for row in table.totals],
        table.note,
    )
    return _without_dropped(smaller, available)


def _lines(table: Table, available: int) -> Iterator[Text]:
    from rich.text import Text

    widths = _widths(table, available)
    rule = Text("─" * min(available, sum(widths) + len(_GAP) * (len(widths) - 1)), style="dim")
    if any(column.title for column in table.columns):
        yield from _row([column.title for column in table.columns], table, widths, "bold")
        yield rule
    for row in table.rows:
        yield from _row(row, table, widths)
    if table.totals:
        yield rule
    for row in table.totals:
        yield from _row(row, table, widths, "bold")


def _row(cells: Row, table: Table, widths: Sequence[int], style: str = "") -> Iterator[Text]:
    from rich.text import Text

    parts = [
        _fitted(cell, column, width)
        for cell, column, width in zip(cells, table.columns, widths, strict=True)
    ]
    for line in zip_longest(*parts, fillvalue=""):
        text = Text(no_wrap=True, overflow="crop", style=style)
        for n, (cell, column, width) in enumerate(zip(line, table.columns, widths, strict=True)):
            space = " " * (width - _width(cell))
            padded = space + cell if column.align == "right" else cell + space
            text.append(_GAP if n else "").append(padded, style=column.style or None)
        text.rstrip()
        yield text


def _fitted(cell: str, column: Column, width: int) -> list[str]:
    """Return the lines of a cell, each at most `width` wide."""
    if _width(cell) <= width or column.fit == "keep":
        return [cell]
    if column.fit == "wrap":
        return textwrap.wrap(cell, width) or [""]
    from rich.cells import set_cell_size

    return [set_cell_size(cell, width - 1).rstrip() + "…"]


def stacked(parts: Iterable[RenderableType]) -> RenderableType:
    """Return the parts one under another, with an empty line between."""
    from rich.console import Group
    from rich.text import Text

    spaced: list[RenderableType] = []
    for part in parts:
        spaced += [Text(""), part] if spaced else [part]
    return Group(*spaced)
