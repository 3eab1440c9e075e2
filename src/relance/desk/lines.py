"""A list of any length on the screen: only the lines that are seen are ever drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Literal, TypeVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

Row = TypeVar("Row")
Tone = Literal["", "late", "dim"]

_GAP = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list.

    Attributes:
        width: cells that it needs.
        grows: what it gets of the room that is left, as a weight.
        rank: 0 is always shown; of the others the highest goes first where the window is narrow.
    """

    title: str
    width: int
    grows: int = 0
    right: bool = False
    rank: int = 0


def fitted(columns: Sequence[Column], room: int) -> list[int]:
    """Return the width of each column in `room` cells; 0 for one that is left out."""
    shown = list(range(len(columns)))
    while len(shown) > 1 and _needed(columns, shown) > room:
        last = max(shown, key=lambda n: (columns[n].rank, n))
        if columns[last].rank == 0:
            break
        shown.remove(last)
    left = max(0, room - _needed(columns, shown))
    weight = sum(columns[n].grows for n in shown) or 1
    widths = [0] * len(columns)
    for n in shown:
        widths[n] = columns[n].width + left * columns[n].grows // weight
    return widths


def _needed(columns: Sequence[Column], shown: Sequence[int]) -> int:
    return sum(columns[n].width for n in shown) + _GAP * (len(shown) + 1) - _GAP


def cell(text: str, width: int, right: bool = False) -> str:
    """Return `text` in exactly `width` cells, cut with an ellipsis where it is longer."""
    long = cell_len(text)
    if long > width:
        return set_cell_size(text, max(0, width - 1)) + "…"
    space = " " * (width - long)
    return space + text if right else text + space


class Lines(ScrollView, Generic[Row], can_focus=True):
    """A list with a cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown,space", "page(1)", show=False),
        Binding("home,g", "go(0)", show=False),
        Binding("end,G", "go(-1)", show=False),
        Binding("enter", "choose", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "lines--head", "lines--cursor", "lines--late", "lines--dim", "lines--line",
    }  # fmt: skip

    cursor: reactive[int] = reactive(0, repaint=False)

    class Moved(Message):
        """The cursor is on another line."""

    class Chosen(Message):
        """Enter was pressed on the line under the cursor."""

    def __init__(
        self,
        columns: Sequence[Column],
        cells: Callable[[Row], Sequence[str]],
        tone: Callable[[Row], Tone],
        key: Callable[[Row], Any],
        **given: Any,
    ) -> None:
        super().__init__(**given)
        self._columns, self._cells, self._tone, self._key = columns, cells, tone, key
        self.rows: Sequence[Row] = ()

    @property
    def current(self) -> Row | None:
        """The row under the cursor; None of an empty list."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    def show(self, rows: Sequence[Row], *, keep: bool = True) -> None:
        """Show `rows`; the cursor stays on its line if that is still there, else at its place."""
        before = self._key(self.current) if self.current is not None and keep else None
        self.rows = rows
        self.virtual_size = Size(self.size.width, len(rows) + 1)
        place = self.cursor if keep else 0
        if before is not None:
            place = next((n for n, row in enumerate(rows) if self._key(row) == before), place)
        self.cursor = max(0, min(place, len(rows) - 1))
        self._follow()
        self.refresh()
        self.post_message(self.Moved())

    def watch_cursor(self) -> None:
        """Bring the cursor into view."""
        self._follow()
        self.refresh()
        self.post_message(self.Moved())

    def on_resize(self) -> None:
        """Follow the cursor when the window changes."""
        self.virtual_size = Size(self.size.width, len(self.rows) + 1)
        self._follow()

    def _follow(self) -> None:
        seen = max(1, self.size.height - 1)
        top = self.scroll_offset.y
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + seen:
            self.scroll_to(y=self.cursor - seen + 1, animate=False)

    def action_move(self, by: int) -> None:
        """Move the cursor by lines."""
        self.cursor = max(0, min(self.cursor + by, len(self.rows) - 1))

    def action_page(self, by: int) -> None:
        """Move the cursor by pages."""
        self.action_move(by * max(1, self.size.height - 2))

    def action_go(self, place: int) -> None:
        """Move the cursor to the first line, or the last (-1)."""
        self.cursor = max(0, len(self.rows) - 1) if place else 0

    def action_choose(self) -> None:
        """Tell that the line under the cursor was chosen."""
        if self.current is not None:
            self.post_message(self.Chosen())

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the line that was clicked; chosen, if it was there already."""
        place = self.scroll_offset.y + event.y - 1
        if event.y < 1 or place >= len(self.rows):
            return
        if place == self.cursor:
            self.action_choose()
        self.cursor = place

    def render_line(self, y: int) -> Strip:
        """Return line `y` of the widget: the heading, then the rows from the scroll position on."""
        width = self.size.width
        widths = fitted(self._columns, width)
        if y == 0:
            return self._line([column.title for column in self._columns], widths, "lines--head")
        place = self.scroll_offset.y + y - 1
        if place >= len(self.rows):
            return Strip.blank(width, self.get_component_rich_style("lines--line"))
        row = self.rows[place]
        tone = self._tone(row)
        name = f"lines--{tone}" if tone else "lines--line"
        at_cursor = place == self.cursor
        return self._line(self._cells(row), widths, "lines--cursor" if at_cursor else name)

    def _line(self, cells: Sequence[str], widths: Sequence[int], name: str) -> Strip:
        """Return a line; what is late shows in its figures, so that a bad week is no red screen."""
        style = self.get_component_rich_style(name)
        words = self.get_component_rich_style("lines--line") if name == "lines--late" else style
        segments: list[Segment] = []
        for text, width, column in zip(cells, widths, self._columns, strict=True):
            if width:
                gap = " " * (_GAP if segments else 1)
                segments.append(Segment(gap, words))
                shown = cell(text, width, column.right)
                figure = column.right and not column.rank
                segments.append(Segment(shown, style if figure else words))
        return Strip(segments).adjust_cell_length(self.size.width, words)
