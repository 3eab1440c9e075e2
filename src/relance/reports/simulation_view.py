"""A simulation on the screen: what it comes to, a chart over time, levels, people and channels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from relance.language import translator
from relance.reports.figures import count_text, date_text, safe
from relance.reports.names import TASKS
from relance.reports.simulation_words import (
    basis,
    cost_text,
    hours_text,
    summary_rows,
    title,
)
from relance.reports.tables import Column, Table, stacked
from relance.simulation.outcome import Count
from relance.simulation.sides import Side, Simulation

if TYPE_CHECKING:
    from rich.console import RenderableType

LONGEST_IN_WEEKS = 140
"""Days that are shown week by week; of more, months are."""

_CHART = 24
_EIGHTHS = " ▏▎▍▌▋▊▉"
_PEOPLE = 12
_MARKS = ("A", "B")


def simulation_view(played: Simulation, language: str) -> RenderableType:
    """Return what was played, for a terminal."""
    from rich.text import Text

    tables = [summary(played, language), _chart(played, language), *details(played, language)]
    shown: list[RenderableType] = [table for table in tables if table.rows]
    return stacked([*shown, Text("\n".join(basis(played, language)))])


def details(played: Simulation, language: str) -> list[Table]:
    """Return the tables below the chart; those of which there is nothing to show have no rows."""
    made = (_levels, _channels, _kinds, _people)
    return [each(played, language) for each in made]


def names_of(played: Simulation) -> list[str]:
    """Return what the simulations are called; marked where there are two."""
    names = [safe(side.name) for side in played.sides]
    if len(names) == 1:
        return names
    return [f"{mark} · {name}" for mark, name in zip(_MARKS, names, strict=True)]


def summary(played: Simulation, language: str) -> Table:
    """Return the figures in all, per simulation, with the change from the first to the second."""
    _ = translator(language)
    two = len(played.sides) == 2
    heads = names_of(played) if two else [""]
    columns = [Column("")] + [Column(name, "right", "cut") for name in heads]
    rows = summary_rows(played, language)
    return Table(
        title(played, language),
        [*columns, *([Column(_("Change"), "right")] if two else [])],
        rows,
    )


def spans_of(played: Simulation) -> list[tuple[date, date]]:
    """Return the weeks (from Monday) of a short period, the months of a long one: first and last days."""
    period = played.period
    weekly = period.length <= LONGEST_IN_WEEKS
    spans, day = [], period.first
    while day <= period.last:
        if weekly:
            end = day + timedelta(days=6 - day.weekday())
        else:
            end = (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        end = min(end, period.last)
        spans.append((day, end))
        day = end + timedelta(days=1)
    return spans


def totals_in(by_day: Mapping[date, Count], spans: Iterable[tuple[date, date]]) -> Iterator[Count]:
    """Yield what was sent and given in each of `spans`."""
    for first, last in spans:
        found = [count for day, count in by_day.items() if first <= day <= last]
        yield Count(
            sum(c.notices for c in found),
            sum(c.tasks for c in found),
            sum(c.minutes for c in found),
        )


def _chart(played: Simulation, language: str) -> Table:
    _ = translator(language)
    spans = spans_of(played)
    two = len(played.sides) == 2
    counts = [list(totals_in(side.outcome.by_day, spans)) for side in played.sides]
    most = max((one.notices for side in counts for one in side), default=0)
    rows = []
    for place, (first, _last) in enumerate(spans):
        for mark, side in zip(_MARKS, counts, strict=False):
            one = side[place]
            cells = [
                bar(one.notices, most),
                count_text(one.notices, language),
                count_text(one.tasks, language),
            ]
            head = date_text(first, language) if mark == "A" else ""
            rows.append([head, *([mark] if two else []), *cells])
    return Table(
        "",
        [Column(_("From")), *([Column("")] if two else []), Column(_("Notices"), style="cyan"),
         Column("", "right"), Column(_("Tasks"), "right")],
        rows if most or any(one.tasks for side in counts for one in side) else [],
    )  # fmt: skip


def bar(value: int, most: int, width: int = _CHART) -> str:
    """Return a bar of blocks, `width` wide for `most`; what is not nothing is seen."""
    eighths = 0 if most == 0 else round(value * width * 8 / most)
    if value and not eighths:
        eighths = 1
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (_EIGHTHS[rest] if rest else "")


def _levels(played: Simulation, language: str) -> Table:
    """Return how many receivables reached each level, per simulation."""
    _ = translator(language)
    found: dict[tuple[str, int, str], list[int]] = {}
    for place, side in enumerate(played.sides):
        for each in side.outcome.levels:
            key = (each.procedure, each.number, each.level)
            found.setdefault(key, [0] * len(played.sides))[place] = each.receivables or each.notices
    rows = [
        [safe(procedure), safe(level), *(count_text(n, language) for n in numbers)]
        for (procedure, _number, level), numbers in sorted(found.items())
    ]
    heads = list(_MARKS) if len(played.sides) == 2 else [_("Receivables")]
    return Table(
        "",
        [Column(_("Procedure"), fit="cut"), Column(_("Level reached"), fit="cut"),
         *(Column(name, "right") for name in heads)],
        rows,
    )  # fmt: skip


def _channels(played: Simulation, language: str) -> Table:
    _ = translator(language)
    rows = []
    for name in _in_any(played, lambda side: [each.channel for each in side.outcome.channels]):
        cells = [name]
        for side in played.sides:
            one = next((each for each in side.outcome.channels if each.channel == name), None)
            cells += [
                count_text(one.notices + one.tasks if one else 0, language),
                cost_text(one.cost if one else 0, side.outcome, language),
            ]
        rows.append(cells)
    return Table("", [Column(_("Channel"), fit="cut"), *_pairs(played, _("Sent"), _("Cost"))], rows)


def _kinds(played: Simulation, language: str) -> Table:
    _ = translator(language)
    rows = []
    for name in _in_any(played, lambda side: side.outcome.kinds):
        cells = [_(TASKS.get(name, name))]
        for side in played.sides:
            one = side.outcome.kinds.get(name, Count())
            cells += [count_text(one.tasks, language), hours_text(one.minutes, language)]
        rows.append(cells)
    return Table("", [Column(_("Task"), fit="cut"), *_pairs(played, _("Tasks"), _("Work"))], rows)


def _people(played: Simulation, language: str) -> Table:
    _ = translator(language)
    names = _in_any(played, lambda side: side.outcome.by_owner)
    if names == [""]:
        return Table("")
    rows = []
    for name in names[:_PEOPLE]:
        cells = [safe(name) or _("(nobody)")]
        for side in played.sides:
            one = side.outcome.by_owner.get(name, Count())
            cells += [count_text(one.notices, language), count_text(one.tasks, language)]
        rows.append(cells)
    more = len(names) - _PEOPLE
    note = _("… and {count} more: --json has all of them").format(count=more) if more > 0 else ""
    columns = [Column(_("Person"), fit="cut"), *_pairs(played, _("Notices"), _("Tasks"))]
    return Table("", columns, rows, note=note)


def _in_any(played: Simulation, names: Callable[[Side], Iterable[str]]) -> list[str]:
    """Return the names that any simulation has, sorted; nobody last."""
    found = {name for side in played.sides for name in names(side)}
    return sorted(found, key=lambda name: (name == "", name))


def _pairs(played: Simulation, one: str, two: str) -> list[Column]:
    if len(played.sides) == 1:
        return [Column(one, "right"), Column(two, "right")]
    return [Column(f"{mark} · {name}", "right") for mark in _MARKS for name in (one, two)]
