"""The charts of the page, drawn once, as SVG that needs no script and takes its colours from the page.

Colours are those of Okabe and Ito; shapes, dashes and hatching say the same again, so that nothing
depends on telling two colours apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise

from markupsafe import Markup

WIDTH, HEIGHT = 620, 262
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 50, 30, 34
_LETTER = 6.8  # width of a letter of the labels, about

Tell = Callable[[Decimal], str]
_STEPS = tuple(Decimal(n) for n in ("1", "2", "2.5", "5", "10"))


@dataclass(frozen=True)
class Series:
    """Values along the axis, None where one is not known; `look` names a style of the page."""

    name: str
    look: str
    values: Sequence[Decimal | None]


@dataclass(frozen=True)
class Axis:
    """What a side of the chart measures: how its marks are told, and the least that it reaches."""

    tell: Tell
    least: Decimal = Decimal(1)


@dataclass(frozen=True)
class _Scale:
    top: Decimal
    step: Decimal

    def y(self, value: Decimal) -> float:
        """Return the height at which `value` is drawn; what is under zero is drawn at zero."""
        share = max(Decimal(0), value) / self.top
        return float(_TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - share))

    def marks(self) -> Iterator[Decimal]:
        value = Decimal(0)
        while value <= self.top:
            yield value
            value += self.step


def scale(values: Sequence[Decimal | None], least: Decimal) -> _Scale:
    """Return a scale from zero whose marks are round numbers, four or five of them."""
    most = max([least, *(value for value in values if value is not None)])
    power = Decimal(1).scaleb((most / 4).adjusted())
    step = next(power * n for n in _STEPS if power * n * 4 >= most)
    count = (most / step).to_integral_value(ROUND_CEILING)
    return _Scale(step * count, step)


def lines(labels: Sequence[str], left: tuple[Axis, Series], right: tuple[Axis, Series]) -> Markup:
    """Return two lines over months: a full one with dots measured left, a dashed one with squares right.

    Of a line of which nothing is known nothing is drawn, neither its axis nor its name.
    """
    drawn = [each for each in (left, right) if any(v is not None for v in each[1].values)]
    parts = list(_frame(labels, drawn[0][0], drawn[0][1].values, point=True))
    for axis, series in drawn:
        own = scale(series.values, axis.least)
        if (axis, series) != drawn[0]:
            parts += _right_marks(own, axis)
        parts += _line(series, own, len(labels))
    parts += _key([series for _, series in drawn])
    return _svg(parts)


def columns(labels: Sequence[str], axis: Axis, series: Sequence[Series]) -> Markup:
    """Return columns side by side for each label; series differ by colour and hatching."""
    every = [value for one in series for value in one.values]
    own = scale(every, axis.least)
    parts = list(_frame(labels, axis, every, point=False))
    slot = (WIDTH - _LEFT - _RIGHT) / max(1, len(labels))
    width = min(30.0, slot * 0.8 / len(series))
    for place, one in enumerate(series):
        shift = slot / 2 + (place - len(series) / 2) * width
        for n, value in enumerate(one.values):
            if value is None or value <= 0:
                continue
            x, y = _LEFT + n * slot + shift, own.y(value)
            size = HEIGHT - _BOTTOM - y
            parts.append(
                Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>')
                .format(one.look, x + 0.5, y, width - 1, size)
            )  # fmt: skip
    parts += _key(series)
    return _svg(parts)


def bar(parts: Sequence[tuple[Decimal, str]]) -> Markup:
    """Return a bar of parts, each its percentage of the whole width and its style."""
    found, at = [], Decimal(0)
    for share, look in parts:
        if share > 0:
            width = max(Decimal("0.4"), share)
            found.append(
                Markup('<rect class="{}" x="{:.2f}%" width="{:.2f}%" height="14" y="1"/>').format(look, at, width)
            )  # fmt: skip
            at += width
    return Markup('<svg class="bar" height="16" aria-hidden="true" focusable="false">{}</svg>').format(
        Markup("").join(found)
    )  # fmt: skip


def _svg(parts: Sequence[Markup]) -> Markup:
    return Markup('<svg viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}</svg>').format(
        WIDTH, HEIGHT, Markup("").join(parts)
    )


def _frame(
    labels: Sequence[str], axis: Axis, values: Sequence[Decimal | None], *, point: bool
) -> Iterator[Markup]:
    """Yield the lines of the scale with their marks, and the labels below, thinned where they are many."""
    own = scale(values, axis.least)
    for mark in own.marks():
        y = own.y(mark)
        yield Markup('<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(
            _LEFT, WIDTH - _RIGHT, y, y
        )
        yield _text(axis.tell(mark), _LEFT - 8, y + 4, "end")
    for n in _shown(labels, point=point):
        yield _text(labels[n], _x(n, len(labels), point=point), HEIGHT - _BOTTOM + 20, "middle")


def _shown(labels: Sequence[str], *, point: bool) -> list[int]:
    """Return which labels have room: every one, every second or so on; the first in any case."""
    count = len(labels)
    spans = [
        (_x(n, count, point=point) - _LETTER * len(label) / 2,
         _x(n, count, point=point) + _LETTER * len(label) / 2)
        for n, label in enumerate(labels)
    ]  # fmt: skip
    for every in range(1, count + 1):
        shown = [n for n in range(count) if (count - 1 - n) % every == 0 and n]
        while shown and spans[shown[0]][0] < spans[0][1] + 4:
            shown = shown[1:]
        if all(spans[a][1] + 4 <= spans[b][0] for a, b in pairwise(shown)):
            return [0, *shown]
    return [0]


def _x(n: int, count: int, *, point: bool) -> float:
    room = WIDTH - _LEFT - _RIGHT
    if point:
        return _LEFT + 14 + (room - 28) * n / max(1, count - 1)
    return _LEFT + room * (n + 0.5) / max(1, count)


def _right_marks(own: _Scale, axis: Axis) -> Iterator[Markup]:
    for mark in own.marks():
        yield _text(axis.tell(mark), WIDTH - _RIGHT + 8, own.y(mark) + 4, "start")


def _line(series: Series, own: _Scale, count: int) -> Iterator[Markup]:
    """Yield the strokes between months that are known, and a mark on each."""
    spots = [
        None if value is None else (_x(n, count, point=True), own.y(value))
        for n, value in enumerate(series.values)
    ]
    for one, other in pairwise(spots):
        if one and other:
            yield Markup(
                '<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>'
            ).format(series.look, *one, *other)
    for spot in filter(None, spots):
        yield _mark(series.look, *spot)


def _mark(look: str, x: float, y: float) -> Markup:
    if look.endswith("1"):
        return Markup('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="4"/>').format(look, x, y)
    return Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="7" height="7"/>').format(
        look, x - 3.5, y - 3.5
    )


def _key(series: Sequence[Series]) -> Iterator[Markup]:
    x = float(_LEFT)
    for one in series:
        if one.look.startswith("line"):
            yield Markup('<line class="{}" x1="{:.0f}" x2="{:.0f}" y1="11" y2="11"/>').format(
                one.look, x, x + 26
            )
            yield _mark(one.look, x + 13, 11)
        else:
            yield Markup('<rect class="{}" x="{:.0f}" y="4" width="26" height="13"/>').format(
                one.look, x
            )
        yield _text(one.name, x + 34, 15, "start")
        x += 34 + 24 + 7.4 * len(one.name)


def _text(text: str, x: float, y: float, anchor: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(
        x, y, anchor, text
    )
