"""Forms: a few fields over the screen, filled in without a mouse, kept open until what they say is recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from rich.cells import cell_len
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from relance.desk.lines import cell
from relance.desk.typed import Mistyped
from relance.diagnostics import Diagnostic
from relance.language import translator
from relance.reports.figures import safe

Values = Mapping[str, str]
Save = Callable[[Values], list[Diagnostic]]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form.

    Attributes:
        kind: a line of text; one of some options, shown all ("pick") or one at a time ("choice").
        options: value and label of each.
        value: what it begins with.
        hint: what is shown as long as it is empty.
    """

    name: str
    label: str
    kind: Literal["text", "pick", "choice"] = "text"
    options: Sequence[tuple[str, str]] = ()
    value: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form asks, and how what it says is recorded."""

    title: str
    about: str
    fields: Sequence[Field]
    save: Save


class Choice(Static, can_focus=True):
    """One of some options, on one line; left and right change it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", show=False),
        Binding("right,space", "turn(1)", show=False),
    ]

    place: reactive[int] = reactive(0)

    def __init__(self, field: Field, **given: Any) -> None:
        super().__init__(**given)
        self._options = field.options
        values = [value for value, _label in field.options]
        self.set_reactive(Choice.place, values.index(field.value) if field.value in values else 0)

    @property
    def value(self) -> str:
        """The value that is shown."""
        return self._options[self.place][0]

    def action_turn(self, by: int) -> None:
        """Show the next option, or the one before."""
        self.place = (self.place + by) % len(self._options)

    def render(self) -> Text:
        """Return the option between its arrows."""
        label = self._options[self.place][1]
        room = max(8, (self.content_size.width or 40) - len("◂  ▸"))
        shown = cell(label, room).rstrip() if cell_len(label) > room else label
        return Text(f"◂ {shown} ▸" if len(self._options) > 1 else shown, no_wrap=True)


class Form(ModalScreen[bool]):
    """A form; its result is whether something was recorded."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("ctrl+s,f2", "save", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("enter", "next", show=False),
    ]

    def __init__(self, asked: Asked, language: str) -> None:
        super().__init__()
        self._asked = asked
        self._language = language
        self._saving = False

    def compose(self) -> ComposeResult:
        """Yield the title, the fields and a line for what is wrong."""
        _ = translator(self._language)
        with Vertical(id="form"):
            yield Static(Text(self._asked.title), id="form-title")
            yield Static(
                Text(self._asked.about, no_wrap=True, overflow="ellipsis"), id="form-about"
            )
            for field in self._asked.fields:
                with Horizontal(classes=f"field {field.kind}"):
                    yield Static(Text(field.label), classes="label")
                    yield _widget(field)
            yield Static("", id="form-wrong")
            keys = _("Enter: next, last one records   Ctrl+S: record   Esc: leave")
            yield Static(Text(keys), id="form-keys")

    def on_mount(self) -> None:
        """Begin after what it is about, which is right most of the time."""
        inputs = self._inputs()
        inputs[min(len(inputs) - 1, self._asked.fields[0].name == "about")].focus()

    def _inputs(self) -> list[Widget]:
        return [self.query_one(f"#field-{field.name}") for field in self._asked.fields]

    def values(self) -> dict[str, str]:
        """Return what the fields say, by name."""
        return {
            field.name: _value(widget, field)
            for field, widget in zip(self._asked.fields, self._inputs(), strict=True)
        }

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    async def action_next(self) -> None:
        """Go to the next field; record after the last."""
        inputs = self._inputs()
        place = inputs.index(self.focused) if self.focused in inputs else 0
        if place + 1 < len(inputs):
            inputs[place + 1].focus()
        else:
            await self.action_save()

    def action_leave(self) -> None:
        """Leave without recording."""
        self.dismiss(False)

    async def action_save(self) -> None:
        """Record what the form says; stay, and say why, where it cannot be."""
        if self._saving:
            return
        self._saving = True
        try:
            wrong = await self._saved()
        finally:
            self._saving = False
        if wrong is None:
            self.dismiss(True)
        else:
            self.query_one("#form-wrong", Static).update(Text(safe(wrong)))

    async def _saved(self) -> str | None:
        """Return what keeps the form from being recorded; None when it is."""
        _ = translator(self._language)
        values = self.values()
        try:
            wrong = await asyncio.to_thread(self._asked.save, values)
        except Mistyped as mistyped:
            return _(mistyped.message).format(text=mistyped.text)
        except Exception as error:
            wrong = trouble(error)
        if not wrong:
            return None
        first = wrong[0]
        return f"{first.message(self._language)} – {first.hint(self._language)}"


def trouble(error: Exception) -> list[Diagnostic]:
    """Return what an exception of the floors below says; one that says nothing is raised again."""
    one = getattr(error, "diagnostic", None)
    if isinstance(one, Diagnostic):
        return [one]
    raise error


def _widget(field: Field) -> Widget:
    name = f"field-{field.name}"
    if field.kind == "choice":
        return Choice(field, id=name)
    if field.kind == "pick":
        listed = OptionList(
            *(Option(Text(label), id=value) for value, label in field.options),
            id=name, compact=True, markup=False,
        )  # fmt: skip
        values = [value for value, _label in field.options]
        listed.highlighted = values.index(field.value) if field.value in values else 0
        return listed
    return Input(field.value, placeholder=field.hint, id=name, compact=True)


def _value(widget: Widget, field: Field) -> str:
    if isinstance(widget, OptionList):
        return field.options[widget.highlighted or 0][0]
    if isinstance(widget, Choice):
        return widget.value
    assert isinstance(widget, Input)
    return widget.value.strip()
