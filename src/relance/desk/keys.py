"""The line of keys at the foot of a screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.geometry import Size
from textual.widgets import Static

_GAP = "   "


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is shown: its sign, what it does, and the action for who uses a mouse."""

    sign: str
    label: str
    action: str


class Keys(Static):
    """The keys of a screen, on as many lines as they need; a key is never parted from its word."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"keys--sign"}

    def __init__(self, keys: Sequence[Key], **given: Any) -> None:
        super().__init__(**given)
        self.auto_links = False  # keys are no links: they keep their colours
        self._keys = keys

    def _rows(self, width: int) -> list[list[Key]]:
        rows: list[list[Key]] = [[]]
        left = width
        for key in self._keys:
            needed = cell_len(f"{key.sign} {key.label}")
            if rows[-1] and needed + len(_GAP) > left:
                rows.append([])
                left = width
            left -= needed + (len(_GAP) if rows[-1] else 0)
            rows[-1].append(key)
        return rows

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """Return the lines that the keys need in `width` cells."""
        return len(self._rows(width))

    def render(self) -> Text:
        """Return the keys."""
        sign = self.get_component_rich_style("keys--sign", partial=True)
        lines = []
        for row in self._rows(self.content_size.width or 80):
            shown = [
                Text.assemble((key.sign, sign), f" {key.label}").on(click=key.action) for key in row
            ]
            lines.append(Text(_GAP).join(shown))
        return Text("\n").join(lines)
