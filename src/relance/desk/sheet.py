"""A debtor's sheet on the screen: what it owes, how it pays, what was said, what happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from rich.console import Group, RenderableType
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import ContentSwitcher, Static

from relance.desk import about as abouts
from relance.desk.keys import Key, Keys
from relance.desk.lines import Column, Lines, Tone
from relance.desk.screen import DeskScreen
from relance.diagnostics import Diagnostic
from relance.language import translator
from relance.reports import names
from relance.reports.debtor_view import (
    dispute_columns,
    dispute_rows,
    head_rows,
    heading,
    next_text,
    notes_table,
    promise_columns,
    promise_rows,
    task_columns,
    task_rows,
)
from relance.reports.debtor_words import Sheet, amount, behaviour_lines, estimate_text
from relance.reports.figures import count_text, date_text, safe
from relance.reports.history_table import history_table
from relance.reports.tables import Column as Cell
from relance.reports.tables import Table

Item = Mapping[str, Any]

PANES = ("items", "story", "pays", "notes", "past")


class SheetScreen(DeskScreen):
    """The sheet of one debtor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,backspace", "leave", show=False),
        *(Binding(str(n + 1), f"pane({n})", show=False) for n in range(len(PANES))),
        Binding("right,tab", "turn(1)", show=False, priority=True),
        Binding("left,shift+tab", "turn(-1)", show=False, priority=True),
    ]

    def __init__(self, debtor: str, name: str, sheet: Sheet, task: str | None = None) -> None:
        super().__init__()
        self.debtor = debtor
        self.called = name
        self.led_by = task
        self._sheet = sheet
        self._place = 0

    def compose(self) -> ComposeResult:
        """Yield the head, the names of the panes, the panes and the keys."""
        language = self.desk.seat.language
        yield Static(id="head")
        yield Tabs(id="panes")
        with ContentSwitcher(initial="items", id="switch"):
            yield Lines(
                _item_columns(language), self._cells, _tone, lambda i: i["item"], id="items"
            )
            for name in PANES[1:]:
                with VerticalScroll(id=name):
                    yield Static(id=f"{name}-text")
        yield Static(id="about")
        yield Keys(_keys(language))

    def on_mount(self) -> None:
        """Show the sheet."""
        self.tell(self._sheet)
        self.action_pane(0)

    def tell(self, sheet: Sheet) -> None:
        """Show `sheet`, the JSON of `relance debtor`."""
        self._sheet = sheet
        language = self.desk.seat.language
        self.query_one("#head", Static).update(_head(sheet, language))
        self.query_one("#items", Lines).show(sheet["items"])
        for name, parts in _texts(sheet, language).items():
            self.query_one(f"#{name}-text", Static).update(parts)

    def reread(self) -> None:
        """Read the sheet again and show it; who is no debtor any more is left.

        Where it cannot be read the old one stays, and the desk says why.
        """
        sheet = self.desk.sheet_of(self.debtor)
        if isinstance(sheet, Diagnostic):
            self.dismiss()
        elif sheet is not None:
            self.tell(sheet)

    def action_leave(self) -> None:
        """Go back to the list."""
        self.dismiss()

    def action_turn(self, by: int) -> None:
        """Show the next pane, or the one before."""
        self.action_pane((self._place + by) % len(PANES))

    def action_pane(self, place: int) -> None:
        """Show a pane."""
        self._place = place
        switch = self.query_one("#switch", ContentSwitcher)
        switch.current = PANES[place]
        self.query_one("#panes", Tabs).update(self._tabs(place))
        self.query_one("#about").display = place == 0
        self.query_one(f"#{PANES[place]}").focus()

    def _tabs(self, place: int) -> Text:
        _ = translator(self.desk.seat.language)
        sheet = self._sheet
        said = len(sheet["promises"]) + len(sheet["disputes"])
        labels = (
            (_("Open items"), len(sheet["items"])), (_("Agreed"), said), (_("Behaviour"), 0),
            (_("Notes"), len(sheet["notes"])), (_("History"), 0),
        )  # fmt: skip
        return tabs(labels, place, "screen.pane", self.desk.seat.language)

    def _cells(self, item: Item) -> Sequence[str]:
        language = self.desk.seat.language
        _ = translator(language)
        late = item["days_past_due"]
        return (
            safe(item["number"]), _day(item["due"], language), "–" if late is None else str(late),
            amount(item["open"], item["currency"], language),
            _(names.VERDICTS.get(item["verdict"], str(item["verdict"]))), next_text(item, language),
            safe(item["reason"]),
        )  # fmt: skip

    @on(Lines.Moved)
    def _tell_current(self) -> None:
        """Say under the items why the one under the cursor stands as it does."""
        item = self.query_one("#items", Lines).current
        language = self.desk.seat.language
        _ = translator(language)
        text = Text(_("Nothing is open.") if item is None else safe(item["reason"]))
        if item is not None:
            following = _("next step: {step}").format(step=next_text(item, language))
            text.append(f"\n{safe(item['number'])} · {following}")
        self.query_one("#about", Static).update(text)

    def action_log(self, what: str) -> None:
        """Open a form: about the task that led here until the cursor moves to an invoice."""
        items = self.query_one("#items", Lines)
        item = items.current if self._place == 0 and (items.cursor or not self.led_by) else None
        chosen = self.led_by or abouts.ALL
        if item is not None:
            chosen = abouts.item(item["item"])
        self.desk.ask(what, self.debtor, self.called, chosen)


class Tabs(Static):
    """The names of panes; they are no links, though one may click them."""

    def on_mount(self) -> None:
        """Keep the colours."""
        self.auto_links = False


def tabs(labels: Sequence[tuple[str, int]], place: int, action: str, language: str) -> Text:
    """Return the names of panes with their counts on one line, the one at `place` marked."""
    text = Text(no_wrap=True, overflow="ellipsis")
    for n, (label, count) in enumerate(labels):
        shown = f" {n + 1} {label} {count_text(count, language) + ' ' if count else ''}"
        style = "bold reverse" if n == place else ""
        part = Text(shown, style=style)
        text.append(" " if n else "").append(part.on(click=f"{action}({n})"))
    return text


def _item_columns(language: str) -> list[Column]:
    _ = translator(language)
    return [
        Column(_("Number"), 12, 1), Column(_("Due"), 10), Column(_("Days"), 5, right=True),
        Column(_("Open"), 13, right=True), Column(_("Verdict"), 24, 2),
        Column(_("Next step"), 22, 2, rank=1), Column(_("Why"), 30, 4, rank=2),
    ]  # fmt: skip


def _tone(item: Item) -> Tone:
    if item["verdict"] in ("settled", "credit", "missing"):
        return "dim"
    return "late" if (item["days_past_due"] or 0) > 30 else ""


def _head(sheet: Sheet, language: str) -> Text:
    """Return who it is, what it owes, how to reach it, and what comes next: four lines."""
    _ = translator(language)
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(heading(sheet), "bold")
    owner = sheet["debtor"]["owner"]
    if owner:
        text.append(f"   {safe(owner)}", "dim")
    said = _("{net} owed, {overdue} of it overdue")
    owed = [
        said.format(net=amount(b["net"], b["currency"], language),
                    overdue=amount(b["overdue"], b["currency"], language))
        for b in sheet["balances"]
    ]  # fmt: skip
    text.append("\n" + (" · ".join(owed) or _("Nothing is open.")))
    text.append("\n☎ " + (_reached(sheet) or _("none is known")))
    return text.append("\n→ " + _next(sheet, language))


def _reached(sheet: Sheet) -> str:
    found = sheet["contacts"]
    parts = [found[name] for name in ("phone", "mobile", "email")]
    return " · ".join(safe(part) for part in parts if part)


def _next(sheet: Sheet, language: str) -> str:
    """Return the nearest next step of all that is open, else what its first task is."""
    _ = translator(language)
    steps = [i for i in sheet["items"] if i["next_level"] and i["next_date"]]
    if steps:
        first = min(steps, key=lambda i: i["next_date"])
        return f"{next_text(first, language)} · {safe(first['number'])} · {safe(first['reason'])}"
    tasks = [task for task in sheet["tasks"] if task["state"] == "open"]
    return safe(tasks[0]["subject"]) if tasks else _("nothing is due")


def _texts(sheet: Sheet, language: str) -> dict[str, RenderableType]:
    """Return what each pane shows, by its name."""
    _ = translator(language)
    columns = [Cell("", style="dim"), Cell("", fit="wrap")]
    who = Table(_("About the debtor"), columns, list(head_rows(sheet, language)))
    lines = [*behaviour_lines(sheet, language), estimate_text(sheet, language)]
    pays = Table(
        _("How it pays"), [Cell(""), Cell("", fit="wrap")], [["·", said] for said in lines]
    )
    stories = [
        Table(_("Promises"), promise_columns(language), list(promise_rows(sheet, language))),
        Table(_("Disputes"), dispute_columns(language), list(dispute_rows(sheet, language))),
        Table(_("Tasks"), task_columns(language), list(task_rows(sheet, language))),
    ]
    notes = notes_table(sheet["notes"], language, alone=True)
    return {
        "story": _stacked([t for t in stories if t.rows], _("Nothing was promised or disputed.")),
        "pays": _stacked([who, pays], ""),
        "notes": _stacked([notes] if notes.rows else [], _("There are no notes.")),
        "past": _stacked([history_table(sheet["history"], language)] if sheet["history"] else [],
                         _("Nothing was recorded.")),
    }  # fmt: skip


def _stacked(tables: Sequence[Table], nothing: str) -> RenderableType:
    def parts() -> Iterator[RenderableType]:
        for table in tables:
            yield table
            yield Text("")

    return Group(*parts()) if tables else Text(nothing)


def _day(text: str | None, language: str) -> str:
    return date_text(date.fromisoformat(text[:10]) if text else None, language)


def _keys(language: str) -> list[Key]:
    _ = translator(language)
    return [
        Key("c", _("Call"), "screen.log('call')"), Key("p", _("Promise"), "screen.log('promise')"),
        Key("d", _("Dispute"), "screen.log('dispute')"), Key("n", _("Note"), "screen.log('note')"),
        Key("t", _("End task"), "screen.log('done')"), Key("m", _("Put off"), "screen.log('move')"),
        Key("a", _("Add task"), "screen.log('add')"), Key("←→ 1-5", _("Panes"), "screen.turn(1)"),
        Key("?", _("Help"), "app.help"), Key("Esc", _("Back"), "screen.leave"),
    ]  # fmt: skip
