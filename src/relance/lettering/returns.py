"""Payments that the bank took back: the return meets its payment, and what it paid is open again."""

from __future__ import annotations

import polars as pl

from relance.ledger.schema import ALLOCATIONS, conform, empty
from relance.lettering.evidence import CERTAIN
from relance.lettering.named import find_named
from relance.lettering.outcome import PROPOSALS
from relance.lettering.words import plain

DAYS = 60
"""Days after which the return of a transfer is not looked for any more."""

DEBIT_DAYS = 396
"""The same for direct debits: 13 months (SEPA Core Rulebook; directive 2015/2366, art. 71)."""

_KEYS = (
    ("end_to_end",),
    ("bank_reference",),
    ("mandate",),
    ("reference",),
    ("iban",),
    ("text", "name"),
)


def find_returned(movements: pl.DataFrame) -> pl.DataFrame:
    """Return which payment each return takes back: `m` of the return, `taken` of the payment.

    Both have the same account, currency and amount, the return is later by at most DAYS
    (DEBIT_DAYS where it names a mandate), and they share, tried in this order, end-to-end id,
    the bank's reference, mandate, reference, the other party's account, or its name with the same
    text. Only where one payment alone fits, and no other return fits it, is it certain.
    """
    rows = movements.select(
        "m", "account", "currency", "booked", "amount", "kind", "mandate", "end_to_end",
        "bank_reference", reference=plain(pl.col("reference")),
        iban=plain(pl.col("counterparty_iban")), text=plain(pl.col("text")),
        name=plain(pl.col("counterparty")),
    )  # fmt: skip
    returns = rows.filter((pl.col("kind") == "return") & (pl.col("amount") < 0))
    payments = rows.filter((pl.col("kind") == "payment") & (pl.col("amount") > 0))
    found: list[pl.DataFrame] = []
    for key in _KEYS:
        pairs = _pairs(returns, payments, key)
        one = pairs.filter(~pl.col("m").is_duplicated() & ~pl.col("taken").is_duplicated())
        found.append(one.select("m", "taken"))
        # What is ambiguous by a strong key is not made certain by a weaker one.
        returns = returns.join(pairs, on="m", how="anti")
        payments = payments.join(one, left_on="m", right_on="taken", how="anti")
    return pl.concat(found)


def _pairs(returns: pl.DataFrame, payments: pl.DataFrame, key: tuple[str, ...]) -> pl.DataFrame:
    named = pl.all_horizontal(pl.col(name).fill_null("") != "" for name in key)
    both = returns.filter(named).join(
        payments.filter(named).with_columns(amount=-pl.col("amount")),
        on=[*key, "account", "currency", "amount"],
        how="inner",
        suffix="_paid",
    )
    after = (pl.col("booked") - pl.col("booked_paid")).dt.total_days()
    longest = pl.when(pl.col("mandate").is_not_null()).then(DEBIT_DAYS).otherwise(DAYS)
    return both.filter((after >= 0) & (after <= longest)).select("m", taken="m_paid")


def put_back(
    met: pl.DataFrame, counted: pl.DataFrame, movements: pl.DataFrame, items: pl.DataFrame
) -> pl.DataFrame:
    """Return the rows of ALLOCATIONS that open again what returned payments had paid.

    What their returns put back already is left out.

    Args:
        met: `m` of each return and `taken`, the payment that it meets.
        counted: allocations that still count.
        movements: columns of MOVEMENTS and `m`.
        items: columns of ITEMS; one that the source does not have any more keeps its last open.
    """
    names = movements.select("m", "movement", back_day="booked")
    pairs = met.join(names, on="m").join(names.select(taken="m", paid="movement"), on="taken")
    of_payment = pairs.select(back="movement", movement="paid", back_day="back_day")
    of_return = pairs.select(back="movement", movement="movement", back_day="back_day")
    rows = pl.concat([of_payment, of_return]).join(counted, on="movement", how="inner")
    sums = rows.group_by("back", "back_day", "item", "kind", "debtor").agg(
        -pl.col("amount").sum(), pl.col("due").first(), pl.col("open_before").last()
    )
    found = sums.filter(pl.col("amount") != 0).join(
        items.select("item", "open"), on="item", how="left"
    )
    back = found.with_columns(
        movement="back",
        day="back_day",
        evidence=pl.lit("return"),
        confidence=pl.lit(CERTAIN, pl.Int32),
        open_before=pl.coalesce("open", "open_before"),
    )
    return conform(back, ALLOCATIONS).sort("movement", "item", "kind")


def ask_about_returns(money: pl.DataFrame, book: pl.DataFrame) -> pl.DataFrame:
    """Return proposals (columns of PROPOSALS) for returns whose payment is not known.

    A return that names an item from which at least so much was taken off: to put it back is for a
    person to say.

    Args:
        money: what is `left` of movements, with what they say in `text`.
        book: items with `i`, `pending` and `plain` number.
    """
    returns = money.filter(pl.col("amount") < 0).with_columns(
        left=-pl.col("left"), payer=pl.lit(None, pl.String), name_key=pl.lit(None, pl.String)
    )
    if returns.is_empty():
        return empty(PROPOSALS)
    named = find_named(returns, book)
    found = named.join(returns.select("m", "movement", "left"), on="m").join(
        book.select("i", "item", "debtor", "pending"), on="i"
    )
    likely = found.filter(pl.col("pending") >= pl.col("left")).sort("movement", "item")
    return conform(
        likely.with_columns(
            candidate=pl.int_range(1, pl.len() + 1).over("movement"),
            amount=-pl.col("left"),
            kind=pl.lit("payment"),
            evidence=pl.lit("return"),
            confidence=pl.lit(8_000, pl.Int32),
        ),
        PROPOSALS,
    )
