"""Tables in Markdown, for a comment on a change or the summary of a job; data stays data in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from relance.reports.figures import safe
from relance.reports.tables import Column, Row, Table

_MARKS = str.maketrans({mark: f"&#{ord(mark)};" for mark in "\\`*_[]<>|~@#&$"})
"""What would format, link or mention somebody, and what would end a cell."""


def markdown(tables: Sequence[Table]) -> str:
    """Return the tables one under another; the title of the first one is that of the page."""
    return "\n\n".join(
        "\n\n".join(_parts(table, "##" if place == 0 else "###"))
        for place, table in enumerate(tables)
    )


def _parts(table: Table, mark: str) -> Iterator[str]:
    if table.title:
        yield f"{mark} {escaped(table.title)}"
    if table.columns:
        yield "\n".join(_lines(table))
    if table.note:
        yield escaped(table.note)


def _lines(table: Table) -> Iterator[str]:
    yield _line([column.title for column in table.columns])
    yield "|" + "|".join(map(_rule, table.columns)) + "|"
    for row in (*table.rows, *table.totals):
        yield _line(row)


def _rule(column: Column) -> str:
    return "---:" if column.align == "right" else "---"


def _line(cells: Row) -> str:
    return "| " + " | ".join(map(escaped, cells)) + " |"


def escaped(text: str) -> str:
    """Return `text` as it is read by people: it formats nothing, links to nothing, mentions nobody."""
    shown = safe(text).translate(_MARKS)
    # An address that stands alone would become a link.
    return shown.replace("://", "&#58;//").replace("www.", "www&#46;")
