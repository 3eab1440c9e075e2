"""From frames to the objects of `match`, for the payments that joins leave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import starmap
from typing import Any

import polars as pl

from relance.lettering.match import Book, Hit, Open, Payment
from relance.lettering.rows import beside, spread

MOST_ALIKE = 100
"""Items of one amount that are looked at for a near miss; more of them say nothing."""

_OPEN = (
    "i", "item", "debtor", "currency", "plain", "amount", "left", "unexplained", "issued", "due",
    "debtor_key",
)  # fmt: skip
_PAYMENT = (
    "m", "movement", "currency", "amount", "left", "booked", "value", "text", "name_key", "payer",
    "payer_by", "namesake",
)  # fmt: skip


def load(
    money: pl.DataFrame, hits: pl.DataFrame, book: pl.DataFrame, rejections: pl.DataFrame
) -> tuple[list[Payment], Book]:
    """Return the payments of `money`, and the items named and all that their debtors owe.

    Args:
        money: payments left, with their payers.
        hits: what they name.
        book: items, what is settled taken off.
        rejections: columns of REJECTIONS.
    """
    hits = hits.join(money.select("m"), on="m", how="semi").sort("m", "i")
    items = Book(_opens(_concerned(money, hits, book)))
    payments = {row[0]: _payment(row) for row in money.select(_PAYMENT).iter_rows()}
    fields = ("m", "i", "evidence", "checked", "strong", "shared", "agrees")
    for m, i, *said in hits.select(fields).iter_rows():
        payments[m].hits.append(Hit(items.rows[i], *said))
    refused: dict[int, set[str]] = defaultdict(set)
    for m, item in rejections.join(money, on="movement").select("m", "item").iter_rows():
        refused[m].add(item)
    for m, of in refused.items():
        payments[m].forbidden = frozenset(of)
    return list(payments.values()), items


def _concerned(money: pl.DataFrame, hits: pl.DataFrame, book: pl.DataFrame) -> pl.DataFrame:
    """Items named, settled ones too, and what is open of their debtors and of the payers."""
    named = beside(hits.select("i").unique(), book, "debtor")
    who = [money.select(debtor=name) for name in ("payer", "namesake")]
    debtors = pl.concat([*who, named.select("debtor")]).drop_nulls().unique()
    said = spread(named.with_columns(said=pl.lit(1)), "said", book.height, 0) == 1
    theirs = pl.col("debtor").is_in(debtors["debtor"].implode()) & (pl.col("left") != 0)
    return book.filter(theirs | said)


def add_alike(payments: Iterable[Payment], items: Book, book: pl.DataFrame) -> None:
    """Give each of `payments` what is open of just its amount, of any debtor, if that is not much.

    Args:
        payments: those that something is left of.
        items: the items known as objects; new ones are added to it.
        book: items, what joins settled taken off.
    """
    wanted = {payment.row: payment for payment in payments}
    rows = [(p.row, p.currency, p.left) for p in wanted.values()]
    schema = {"m": pl.UInt32, "currency": pl.String, "left": pl.Int64}
    asked = pl.DataFrame(rows, schema=schema, orient="row")
    amount = ["currency", "left"]
    some = book.filter(pl.col("left").is_in(asked["left"].unique().implode()))
    alike = some.join(asked.select(amount).unique(), on=amount, how="semi")
    alike = alike.filter(pl.len().over(amount) <= MOST_ALIKE)
    for item in _opens(alike.filter(~pl.col("i").is_in(list(items.rows)))):
        items.rows[item.row] = item
    pairs = asked.join(alike.select("i", "item", *amount), on=amount).sort("m", "item")
    for m, i in pairs.select("m", "i").iter_rows():
        wanted[m].alike.append(items.rows[i])


def _opens(book: pl.DataFrame) -> list[Open]:
    """Items as objects, oldest first."""
    aged = book.sort("due", "issued", "item", nulls_last=True)
    return list(starmap(Open, aged.select(_OPEN).iter_rows()))


def _payment(row: tuple[Any, ...]) -> Payment:
    payment = Payment(*row)
    payment.day = payment.day or payment.booked
    payment.text = payment.text or ""
    return payment
