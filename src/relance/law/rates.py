"""The rates that are known: those that come with relance, and those that the policy adds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Protocol

from relance.diagnostics import Diagnostic
from relance.law.rate_codes import RATE_UNKNOWN
from relance.law.schedule import ONE_DAY, Period, Schedule, semester, year
from relance.law.tables import TABLES, Row, known_rows


class Added(Protocol):
    """A rate that the policy gives (`policy.law.Rate`): percent a year from `start` on."""

    @property
    def table(self) -> str: ...  # noqa: D102
    @property
    def start(self) -> date: ...  # noqa: D102
    @property
    def percent(self) -> Decimal: ...  # noqa: D102
    @property
    def source(self) -> str: ...  # noqa: D102


class RateUnknown(Exception):  # noqa: N818 - a refusal that is understood, not a fault
    """A claim reaches into a period whose rate is not known.

    Attributes:
        diagnostic: says which table and period, and what to add to the policy.
    """

    def __init__(self, table: str, day: date) -> None:
        start, _ = _span(table, day)
        facts = {"table": table, "period": _name(table, day), "start": start.isoformat()}
        self.diagnostic = Diagnostic(RATE_UNKNOWN, facts=facts)
        super().__init__(self.diagnostic.message())


class Rates:
    """Tables of rates; `known()` gives those that come with relance."""

    __slots__ = ("_rows", "_schedules")

    def __init__(self, rows: dict[str, tuple[Row, ...]]) -> None:
        self._rows = rows
        self._schedules: dict[tuple[str, Decimal], Schedule] = {}

    @staticmethod
    @cache
    def known() -> Rates:
        """Return the rates that come with relance."""
        return Rates({table: known_rows(table) for table in TABLES})

    def and_also(self, added: Iterable[Added]) -> Rates:
        """Return these rates with those that are `added`, which go before.

        An added rate holds to the end of its half-year (or year, in tables by the year), or to the
        day before the table's next rate.
        """
        rows = dict(self._rows)
        for rate in sorted(added, key=lambda rate: rate.start):
            rows[rate.table] = _with(rows[rate.table], rate)
        return Rates(rows)

    def schedule(self, table: str, margin: Decimal = Decimal(0)) -> Schedule:
        """Return the periods of `table`, `margin` points added, cut at half-years or years.

        The rate of the European Central Bank changes on any day; its periods are half-years, at the
        rate of their first day (directive 2011/7/EU, art. 2).
        """
        key = (table, margin)
        if key not in self._schedules:
            rows = self._rows[table]
            if table == "ecb_refi":
                rows = _at_anchors(rows)
            periods = (_period(table, row, margin) for row in rows)
            self._schedules[key] = Schedule(periods, lambda day: RateUnknown(table, day))
        return self._schedules[key]


def _span(table: str, day: date) -> tuple[date, date]:
    """Return the first and last day of the half-year, or year, of `day` in `table`."""
    return year(day) if TABLES[table].yearly else semester(day)


def _name(table: str, day: date) -> str:
    """Return the name of the period of `day`: "2026" or "2026-S2"."""
    return f"{day.year}" if TABLES[table].yearly else f"{day.year}-S{1 if day.month <= 6 else 2}"


def _with(rows: tuple[Row, ...], rate: Added) -> tuple[Row, ...]:
    """Return `rows` with `rate` in its place, over what they had there."""
    _, end = _span(rate.table, rate.start)
    later = [row.start for row in rows if rate.start < row.start <= end]
    last = min([end, *(start - ONE_DAY for start in later)])
    kept = []
    for row in rows:
        if row.start < rate.start:
            kept.append(replace(row, until=min(row.until, rate.start - ONE_DAY)))
        if row.until > last:
            kept.append(replace(row, start=max(row.start, last + ONE_DAY)))
    own = Row(rate.start, last, rate.percent, rate.source)
    return tuple(sorted([*kept, own], key=lambda row: row.start))


def _at_anchors(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Return a row per half-year: the rate in force on its first day."""
    found = []
    for row in rows:
        start, end = semester(row.start)
        if start < row.start:
            start = end + ONE_DAY
        while start <= row.until:
            _, end = semester(start)
            found.append(replace(row, start=start, until=end))
            start = end + ONE_DAY
    return tuple(found)


def _period(table: str, row: Row, margin: Decimal) -> Period:
    """Return the period of `row`: `margin` added, and its source as it is printed."""
    kind = TABLES[table]
    over = kind.included + margin
    printed = f"{kind.label} {row.percent - kind.included} % ({_name(table, row.start)})"
    printed += f" + {over}" if over else ""
    printed += f" · {row.source}" if row.source else ""
    return Period(row.start, row.until, row.percent + margin, printed, row.confirmed)
