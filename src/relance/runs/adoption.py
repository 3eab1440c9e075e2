"""Adoption: where an old book starts, set without sending anything."""

from __future__ import annotations

import polars as pl

from relance.dunning.levels import rungs
from relance.history.store import History
from relance.runs.proposal import Proposal


def adoptable(proposal: Proposal, level: str | None = None) -> pl.DataFrame:
    """Return the levels that `relance adopt` would set: item, number, debtor, procedure, level, ….

    Each open item that was never dunned is set to the highest level whose day is reached, or to
    `level` where its procedure has one of that id. Items before their first level are left: they
    start as new ones do.
    """
    live = proposal.facts.filter(
        (pl.col("level_reached") == 0)
        & ~pl.col("verdict").is_in(["settled", "credit", "missing", "undecided"])
    )
    chosen = pl.lit(None, pl.Int32)
    for rung in (r for r in rungs(proposal.policy.procedures) if not r.variant):
        day = pl.col("due") + pl.duration(days=rung.level.days)
        fits = (pl.col("procedure") == rung.procedure.name) & (
            day <= proposal.today if level is None else pl.lit(rung.level.id == level)
        )
        chosen = pl.when(fits).then(pl.lit(rung.index, pl.Int32)).otherwise(chosen)
    names = [(r.level.id, r.number) for r in rungs(proposal.policy.procedures)]
    table = pl.DataFrame(
        {
            "rung": range(len(names)),
            "level": [n[0] for n in names],
            "level_number": [n[1] for n in names],
        },
        schema={"rung": pl.Int32, "level": pl.String, "level_number": pl.Int32},
    )
    return (
        live.select(
            "item",
            "number",
            "debtor",
            "currency",
            "open",
            "procedure",
            "cycle",
            chosen.alias("rung"),
        )
        .join(table, on="rung", how="inner")
        .drop("rung")
        .with_columns(pl.lit(proposal.today).alias("date"))
        .sort("debtor", "number", "item")
    )


def adopt(levels: pl.DataFrame, history: History, by: str | None = None) -> int:
    """Record `levels`, a frame of `adoptable`; return how many were set."""
    columns = ("item", "procedure", "level", "level_number", "cycle", "date")
    return history.record_adopted(levels.select(columns), by)
