"""What operators recorded, folded into what is in force today."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl

from relance.dunning.disputes import with_disputed_parts
from relance.dunning.proceedings import with_declarations
from relance.dunning.promises import kept_promises

FAMILIES = {
    "block": "blocked",
    "unblock": "blocked",
    "dispute": "disputed",
    "dispute_accepted": "disputed",
    "dispute_settled": "disputed",
    "promise": "promised",
    "promise_withdrawn": "promised",
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
    "block", "dispute", "dispute_accepted", "promise", "instalments", "insolvency", "handover",
    "settled", "reply",
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


def hold_columns(items: pl.DataFrame, holds: pl.DataFrame, today: date, grace: int) -> pl.DataFrame:
    """Return `items` with, for each family, whether it holds, until when and why.

    Adds `<family>` (Boolean), `<family>_until` (Date, the first day on which it no longer holds;
    null when open-ended) and `<family>_reason` (String), and the columns of `with_disputed_parts`
    and `with_declarations`. A hold on the item wins over one on its debtor. A promise and each
    instalment are given `grace` days; a promise that was kept is over. The date of a dispute or of
    proceedings is a deadline for us, and ends nothing.

    Args:
        items: frame with `item`, `debtor`, `open`, `issued`.
        holds: frame of HOLDS columns.
    """
    active = in_force(holds, today)
    active = active.join(kept_promises(active, items), on="seq", how="anti")
    for family in HOLDS_IN_FORCE:
        rows = active.filter(pl.col("family") == family)
        items = _add(items, _ending(rows, items, family, grace), family, today)
    return with_declarations(with_disputed_parts(items, active), active, holds)


def _ending(rows: pl.DataFrame, items: pl.DataFrame, family: str, grace: int) -> pl.DataFrame:
    """Return `rows` with `ends`: the first day on which the hold is over, null when open-ended."""
    if family == "instalments":
        return _plan_ends(rows, items, grace)
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


def _plan_ends(rows: pl.DataFrame, items: pl.DataFrame, grace: int) -> pl.DataFrame:
    """A plan is kept until the first instalment whose money has not come, plus its grace.

    What was paid is read from the open balance: `amount` at the start less what is open now, of
    the item, or of the debtor's items issued before the plan.
    """
    ends = [_first_unpaid(row, items, grace) for row in rows.iter_rows(named=True)]
    return rows.with_columns(pl.Series("ends", ends, dtype=pl.Date))


def _first_unpaid(row: dict[str, Any], items: pl.DataFrame, grace: int) -> date | None:
    own = pl.col("item") == row["item"] if row["item"] else pl.col("debtor") == row["debtor"]
    covered = items.filter(own & (pl.col("issued").is_null() | (pl.col("issued") <= row["date"])))
    paid = int(row["amount"] or 0) - int(covered["open"].sum() or 0)
    asked = 0
    for instalment in sorted(row["schedule"] or [], key=lambda i: i["due"]):
        asked += instalment["amount"]
        if paid < asked:
            due: date = instalment["due"]
            return due + timedelta(days=grace + 1)
    return None


def _add(items: pl.DataFrame, rows: pl.DataFrame, family: str, today: date) -> pl.DataFrame:
    names = [family, f"{family}_until", f"{family}_reason"]
    if rows.is_empty():
        return items.with_columns(
            pl.lit(False).alias(names[0]),
            pl.lit(None, pl.Date).alias(names[1]),
            pl.lit(None, pl.String).alias(names[2]),
        )
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
