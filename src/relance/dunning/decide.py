"""The decision: one verdict for each item, and the groups of those that act."""

from __future__ import annotations

from datetime import date

import polars as pl

from relance.dunning.disputes import undisputed
from relance.dunning.lawful import forbidden
from relance.dunning.levels import Rung, next_levels, rungs
from relance.dunning.reach import Reach, facts_read, is_reachable, reachable_channels
from relance.dunning.tones import tone_rule
from relance.dunning.variants import vary
from relance.dunning.verdicts import EARLY, LINES, first_line, until_of, verdict_of
from relance.ledger.amounts import bound
from relance.ledger.lookup import look_up
from relance.policy.model import Policy


def decide(facts: pl.DataFrame, policy: Policy, today: date, reach: Reach) -> pl.DataFrame:
    """Return `facts` with the verdict of each item, in the same order.

    Adds the columns of `next_levels` and of `forbidden`, and `verdict_line` (index among `verdicts.LINES`), `verdict`,
    `until`, `tone_rule` (see `tones`), and for items that act `group` (what goes on one notice or task), `top_rung` (the
    highest level of the group) and `channels` (those that reach the debtor, in the level's order).

    Args:
        facts: frame made by `standing`.
        reach: the medium of each channel.
    """
    ladder = rungs(policy.procedures)
    facts = facts.with_columns(pl.lit(today).alias("today")).with_row_index("row")
    facts = vary(next_levels(facts, policy, today), ladder, reach)
    facts = forbidden(facts, policy, ladder, today)
    facts = _weigh(facts, policy)
    facts = _reach(facts, ladder, reach)
    facts = _cap(facts, policy, ladder, reach, today)
    facts = facts.with_columns(
        first_line().alias("verdict_line"), tone_rule(policy, ladder).alias("tone_rule")
    )
    return facts.with_columns(
        verdict_of(pl.col("verdict_line")).alias("verdict"),
        until_of(pl.col("verdict_line")).alias("until"),
    )


def _weigh(facts: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Add what the minimum is compared with: sums per debtor and currency.

    `claimable`: items past due or acting today, less credits. `net_open`: all items and credits.
    """
    passing = first_line(EARLY).is_null()
    here = ~pl.col("missing")
    counts = here & (pl.col("credit") | (pl.col("days_past_due") > 0) | passing)
    # What is granted already is lowered by its credit note, which is in these sums once it is there.
    claimed = pl.when("credit_expected").then("open").otherwise(undisputed())
    minimum = pl.lit(0, pl.Int64)
    for procedure in policy.procedures.values():
        amount = bound(procedure.minimum, "min", pl.col("digits"))
        minimum = pl.when(pl.col("procedure") == procedure.name).then(amount).otherwise(minimum)
    sums = (
        facts.lazy()
        .select(
            "debtor",
            "currency",
            "open",
            claimed.alias("claimed"),
            counts.alias("counts"),
            here.alias("here"),
        )
        .group_by("debtor", "currency")
        .agg(
            pl.col("claimed").filter("counts").sum().alias("claimable"),
            pl.col("open").filter("here").sum().alias("net_open"),
        )
        .collect()
    )
    return look_up(facts, sums, "debtor", "currency").with_columns(
        passing.alias("passing"), minimum.alias("minimum")
    )


def _reach(facts: pl.DataFrame, ladder: tuple[Rung, ...], reach: Reach) -> pl.DataFrame:
    names = pl.Series([", ".join(rung.level.channels) for rung in ladder], dtype=pl.String)
    return facts.with_columns(
        is_reachable(ladder, reach).alias("reachable"),
        pl.lit(names).gather(pl.col("rung")).alias("level_channels"),
    )


def _cap(
    facts: pl.DataFrame, policy: Policy, ladder: tuple[Rung, ...], reach: Reach, today: date
) -> pl.DataFrame:
    """Group what could act and mark what goes over the contacts that the policy allows.

    Tasks are no contacts. Of several notices to one debtor the highest levels go first.
    """
    cap = policy.limits.contacts_per_debtor
    most, days = (cap.max, cap.days) if cap else (2**31 - 1, 0)
    full = (pl.col("contacts") >= most) & ~pl.col("is_task")
    able = (
        facts.lazy()
        .filter(
            pl.col("passing")
            & pl.col("unlawful").is_null()
            & (pl.col("net_open") > 0)
            & (pl.col("claimable") >= pl.col("minimum"))
            & (pl.col("last_sending_day") == today)
            & ~full
            & pl.col("reachable")
        )
        .select(*_GROUPED, *facts_read(reach))
        .collect()
    )
    # A level by several channels at once may be more than the cap: alone it goes all the same,
    # or it would never go.
    before = pl.col("contacts") + pl.col("nth_contact") - pl.col("messages")
    too_many = (pl.col("contacts") + pl.col("nth_contact") > most) & (before > 0)
    groups = _groups(able, policy, ladder, reach).with_columns(
        (~pl.col("is_task") & too_many).alias("over"), before.alias("before")
    )
    late_end = pl.coalesce("contacts_end", pl.lit(today) + pl.duration(days=days))
    return (
        look_up(
            facts, groups.select("row", "group", "top_rung", "over", "before", "channels"), "row"
        )
        .with_columns(
            (full | pl.col("over").fill_null(value=False)).alias("over_cap"),
            pl.lit(days, pl.Int32).alias("cap_days"),
            late_end.alias("cap_end"),
            pl.when("over").then("before").otherwise("contacts").alias("contacts"),
        )
        .drop("over", "before")
    )


_GROUPED = (
    "row", "item", "debtor", "currency", "procedure", "due", "rung", "next_level", "next_number",
    "level_days", "is_task", "contacts",
)  # fmt: skip


def _groups(
    able: pl.DataFrame, policy: Policy, ladder: tuple[Rung, ...], reach: Reach
) -> pl.DataFrame:
    """Return `able` with `group`, `top_rung`, `channels`, `messages`, `nth_contact` of its debtor."""
    by = {name: procedure.group for name, procedure in policy.procedures.items()}
    grouping = pl.col("procedure").replace_strict(by, default=None, return_dtype=pl.String)
    finest = (
        pl.when(grouping == "receivable")
        .then("item")
        .when(grouping == "level")
        .then("next_level")
        .otherwise(pl.lit(""))
    )
    # What is not due yet is never claimed in one breath with what is overdue: a formal notice that
    # lists an invoice before its due date is worth nothing (docs/decisions/courtesy-apart.md).
    kind = (
        pl.when(pl.col("is_task") & (pl.col("level_days") < 0))
        .then(pl.lit("early task"))
        .when(pl.col("is_task"))
        .then(pl.lit("task"))
        .when(pl.col("level_days") < 0)
        .then(pl.lit("courtesy"))
        .otherwise(pl.lit("notice"))
    )
    grouped = able.with_columns(
        pl.concat_str(["debtor", "currency", "procedure", kind, finest], separator="|").alias(
            "group"
        )
    )
    tops = grouped.group_by("group").agg(
        pl.col("rung").sort_by("next_number").last().alias("top_rung"),
        pl.col("due").min().alias("oldest"),
        pl.col("next_number").max().alias("highest"),
        pl.col("debtor", "is_task", *facts_read(reach)).first(),
    )
    level_all = [rung.index for rung in ladder if rung.level.all]
    tops = tops.with_columns(reachable_channels(ladder, reach, "top_rung").alias("channels"))
    messages = (
        pl.when(pl.col("is_task"))
        .then(0)
        .when(pl.col("top_rung").is_in(level_all))
        .then(pl.col("channels").list.len())
        .otherwise(1)
    )
    tops = tops.with_columns(messages.cast(pl.Int32).alias("messages"))
    tops = tops.sort("debtor", -pl.col("highest"), "oldest", "group").with_columns(
        pl.col("messages").cum_sum().over("debtor").alias("nth_contact")
    )
    return grouped.join(
        tops.select("group", "top_rung", "channels", "messages", "nth_contact"),
        on="group",
        how="left",
    )


def line_checks() -> list[pl.Expr]:
    """Return each line of the table as a column `line_<n>`, for `explain`."""
    return [line.holds.fill_null(value=False).alias(f"line_{n}") for n, line in enumerate(LINES)]
