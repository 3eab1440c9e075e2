"""The first screen: today's tasks, and all debtors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import ContentSwitcher, Input, Static

from relance.desk import about as abouts
from relance.desk.book import Debtor, Line
from relance.desk.keys import Key, Keys
from relance.desk.lines import Column, Lines, Tone
from relance.desk.screen import DeskScreen
from relance.desk.search import matching
from relance.desk.sheet import Tabs, tabs
from relance.language import translator
from relance.reports import names
from relance.reports.figures import amount_text, counted, date_text, long_date_text, safe

LISTS = ("tasks", "debtors")
LATE = 30
"""Days past due from which on a line stands out."""


class Today(DeskScreen):
    """What there is to do, first what is worth most; and everybody who might call."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "list(0)", show=False),
        Binding("2", "list(1)", show=False),
        Binding("tab,shift+tab", "turn", show=False, priority=True),
        Binding("slash,ctrl+f", "search", show=False),
        Binding("escape", "all", show=False),
        Binding("o", "owner", show=False),
        Binding("q", "app.quit", show=False),
    ]

    AUTO_FOCUS: ClassVar[str | None] = "#tasks"
    """From the first moment: keys that are typed while it opens are no search."""

    def __init__(self) -> None:
        super().__init__()
        self._place = 0
        self._asked = ""

    def compose(self) -> ComposeResult:
        """Yield the head, the lists, the search, what is under the cursor, the keys."""
        language = self.desk.seat.language
        _ = translator(language)
        yield Static(id="head")
        yield Tabs(id="panes")
        yield Input(placeholder=_("name, number, invoice, town"), id="search", compact=True)
        with ContentSwitcher(initial="tasks", id="switch"):
            yield Lines(
                _task_columns(language), self._task_cells, self._task_tone,
                lambda line: line.work.number, id="tasks",
            )  # fmt: skip
            yield Lines(
                _debtor_columns(language), self._debtor, _debtor_tone, lambda d: d.id, id="debtors"
            )  # fmt: skip
        yield Static(id="about")
        yield Keys(_keys(language))

    def on_mount(self) -> None:
        """Show the tasks."""
        self.query_one("#search").display = False
        self.reread()
        self.action_list(0)

    def reread(self) -> None:
        """Show what the book has now."""
        self._fill(keep=True)

    def _fill(self, *, keep: bool) -> None:
        book, owner = self.desk.book, self.desk.owner
        lines = [x for x in book.lines if owner is None or (x.work.owner or "") == owner]
        self.query_one("#tasks", Lines).show(matching(lines, self._asked), keep=keep)
        self.query_one("#debtors", Lines).show(matching(book.debtors, self._asked), keep=keep)
        self._tell()

    @property
    def _list(self) -> Lines[Any]:
        return self.query_one(f"#{LISTS[self._place]}", Lines)

    def _tell(self) -> None:
        desk, language = self.desk, self.desk.seat.language
        _ = translator(language)
        due = sum(1 for x in desk.book.lines if x.work.due is None or x.work.due <= desk.book.today)
        head = Text(no_wrap=True, overflow="ellipsis")
        head.append(safe(desk.seat.policy.creditor.name), "bold")
        head.append("   " + long_date_text(desk.book.today, language))
        head.append("   " + _("due today: {tasks}").format(tasks=counted(due, "task", language)))
        if desk.reading:
            head.append("   " + _("reading …"), "italic")
        self.query_one("#head", Static).update(head)
        labels = [(_("Tasks"), len(self.query_one("#tasks", Lines).rows)),
                  (_("Debtors"), len(self.query_one("#debtors", Lines).rows))]  # fmt: skip
        line = tabs(labels, self._place, "screen.list", language)
        if desk.owner is not None:
            whose = safe(desk.owner) or _("nobody")
            line.append("   " + _("owner: {owner}").format(owner=whose), "italic")
        if self._asked:
            line.append("   " + _("search: {words}").format(words=safe(self._asked)), "italic")
        self.query_one("#panes", Tabs).update(line)
        self._tell_current()

    @on(Lines.Moved)
    def _tell_current(self) -> None:
        """Say under the list what is under the cursor."""
        current = self._list.current
        language = self.desk.seat.language
        _ = translator(language)
        text = Text(_("Nothing is to be done.") if self._place == 0 else _("Nobody is found."))
        if isinstance(current, Line):
            debtor = self.desk.book.by_id.get(current.work.debtor)
            text = _task_text(current, debtor.phone if debtor else "", language)
        elif isinstance(current, Debtor):
            text = Text(f"{safe(current.name)} ({safe(current.id)})", "bold")
            owner = safe(current.owner) or "–"
            tasks = counted(current.tasks, "task", language)
            if current.phone:
                text.append(f"   ☎ {safe(current.phone)}", "not bold")
            said = _("owner: {owner}").format(owner=owner)
            text.append(f"\n{said} · {tasks}", "not bold")
        self.query_one("#about", Static).update(text)

    def action_list(self, place: int) -> None:
        """Show the tasks, or the debtors."""
        self._place = place
        self.query_one("#switch", ContentSwitcher).current = LISTS[place]
        self._list.focus()
        self._tell()

    def action_turn(self) -> None:
        """Show the other list."""
        self.action_list(1 - self._place)

    def action_search(self) -> None:
        """Begin to search."""
        field = self.query_one("#search", Input)
        field.display = True
        field.focus()

    @on(Input.Changed, "#search")
    def _search(self, event: Input.Changed) -> None:
        self._asked = event.value
        self._fill(keep=False)

    @on(Input.Submitted, "#search")
    def _found(self) -> None:
        """Go to what was found; with nothing asked the field goes."""
        self.query_one("#search").display = bool(self._asked)
        self._list.focus()

    def action_all(self) -> None:
        """Show all again: the search first, then the owner."""
        field = self.query_one("#search", Input)
        if self._asked or field.display:
            field.value = ""
            field.display = False
        else:
            self.desk.owner = None
            self._fill(keep=True)
        self._list.focus()

    def action_owner(self) -> None:
        """Show the tasks of the next owner; after the last those of all."""
        owners: list[str | None] = [None, *self.desk.book.owners()]
        now = self.desk.owner
        place = owners.index(now) + 1 if now in owners else 0
        self.desk.owner = owners[place % len(owners)]
        self.action_list(0)
        self._fill(keep=False)

    @on(Lines.Chosen)
    def action_open(self) -> None:
        """Open the sheet of the debtor under the cursor."""
        current = self._list.current
        if isinstance(current, Line):
            work = current.work
            self.desk.open_sheet(work.debtor, work.debtor_name, abouts.task(work))
        elif isinstance(current, Debtor):
            self.desk.open_sheet(current.id, current.name)

    def action_log(self, what: str) -> None:
        """Open a form about what is under the cursor."""
        current = self._list.current
        if isinstance(current, Line):
            work = current.work
            self.desk.ask(what, work.debtor, work.debtor_name, abouts.task(work))
        elif isinstance(current, Debtor):
            self.desk.ask(what, current.id, current.name, abouts.ALL)

    def _task_cells(self, line: Line) -> Sequence[str]:
        language, work = self.desk.seat.language, line.work
        _ = translator(language)
        worth = work.worth
        return (
            date_text(work.due, language), _(names.TASKS.get(work.kind, work.kind)),
            safe(work.debtor_name or work.debtor),
            amount_text(worth.open, work.currency, language) if worth and worth.open else "–",
            str(worth.days_late) if worth and worth.days_late else "–",
            safe(work.owner) or "–", safe(work.subject), str(work.number),
        )  # fmt: skip

    def _task_tone(self, line: Line) -> Tone:
        work = line.work
        if work.due is not None and work.due > self.desk.book.today:
            return "dim"
        return "late" if work.worth is not None and work.worth.days_late > LATE else ""

    def _debtor(self, debtor: Debtor) -> Sequence[str]:
        language = self.desk.seat.language
        home = self.desk.seat.policy.creditor.currency
        return (
            safe(debtor.id), safe(debtor.name), _money(debtor.outstanding, home, language),
            _money(debtor.overdue, home, language), str(debtor.oldest) if debtor.oldest else "–",
            str(debtor.tasks) if debtor.tasks else "–", safe(debtor.owner) or "–",
        )  # fmt: skip


def _money(minor: int, currency: str, language: str) -> str:
    return amount_text(minor, currency, language) if minor else "–"


def _task_columns(language: str) -> list[Column]:
    _ = translator(language)
    return [
        Column(_("Due"), 10), Column(_("Task"), 8, 1), Column(_("Debtor"), 20, 4),
        Column(_("Open"), 13, right=True), Column(_("Days"), 5, right=True),
        Column(_("Owner"), 9, 1, rank=1), Column(_("Subject"), 20, 5, rank=3),
        Column(_("No."), 6, right=True, rank=2),
    ]  # fmt: skip


def _debtor_columns(language: str) -> list[Column]:
    _ = translator(language)
    return [
        Column(_("Number"), 8, 1), Column(_("Name"), 18, 4), Column(_("Owed"), 13, right=True),
        Column(_("Overdue"), 13, right=True), Column(_("Days"), 5, right=True),
        Column(_("Tasks"), 6, right=True, rank=1), Column(_("Owner"), 9, 1, rank=2),
    ]  # fmt: skip


def _debtor_tone(debtor: Debtor) -> Tone:
    if debtor.oldest > LATE:
        return "late"
    return "" if debtor.outstanding else "dim"


def _task_text(line: Line, phone: str, language: str) -> Text:
    """Return a task in three lines: what is to be done, about what, and what was said before."""
    _ = translator(language)
    work = line.work
    text = Text(safe(work.subject), "bold", overflow="ellipsis")
    facts = [f"☎ {safe(phone)}"] if phone else []
    facts += [_("task {number}").format(number=work.number), ", ".join(map(safe, work.numbers))]
    if work.attempts:
        facts.append(_("no answer so far: {count}").format(count=work.attempts))
    if work.owner:
        facts.append(_("owner: {owner}").format(owner=safe(work.owner)))
    text.append("\n" + " · ".join(filter(None, facts)), "not bold")
    said = work.note or next(iter(work.text.splitlines()), "")
    return text.append("\n" + safe(said), "not bold italic")


def _keys(language: str) -> list[Key]:
    _ = translator(language)
    return [
        Key("↵", _("Sheet"), "screen.open"), Key("c", _("Call"), "screen.log('call')"),
        Key("p", _("Promise"), "screen.log('promise')"), Key("d", _("Dispute"), "screen.log('dispute')"),
        Key("n", _("Note"), "screen.log('note')"), Key("t", _("End task"), "screen.log('done')"),
        Key("m", _("Put off"), "screen.log('move')"), Key("a", _("Add task"), "screen.log('add')"),
        Key("/", _("Search"), "screen.search"), Key("o", _("Owner"), "screen.owner"),
        Key("1 2", _("Lists"), "screen.turn"), Key("r", _("Read again"), "app.reread"),
        Key("?", _("Help"), "app.help"), Key("q", _("Leave"), "app.quit"),
    ]  # fmt: skip
