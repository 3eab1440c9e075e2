"""Which segment a debtor is in, and by that which procedure."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from relance.dunning.conditions import holds
from relance.policy.model import Procedure, Segment


def assign(
    debtors: pl.DataFrame, segments: tuple[Segment, ...], procedures: Mapping[str, Procedure]
) -> pl.DataFrame:
    """Return `debtors` with `segment`, `segment_by` and `procedure`.

    `segment_by` says how: "by_hand" (the customers' file names it), "condition" (the first
    segment whose condition holds) or "default" (the last one, without a condition). A segment or
    procedure of the customers' file that the policy does not have is passed over: the caller
    reports it (see `unknown_choices`).
    """
    chosen = pl.lit(len(segments) - 1, pl.Int32)
    for number in reversed(range(len(segments))):
        matches = holds(segments[number].when)
        chosen = pl.when(matches).then(pl.lit(number, pl.Int32)).otherwise(chosen)
    names = [segment.name for segment in segments]
    by_hand = pl.col("segment").is_in(names)
    numbers = {name: number for number, name in enumerate(names)}
    chosen = (
        pl.when(by_hand)
        .then(pl.col("segment").replace_strict(numbers, default=None, return_dtype=pl.Int32))
        .otherwise(chosen)
    )
    default = pl.col("number").is_in([n for n, s in enumerate(segments) if s.when is None])
    own = pl.col("own_procedure").is_in(list(procedures))
    return (
        debtors.with_columns(
            chosen.alias("number"),
            by_hand.fill_null(value=False).alias("by_hand"),
            pl.col("procedure").alias("own_procedure"),
        )
        .with_columns(
            _lookup("number", names).alias("segment"),
            pl.when(own)
            .then("own_procedure")
            .otherwise(_lookup("number", [segment.procedure for segment in segments]))
            .alias("procedure"),
            pl.when("by_hand")
            .then(pl.lit("by_hand"))
            .when(default)
            .then(pl.lit("default"))
            .otherwise(pl.lit("condition"))
            .alias("segment_by"),
        )
        .drop("number", "by_hand", "own_procedure")
    )


def _lookup(column: str, values: list[str]) -> pl.Expr:
    return pl.col(column).replace_strict(dict(enumerate(values)), return_dtype=pl.String)


def unknown_choices(
    debtors: pl.DataFrame, segments: tuple[Segment, ...], procedures: Mapping[str, Procedure]
) -> pl.DataFrame:
    """Return `debtor, file, line, key, value` of choices in the customers' file that do not exist."""
    known = {"segment": [s.name for s in segments], "procedure": list(procedures)}
    found = [
        debtors.filter(pl.col(key).is_not_null() & ~pl.col(key).is_in(names)).select(
            "debtor", "file", "line", pl.lit(key).alias("key"), pl.col(key).alias("value")
        )
        for key, names in known.items()
    ]
    return pl.concat(found)
