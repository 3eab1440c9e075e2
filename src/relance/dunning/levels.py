"""The next level of each item: the first above the level reached whose condition holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from relance.dunning.arms import is_given, wait_of
from relance.dunning.calendar import last_sending_days, moved
from relance.dunning.conditions import holds
from relance.ledger.lookup import look_up
from relance.policy.model import Level, Policy, Procedure


@dataclass(frozen=True, slots=True)
class Rung:
    """A level in its procedure. `number` is 1-based; `index` is its row among all rungs.

    A variant of a level, or an arm of its experiment, is a rung of its own: `variant` is its 1-based
    place, `base` the index of the level's rung. Of other rungs `variant` is 0 and `base` the index.
    """

    index: int
    procedure: Procedure
    number: int
    level: Level
    base: int
    variant: int = 0

    @property
    def before_due(self) -> bool:
        """Whether the level comes before the due date, and expires on it."""
        return self.level.days < 0


def rungs(procedures: Mapping[str, Procedure]) -> tuple[Rung, ...]:
    """Return the levels of all `procedures`, in order of procedure name and level; then
    the variants and the arms of experiments."""
    ladder = [
        (procedure, number, level)
        for _, procedure in sorted(procedures.items())
        for number, level in enumerate(procedure.levels, start=1)
    ]
    levels = [Rung(index, *rung, index) for index, rung in enumerate(ladder)]
    forms = [
        (rung.procedure, rung.number, form, rung.index, place)
        for rung in levels
        if rung.level.is_varied
        for place, form in enumerate(rung.level.forms, start=1)
    ]
    return (*levels, *(Rung(index, *form) for index, form in enumerate(forms, start=len(levels))))


def next_levels(facts: pl.DataFrame, policy: Policy, today: date) -> pl.DataFrame:
    """Return `facts` with the next level of each item and its day.

    Adds `rung` (row among `rungs(policy.procedures)`, null when the procedure is complete),
    `next_level`, `next_number`, `level_day` (due date + days), `day_reached`, `interval_end`
    (last notice + interval, and never the same day), `next_date` (the later of both, moved to a
    sending day), `last_sending_day`.
    """
    home = policy.creditor.country
    used = {name: policy.procedures[name] for name in facts["procedure"].unique().drop_nulls()}
    all_rungs = rungs(policy.procedures)
    calendar = last_sending_days(facts["country"], home, today)
    facts = look_up(facts, calendar, "country")
    chosen = pl.lit(None, pl.Int32)
    for name in sorted(used):
        ladder = [r for r in all_rungs if r.procedure.name == name and not r.variant]
        chosen = pl.when(pl.col("procedure") == name).then(_choose(ladder)).otherwise(chosen)
    facts = facts.with_columns(chosen.alias("rung"))
    facts = facts.with_columns(_attributes(all_rungs))
    facts = facts.with_columns(
        _level_day().alias("level_day"),
        (pl.col("last_notice") + pl.duration(days=pl.col("interval"))).alias("interval_end"),
    )
    facts = facts.with_columns(
        (pl.col("level_day") <= pl.col("last_sending_day")).alias("day_reached"),
        pl.max_horizontal("level_day", "interval_end", pl.lit(today)).alias("next_date"),
    )
    return facts.with_columns(moved(facts, "next_date", home))


def _level_day() -> pl.Expr:
    """Return the day of the next level by age, or that on which a promise was broken, if sooner."""
    by_age = pl.col("due") + pl.duration(days=pl.col("level_days"))
    named = pl.col("jump") == pl.col("next_number")
    return pl.when(named).then(pl.min_horizontal(by_age, "jump_on")).otherwise(by_age)


def next_if_given(ladder: list[Rung], rung: Rung) -> pl.Expr:
    """Return whether `rung` would be the next level if every arm of its own experiment got it.

    `ladder`: the rungs of its procedure, without variants and arms.
    """
    first = pl.coalesce(
        [
            pl.when(_open_to(each, given=each is rung)).then(pl.lit(each.index, pl.Int32))
            for each in ladder
        ]
    )
    return (first == rung.index).fill_null(value=False)


def _choose(ladder: list[Rung]) -> pl.Expr:
    first = pl.coalesce(
        [pl.when(_open_to(rung)).then(pl.lit(rung.index, pl.Int32)) for rung in ladder]
    )
    if ladder[0].procedure.catch_up == "next":
        return first
    return pl.coalesce([*_highest_by_age(ladder), first])


def _highest_by_age(ladder: list[Rung]) -> list[pl.Expr]:
    """Return the choices of `catch_up: by_age`, highest first: never over a mandatory level."""
    choices: list[pl.Expr] = []
    for position, rung in enumerate(ladder):
        passed_over = [_open_to(r) for r in ladder[:position] if r.level.mandatory]
        day = pl.col("due") + pl.duration(days=rung.level.days + wait_of(rung.index, rung.level))
        reached = _open_to(rung) & (day <= pl.col("last_sending_day"))
        for mandatory in passed_over:
            reached = reached & ~mandatory
        choices.append(pl.when(reached).then(pl.lit(rung.index, pl.Int32)))
    return choices[::-1]


def _open_to(rung: Rung, *, given: bool = False) -> pl.Expr:
    eligible = (pl.col("level_reached") < rung.number) & holds(rung.level.when)
    if not rung.level.mandatory:
        # After a broken promise the policy may name the level that follows.
        eligible = eligible & (pl.col("jump").fill_null(0) <= rung.number)
    if rung.level.experiment is not None and not given:
        eligible = eligible & is_given(rung.index, rung.level)
    if rung.before_due:
        eligible = eligible & (pl.col("days_past_due") <= 0)
    return eligible


def _waits(all_rungs: tuple[Rung, ...]) -> pl.Expr:
    """Return by how many days the arm of the debtor waits with the next level."""
    wait = pl.lit(0, pl.Int32)
    for rung in all_rungs:
        if any(arm.wait for _name, arm in rung.level.arms):
            here = pl.col("rung") == rung.index
            wait = pl.when(here).then(wait_of(rung.index, rung.level)).otherwise(wait)
    return wait


def _attributes(all_rungs: tuple[Rung, ...]) -> list[pl.Expr]:
    def gathered(values: list[object], dtype: pl.DataType | type[pl.DataType]) -> pl.Expr:
        return pl.lit(pl.Series(values, dtype=dtype)).gather(pl.col("rung"))

    return [
        gathered([r.level.id for r in all_rungs], pl.String).alias("next_level"),
        gathered([r.number for r in all_rungs], pl.Int32).alias("next_number"),
        (gathered([r.level.days for r in all_rungs], pl.Int32) + _waits(all_rungs)).alias(
            "level_days"
        ),
        # At most one level per day, even where the policy says `interval: 0`.
        gathered([max(1, r.procedure.interval) for r in all_rungs], pl.Int32).alias("interval"),
        gathered([r.level.task is not None for r in all_rungs], pl.Boolean).alias("is_task"),
    ]
