"""What is left when the principal is paid: interest and compensation of items that were paid late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from relance.dunning.charges import computed, has_charges
from relance.dunning.claims import PARTY_FACTS
from relance.dunning.events import Past
from relance.dunning.instalments import Rules, plans_of, spared
from relance.dunning.lawful import reminded
from relance.law.claim import Computation
from relance.ledger.lookup import look_up
from relance.policy.model import Policy

COLUMNS = {
    "item": pl.String,
    "debtor": pl.String,
    "number": pl.String,
    "currency": pl.String,
    "due": pl.Date,
    "paid": pl.Date,
    "interest": pl.Int64,
    "compensation": pl.Int64,
}


@dataclass(frozen=True, slots=True)
class Accessory:
    """Interest and compensation of an item whose principal is paid.

    Attributes:
        amount: minor units that were due.
        paid: day of the last payment, to which interest runs.
    """

    item: str
    debtor: str
    number: str
    currency: str
    kind: str
    issued: date | None
    due: date
    paid: date
    amount: int
    computation: Computation


def accessories(
    facts: pl.DataFrame, debtors: pl.DataFrame, past: Past, policy: Policy
) -> pl.DataFrame:
    """Return one row per item that was paid late and whose accessories are not: columns of COLUMNS.

    Args:
        facts: frame of `decide`.
        debtors: columns of DEBTORS; every debtor that is known.
    """
    parties = debtors.rename({"kind": "debtor_kind"}).select("debtor", *PARTY_FACTS)
    rows: list[dict[str, Any]] = [
        {
            **{name: getattr(left, name) for name in COLUMNS if hasattr(left, name)},
            "interest": left.computation.interest,
            "compensation": left.computation.compensation,
        }
        for left in accessories_of(facts, parties, past, policy)
    ]
    return pl.DataFrame(rows, schema=COLUMNS)


def accessories_of(
    facts: pl.DataFrame, parties: pl.DataFrame, past: Past, policy: Policy
) -> list[Accessory]:
    """Return what is left of the accessories of `parties` (debtor and PARTY_FACTS), oldest first.

    Only payments that relance lettered have a day; what the sources show as settled without one bears
    no interest here. An item recorded as settled by hand is done with. Credits of the
    debtor stand for accessories, oldest first: one that they cover even in part is left out. Those
    of a payment plan that was kept are part of it, or were waived for that.
    """
    if past.allocations.is_empty() or not has_charges(policy):
        return []
    kept = (
        spared(plans_of(past, facts, Rules.of(policy), facts["today"][0])) if facts.height else []
    )
    paid = _paid_late(facts, parties, past).filter(~pl.col("item").is_in(kept))
    # The year in which reminders are counted does not matter for what was paid before.
    rows = reminded(paid, past, policy, date.min).with_columns(until=pl.col("paid"))
    given = computed(look_up(rows, parties, "debtor"), past.allocations, policy)
    names = [name for name in Accessory.__slots__ if name != "computation"]
    found = [
        Accessory(**{name: row[name] for name in names}, computation=given[row["item"]])
        for row in rows.sort("debtor", "currency", "due", "item").iter_rows(named=True)
        if row["item"] in given and given[row["item"]].total
    ]
    return _beyond_credits(found, facts)


def _paid_late(facts: pl.DataFrame, parties: pl.DataFrame, past: Past) -> pl.DataFrame:
    """Return the items of `parties` whose principal is paid, the last of it after the due date."""
    came = pl.col("amount") > 0
    sums = (
        past.allocations.join(parties, on="debtor", how="semi")
        .sort("day")
        .group_by("item", "debtor")
        .agg(
            pl.col("amount").sum().alias("sum"),
            pl.col("day").filter(came).max().alias("paid"),
            pl.col("due").drop_nulls().last().alias("due_then"),
            pl.col("open_before").max(),
            pl.col("movement").first(),
        )
        .filter(pl.col("sum") > 0)
    )
    by_hand = past.holds.filter(pl.col("type") == "settled").select("item")
    sums = sums.join(by_hand, on="item", how="anti")
    sums = look_up(
        sums, past.movements.select("movement", "currency").unique("movement"), "movement"
    )
    now = facts.select(
        "item", "number", "kind", "issued", "due", "open", "missing", "cycle",
        pl.col("currency").alias("currency_now"),
    )  # fmt: skip
    rows = look_up(sums, now, "item")
    gone = pl.col("missing").fill_null(value=True)
    whole = (
        pl.when(gone).then(pl.col("sum") >= pl.col("open_before")).otherwise(pl.col("open") == 0)
    )
    return (
        rows.filter(whole)
        .with_columns(
            pl.coalesce(
                "number", pl.col("item").str.split("|").list.get(1, null_on_oob=True), "item"
            ),
            pl.coalesce("kind", pl.lit("invoice")),
            pl.coalesce("due", "due_then"),
            pl.coalesce("currency_now", "currency").alias("currency"),
            pl.coalesce("cycle", pl.lit(0, pl.Int32)),
            pl.col("sum").alias("amount"),
            pl.lit(0, pl.Int64).alias("open"),
        )
        .filter((pl.col("paid") > pl.col("due")) & pl.col("currency").is_not_null())
    )


def _beyond_credits(found: list[Accessory], facts: pl.DataFrame) -> list[Accessory]:
    credits = (
        facts.filter("credit", ~pl.col("missing"))
        .group_by("debtor", "currency")
        .agg(-pl.col("open").sum())
    )
    left = {(debtor, currency): credit for debtor, currency, credit in credits.iter_rows()}
    kept = []
    for accessory in found:
        account = (accessory.debtor, accessory.currency)
        if left.get(account, 0) > 0:
            left[account] -= accessory.computation.total
        else:
            kept.append(accessory)
    return kept
