"""Sending days for a whole frame, by the debtors' countries."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from relance.dates import is_sending_day, next_sending_day


def _countries(home: str, country: str | None) -> tuple[str, ...]:
    return (home,) if country is None or country == home else (home, country)


def last_sending_days(countries: pl.Series, home: str, today: date) -> pl.DataFrame:
    """Return `country` (null included) and `last_sending_day`: the last one not after `today`.

    A level whose day, moved to the next sending day, is `today` or earlier is one whose unmoved
    day is not after this date: that is how the whole frame is compared without moving each date.
    """
    rows = []
    for country in countries.unique().to_list():
        day = today
        while not is_sending_day(day, _countries(home, country)):
            day -= timedelta(days=1)
        rows.append((country, day))
    return pl.DataFrame(
        rows, schema={"country": pl.String, "last_sending_day": pl.Date}, orient="row"
    )


def moved(frame: pl.DataFrame, column: str, home: str) -> pl.Series:
    """Return `column` of `frame` with each date moved to the next sending day; null stays null.

    The countries are the creditor's, `home`, and the row's `country` where it is known.
    """
    pairs = frame.select("country", pl.col(column).alias("day")).unique().drop_nulls("day")
    target = [
        next_sending_day(day, _countries(home, country)) for country, day in pairs.iter_rows()
    ]
    table = pairs.with_columns(pl.Series("moved", target, dtype=pl.Date))
    return (
        frame.select("country", pl.col(column).alias("day"))
        .join(table, on=["country", "day"], how="left", nulls_equal=True, maintain_order="left")
        .get_column("moved")
        .alias(column)
    )
