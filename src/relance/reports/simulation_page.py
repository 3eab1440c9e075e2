"""A simulation as one page: offline, without scripts, to read, print or pass on; it names no debtor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from relance.language import N_, translator
from relance.reports.figures import count_text, date_text
from relance.reports.simulation_view import details, names_of, spans_of, summary, totals_in
from relance.reports.simulation_words import EFFECT, basis, title
from relance.reports.tables import Table
from relance.simulation.sides import Simulation

_WORDS = {
    "simulation": N_("Simulation"),
    "whole": N_("In all"),
    "as_table": N_("The same figures as a table"),
    "basis": N_("What these figures rest on"),
    "made": N_("Made by relance; it names no debtor, and nothing on this page is loaded from a network."),
}  # fmt: skip
_CAPTIONS = (
    N_("Receivables that reached each level"),
    N_("Messages by channel"),
    N_("Tasks by kind"),
    N_("Work by person"),
)
_CHARTS = (("notices", N_("Notices over time")), ("tasks", N_("Tasks over time")))
_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 1000, 300, 64, 12, 32
_SIDES = ("a", "b")


def simulation_page(played: Simulation, language: str) -> str:
    """Return the page of a simulation as HTML. It loads nothing, runs nothing and sends nothing."""
    from jinja2 import Environment, StrictUndefined

    _ = translator(language)
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    source = Path(__file__).with_name("simulation_page.html").read_text("utf-8")
    said = list(basis(played, language))
    captions = [_(each) for each in _CAPTIONS]
    tables = zip(captions, details(played, language), strict=True)
    return environment.from_string(source).render(
        t={name: _(words) for name, words in _WORDS.items()},
        language=language,
        title=title(played, language),
        effect=_(EFFECT),
        basis=said[1:],
        summary=_grid(summary(played, language), _("Figures in all")),
        charts=list(_charts(played, language)),
        tables=[_grid(table, caption) for caption, table in tables if table.rows],
    )


def _grid(table: Table, caption: str) -> dict[str, Any]:
    heads = [{"text": each.title, "right": each.align == "right"} for each in table.columns]
    return {"caption": caption, "heads": heads, "rows": table.rows}


def _charts(played: Simulation, language: str) -> Iterator[dict[str, Any]]:
    spans = spans_of(played)
    counts = [list(totals_in(side.outcome.by_day, spans)) for side in played.sides]
    for name, words in _CHARTS:
        values = [[int(getattr(one, name)) for one in side] for side in counts]
        if any(map(any, values)):
            yield _chart(values, spans, names_of(played), (translator(language)(words), language))


def _chart(
    values: Sequence[Sequence[int]],
    spans: Sequence[tuple[date, date]],
    names: Sequence[str],
    told: tuple[str, str],
) -> dict[str, Any]:
    """Return the places of bars, lines and words of a chart. `told`: its title and the language."""
    heading, language = told
    _ = translator(language)
    step = _step(max(map(max, values)))
    top = step * -(-max(map(max, values)) // step)
    room, slot = _HEIGHT - _TOP - _BOTTOM, (_WIDTH - _LEFT) / len(spans)
    firsts = [date_text(first, language) for first, _last in spans]
    bars = []
    for place, (side, own) in enumerate(zip(_SIDES, values, strict=False)):
        width = slot * 0.76 / len(values)
        for number, value in enumerate(own):
            height = round(value * room / top, 1)
            x, y = _LEFT + number * slot + slot * 0.12 + place * width, _TOP + room - height
            said = f"{names[place]}, {firsts[number]}: {count_text(value, language)}"
            marks = "".join(
                f"M{x:.1f} {y + down:.1f}h{width:.1f}" for down in range(6, int(height), 6)
            )
            bars.append(
                {"side": side, "x": f"{x:.1f}", "y": f"{y:.1f}", "width": f"{width - 1:.1f}",
                 "height": height, "title": said, "marks": marks}
            )  # fmt: skip
    every = -(-len(spans) // 10)
    columns = [_("From"), *(names if len(names) > 1 else [heading])]
    return {
        "title": heading,
        "label": _("{title}: bars; the same figures stand in the table below").format(
            title=heading
        ),
        "width": _WIDTH,
        "height": _HEIGHT,
        "left": _LEFT,
        "bars": bars,
        "lines": [
            {"y": round(_TOP + room - level * room / top, 1), "text": count_text(level, language)}
            for level in range(0, top + 1, step)
        ],
        "ticks": [
            {"x": round(_LEFT + (number + 0.5) * slot, 1), "text": firsts[number]}
            for number in range(0, len(spans), every)
        ],
        "key": [{"side": s, "name": n} for s, n in zip(_SIDES, names, strict=False)],
        "table": {
            "caption": heading,
            "heads": [{"text": one, "right": n > 0} for n, one in enumerate(columns)],
            "rows": [
                [first, *(count_text(own[number], language) for own in values)]
                for number, first in enumerate(firsts)
            ],
        },
    }


def _step(most: int) -> int:
    """Return a round distance between lines: three to six of them reach `most`."""
    step = 1
    while True:
        for times in (1, 2, 5):
            if step * times * 5 >= most:
                return step * times
        step *= 10
