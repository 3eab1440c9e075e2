"""Where each item stands: one row per item with all the facts that the decision reads."""

from __future__ import annotations

from datetime import date

import polars as pl

from relance.dunning.arms import arm_columns
from relance.dunning.events import Past
from relance.dunning.habits import paying_habits
from relance.dunning.holds import hold_columns, without_settled
from relance.dunning.instalments import Rules, plans_of, void_plans
from relance.dunning.lawful import reminded
from relance.dunning.offers import offers_of, with_offers
from relance.dunning.promises import after_broken, promise_states
from relance.dunning.rejections import untold
from relance.dunning.segments import assign
from relance.dunning.variants import turn_columns
from relance.ledger.amounts import digits_of
from relance.ledger.build import IS_CREDIT
from relance.ledger.lookup import look_up
from relance.policy.model import Policy


def standing(
    items: pl.DataFrame, debtors: pl.DataFrame, past: Past, policy: Policy, today: date
) -> pl.DataFrame:
    """Return one row per item: its own columns, its debtor's facts, its holds and its past.

    Args:
        items: frame of ITEMS columns and `missing` (Boolean).
        debtors: frame of DEBTORS columns; every debtor that is known.

    Besides the columns of both, among others: `credit`, `digits`, `days_past_due` (null without a
    due date), `debtor_known`, `segment`, `procedure`, `cycle`, `level_reached` (0 for none),
    `last_notice`, `in_doubt`, `contacts`, `contacts_end` (the day on which the oldest contact
    leaves the window), the columns of `hold_columns`, of `turn_columns` and of `arm_columns`.
    """
    facts = _own_facts(items, today)
    states = promise_states(
        past.holds, facts, past.allocations, (today, policy.limits.promise_grace)
    )
    owed = without_settled(facts, past.holds, today)
    plans = plans_of(past, owed, Rules.of(policy), today)
    facts = hold_columns(facts, past.holds, today, policy.limits.promise_grace, plans)
    grace = policy.offers.grace
    facts = with_offers(facts, offers_of(past, facts, grace, today), grace)
    facts = facts.with_columns(
        pl.when("settled_by_hand").then(pl.lit(0, pl.Int64)).otherwise("open").alias("open")
    )
    facts = turn_columns(_past_levels(facts, past), past, policy, today)
    facts = arm_columns(facts, policy.procedures)
    facts = reminded(facts, past, policy, today)
    facts = _past_contacts(facts, past.contacts, policy, today)
    parties = _debtor_facts(facts, debtors, (past, states), policy, today)
    facts = look_up(facts, parties, "debtor").with_columns(
        pl.col("debtor_known").fill_null(value=False)
    )
    rejected = untold(past.holds, past.levels, today)
    return after_broken(facts, states, void_plans(plans), rejected, policy)


def _own_facts(items: pl.DataFrame, today: date) -> pl.DataFrame:
    return items.with_columns(
        *_unless_there(items, "paid", pl.lit(0, pl.Int64)),
        *_unless_there(items, "payment_pending", pl.lit(None, pl.String)),
        IS_CREDIT.alias("credit"),
        digits_of(pl.col("currency")).alias("digits"),
        (pl.lit(today) - pl.col("due")).dt.total_days().cast(pl.Int32).alias("days_past_due"),
    )


def _unless_there(frame: pl.DataFrame, name: str, default: pl.Expr) -> list[pl.Expr]:
    return [] if name in frame.columns else [default.alias(name)]


def _past_levels(facts: pl.DataFrame, past: Past) -> pl.DataFrame:
    """Fold past levels into each item's present cycle: what was settled and is open starts anew."""
    facts = look_up(facts, past.cycles, "item").with_columns(
        (
            pl.col("cycle").fill_null(0)
            + (pl.col("settled").fill_null(value=False) & (pl.col("open") != 0)).cast(pl.Int32)
        ).alias("cycle")
    )
    folded = past.levels.group_by("item", "cycle").agg(
        pl.col("level_number").max().alias("level_reached"),
        pl.col("date").max().alias("last_notice"),
        (pl.col("state") == "in_doubt").any().alias("in_doubt"),
        pl.col("level").sort_by("level_number", "date").last().alias("last_level"),
    )
    return look_up(facts.drop("settled"), folded, "item", "cycle").with_columns(
        pl.col("level_reached").fill_null(0), pl.col("in_doubt").fill_null(value=False)
    )


def _past_contacts(
    facts: pl.DataFrame, contacts: pl.DataFrame, policy: Policy, today: date
) -> pl.DataFrame:
    cap = policy.limits.contacts_per_debtor
    days = pl.duration(days=cap.days if cap else 0)
    window = (
        contacts.filter((pl.col("date") + days > today) & (pl.col("date") <= today))
        .group_by("debtor")
        .agg(
            pl.col("contacts").sum().cast(pl.Int32),
            (pl.col("date").min() + days).alias("contacts_end"),
        )
    )
    return look_up(facts, window, "debtor").with_columns(pl.col("contacts").fill_null(0))


def _debtor_facts(
    facts: pl.DataFrame,
    debtors: pl.DataFrame,
    told: tuple[Past, pl.DataFrame],
    policy: Policy,
    today: date,
) -> pl.DataFrame:
    """Return one row per known debtor: what conditions and notices read of it.

    `told` is the past and the frame of `promise_states`. Sums are of the creditor's currency:
    currencies are never added to one another.
    """
    past, states = told
    home = policy.creditor.currency
    ours = (pl.col("currency") == home) & ~pl.col("missing")
    owed = ~pl.col("credit") & ~pl.col("missing") & (pl.col("open") > 0)
    late = owed & (pl.col("days_past_due") > 0)
    sums = facts.group_by("debtor").agg(
        pl.col("open").filter(ours).sum().alias("outstanding"),
        pl.col("open").filter(ours & late).sum().alias("overdue"),
        pl.col("days_past_due").filter(late).max().fill_null(0).alias("oldest_days_past_due"),
        owed.sum().cast(pl.Int32).alias("open_items"),
    )
    known = (
        debtors.rename(
            {
                "name": "party_name",
                "kind": "debtor_kind",
                "file": "debtor_file",
                "line": "debtor_line",
            }
        )
        .drop("terms", "iban", "virtual_iban")
        .join(sums, on="debtor", how="inner")
        .join(_broken_promises(states), on="debtor", how="left")
        .join(paying_habits(past.allocations), on="debtor", how="left")
        .with_columns(
            pl.lit(True).alias("debtor_known"),
            pl.col("broken_promises").fill_null(0),
            (pl.lit(today) - pl.col("since")).dt.total_days().alias("days_as_customer"),
            digits_of(pl.lit(home)).alias("home_digits"),
            pl.lit(home).alias("home_currency"),
            # A person is not scored, whoever else may do so.
            pl.when(pl.col("debtor_kind").ne_missing("consumer")).then("score").alias("score"),
        )
    )
    return assign(known, policy.segments, policy.procedures)


def _broken_promises(states: pl.DataFrame) -> pl.DataFrame:
    """Count, per debtor, the promises that were broken, or kept in part only."""
    return (
        states.filter(pl.col("state").is_in(["broken", "part_kept"]))
        .group_by("debtor")
        .agg(pl.len().cast(pl.Int32).alias("broken_promises"))
    )
