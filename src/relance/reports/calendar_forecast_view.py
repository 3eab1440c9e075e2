"""What is to be sent and done in the coming weeks, for people, programs and spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from relance.language import translator
from relance.reports import names
from relance.reports.figures import date_text, safe
from relance.reports.score_view import number_text
from relance.reports.tables import Column, Table, stacked
from relance.reports.workbook import Cell
from relance.simulation.calendar import CALENDAR, CalendarForecast
from relance.simulation.forecasts import Week

if TYPE_CHECKING:
    from rich.console import RenderableType

_KEYS = [name for name in CALENDAR.names() if name != "count"]


def calendar_view(found: CalendarForecast, weeks: Sequence[Week], language: str) -> RenderableType:
    """Return the calendar for a terminal: a row per week, level, channel and owner."""
    from rich.text import Text

    _ = translator(language)
    both = _both(found)
    if both.is_empty():
        return Text(_("Nothing is to be sent or done in these weeks."))
    columns = [
        Column(_("Week from")), Column(_("What"), fit="cut"), Column(_("Channel"), fit="drop"),
        Column(_("Owner"), fit="cut"), Column(_("if nobody pays"), "right"),
    ]  # fmt: skip
    if found.expected is not None:
        columns.append(Column(_("expected"), "right"))
    rows = list(_rows(both, weeks, found.expected is not None, language))
    total = [_("all weeks"), "", "", "", *_counts(both, found.expected is not None, language)]
    note = _(
        "Approvals are taken as given and nothing bounces. People do nothing but what is recorded today."
    )
    if found.expected is None:
        note += " " + _("Too few receivables were seen paid to say what is expected.")
    table = Table(_("What is to be sent and done"), columns, rows, [total])
    return stacked([table, Text(note)])


def _both(found: CalendarForecast) -> pl.DataFrame:
    """Return both counts in one row: `count` if nobody paid, `expected`."""
    nobody = found.nobody_pays
    if found.expected is None:
        return nobody.with_columns(expected=pl.lit(None, pl.Float64))
    other = found.expected.rename({"count": "expected"})
    joined = nobody.join(other, on=_KEYS, how="full", coalesce=True, nulls_equal=True)
    filled = joined.with_columns(pl.col("count", "expected").fill_null(0.0))
    return filled.sort(_KEYS, nulls_last=True)


def _rows(
    both: pl.DataFrame, weeks: Sequence[Week], is_expected: bool, language: str
) -> Iterator[list[str]]:
    for week in weeks:
        here = both.filter(pl.col("day").is_between(week.first, week.last))
        shown = date_text(week.first, language)
        order = ["number", "work", "level", "channel", "owner"]
        for key, own in here.sort(order, nulls_last=True).group_by(
            "work", "level", "channel", "owner", maintain_order=True
        ):
            yield [shown, *_named(key, language), *_counts(own, is_expected, language)]
            shown = ""


def _named(key: Sequence[Any], language: str) -> list[str]:
    work, level, channel, owner = key
    return [_what(work, level, language), safe(channel or "–"), safe(owner or "–")]


def _what(work: str, level: str | None, language: str) -> str:
    _ = translator(language)
    if work == "notice":
        return safe(level or "")
    task = _(names.TASKS.get(work, work))
    return safe(f"{level} · {task}" if level else task)


def _counts(rows: pl.DataFrame, is_expected: bool, language: str) -> list[str]:
    told = [number_text(_sum(rows["count"]), 0, language)]
    if is_expected:
        told.append(number_text(_sum(rows["expected"]), 1, language))
    return told


def _sum(counts: pl.Series) -> float:
    return float(sum(counts.drop_nulls().to_list()))


def calendar_json(found: CalendarForecast) -> list[dict[str, Any]]:
    """Return the calendar by day as JSON; `expected` is null where too little is known."""
    return [
        {
            "date": row["day"].isoformat(), "work": row["work"], "procedure": row["procedure"],
            "level": row["level"], "level_number": row["number"], "channel": row["channel"],
            "owner": row["owner"], "if_nobody_pays": round(row["count"]),
            "expected": None if row["expected"] is None else round(row["expected"], 4),
        }
        for row in _both(found).iter_rows(named=True)
    ]  # fmt: skip


def calendar_rows(found: CalendarForecast, language: str) -> list[list[Cell]]:
    """Return the calendar by day as rows of a sheet, with headings."""
    _ = translator(language)
    rows: list[list[Cell]] = [
        [_("Date"), _("What"), _("Channel"), _("Owner"), _("if nobody pays"), _("expected")]
    ]
    for row in _both(found).iter_rows(named=True):
        day: date = row["day"]
        named = _named([row[n] for n in ("work", "level", "channel", "owner")], language)
        mean = None if row["expected"] is None else Decimal(f"{row['expected']:.2f}")
        rows.append([day, *named, Decimal(round(row["count"])), mean])
    return rows
