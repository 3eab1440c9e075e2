"""What the dashboard shows: values and frames, before any word, colour or language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from relance.indicators.report import Report

MOST_ITEMS = 40_000
"""Open items that the page lists; of a larger book, those of the debtors with most overdue."""


@dataclass(frozen=True, slots=True)
class Export:
    """A file that the figures come from: its source, its path, and when it was last written."""

    source: str
    path: str
    written: datetime


@dataclass(frozen=True)
class View:
    """All that the page shows.

    Attributes:
        creditor: name of the creditor; empty where no name may be shown.
        country: of the creditor, which decides how numbers are written.
        home: currency that comes first.
        today: the run date.
        exports: the files of the sources, the newest last.
        debtors: one row per debtor and currency, by name: code, name, segment, owner, currency,
            b0 to b5 (minor units per ageing bucket), credits (positive), oldest (days), level (id or
            null), next_level, next_date, verdict, mask (bit n: the nth of `names.VERDICTS`
            occurs), contact (date of the last), items (count).
        items: one row per open item, in the order of `debtors`: place (row of its debtor),
            number, kind, due, days, amount (minor units, credits negative), bucket (0 to 5, null for credits),
            verdict, line (of the table of verdicts), until, next_level, next_date.
        item_count: how many there are, listed or not.
        balances: `reports.status.balances`.
        standings: verdict, currency, items, balance.
        agenda: day, notices, tasks, items: what the procedures would do if nothing came in.
        today_levels: level, is_task, groups, items, of what is due today.
        report: the figures.
        private: whether names are left out.
    """

    creditor: str
    country: str
    home: str
    today: date
    exports: Sequence[Export]
    debtors: pl.DataFrame
    items: pl.DataFrame
    item_count: int
    balances: pl.DataFrame
    standings: pl.DataFrame
    agenda: pl.DataFrame
    today_levels: pl.DataFrame
    report: Report
    private: bool = False
