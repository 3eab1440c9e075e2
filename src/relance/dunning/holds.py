"""What operators recorded, folded into what is in force today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from relance.dunning.disputes import with_disputed_parts
from relance.dunning.instalments import PaymentPlan
from relance.dunning.proceedings import with_declarations
from relance.dunning.promises import kept_promises
from relance.ledger.lookup import look_up

FAMILIES = {
    "block": "blocked",
    "unblock": "blocked",
    "dispute": "disputed",
    "dispute_accepted": "disputed",
    "dispute_settled": "disputed",
    "promise": "promised",
    "promise_withdrawn": "promised",
    "instalments_proposed": "proposed",
    "instalments_refused": "proposed",
    "instalments": "instalments",
    "instalments_ended": "instalments",
    "insolvency": "insolvent",
    "insolvency_closed": "insolvent",
    "handover": "handed_over",
    "handover_returned": "handed_over",
    "settled": "settled_by_hand",
    "reply": "replied",
    "reply_handled": "replied",
}
OPENING = (
    "block", "dispute", "dispute_accepted", "promise", "instalments_proposed", "instalments",
    "insolvency", "handover", "settled", "reply",
)  # fmt: skip
_DEADLINES = ("disputed", "insolvent")
HOLDS_IN_FORCE = tuple(dict.fromkeys(FAMILIES.values()))


def in_force(holds: pl.DataFrame, today: date) -> pl.DataFrame:
    """Return the last event of each family and subject up to `today`, where it opens a hold.

    Columns: those of HOLDS and `family`. A subject is an item, or a debtor as a whole (`item`
    null). An event recorded later replaces the earlier one of its family.
    """
    return (
        holds.filter((pl.col("date") <= today) & pl.col("type").is_in(list(FAMILIES)))
        .with_columns(pl.col("type").replace_strict(FAMILIES).alias("family"))
        .sort("seq")
        .group_by("debtor", "item", "family", maintain_order=True)
        .last()
        .filter(pl.col("type").is_in(OPENING))
    )


def hold_columns(
    items: pl.DataFrame,
    holds: pl.DataFrame,
    today: date,
    grace: int,
    plans: Sequence[PaymentPlan] = (),
) -> pl.DataFrame:
    """Return `items` with, for each family, whether it holds, until when and why.

    Adds `<family>` (Boolean), `<family>_until` (Date, the first day on which it no longer holds;
    null when open-ended) and `<family>_reason` (String), the columns of `with_disputed_parts`
    and `with_declarations`, and `plan_void` (Date, since when its plan is void). A hold on the item
    wins over one on its debtor. A promise is given `grace` days; one that was kept is over, and so
    is a plan of which nothing is left to pay. The date of a dispute or of proceedings is a deadline
    for us, and ends nothing.

    Args:
        items: frame with `item`, `debtor`, `open`, `issued`.
        holds: frame of HOLDS columns.
        plans: what `instalments.plans_of` gives of them.
    """
    active = in_force(holds, today)
    if active.is_empty():
        items = items.with_columns(each for family in HOLDS_IN_FORCE for each in _none(family))
    else:
        active = active.join(kept_promises(active, items), on="seq", how="anti")
        answered = [plan.proposal for plan in plans if plan.proposal is not None]
        active = active.filter(~pl.col("seq").is_in(answered))
        for family in HOLDS_IN_FORCE:
            rows = active.filter(pl.col("family") == family)
            items = _add(items, _named(_ending(rows, family, grace, plans)), family, today)
    items = _with_void(items, plans)
    return with_declarations(with_disputed_parts(items, active), active, holds)


def without_settled(items: pl.DataFrame, holds: pl.DataFrame, today: date) -> pl.DataFrame:
    """Return `items` with nothing open where that was recorded as settled by hand.

    So the verdict judges a plan by what the lists of plans judge it by.
    """
    family = "settled_by_hand"
    rows = in_force(holds, today).filter(pl.col("family") == family)
    if rows.is_empty():
        return items
    marked = _add(items, _named(_ending(rows, family, 0, ())), family, today)
    nothing = pl.when(family).then(pl.lit(0, pl.Int64)).otherwise("open").alias("open")
    return marked.with_columns(nothing).select(items.columns)


def _ending(
    rows: pl.DataFrame, family: str, grace: int, plans: Sequence[PaymentPlan]
) -> pl.DataFrame:
    """Return `rows` with `ends`: the first day on which the hold is over, null when open-ended."""
    if family == "instalments":
        ends = {plan.number: plan.ends or plan.began for plan in plans}
        found = [ends.get(seq) for seq in rows["seq"]]
        return rows.with_columns(pl.Series("ends", found, dtype=pl.Date))
    if family == "proposed":
        held = pl.col("until") + pl.duration(days=1)
        return rows.with_columns(pl.coalesce(held, "date").alias("ends"))
    if family in _DEADLINES:
        rows = rows.with_columns(pl.coalesce("reason", "code").alias("reason"))
        return rows.with_columns(pl.lit(None, pl.Date).alias("ends"))
    if family == "handed_over":
        # With a named addressee the day is when a person is asked, and ends nothing: they may be at work.
        named = pl.col("owner").is_not_null()
        rows = rows.with_columns(
            pl.when(~named).then("until").alias("until"),
            pl.coalesce("reason", "owner").alias("reason"),
        )
    extra = {"blocked": 1, "promised": grace + 1}.get(family, 1)
    return rows.with_columns((pl.col("until") + pl.duration(days=extra)).alias("ends"))


def _named(rows: pl.DataFrame) -> pl.DataFrame:
    """Return `rows` with one row for each receivable that they name."""
    named = rows.filter(pl.col("covers").list.len() > 0)
    if named.is_empty():
        return rows
    each = named.with_columns(pl.col("covers").alias("item")).explode("item")
    rest = rows.filter(pl.col("covers").list.len().fill_null(0) == 0)
    both = pl.concat([rest, each]).sort("seq")
    return both.unique(["debtor", "item"], keep="last", maintain_order=True)


def _with_void(items: pl.DataFrame, plans: Sequence[PaymentPlan]) -> pl.DataFrame:
    void = {i: plan.void_on for plan in plans if plan.state == "void" for i in plan.covers}
    table = pl.DataFrame(
        {"item": list(void), "plan_void": list(void.values())},
        schema={"item": pl.String, "plan_void": pl.Date},
    )
    return look_up(items, table, "item")


def _none(family: str) -> list[pl.Expr]:
    """Return the columns of a family of which nothing is in force."""
    return [
        pl.lit(False).alias(family),
        pl.lit(None, pl.Date).alias(f"{family}_until"),
        pl.lit(None, pl.String).alias(f"{family}_reason"),
    ]


def _add(items: pl.DataFrame, rows: pl.DataFrame, family: str, today: date) -> pl.DataFrame:
    if rows.is_empty():
        return items.with_columns(_none(family))
    names = [family, f"{family}_until", f"{family}_reason"]
    still = rows.filter(pl.col("ends").is_null() | (pl.col("ends") > today))
    facts = [pl.lit(True).alias("held"), pl.col("ends"), pl.col("reason")]
    on_item = still.drop_nulls("item").select("item", *facts)
    on_debtor = still.filter(pl.col("item").is_null()).select("debtor", *facts)
    joined = items.join(on_item, on="item", how="left", maintain_order="left").join(
        on_debtor, on="debtor", how="left", suffix="_all", maintain_order="left"
    )
    by_item = pl.col("held").fill_null(value=False)
    return joined.with_columns(
        (by_item | pl.col("held_all").fill_null(value=False)).alias(names[0]),
        pl.when(by_item).then("ends").otherwise("ends_all").alias(names[1]),
        pl.when(by_item).then("reason").otherwise("reason_all").alias(names[2]),
    ).drop("held", "ends", "reason", "held_all", "ends_all", "reason_all")
