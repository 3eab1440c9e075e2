"""Who meets an experiment: the receivables whose level would come today, were there no experiment.

All arms meet it on the same day: those who are written to, those who wait, and those who get nothing.
That is what they are compared from.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from relance.dunning.levels import next_if_given, rungs
from relance.dunning.verdicts import EARLY, first_line
from relance.policy.model import Policy

EXPOSURES = pl.Schema(
    {
        "experiment": pl.String,
        "arm": pl.String,
        "debtor": pl.String,
        "item": pl.String,
        "procedure": pl.String,
        "level": pl.String,
    }
)

_OF_ARMS = ("complete", "not_due", "interval")
"""Verdicts that may hold of one arm and not of another; all others keep every arm out."""

_KEPT_OUT = tuple(line for line in EARLY if line.verdict not in _OF_ARMS)


def exposures(decided: pl.DataFrame, policy: Policy, today: date) -> pl.DataFrame:
    """Return what meets an experiment on `today`: columns of EXPOSURES, by experiment and item.

    Args:
        decided: the frame of `decide`.
    """
    ladder = [rung for rung in rungs(policy.procedures) if not rung.variant]
    found = [pl.DataFrame(schema=EXPOSURES)]
    cap = policy.limits.contacts_per_debtor
    for rung in ladder:
        experiment = rung.level.experiment
        if experiment is None:
            continue
        own = [each for each in ladder if each.procedure.name == rung.procedure.name]
        day = pl.col("due") + pl.duration(days=rung.level.days)
        meets = (
            (pl.col("procedure") == rung.procedure.name)
            & first_line(_KEPT_OUT).is_null()
            & next_if_given(own, rung)
            & (day <= pl.col("last_sending_day"))
            & (pl.col("last_sending_day") == today)
            & (pl.col("interval_end").is_null() | (pl.col("interval_end") <= today))
            & (pl.col("net_open") > 0)
            & (pl.col("claimable") >= pl.col("minimum"))
        )
        if cap is not None:
            meets = meets & (pl.col("contacts") < cap.max)
        arms = pl.Series([name for name, _arm in rung.level.arms], dtype=pl.String)
        found.append(
            decided.filter(meets.fill_null(value=False)).select(
                pl.lit(experiment.name).alias("experiment"),
                pl.lit(arms).gather(pl.col(f"arm_{rung.index}")).alias("arm"),
                "debtor",
                "item",
                "procedure",
                pl.lit(rung.level.id).alias("level"),
            )
        )
    return pl.concat(found).sort("experiment", "item")
