"""Promises to pay: kept, part-kept, broken or open, read from balances and lettered payments."""

from __future__ import annotations

from datetime import date
from functools import cache

import polars as pl

from relance.dunning.events import HOLDS
from relance.ledger.build import IS_CREDIT
from relance.ledger.lookup import look_up
from relance.ledger.schema import ALLOCATIONS, ITEMS, empty
from relance.policy.model import Policy

STATES = ("open", "kept", "part_kept", "broken", "renewed", "withdrawn")
"""What becomes of a promise. Renewed: another one took its place before its day and grace were over."""

_SUBJECT = ("debtor", "item")


def promise_states(
    holds: pl.DataFrame, items: pl.DataFrame, allocations: pl.DataFrame, days: tuple[date, int]
) -> pl.DataFrame:
    """Return one row per promise, in the order of recording.

    Adds to the columns of HOLDS `promised` and `paid` (minor units; null where what was open then
    is not known), `ends` (first day after date and grace), `state` (one of STATES), `replaced`
    (whether a later event took its place) and `renewals` (how many promises about the same came
    before it and were not kept).

    What was paid is what was open then, less what is open now or was when the next promise was
    made. Where payments were lettered since, those that came after date and grace do not count.

    Args:
        holds: columns of HOLDS.
        items: frame with `item`, `debtor`, `open`, `kind`, `issued`.
        allocations: columns of ALLOCATIONS.
        days: today, and the days of grace.
    """
    today, _ = days
    mine = holds.filter(
        pl.col("type").is_in(["promise", "promise_withdrawn"]) & (pl.col("date") <= today)
    )
    return _no_states() if mine.is_empty() else _states(mine.sort("seq"), items, allocations, days)


@cache
def _no_states() -> pl.DataFrame:
    """Return the states of no promise at all, as most projects have them."""
    return _states(empty(HOLDS), empty(ITEMS), empty(ALLOCATIONS), (date.min, 0))


def _states(
    mine: pl.DataFrame, items: pl.DataFrame, allocations: pl.DataFrame, days: tuple[date, int]
) -> pl.DataFrame:
    today, grace = days
    mine = mine.with_columns(
        pl.col("type", "date", "open").shift(-1).over(_SUBJECT).name.prefix("next_"),
    )
    promises = mine.filter((pl.col("type") == "promise") & pl.col("until").is_not_null())
    promises = _with_paid(promises, items).with_columns(
        (pl.col("until") + pl.duration(days=grace + 1)).alias("ends"),
        pl.col("next_type").is_not_null().alias("replaced"),
    )
    promises = _with_late_money(promises, allocations)
    state = _state(pl.lit(today)).alias("state")
    lost = pl.col("state").is_in(["broken", "part_kept", "renewed"]).cast(pl.Int32)
    return promises.with_columns(state).with_columns(
        (lost.cum_sum().over(_SUBJECT) - lost).alias("renewals")
    )


def kept_promises(active: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Return the promises in force (column `seq`) whose money has come already.

    `active` is the frame of `holds.in_force`. One about which it is not known what was open when it
    was made holds until its date.
    """
    promises = active.filter(pl.col("type") == "promise").with_columns(
        pl.lit(None, pl.Int64).alias("next_open")
    )
    paid = _with_paid(promises, items)
    return paid.filter(pl.col("paid") >= pl.col("promised")).select("seq")


def _with_paid(promises: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Add `promised` and `paid`; what is not in `items` any more is settled."""
    if promises.is_empty():
        items = items.clear()
    named = items.join(promises.select("item").drop_nulls(), on="item", how="semi")
    by_item = named.select("item", pl.col("open").alias("_item_open")).unique("item")
    charged = items.filter(~IS_CREDIT).select("debtor", "open", "issued")
    whole = promises.filter(pl.col("item").is_null()).select("seq", "debtor", "date")
    by_debtor = (
        whole.join(charged, on="debtor", how="inner")
        .filter(pl.col("issued").is_null() | (pl.col("issued") <= pl.col("date")))
        .group_by("seq")
        .agg(pl.col("open").sum().alias("_debtor_open"))
    )
    now = pl.coalesce(
        "next_open",
        pl.when(pl.col("item").is_null()).then("_debtor_open").otherwise("_item_open"),
        pl.lit(0, pl.Int64),
    )
    return (
        look_up(look_up(promises, by_item, "item"), by_debtor, "seq")
        .with_columns(pl.coalesce("amount", "open").alias("promised"), now.alias("_now"))
        .with_columns((pl.col("open") - pl.col("_now")).clip(lower_bound=0).alias("paid"))
        .drop("_item_open", "_debtor_open")
    )


def _with_late_money(promises: pl.DataFrame, allocations: pl.DataFrame) -> pl.DataFrame:
    """Add `late_money`: what was lettered after the promise was over, minor units."""
    money = allocations.select("debtor", pl.col("item").alias("_item"), "day", "amount")
    late = (
        promises.select("seq", "debtor", "item", "ends")
        .join(money, on="debtor", how="inner")
        .filter(
            (pl.col("item").is_null() | (pl.col("item") == pl.col("_item")))
            & (pl.col("day") >= pl.col("ends"))
        )
        .group_by("seq")
        .agg(pl.col("amount").sum().alias("late_money"))
    )
    return look_up(promises, late, "seq")


def _state(today: pl.Expr) -> pl.Expr:
    # Of a promise that the general command recorded nobody knows what was open: the balance alone
    # says whether it was kept.
    in_time = pl.col("paid") - pl.col("late_money").fill_null(0)
    settled = (pl.col("_now") <= 0) & pl.col("late_money").is_null()
    kept = (in_time >= pl.col("promised")).fill_null(value=False) | settled
    over = pl.coalesce("next_date", today) >= pl.col("ends")
    missed = pl.when(in_time > 0).then(pl.lit("part_kept")).otherwise(pl.lit("broken"))
    renewed = pl.col("next_type") == "promise"
    return (
        pl.when(kept)
        .then(pl.lit("kept"))
        .when(over)
        .then(missed)
        .when(renewed)
        .then(pl.lit("renewed"))
        .when(pl.col("next_type").is_not_null())
        .then(pl.lit("withdrawn"))
        .otherwise(pl.lit("open"))
    )


def after_broken(
    facts: pl.DataFrame,
    states: pl.DataFrame,
    void: pl.DataFrame,
    rejected: pl.DataFrame,
    policy: Policy,
) -> pl.DataFrame:
    """Return `facts` with what the policy lets follow a promise or a payment plan that was not kept,
    and a dispute that was rejected.

    Adds `jump` (number of the level that follows, null for the next one) and `jump_on` (the day from
    which it does). A procedure without that level goes on with its next one; where several levels
    follow, it is the highest of them.

    Args:
        facts: frame of `standing`, with `procedure`.
        states: frame of `promise_states`.
        void: frame of `instalments.void_plans`.
        rejected: frame of `rejections.untold`.
    """
    broken = states.filter(
        pl.col("state").is_in(["broken", "part_kept"]) & ~pl.col("replaced")
    ).select("debtor", "item", pl.col("ends").alias("jump_on"), "date")
    refused = rejected.select("debtor", "item", pl.col("date").alias("jump_on"), "date")
    facts = _jumped(facts, broken, policy.promises.after_broken, policy)
    for rows, wanted in (
        (void, policy.instalments.after_broken),
        (refused, policy.disputes.after_rejected),
    ):
        if not rows.is_empty():
            facts = facts.rename({"jump": "_jump", "jump_on": "_jump_on"})
            facts = _jumped(facts, rows, wanted, policy).with_columns(
                pl.max_horizontal("jump", "_jump"), pl.min_horizontal("jump_on", "_jump_on")
            )
            facts = facts.drop("_jump", "_jump_on")
    return facts


def _jumped(facts: pl.DataFrame, broken: pl.DataFrame, wanted: str, policy: Policy) -> pl.DataFrame:
    """Return `facts` with `jump` and `jump_on`, of what `broken` names, to the level `wanted`."""
    numbers = {
        name: number
        for name, procedure in policy.procedures.items()
        for number, level in enumerate(procedure.levels, start=1)
        if level.id == wanted
    }
    if not numbers or broken.is_empty():
        return facts.with_columns(
            pl.lit(None, pl.Int32).alias("jump"), pl.lit(None, pl.Date).alias("jump_on")
        )
    on_item = broken.drop_nulls("item").select("item", "jump_on")
    on_debtor = broken.filter(pl.col("item").is_null()).select(
        "debtor", pl.col("jump_on").alias("_all"), pl.col("date").alias("_made")
    )
    facts = look_up(look_up(facts, on_item, "item"), on_debtor, "debtor")
    covered = pl.col("issued").is_null() | (pl.col("issued") <= pl.col("_made"))
    number = pl.col("procedure").replace_strict(numbers, default=None, return_dtype=pl.Int32)
    return (
        facts.with_columns(pl.coalesce("jump_on", pl.when(covered).then("_all")).alias("jump_on"))
        .with_columns(pl.when(pl.col("jump_on").is_not_null()).then(number).alias("jump"))
        .drop("_all", "_made")
    )
