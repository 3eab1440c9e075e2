"""Lettering: credits set against receivables, as the accounts themselves say.

A letter group is the rows of one account and auxiliary that share a code. Real exports hold
groups that do not balance: a payment whose invoice stands in the opening balance, an invoice
whose payment was booked after the closing, a part payment. Each has its rule here, and none
changes the sum of the account.
"""

from __future__ import annotations

import polars as pl

from relance.ledger.schema import Column

ENTRIES = (
    Column("account", pl.String, "account of the entry"),
    Column("auxiliary", pl.String, "auxiliary account; empty if none"),
    Column("letter", pl.String, "lettering code; null if none"),
    Column("year", pl.Int32, "fiscal year, any number that grows with time"),
    Column("opening", pl.Boolean, "stands in the opening balance"),
    Column("date", pl.Date, "date of the document; null sorts first"),
    Column("piece", pl.String, "number of the document, breaks ties of date; null sorts first"),
    Column("amount", pl.Int64, "minor units, positive for a debit"),
)
"""What lettering needs of an accounting entry; other columns pass through."""

ACCOUNT = ("account", "auxiliary")
CODE = (*ACCOUNT, "letter")
GROUP = (*CODE, "joined")
_PARTIAL = r"^[a-z]+$|[*?]$"
_AGE = ("date", "piece", "amount")


def apply_lettering(
    entries: pl.DataFrame, tolerance: int = 0, *, later_is_open: bool = False
) -> pl.DataFrame:
    """Return `entries` (columns of ENTRIES, and any others) in their order, with three more.

    - `open`: minor units that may be chased, negative for a credit;
    - `balance`: minor units left in the account: the sums of `balance` and `amount` are equal;
    - `settlement`: "none" (no letter), "closed", "part" (something is left), "later"
      (lettered with entries that are not here) or "rounded" (residue within `tolerance`).

    The rules for a group: sum 0, closed. Credits only or net credit: what is left of the credits
    settles the account's unlettered debits of the opening balance or of earlier years, oldest
    first. Debits only: settled later, `open` is 0 and `balance` the amount, unless
    `later_is_open`. Net debit: the residue stands on the latest debit. A residue of at most
    `tolerance` minor units is not chased. Partial codes (lower-case where others are capitals, or
    ending in `*` or `?`) set their rows against one another and leave the rest open.

    A code that is used again in another year is another group, unless the years balance only
    together.
    """
    named = _with_groups(entries.select(column.name for column in ENTRIES))
    rows = pl.concat(
        [
            named.filter(pl.col("letter").is_null()).with_columns(_left("amount", "none")),
            _settled_groups(named.filter(pl.col("letter").is_not_null()), tolerance),
        ],
        how="diagonal",
    )
    rows = _apply_to_older(rows)
    kept_out = ("rounded",) if later_is_open else ("rounded", "later")
    found = rows.sort("row").select(
        open=pl.when(pl.col("settlement").is_in(kept_out)).then(0).otherwise("left"),
        balance=pl.col("left"),
        settlement="settlement",
    )
    return entries.hstack(found)


def _left(left: str, settlement: str) -> list[pl.Expr]:
    return [pl.col(left).alias("left"), pl.lit(settlement).alias("settlement")]


def _with_groups(entries: pl.DataFrame) -> pl.DataFrame:
    """Rows numbered, partial codes marked, and each group's year: null where years are joined."""
    letters = entries["letter"].drop_nulls().unique()
    capitals = letters.str.contains(r"[A-Z]").any()
    marked = letters.filter(letters.str.contains(_PARTIAL if capitals else r"[*?]$"))
    numbered = entries.with_row_index("row").with_columns(
        pl.col("letter").is_in(marked.implode()).fill_null(False).alias("partial")
    )
    if entries["year"].n_unique() < 2:
        return numbered.with_columns(joined="year")
    years = numbered.filter(pl.col("letter").is_not_null())
    years = years.group_by(*CODE, "year").agg(pl.col("amount").sum())
    together = (
        years.filter(pl.col("amount") != 0)
        .group_by(CODE)
        .agg(pl.col("amount").sum(), pl.col("year").alias("years"))
        .filter((pl.col("amount") == 0) & (pl.col("years").list.len() > 1))
        .explode("years", empty_as_null=True)
        .select(*CODE, pl.col("years").alias("year"), pl.lit(True).alias("together"))
    )
    found = numbered.join(together, on=[*CODE, "year"], how="left")
    return found.with_columns(joined=pl.when(pl.col("together").is_null()).then("year")).drop(
        "together"
    )


def _settled_groups(rows: pl.DataFrame, tolerance: int) -> pl.DataFrame:
    """The lettered rows with what is `left` of them and their settlement."""
    amount = pl.col("amount")
    sums = rows.group_by(GROUP).agg(
        amount.sum().alias("sum"),
        (amount < 0).any().alias("credits"),
        (amount > 0).any().alias("debits"),
    )
    rows = rows.join(sums, on=GROUP, how="left", nulls_equal=True)
    balanced = rows.filter(pl.col("sum") == 0).with_columns(left=pl.lit(0, pl.Int64))
    unbalanced = match_oldest_first(rows.filter(pl.col("sum") != 0), GROUP)
    later = ~pl.col("credits") & ~pl.col("partial")
    small = pl.col("debits") & ~pl.col("partial") & (pl.col("sum").abs() <= tolerance)
    return pl.concat([balanced, unbalanced]).with_columns(
        settlement=pl.when(pl.col("left") == 0)
        .then(pl.lit("closed"))
        .when(later)
        .then(pl.lit("later"))
        .when(small)
        .then(pl.lit("rounded"))
        .otherwise(pl.lit("part"))
    )


def match_oldest_first(rows: pl.DataFrame, group: tuple[str, ...]) -> pl.DataFrame:
    """Return `rows` with `left`: their `amount` after debits and credits of each `group` met.

    Both sides are used up oldest first, so that what is left stands on the latest rows.
    """
    side = pl.col("amount") < 0
    rows = rows.sort(*group, *_AGE)
    size = pl.col("amount").abs()
    matched = pl.min_horizontal(
        size.filter(side).sum().over(group), size.filter(~side).sum().over(group)
    )
    before = size.cum_sum().over(*group, side) - size
    used = (matched - before).clip(0, size)
    return rows.with_columns(left=pl.col("amount") - pl.when(side).then(-used).otherwise(used))


def _apply_to_older(rows: pl.DataFrame) -> pl.DataFrame:
    """Set what is left of each year's lettered credits against unlettered older debits."""
    for year in rows.filter(_surplus()).get_column("year").unique().sort():
        older = pl.col("opening") | (pl.col("year") < year)
        waiting = pl.col("letter").is_null() & (pl.col("left") > 0) & older
        chosen = (_surplus() & (pl.col("year") == year)) | waiting
        rows = rows.with_columns(chosen.fill_null(False).alias("chosen"))
        pool = rows.filter("chosen").with_columns(amount="left", whole="amount")
        met = match_oldest_first(pool.with_columns(was="amount"), ACCOUNT)
        rows = pl.concat(
            [
                rows.filter(~pl.col("chosen")),
                met.with_columns(_after_meeting(), amount="whole").select(rows.columns),
            ]
        )
    return rows


def _surplus() -> pl.Expr:
    return (pl.col("settlement") == "part") & (pl.col("left") < 0) & ~pl.col("partial")


def _after_meeting() -> pl.Expr:
    return (
        pl.when(pl.col("left") == 0)
        .then(pl.lit("closed"))
        .when(pl.col("left") == pl.col("was"))
        .then("settlement")
        .otherwise(pl.lit("part"))
        .alias("settlement")
    )
