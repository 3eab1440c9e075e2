"""Tables of the page as values: columns, rows and cells, which the template writes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

NO_FILTER: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading; `right` for numbers, `day` for dates, `chart` for bars.

    `key` names what the page sorts by, empty where it does not sort.
    """

    title: str
    right: bool = False
    day: bool = False
    chart: bool = False
    key: str = ""

    @property
    def look(self) -> str:
        """The style of its cells."""
        return "n" if self.right else "d" if self.day else "chart" if self.chart else ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text, or a bar; `link` is the filter that shows its list.

    `name` marks what names somebody, `look` a style, `below` a second line.
    """

    text: str = ""
    bar: Markup | None = None
    link: Mapping[str, str] | None = None
    name: bool = False
    look: str = ""
    below: str = ""


@dataclass(frozen=True)
class Table:
    """A table; the first cell of a row is its heading. `ident` is its id in the page."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    totals: Sequence[Sequence[Cell]] = ()
    ident: str = ""
    sorted_by: str = ""
    hidden_caption: bool = False
    looks: str = field(default="")
