"""The arms of experiments: in which one a debtor is, by a hash of the experiment's name and its code.

Nothing is drawn and nothing kept: the same debtor is in the same arm on every day and every machine, and
in arms of two experiments that have nothing to do with one another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import polars as pl

from relance.ledger.lookup import look_up
from relance.policy.model import Experiment, Level, Procedure

_BITS = 48


def arm_of(experiment: Experiment, debtor: str) -> str:
    """Return the name of the arm in which `debtor` is."""
    text = f"{experiment.name}\0{debtor}".encode()
    place = int.from_bytes(hashlib.sha256(text).digest()[: _BITS // 8], "big")
    whole = sum(arm.share for arm in experiment.arms.values())
    point = place * whole >> _BITS
    names = sorted(experiment.arms)  # the order in the file changes nothing
    for name in names:
        point -= experiment.arms[name].share
        if point < 0:
            return name
    return names[-1]


def column_of(index: int) -> str:
    """Return the name of the column with the arm at the rung of that index."""
    return f"arm_{index}"


def arm_columns(facts: pl.DataFrame, procedures: Mapping[str, Procedure]) -> pl.DataFrame:
    """Return `facts` with a column `arm_<rung>` for each level that has an experiment.

    It is the 0-based place of the debtor's arm in the file.
    """
    tried = levels_tried(procedures)
    if not tried:
        return facts
    debtors = facts["debtor"].unique().drop_nulls().to_list()
    for index, level in tried:
        experiment = level.experiment
        if experiment is None:
            continue
        places = {name: place for place, name in enumerate(experiment.arms)}
        found = [places[arm_of(experiment, debtor)] for debtor in debtors]
        schema = {"debtor": pl.String, column_of(index): pl.Int32}
        facts = look_up(
            facts,
            pl.DataFrame({"debtor": debtors, column_of(index): found}, schema=schema),
            "debtor",
        )
    return facts


def levels_tried(procedures: Mapping[str, Procedure]) -> Sequence[tuple[int, Level]]:
    """Return the levels that have an experiment, with the index of their rung; see `levels.rungs`."""
    levels = [level for _, procedure in sorted(procedures.items()) for level in procedure.levels]
    return [(index, level) for index, level in enumerate(levels) if level.experiment is not None]


def is_given(index: int, level: Level) -> pl.Expr:
    """Return whether the debtor's arm gets the level at all."""
    given = [arm.send for _name, arm in level.arms]
    return pl.lit(pl.Series(given, dtype=pl.Boolean)).gather(pl.col(column_of(index)))


def wait_of(index: int, level: Level) -> pl.Expr:
    """Return by how many days the debtor's arm waits with the level."""
    waits = [arm.wait for _name, arm in level.arms]
    if not any(waits):
        return pl.lit(0, pl.Int32)
    return pl.lit(pl.Series(waits, dtype=pl.Int32)).gather(pl.col(column_of(index)))
