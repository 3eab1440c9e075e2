"""What runs of the coming weeks would send and ask of people: if nobody paid, and as debtors are expected to."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from relance.ledger.schema import empty
from relance.runs.expectations import Expectations
from relance.runs.proposal import Proposal
from relance.runs.reach import reach_of
from relance.simulation.calendar import CALENDAR, CalendarForecast, counted
from relance.simulation.chance import keys_of, marks_of
from relance.simulation.draws import Draw, Habits, payment_days
from relance.simulation.forecasts import Week
from relance.simulation.replay import replay
from relance.simulation.story import FLOWS, Period, Story

TRIALS = 3
"""Draws that the expected column is the mean of: each plays all the days again."""


def forecast_calendar(
    proposal: Proposal, weeks: Sequence[Week], seed: str, trials: int = TRIALS
) -> CalendarForecast:
    """Return what would leave on which day of `weeks`, and what people would be given. Reads only.

    Payments are drawn as `relance simulate` draws them. Where too few were seen paid, nothing is
    expected: there is the one column if nobody paid.
    """
    portfolio, reach = proposal.portfolio, reach_of(proposal.policy)
    items = portfolio.items.with_columns(appears=pl.lit(None, pl.Date))
    period = Period(proposal.today, weeks[-1].last)

    def played(flows: pl.DataFrame) -> pl.DataFrame:
        story = Story(items, flows, portfolio.debtors, portfolio.past)
        return counted(replay(story, proposal.policy, reach, period))

    nobody = played(empty(FLOWS))
    habits = Habits.of(Expectations(portfolio).paid_by_firms)
    if habits.assumed:
        return CalendarForecast(nobody, None)
    number = int(keys_of(pl.Series([seed]), "calendar")[0]) % 2**31
    drawn = [played(_payments(proposal, habits, Draw(number, trial))) for trial in range(trials)]
    keys = [name for name in CALENDAR.names() if name != "count"]
    mean = pl.concat(drawn).group_by(keys).agg((pl.col("count").sum() / trials).alias("count"))
    return CalendarForecast(nobody, mean.sort(keys, nulls_last=True))


def _payments(proposal: Proposal, habits: Habits, draw: Draw) -> pl.DataFrame:
    """Return the money that would come: each open receivable whole, on its day."""
    owed = (
        proposal.facts.filter(
            ~pl.col("credit")
            & ~pl.col("missing")
            & (pl.col("open") > 0)
            & pl.col("due").is_not_null()
        )
        .select("item", "debtor", "due", "open")
        .sort("item")
    )
    owed = owed.with_columns(marks_of(owed["debtor"], owed["item"]))
    days = payment_days(owed, habits, proposal.today, draw).alias("day")
    flows = owed.with_columns(days).drop_nulls("day")
    return flows.select("item", "day", pl.col("open").alias("amount"))
