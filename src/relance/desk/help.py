"""What the keys do, on one page."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from relance.language import translator
from relance.reports.tables import Column, Table


class Help(ModalScreen[None]):
    """The keys, with a sentence each."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1,enter", "leave", show=False)
    ]

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def compose(self) -> ComposeResult:
        """Yield the page."""
        with VerticalScroll(id="help"):
            yield Static(self._page())

    def action_leave(self) -> None:
        """Close the page."""
        self.dismiss()

    def _page(self) -> Table:
        _ = translator(self._language)
        rows = (
            ("↑ ↓ PgUp PgDn", _("move; also j and k; Home and End")),
            ("↵", _("open the debtor's sheet")),
            ("1 2", _("today's tasks, all debtors; on a sheet 1 to 5: its panes")),
            ("/", _("search: name, number, invoice, town; Esc shows all again")),
            ("o", _("tasks of one owner, then of the next, then of all")),
            ("c", _("log a call and what came of it; it ends the task that it was about")),
            ("p d n", _("record a promise, a dispute, a note")),
            ("t", _("end a task; what came of it changes the verdict")),
            ("m a", _("put a task off or pass it on; add one")),
            ("r", _("read files and history again")),
            ("Ctrl+L", _("light or dark")),
            ("q Ctrl+Q", _("leave")),
        )
        dates = _(
            "Dates: 2026-04-30, 30/04, +7 (days). In forms: Tab or arrows move, Ctrl+S records."
        )
        columns = [Column("", style="bold"), Column("", fit="wrap")]
        return Table("", columns, [*rows, ("", ""), ("", dates)])
