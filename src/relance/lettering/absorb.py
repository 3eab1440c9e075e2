"""What the sources know already of earlier allocations, so that no payment counts twice."""

from __future__ import annotations

import polars as pl

from relance.ledger.build import IS_CREDIT
from relance.ledger.schema import ALLOCATIONS, conform
from relance.lettering.evidence import CERTAIN

_PAIR = ("movement", "item", "kind")


def opposite(allocations: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that undo `allocations` (columns of ALLOCATIONS): the same amounts put back.

    Together with them they count as nothing. Whoever undoes a certain allocation should reject the
    pair too, or the next run finds the same evidence again.
    """
    undone = allocations.with_columns(
        -pl.col("amount"),
        evidence=pl.lit("undo"),
        confidence=pl.lit(CERTAIN, pl.Int32),
    )
    return conform(undone, ALLOCATIONS)


def still_counted(allocations: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of `allocations` (oldest first) that were not undone since.

    A movement, item and kind whose rows came to nothing begins anew after that.
    """
    if allocations.is_empty():
        return allocations
    rows = allocations.with_row_index("at").with_columns(
        so_far=pl.col("amount").cum_sum().over(_PAIR)
    )
    nothing = pl.col("at").filter(pl.col("so_far") == 0).max().over(_PAIR)
    rows = rows.filter(nothing.is_null() | (pl.col("at") > nothing))
    return rows.select(allocations.columns)


def absorb(items: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """Return `items` with `left`, `pending` and `unexplained` (Int64, minor units, signed as `open`).

    - `pending`: part of the allocations `counted` that the source's open does not show yet;
    - `left`: the source's open without it;
    - `unexplained`: what the source has as paid beyond the allocations that it has absorbed.

    From one allocation to the next, and from the last to now, a fall of the source's open is taken
    for the booking of what was allocated before, and for no more than that.
    """
    if counted.is_empty():
        nothing = pl.lit(0, pl.Int64)
        unexplained = pl.col("amount") - pl.col("open")
        return items.with_columns(pending=nothing, left="open", unexplained=unexplained)
    sign = pl.when(IS_CREDIT).then(-1).otherwise(1)
    known = _pending(items, counted)
    found = items.join(known, on="item", how="left", maintain_order="left").with_columns(
        pl.col("pending", "allocated").fill_null(0)
    )
    pending = pl.col("pending").clip(0, pl.max_horizontal(0, sign * pl.col("open")))
    absorbed = pl.col("allocated") - pending
    return found.with_columns(
        pending=sign * pending,
        left=pl.col("open") - sign * pending,
        unexplained=pl.col("amount") - pl.col("open") - sign * absorbed,
    ).drop("allocated")


def _pending(items: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """Per item with allocations: `pending` and `allocated`, both positive for what is paid.

    The running sum of allocations and falls, kept from going below nothing: with S the sums and M
    the least of them, S − min(0, M) (Lindley's recursion).
    """
    sign = pl.when(IS_CREDIT).then(-1).otherwise(1)
    rows = counted.select("item", "amount", "open_before").join(
        items.select("item", sign=sign, now=sign * pl.col("open")),
        on="item",
        maintain_order="left",
    )
    rows = rows.with_columns(
        given=pl.col("sign") * pl.col("amount"), before=pl.col("sign") * pl.col("open_before")
    )
    fall = pl.col("before").shift(1).over("item") - pl.col("before")
    rows = rows.with_columns(fall=fall.fill_null(0).clip(0))
    total = (pl.col("given") - pl.col("fall")).cum_sum().over("item")
    rows = rows.with_columns(total=total).with_columns(
        least=pl.min_horizontal("total", pl.col("total") - pl.col("given"))
    )
    last = (pl.col("before").last() - pl.col("now").last()).clip(0)
    ends = rows.group_by("item", maintain_order=True).agg(
        end=pl.col("total").last() - last,
        least=pl.col("least").min(),
        allocated=pl.col("given").sum(),
    )
    floor = pl.min_horizontal(0, "least", "end")
    return ends.select("item", "allocated", pending=pl.col("end") - floor)


def spent(counted: pl.DataFrame) -> pl.DataFrame:
    """Return what each movement was allocated already: `movement`, `spent`, `past_debtor`.

    `past_debtor` is null where it paid for several debtors.
    """
    debtor = pl.when(pl.col("debtor").n_unique() == 1).then(pl.col("debtor").first())
    money = pl.col("amount").filter(pl.col("kind") == "payment").sum()
    return counted.group_by("movement").agg(spent=money, past_debtor=debtor)
