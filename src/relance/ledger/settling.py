"""When the debits and credits of accounts met: what came off each row, on which day, by which kind."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from relance.ledger.schema import Column, conform, empty

ENTRIES = (
    Column("source", pl.String, "name of the source in relance.yaml"),
    Column("debtor", pl.String, "id of the debtor"),
    Column("number", pl.String, "number of the document; null if none"),
    Column("account", pl.String, "account of the entry"),
    Column("auxiliary", pl.String, "auxiliary account; empty if none"),
    Column("letter", pl.String, "lettering code; null if none"),
    Column("year", pl.Int32, "fiscal year, any number that grows with time"),
    Column("kind", pl.String, "as of ITEMS"),
    Column("opening", pl.Boolean, "stands in the opening balance"),
    Column("sale", pl.Boolean, "an invoice, or a credit note that takes back a sale"),
    Column("cash", pl.Boolean, "meets a bank or a till"),
    Column("booked", pl.Date, "date of the entry"),
    Column("issued", pl.Date, "date of the document"),
    Column("due", pl.Date, "due date; null until terms give one"),
    Column("terms", pl.String, "terms that the source gives; null if none"),
    Column("currency", pl.String, "ISO 4217"),
    Column("amount", pl.Int64, "minor units, positive for a debit"),
    Column("balance", pl.Int64, "minor units that are left of it, signed as `amount`"),
)
"""Entries of customers' accounts after lettering, settled ones and payments included."""

_STEPS = (("account", "auxiliary", "letter", "year"), ("account", "auxiliary", "letter"),
          ("account", "auxiliary"))  # fmt: skip
"""Rows meet within their letter and year first, then their letter, then their account."""

_MET = (
    Column("row", pl.UInt32, "the row"),
    Column("day", pl.Date, "when both sides were there"),
    Column("amount", pl.Int64, "minor units, positive"),
    Column("cash", pl.Boolean, "the other side was money"),
)


def settled_days(rows: pl.DataFrame) -> pl.DataFrame:
    """Return what came off each row: `row`, `day`, `amount` (positive) and `cash`.

    What a row lost (its amount less its balance) was lost to rows of the other side, oldest first
    within a letter; the day is the later one of the two: a payment counts from its own day on,
    whenever it was lettered. `cash` says whether the other side was money.

    Args:
        rows: `row`, unique, the columns of the steps, `booked`, `amount`, `balance` and `cash`.
    """
    rest = rows.select(
        "row", *_STEPS[0], "booked", "cash",
        debit=pl.col("amount") > 0,
        rest=(pl.col("amount") - pl.col("balance")).abs(),
    ).filter(pl.col("rest") > 0)  # fmt: skip
    found = [empty(_MET)]
    for step in _STEPS:
        if rest.is_empty():
            break
        here = rest.filter(pl.col("letter").is_not_null()) if "letter" in step else rest
        met = pl.concat([_at_once(here, step), _in_parts(here, step)])
        found.append(met)
        off = met.group_by("row").agg(pl.col("amount").sum().alias("off"))
        rest = (
            rest.join(off, on="row", how="left", maintain_order="left")
            .with_columns(rest=pl.col("rest") - pl.col("off").fill_null(0))
            .filter(pl.col("rest") > 0)
            .drop("off")
        )
    sums = pl.concat(found).group_by("row", "day", "cash").agg(pl.col("amount").sum())
    return conform(sums, _MET)


def _plain(rows: pl.DataFrame, group: Sequence[str]) -> pl.Series:
    """Return whether a row's group is one of one debit and one credit of the same amount."""
    debit, rest = pl.col("debit"), pl.col("rest")
    plain = (pl.len() == 2) & (debit.sum() == 1) & (rest.min() == rest.max())
    return rows.select(plain.over(group)).to_series()


def _at_once(rows: pl.DataFrame, group: Sequence[str]) -> pl.DataFrame:
    """Return the days of groups of one debit and one credit: nearly all."""
    pairs = rows.filter(_plain(rows, group))
    other = pl.col("cash").sum().over(group) - pl.col("cash").cast(pl.UInt32)
    day = pl.col("booked").max().over(group)
    return conform(pairs.select("row", day=day, amount="rest", cash=other > 0), _MET)


def _in_parts(rows: pl.DataFrame, group: Sequence[str]) -> pl.DataFrame:
    """Return the days of the other groups: both sides are laid end to end, and cut where either ends."""
    others = rows.filter(~_plain(rows, group)).sort(*group, "booked", "row")
    if others.is_empty():
        return empty(_MET)
    numbered = others.with_columns(g=pl.struct(group).rle_id())
    ends = numbered.with_columns(end=pl.col("rest").cum_sum().over("g", "debit"))
    sides = {side: ends.filter(pl.col("debit") == side) for side in (True, False)}
    whole = [sides[side].group_by("g").agg(pl.col("end").max()) for side in (True, False)]
    most = (
        whole[0]
        .join(whole[1], on="g", suffix="_c")
        .select("g", most=pl.min_horizontal("end", "end_c"))
    )
    cuts = (
        ends.select("g", "end").join(most, on="g")
        .select("g", end=pl.min_horizontal("end", "most")).unique().sort("g", "end")
        .with_columns(amount=pl.col("end") - pl.col("end").shift(1, fill_value=0).over("g"))
    )  # fmt: skip
    for side, name in ((True, "d"), (False, "c")):
        names = {column: f"{column}_{name}" for column in ("row", "booked", "cash")}
        of_side = sides[side].select("g", "end", *names).rename(names).sort("g", "end")
        cuts = cuts.sort("g", "end").join_asof(
            of_side, on="end", by="g", strategy="forward", check_sortedness=False
        )
    day = pl.max_horizontal("booked_d", "booked_c")
    debits = cuts.select(row="row_d", day=day, amount="amount", cash="cash_c")
    credits = cuts.select(row="row_c", day=day, amount="amount", cash="cash_d")
    return conform(pl.concat([debits, credits]), _MET)
