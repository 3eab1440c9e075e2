"""Thanks to debtors who pay in time: whom, and why not the others.

A thanks claims nothing, goes alone, and is no reminder: no level is reached by it, and it is no contact.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from relance.dunning.events import THANKED, Past
from relance.dunning.habits import paid_receivables
from relance.dunning.holds import in_force
from relance.dunning.levels import rungs
from relance.dunning.reach import Reach, reachable_channels
from relance.language import N_
from relance.ledger.lookup import look_up
from relance.ledger.schema import conform
from relance.policy.desk import THANKS
from relance.policy.model import Policy

RECENT = 30
"""Days after a payment in which its debtor may be thanked for it: later it would be odd."""

DUE = "due"
"""The reason of those who are thanked today; the others of REASONS keep a debtor from it."""

REASONS = {
    "before": N_("thanked in the last {months} months"),
    "held": N_("something is disputed, held or being looked into"),
    "overdue": N_("something is past due"),
    "few": N_("{paid} of the last {asked} receivables are seen paid by their due date"),
    "old": N_("nothing was paid in the last {recent} days, or since the last thanks"),
    "written": N_("another notice or task is of today: thanks go alone"),
    "day": N_("today is not a sending day"),
    "unreachable": N_("no channel of `thanks` reaches the debtor"),
    DUE: N_("pays in time: thanked today"),
}
"""Why a debtor is thanked today or not, the first that holds; `few` are too few, or late ones."""

_OF_ANY = ("blocked", "insolvent", "handed_over", "replied")
_OF_OPEN = ("disputed", "promised", "instalments")
_UNCERTAIN = ("in_doubt", "undecided", "payment_pending")


def thanks_apart(past: Past) -> Past:
    """Return `past` with thanks taken out of its levels: they are no level of any procedure."""
    own = pl.col("procedure") == THANKS
    given = past.levels.filter(own)
    if given.is_empty():
        return past
    debtor = pl.col("item").str.split("|").list.first().alias("identity")
    last = given.select(debtor, "date").group_by("identity").agg(pl.col("date").max())
    return replace(past, levels=past.levels.filter(~own), thanked=conform(last, THANKED))


def thanks(
    decided: pl.DataFrame, past: Past, policy: Policy, today: date, reach: Reach
) -> pl.DataFrame:
    """Return a row per receivable that debtors are thanked for today, like those that act.

    `decided` is the frame of `decide`, and has no verdict for it: they are settled. Empty where the
    policy thanks nobody.
    """
    stand = thanks_standing(decided, past, policy, today, reach).filter(pl.col("why") == DUE)
    paid = _paid(past, today).filter(pl.col("days") <= 0).select("item", "paid")
    rows = look_up(decided.filter(pl.col("open") == 0).drop("channels", "paid"), paid, "item")
    facts = stand.select("debtor", "channels", "rung_of", thanked="date")
    rows = look_up(rows, facts, "debtor").filter(
        pl.col("rung_of").is_not_null()
        & _is_recent("paid", today)
        & (pl.col("thanked").is_null() | (pl.col("paid") > pl.col("thanked")))
    )
    latest = pl.col("currency").sort_by("due", "item").last().over("debtor")
    return rows.filter(pl.col("currency") == latest).with_columns(
        pl.lit(THANKS).alias("procedure"),
        pl.lit(THANKS).alias("next_level"),
        pl.lit(1).cast(decided.schema["next_number"]).alias("next_number"),
        pl.col("rung_of").cast(decided.schema["top_rung"]).alias("top_rung"),
        pl.lit(value=False).alias("is_task"),
        pl.lit(None, pl.Int64).alias("disputed_part"),
        pl.concat_str("debtor", "currency", pl.lit(THANKS), separator="|").alias("group"),
    )


_STANDING: dict[str, pl.DataType] = {
    "debtor": pl.String(),
    "why": pl.String(),
    "date": pl.Date(),
    "paid": pl.Int32(),
    "channels": pl.List(pl.String),
    "rung_of": pl.Int32(),
}


def thanks_standing(
    decided: pl.DataFrame, past: Past, policy: Policy, today: date, reach: Reach
) -> pl.DataFrame:
    """Return why each known debtor of `decided` is thanked today or not; empty where nobody ever is.

    Columns: `debtor`, `why` (of REASONS), `date` (of the last thanks; null for none), `paid` (how
    many of the latest receivables that the policy asks for were paid in time), `channels` that
    reach the debtor, `rung_of` (the index of the thanks among the rungs).
    """
    asked = policy.thanks
    if asked is None:
        return pl.DataFrame(schema=_STANDING)
    debtors = _debtors(decided, past, policy, today, reach)
    debtors = look_up(debtors, _paying(_paid(past, today), asked.in_time), "debtor")
    debtors = look_up(debtors, past.thanked, "identity")
    now = pl.lit(today)
    why = (
        pl.when(pl.col("date").dt.offset_by(f"{asked.months}mo") > now)
        .then(pl.lit("before"))
        .when("held")
        .then(pl.lit("held"))
        .when("overdue")
        .then(pl.lit("overdue"))
        .when(pl.col("paid").fill_null(0) < asked.in_time)
        .then(pl.lit("few"))
        .when(~_is_recent("last_paid", today) | (pl.col("last_paid") <= pl.col("date")))
        .then(pl.lit("old"))
        .when("acts")
        .then(pl.lit("written"))
        .when(pl.col("last_sending_day") < now)
        .then(pl.lit("day"))
        .when(pl.col("channels").list.len() == 0)
        .then(pl.lit("unreachable"))
        .otherwise(pl.lit(DUE))
    )
    told = debtors.with_columns(why.alias("why"), pl.col("paid").fill_null(0))
    return told.select(pl.col(name).cast(dtype) for name, dtype in _STANDING.items())


def _debtors(
    decided: pl.DataFrame, past: Past, policy: Policy, today: date, reach: Reach
) -> pl.DataFrame:
    """Return a row per known debtor: whether anything of it is held, is past due, or acts today."""
    rung = next(each for each in rungs(policy.procedures) if each.procedure.name == THANKS)
    alive = (pl.col("open") != 0) & ~pl.col("credit")
    held = (
        pl.any_horizontal(_OF_ANY)
        | (alive & (pl.any_horizontal(_OF_OPEN) | pl.col("verdict").is_in(_UNCERTAIN)))
        | (alive & (pl.col("disputed_part").is_not_null() | pl.col("doubtful")))
    )
    overdue = alive & (pl.col("days_past_due").fill_null(1) > 0)
    known = decided.filter("debtor_known").with_columns(pl.lit(rung.index).alias("rung_of"))
    ways = reachable_channels((rung,), reach, "rung_of").alias("channels")
    at_odds = in_force(past.holds, today).filter(
        pl.col("item").is_null() & (pl.col("family") == "disputed")
    )
    written = past.contacts.filter(pl.col("date") == today)
    return (
        known.with_columns(ways)
        .group_by("debtor")
        .agg(
            held.fill_null(value=False).any().alias("held"),
            overdue.any().alias("overdue"),
            (pl.col("verdict") == "act").any().alias("acts"),
            pl.col("last_sending_day", "channels", "rung_of").first(),
        )
        .sort("debtor")
        .with_columns(
            pl.col("held") | pl.col("debtor").is_in(at_odds["debtor"].implode()),
            pl.col("acts") | pl.col("debtor").is_in(written["debtor"].implode()),
            pl.col("debtor").str.replace_all("|", "¦", literal=True).alias("identity"),
        )
    )


def _paid(past: Past, today: date) -> pl.DataFrame:
    """Return the receivables that are seen paid by `today`, the last ones last."""
    paid = paid_receivables(past.allocations).filter(pl.col("paid") <= today)
    return paid.sort("paid", "due", "item")


def _is_recent(column: str, today: date) -> pl.Expr:
    return pl.col(column) >= today - timedelta(days=RECENT)


def _paying(paid: pl.DataFrame, asked: int) -> pl.DataFrame:
    """Return how many of the `asked` latest paid receivables of each debtor were paid in time."""
    return paid.group_by("debtor", maintain_order=True).agg(
        (pl.col("days").tail(asked) <= 0).sum().alias("paid"),
        pl.col("paid").last().alias("last_paid"),
    )
