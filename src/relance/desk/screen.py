"""What the screens of the desk have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType
from textual.screen import Screen

if TYPE_CHECKING:
    from relance.desk.app import DeskApp


class DeskScreen(Screen[None]):
    """A screen on which what people did is written down: the same keys do the same everywhere."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "log('call')", show=False),
        Binding("p", "log('promise')", show=False),
        Binding("d", "log('dispute')", show=False),
        Binding("n", "log('note')", show=False),
        Binding("a", "log('add')", show=False),
        Binding("t", "log('done')", show=False),
        Binding("m", "log('move')", show=False),
        Binding("r", "app.reread", show=False),
        Binding("question_mark,f1", "app.help", show=False),
    ]

    @property
    def desk(self) -> DeskApp:
        """The application."""
        return cast("DeskApp", self.app)
