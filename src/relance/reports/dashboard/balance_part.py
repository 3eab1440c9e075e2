"""The parts of the page about what is open: ageing, verdicts, today and the coming days."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import polars as pl

from relance.ledger.ageing import BUCKETS
from relance.reports.dashboard.charts import Axis, Series, bar, columns
from relance.reports.dashboard.tables import Cell, Column, Table
from relance.reports.dashboard.view import View
from relance.reports.dashboard.wording import Words
from relance.reports.names import VERDICTS

_VERDICTS = tuple(VERDICTS)


def share(part: int, whole: int) -> Decimal:
    """Return `part` in percent of `whole`; 0 where that is not positive."""
    return Decimal(0) if whole <= 0 else Decimal(100 * part) / whole


def ageing_tables(view: View, words: Words) -> Iterator[Table]:
    """Yield the aged balance of each currency, with its bars."""
    for row in view.balances.iter_rows(named=True):
        yield _ageing(row, words, len(view.balances) > 1)


def _ageing(row: dict[str, Any], words: Words, several: bool) -> Table:
    money, total = row["currency"], row["receivables"]
    most = max([1, *(row[name] for name in BUCKETS)])
    narrow = {"currency": money} if several else {}
    rows = [
        [
            Cell(words.of("buckets", name), link={"bucket": str(place), **narrow}),
            Cell(bar=bar([(share(row[name], most), f"b{place}")])),
            Cell(words.money(row[name], money)),
            Cell(words.percent(share(row[name], total)) if total > 0 else "–"),
            Cell(words.number(row[f"items_{name}"])),
        ]
        for place, name in enumerate(BUCKETS)
    ]
    items = sum(row[f"items_{name}"] for name in BUCKETS)
    totals = [
        [Cell(words["receivables"]), Cell(), Cell(words.money(total, money)), Cell(), Cell(words.number(items))],
        [Cell(words["overdue"], link={"bucket": "late", **narrow}), Cell(), Cell(words.money(row["overdue"], money)),
         Cell(words.percent(share(row["overdue"], total)) if total > 0 else "–"), Cell()],
        [Cell(words["credits"]), Cell(), Cell(words.money(-row["credits"], money)), Cell(),
         Cell(words.number(row["items_credits"]))],
        [Cell(words["net"]), Cell(), Cell(words.money(row["net"], money)), Cell(), Cell()],
    ]  # fmt: skip
    heads = [
        Column(words["bucket"]), Column(words["chart"], chart=True), Column(words["amount"], right=True),
        Column(words["share"], right=True), Column(words["items"], right=True),
    ]  # fmt: skip
    return Table(words.fill("ageing_of", currency=money), heads, rows, totals)


def standings_table(view: View, words: Words) -> Table:
    """Return how many open items have each verdict, with bars by their number."""
    found = list(view.standings.iter_rows(named=True))
    most = max([1, *(row["items"] for row in found)])
    several = view.standings["currency"].n_unique() > 1
    rows = [
        [
            Cell(words.of("verdicts", _VERDICTS[row["verdict"]]),
                 link={"verdict": str(row["verdict"])} | ({"currency": row["currency"]} if several else {})),
            Cell(bar=bar([(share(row["items"], most), "act" if row["verdict"] == 0 else "held")])),
            Cell(words.number(row["items"])),
            Cell(words.money(row["balance"], row["currency"])),
        ]
        for row in found
    ]  # fmt: skip
    heads = [
        Column(words["verdict"]), Column(words["chart"], chart=True), Column(words["items"], right=True),
        Column(words["balance"], right=True),
    ]  # fmt: skip
    return Table(words["standings"], heads, rows)


def agenda(view: View, words: Words) -> dict[str, Any]:
    """Return what is due today by level and kind, and the coming days as a chart and a table."""
    days = list(view.agenda.iter_rows(named=True))
    labels = [words.weekday(row["day"]) for row in days]
    chart = columns(
        [words["today"], *labels[1:]],
        Axis(words.number, Decimal(4)),
        [
            Series(words["notices"], "col1", [Decimal(row["notices"]) for row in days]),
            Series(words["tasks"], "col2", [Decimal(row["tasks"]) for row in days]),
        ],
    )
    heads = [
        Column(words["day_label"]),
        *(Column(words[n], right=True) for n in ("notices", "tasks", "items")),
    ]
    rows = [
        [Cell(words.day(row["day"])), *(Cell(words.number(row[n])) for n in ("notices", "tasks", "items"))]
        for row in days
    ]  # fmt: skip
    return {
        "chart": chart,
        "table": Table(words["agenda"], heads, rows),
        "today": _today(view, words),
    }


def _today(view: View, words: Words) -> Table:
    rows = [
        [
            Cell(words.of("task_kinds", row["level"]) if row["is_task"] else row["level"]),
            Cell(words["tasks"] if row["is_task"] else words["notices"]),
            Cell(words.number(row["groups"])),
            Cell(words.number(row["items"])),
        ]
        for row in view.today_levels.sort("is_task", pl.col("groups"), descending=[False, True])
        .iter_rows(named=True)
    ]  # fmt: skip
    heads = [
        Column(words["level"]), Column(words["kind"]), Column(words["total"], right=True),
        Column(words["items"], right=True),
    ]  # fmt: skip
    return Table(words["agenda_today"], heads, rows)
