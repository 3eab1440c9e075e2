"""The text part of an e-mail: paragraphs and tables in 76 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relance.notices.context import Row

WIDTH = 76
_GAP = 2
_LEAST = 64
_NUMBER = 30  # a longer number gets a line of its own


def fill(text: str, indent: int = 0) -> str:
    """Return `text` wrapped to 76 columns; words and no-break spaces are never split."""
    return _wrap(text, " " * indent, " " * indent)


def pairs(rows: Sequence[tuple[str, str]]) -> str:
    """Return labels and values, one pair a line, the values aligned and wrapped."""
    width = max((len(label) for label, _ in rows), default=0)
    margin = " " * (width + 2 * _GAP)
    return "\n".join(
        _wrap(value, f"{' ' * _GAP}{label.ljust(width)}{' ' * _GAP}", margin)
        for label, value in rows
    )


def items_table(
    rows: Sequence[Row],
    labels: Mapping[str, str],
    sums: Sequence[tuple[str, str]] = (),
    first: str = "number",
) -> str:
    """Return `rows` as aligned lines under their headings, with the details of each below it.

    `sums` are labels and amounts that close the table, aligned with its last column. `first` is
    the label of the first column.
    """
    dated = any(row.due for row in rows)
    due, late = (labels["due"], labels["late"]) if dated else ("", "")
    heads = (labels[first], due, late, labels["open"])
    cells = [(row.number, row.due, row.late, row.open) for row in rows]
    widths = _widths([heads, *cells], sums)
    rule = "-" * (sum(widths) + 3 * _GAP)
    lines = [_line(heads, widths), rule]
    for row, cell in zip(rows, cells, strict=True):
        lines.append(_line(cell, widths))
        lines += [fill(", ".join(row.details), indent=2)] if row.details else []
        lines += [_closing(f"  {label}", amount, len(rule)) for label, amount in row.charges]
    lines += [rule] if sums else []
    lines += [_closing(label, amount, len(rule)) for label, amount in sums]
    return "\n".join(line.rstrip() for line in lines)


def _closing(label: str, amount: str, width: int) -> str:
    return label.ljust(width - len(amount)) + amount


def _widths(
    cells: Sequence[tuple[str, ...]], sums: Sequence[tuple[str, str]]
) -> tuple[int, int, int, int]:
    """Widths of the columns: what they need, the first not more than leaves 76 columns in all."""
    due, late, amount = (max(len(row[i]) for row in cells) for i in (1, 2, 3))
    rest = due + late + amount + 3 * _GAP
    number = max(len(row[0]) for row in cells if len(row[0]) <= _NUMBER)
    closing = max((len(label) + _GAP + len(amount) for label, amount in sums), default=0)
    return (min(max(number, _LEAST - rest, closing - rest), WIDTH - rest), due, late, amount)


def _line(cell: tuple[str, ...], widths: tuple[int, ...]) -> str:
    number, due, late, amount = cell
    gap = " " * _GAP
    rest = gap.join((due.ljust(widths[1]), late.ljust(widths[2]), amount.rjust(widths[3])))
    if len(number) > widths[0]:
        return f"{number}\n{' ' * widths[0]}{gap}{rest}"
    return f"{number.ljust(widths[0])}{gap}{rest}"


def _wrap(text: str, first: str, others: str) -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )
