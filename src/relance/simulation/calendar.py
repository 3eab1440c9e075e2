"""What leaves on which day of the coming weeks, and what people are given: counts of a replay."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from relance.simulation.replay import Replay

CALENDAR = pl.Schema(
    {
        "day": pl.Date,
        "work": pl.String,
        "procedure": pl.String,
        "level": pl.String,
        "number": pl.Int32,
        "channel": pl.String,
        "owner": pl.String,
        "count": pl.Float64,
    }
)
"""`work`: notice, or the kind of a task. `level`, `procedure` and `number` are null where no level asks for
it; `channel` is null of tasks, `owner` where nobody follows the debtor."""


@dataclass(frozen=True, slots=True)
class CalendarForecast:
    """What is to come: columns of CALENDAR, by day.

    Attributes:
        nobody_pays: if nobody paid anything.
        expected: with payments drawn from behaviour, the mean of several draws; None where too little
            is known of how debtors pay.
    """

    nobody_pays: pl.DataFrame
    expected: pl.DataFrame | None


def counted(played: Replay) -> pl.DataFrame:
    """Return how many notices and tasks of each kind leave on each day: columns of CALENDAR."""
    names = [name for name in CALENDAR.names() if name != "count"]
    notices = played.notices.with_columns(work=pl.lit("notice"))
    tasks = played.tasks.with_columns(work=pl.col("kind"), channel=pl.lit(None, pl.String))
    rows = pl.concat([notices.select(names), tasks.select(names)])
    grouped = rows.group_by(names).agg(pl.len().cast(pl.Float64).alias("count"))
    return grouped.sort(names, nulls_last=True).cast(CALENDAR)
