"""Tables for people: amounts and dates in the operator's language, data that cannot forge lines."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from relance.language import N_, translator
from relance.money import to_decimal

if TYPE_CHECKING:
    from rich.console import RenderableType

Align = Literal["left", "right"]

_LOCALES = {"fr": "fr_FR", "en": "en_GB"}


def safe(text: str | None) -> str:
    """Return `text` with control, bidi and line-separator characters written out as escapes."""
    if text is None:
        return ""
    return "".join(
        ch if unicodedata.category(ch) not in ("Cc", "Cf", "Zl", "Zp", "Cs") else _escaped(ch)
        for ch in text
    )


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def amount_text(minor: int, currency: str, language: str) -> str:
    """Return `minor` units with the currency's sign, as `language` writes amounts."""
    from babel.numbers import format_currency

    return str(
        format_currency(
            to_decimal(minor, currency), currency, locale=_LOCALES[language], currency_digits=True
        )
    )


def count_text(number: int, language: str) -> str:
    """Return `number` with its thousands grouped as `language` does."""
    from babel.numbers import format_decimal

    return str(format_decimal(number, locale=_LOCALES[language]))


_NOUNS = {
    "notice": (N_("{count} notice"), N_("{count} notices")),
    "task": (N_("{count} task"), N_("{count} tasks")),
    "item": (N_("{count} item"), N_("{count} items")),
    "debtor": (N_("{count} debtor"), N_("{count} debtors")),
    "error": (N_("{count} error"), N_("{count} errors")),
    "day": (N_("{count} day"), N_("{count} days")),
}


def counted(number: int, noun: str, language: str) -> str:
    """Return `number` with its noun, one of "notice", "task", "item", "debtor", "error", "day"."""
    one, many = _NOUNS[noun]
    single = number == 1 or (number == 0 and language == "fr")
    return translator(language)(one if single else many).format(count=count_text(number, language))


def date_text(day: date | None, language: str) -> str:
    """Return `day` short, in columns; a dash for None."""
    if day is None:
        return "–"
    return f"{day:%d/%m/%Y}" if language == "fr" else day.isoformat()


def long_date_text(day: date, language: str) -> str:
    """Return `day` with its weekday, as `language` writes it in full."""
    from babel.dates import format_date

    return str(format_date(day, "full", locale=_LOCALES[language]))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        title: heading; empty for none.
        align: "right" for numbers.
        share: how much of the free width it takes; 0 for a column that is never shortened.
        style: name of a rich style, empty for none.
    """

    title: str
    align: Align = "left"
    share: int = 0
    style: str = ""


@dataclass(frozen=True)
class Table:
    """A table: a title, columns, rows of text and a line under it."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    footer: Sequence[str] = field(default_factory=tuple)
    note: str = ""


def _sized(table: Table) -> list[int]:
    """Return the natural width of each column."""
    from rich.cells import cell_len

    lines = [
        [c.title for c in table.columns],
        *table.rows,
        *([table.footer] if table.footer else []),
    ]
    return [max(cell_len(line[i]) for line in lines) for i in range(len(table.columns))]


def as_rich(table: Table) -> RenderableType:
    """Return the table as rich shows it: light rules, long texts cut with an ellipsis."""
    from rich import box
    from rich.console import Group
    from rich.table import Table as RichTable
    from rich.text import Text

    if not table.columns:
        return Text(table.title, style="bold")
    grid = RichTable(
        box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1),
        show_footer=bool(table.footer), header_style="bold", footer_style="bold",
    )  # fmt: skip
    footers = table.footer or [""] * len(table.columns)
    for column, width, footer in zip(table.columns, _sized(table), footers, strict=True):
        grid.add_column(
            Text(column.title),
            footer=Text(footer),
            justify=column.align,
            style=column.style,
            no_wrap=True,
            overflow="ellipsis",
            min_width=min(width, 6) if column.share else width,
            max_width=width,
            ratio=None,
        )
    for row in table.rows:
        grid.add_row(*(Text(cell) for cell in row))
    parts: list[RenderableType] = [Text(table.title, style="bold")] if table.title else []
    parts.append(grid)
    if table.note:
        parts.append(Text(table.note, style="dim"))
    return Group(*parts)


def indented(parts: Iterable[RenderableType]) -> RenderableType:
    """Return the parts one under another, with an empty line between."""
    from rich.console import Group
    from rich.text import Text

    spaced: list[RenderableType] = []
    for part in parts:
        if spaced:
            spaced.append(Text(""))
        spaced.append(part)
    return Group(*spaced)
