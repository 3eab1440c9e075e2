"""The application: what it holds, what it writes, and how the screens hear of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.theme import Theme
from textual.worker import Worker, WorkerState

from relance.desk import about as abouts
from relance.desk import asking
from relance.desk.book import Book, Seat
from relance.desk.entering import Hand
from relance.desk.form import Asked, Form, trouble
from relance.desk.help import Help
from relance.desk.sheet import SheetScreen
from relance.desk.today import Today
from relance.diagnostics import Diagnostic
from relance.language import translator
from relance.reports.debtor_words import Sheet
from relance.reports.figures import safe

DARK = Theme(
    "relance-dark", primary="#7aa2d6", secondary="#8fb8a8", accent="#e0b25c", warning="#e0b25c",
    error="#ef8f84", success="#8fc79a", foreground="#dfe3e8", background="#15191f",
    surface="#1b2027", panel="#252c36", dark=True,
    variables={"late": "#f0b48a", "quiet": "#8b95a3", "cursor": "#2f4a6d", "cursor-text": "#ffffff"},
)  # fmt: skip
LIGHT = Theme(
    "relance-light", primary="#24558f", secondary="#2f6b57", accent="#8a5a00", warning="#8a5a00",
    error="#a3251b", success="#1f6b32", foreground="#1b2027", background="#fbfaf7",
    surface="#f2f0ea", panel="#e4e1d8", dark=False,
    variables={"late": "#9a3b12", "quiet": "#666d76", "cursor": "#24558f", "cursor-text": "#ffffff"},
)  # fmt: skip
PLAIN = Theme(
    "relance-16", primary="ansi_blue", secondary="ansi_cyan", accent="ansi_yellow",
    warning="ansi_yellow", error="ansi_red", success="ansi_green", foreground="ansi_default",
    background="ansi_default", surface="ansi_default", panel="ansi_default", boost="ansi_default",
    ansi=True,
    variables={
        "late": "ansi_yellow", "quiet": "ansi_default", "cursor": "ansi_blue",
        "cursor-text": "ansi_bright_white", "block-cursor-foreground": "ansi_bright_white",
        "block-cursor-background": "ansi_blue", "input-cursor-background": "ansi_white",
        "input-cursor-foreground": "ansi_black", "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white", "border-blurred": "ansi_black",
        "input-selection-background": "ansi_blue", "input-selection-foreground": "ansi_white",
        "screen-selection-background": "ansi_blue", "screen-selection-foreground": "ansi_white",
    },
)  # fmt: skip
"""Colours of the terminal itself: for those with sixteen, and for who chose them there."""

LOOK = 60.0
"""Seconds between two looks at the calendar: after midnight the book is read again."""


class DeskApp(App[None]):
    """The credit controller's desk."""

    CSS_PATH = "desk.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", show=False, priority=True),
        Binding("ctrl+l", "lights", show=False),
    ]

    def __init__(self, seat: Seat, book: Book, owner: str | None = None) -> None:
        super().__init__()
        self.seat = seat
        self.book = book
        self.owner = owner
        self.reading = False
        self.tried = book.today
        for theme in (DARK, LIGHT, PLAIN):
            self.register_theme(theme)
        few = self.console.color_system in (None, "standard", "windows")
        self.theme = PLAIN.name if few else DARK.name

    def on_mount(self) -> None:
        """Show today's list."""
        self.push_screen(Today())
        self.set_interval(LOOK, self._look)

    def _look(self) -> None:
        day = self.seat.day()
        if day not in (self.book.today, self.tried) and not self.reading:
            self.tried = day
            self.action_reread()

    def action_lights(self) -> None:
        """Change between dark and light; a terminal of few colours keeps its own."""
        if self.theme != PLAIN.name:
            self.theme = LIGHT.name if self.theme == DARK.name else DARK.name

    def action_help(self) -> None:
        """Show what the keys do."""
        self.push_screen(Help(self.seat.language))

    def action_reread(self) -> None:
        """Read files and history again, beside the screen."""
        self.reading = True
        self.run_worker(
            self.seat.read, thread=True, exclusive=True, group="read", exit_on_error=False
        )
        self._tell_screens()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show the book that was read, or why it could not be."""
        worker = event.worker
        if worker.group != "read" or event.state not in (WorkerState.SUCCESS, WorkerState.ERROR):
            return
        self.reading = False
        wrong: list[Diagnostic]
        if isinstance(worker.error, Exception):
            wrong = trouble(worker.error)
        else:
            result = worker.result
            wrong = result if isinstance(result, list) else []
            self.book = result if isinstance(result, Book) else self.book
        if wrong:
            self._warn(wrong[0])
        self._tell_screens()

    def _tell_screens(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, Today | SheetScreen):
                screen.reread()

    def _warn(self, wrong: Diagnostic) -> None:
        language = self.seat.language
        said = f"{wrong.message(language)} – {wrong.hint(language)}"
        self.notify(safe(said), severity="error", timeout=10, markup=False)

    def open_sheet(self, debtor: str, name: str, task: str | None = None) -> None:
        """Show the sheet of `debtor`, or why there is none."""
        sheet = self.sheet_of(debtor)
        if isinstance(sheet, Diagnostic):
            self._warn(sheet)
        elif sheet is not None:
            self.push_screen(SheetScreen(debtor, name, sheet, task))

    def sheet_of(self, debtor: str) -> Sheet | Diagnostic | None:
        """Return the sheet of `debtor`, or why there is none; None if it could not be read, and say so."""
        try:
            return self.seat.sheet(self.book, debtor)
        except Exception as error:
            self._warn(trouble(error)[0])
            return None

    def ask(self, what: str, debtor: str, name: str, chosen: str) -> None:
        """Open the form `what` about `debtor`; see `about.About.chosen`."""
        _ = translator(self.seat.language)
        about = abouts.about(self.book, debtor, name, self.seat.language, chosen)
        hand = Hand(self.seat, self.book, about)
        work = about.work(chosen) or next(iter(about.works), None)
        asked: Asked
        if what in ("done", "move"):
            if work is None:
                self.notify(_("There is no open task about this debtor."), markup=False)
                return
            own = abouts.about(
                self.book, debtor, name, self.seat.language, abouts.task(work)
            )  # fmt: skip
            hand = Hand(self.seat, self.book, own)
            asked = asking.call(hand, "done") if what == "done" else asking.move(hand, work)
        else:
            asked = _FORMS[what](hand)
        self.push_screen(Form(asked, self.seat.language), self._recorded(debtor))

    def _recorded(self, debtor: str) -> Callable[[bool | None], None]:
        """Return what is done after a form about `debtor`: the list knows at once, the verdicts soon."""

        def after(recorded: bool | None) -> None:
            if not recorded:
                return
            _ = translator(self.seat.language)
            self.notify(_("Recorded."), timeout=2, markup=False)
            try:
                works = self.seat.works(self.book, debtor)
                self.book = self.book.with_works(debtor, works)
            except Exception as error:
                self._warn(trouble(error)[0])
            self.action_reread()

        return after


_FORMS: dict[str, Callable[[Hand], Asked]] = {
    "call": asking.call,
    "promise": asking.promise,
    "dispute": asking.dispute,
    "note": asking.note,
    "add": asking.add,
}
