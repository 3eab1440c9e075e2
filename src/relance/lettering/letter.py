"""Letters a portfolio: which payment pays which receivables, and what is left of both."""

from __future__ import annotations

import polars as pl

from relance.ledger.schema import ALLOCATIONS, MOVEMENTS, empty
from relance.lettering.absorb import absorb, opposite, spent, still_counted
from relance.lettering.booked import find_booked, use_up
from relance.lettering.named import find_named
from relance.lettering.outcome import (
    ANSWERED,
    PROPOSALS,
    REJECTIONS,
    SUSPENSE,
    Decided,
    Lettered,
    Settings,
)
from relance.lettering.payers import holders, learned, name_payers, teach
from relance.lettering.plainly import settle_named, settle_silent, take_off
from relance.lettering.resolve import find_likely, take_certain
from relance.lettering.returns import ask_about_returns, find_returned, put_back
from relance.lettering.staging import add_alike, load
from relance.lettering.tell import Found, tell
from relance.lettering.words import name_key, plain

__all__ = [
    "ANSWERED", "NO_MOVEMENTS", "PROPOSALS", "REJECTIONS", "SUSPENSE", "Decided", "Lettered",
    "Settings", "letter", "opposite",
]  # fmt: skip

NO_MOVEMENTS = empty(MOVEMENTS)


def letter(
    items: pl.DataFrame,
    debtors: pl.DataFrame,
    movements: pl.DataFrame,
    decided: Decided,
    settings: Settings,
) -> Lettered:
    """Return the portfolio after lettering: see docs/lettering.md for the rules.

    The order of rows changes nothing, but for `decided.allocations`: those are in the order in
    which they were made.

    Args:
        items: columns of ITEMS, with identities and due dates.
        debtors: columns of DEBTORS.
        movements: columns of MOVEMENTS, all that is known, those lettered before too.
        decided: what was allocated and rejected before.
        settings: the policy's.
    """
    if movements.is_empty() and decided.allocations.is_empty():
        return _untouched(items)
    moved = movements.sort("booked", "movement").with_row_index("m")
    counted = still_counted(decided.allocations)
    met = find_returned(_lettered_at_all(moved, settings))
    back = put_back(met, counted, moved, items)
    counted = pl.concat([counted, back])
    debtors = debtors.with_columns(debtor_key=name_key(pl.col("name")))
    book = use_up(_book(items, debtors, counted), counted, moved)
    open_money = _money(moved, counted, settings)
    money = open_money.filter(pl.col("amount") > 0).join(
        met, left_on="m", right_on="taken", how="anti"
    )
    known = holders(debtors)
    money = name_payers(money, debtors, known)
    hits = find_named(money, book)
    booked = _booked(money, hits, book)
    waiting = money.join(booked, on="m", how="anti")
    named = settle_named(waiting, hits, book, decided.rejections)
    after = take_off(book, named)
    rest = waiting.join(named, on="m", how="anti")
    rest = teach(rest, learned(_taught(moved, counted, named, book, money), debtors))
    silent = settle_silent(rest, hits, after, decided.rejections)
    after, rest = take_off(after, silent), rest.join(silent, on="m", how="anti")
    payments, open_items = load(rest, hits, after, decided.rejections)
    taken = take_certain(payments, open_items, settings)
    waiting_still = [p for p in payments if p.left > 0 and p.answered is None]
    add_alike(waiting_still, open_items, after)
    likely = find_likely(waiting_still, open_items, settings)
    asked = ask_about_returns(open_money.join(met, on="m", how="anti"), book)
    plainly = pl.concat([named, silent])
    found = Found(
        moved, open_money, book, met, back, booked, plainly, asked,
        payments, open_items, taken, likely,
    )  # fmt: skip
    return tell(found, items)


def _untouched(items: pl.DataFrame) -> Lettered:
    """The portfolio without payments."""
    same = items.with_columns(paid=pl.lit(0, pl.Int64), payment_pending=pl.lit(None, pl.String))
    return Lettered(same, empty(ALLOCATIONS), empty(PROPOSALS), empty(SUSPENSE))


def _lettered_at_all(moved: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Movements that are not before the time from which relance letters."""
    since = (
        pl.col("source").replace_strict(dict(settings.since), default=None, return_dtype=pl.Date)
        if settings.since
        else pl.lit(None, pl.Date)
    )
    late = since.is_null() | (pl.col("booked") >= since)
    if settings.booked_until is not None:
        late &= pl.col("booked") > settings.booked_until
    return moved.filter(late)


def _money(moved: pl.DataFrame, counted: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Payments and returns that something is `left` of, with all that they say in `text`."""
    used = spent(counted)
    rows = _lettered_at_all(moved, settings).filter(pl.col("kind").is_in(["payment", "return"]))
    rows = rows.join(used, on="movement", how="left", maintain_order="left")
    left = pl.col("amount") - pl.col("spent").fill_null(0)
    said = pl.concat_str("reference", "end_to_end", "text", separator=" ", ignore_nulls=True)
    rows = rows.with_columns(
        left=left, text=said.str.to_uppercase(), iban=plain(pl.col("counterparty_iban"))
    )
    return rows.filter(pl.col("left") * pl.col("amount") > 0)


_OF_ITEMS = (
    "item", "number", "debtor", "debtor_name", "debtor_email", "kind", "issued", "due", "currency",
    "amount", "open", "reference", "virtual_iban",
)  # fmt: skip
"""What lettering asks of items: a narrow frame is quicker to join."""


def _book(items: pl.DataFrame, debtors: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """Items with what is `left` of them, a row number `i`, and their number and name as compared."""
    named = debtors.select("debtor", "debtor_key").unique("debtor")
    rows = absorb(items.select(_OF_ITEMS), counted).join(
        named, on="debtor", how="left", maintain_order="left"
    )
    return rows.with_row_index("i").with_columns(plain=plain(pl.col("number")))


def _booked(money: pl.DataFrame, hits: pl.DataFrame, book: pl.DataFrame) -> pl.DataFrame:
    """Payments not lettered before that the books have as a credit: `m` and `i`."""
    fresh = money.filter(pl.col("left") == pl.col("amount"))
    columns = ["m", "movement", "debtor", "currency", "amount", "booked"]
    by_payer = [
        fresh.filter(pl.col(who).is_not_null()).with_columns(debtor=who).select(columns)
        for who in ("payer", "namesake")
    ]
    named = hits.select("m", "i").join(book.select("i", "debtor"), on="i")
    by_hit = fresh.join(named.select("m", "debtor"), on="m").select(columns)
    return find_booked(pl.concat([*by_payer, by_hit]).unique(), book)


def _taught(
    moved: pl.DataFrame,
    counted: pl.DataFrame,
    plainly: pl.DataFrame,
    book: pl.DataFrame,
    money: pl.DataFrame,
) -> pl.DataFrame:
    """Accounts that payments of known debtors came from: `iban`, `payer`, `evidence`."""
    iban = plain(pl.col("counterparty_iban"))
    past = moved.select("movement", iban=iban).join(
        counted.filter(pl.col("amount") > 0).select("movement", "evidence", payer="debtor"),
        on="movement",
    )
    now = plainly.join(book.select("i", payer="debtor"), on="i").join(
        money.select("m", "iban"), on="m"
    )
    columns = ["iban", "payer", "evidence"]
    return pl.concat([past.select(columns), now.select(columns)]).unique()
