"""From frames to the objects of `match`, for the payments that are left."""

from __future__ import annotations

from typing import Any

import polars as pl

from relance.lettering.match import Book, Hit, Open, Payment


def load(
    money: pl.DataFrame,
    hits: pl.DataFrame,
    book: pl.DataFrame,
    plainly: pl.DataFrame,
    rejections: pl.DataFrame,
) -> tuple[list[Payment], Book]:
    """Return the payments of `money`, and the items that they may pay.

    Those are the items named, all of the debtors concerned, and those of the same amount.

    Args:
        money: payments left, with their payers.
        hits: what they name.
        book: all items.
        plainly: what is taken off items already.
        rejections: columns of REJECTIONS.
    """
    hits = hits.join(money.select("m"), on="m", how="semi")
    chosen = _concerned(money, hits, book)
    chosen = chosen.join(plainly.select("i", taken="amount"), on="i", how="left")
    chosen = chosen.with_columns(left=pl.col("left") - pl.col("taken").fill_null(0))
    items = Book([_open(row) for row in chosen.iter_rows(named=True)])
    payments = {row["m"]: _payment(row) for row in money.iter_rows(named=True)}
    for row in hits.iter_rows(named=True):
        fields = (row["evidence"], row["checked"], row["strong"], row["shared"], row["agrees"])
        payments[row["m"]].hits.append(Hit(items.rows[row["i"]], *fields))
    refused = rejections.join(money.select("m", "movement"), on="movement")
    for m, group in refused.group_by("m"):
        payments[m[0]].forbidden = frozenset(group["item"])
    return list(payments.values()), items


def _concerned(money: pl.DataFrame, hits: pl.DataFrame, book: pl.DataFrame) -> pl.DataFrame:
    named = hits.select("i").unique()
    debtors = pl.concat(
        [
            money.select(debtor="payer"),
            money.select(debtor="namesake"),
            book.join(named, on="i", how="semi").select("debtor"),
        ]
    )
    debtors = debtors.drop_nulls().unique()
    wanted = pl.col("i").is_in(named["i"].implode())
    some = pl.col("left") != 0
    theirs = book.lazy().filter(some).join(debtors.lazy(), on="debtor", how="semi")
    alike = (
        book.lazy()
        .filter(some)
        .join(money.lazy().select("currency", "left").unique(), on=["currency", "left"], how="semi")
    )
    every = pl.concat([book.lazy().filter(wanted), theirs, alike]).select(
        "i", "item", "debtor", "currency", "plain", "amount", "left", "unexplained", "issued",
        "due", "debtor_key",
    )  # fmt: skip
    return every.unique("i").sort("i").collect()


def _open(row: dict[str, Any]) -> Open:
    item = str(row["item"])
    return Open(
        row=row["i"],
        item=item,
        invoice=item.partition("@")[0].partition("#")[0],
        debtor=row["debtor"],
        currency=row["currency"],
        number=row["plain"],
        amount=row["amount"],
        left=row["left"],
        unexplained=row["unexplained"],
        issued=row["issued"],
        due=row["due"],
        debtor_key=row["debtor_key"],
    )


def _payment(row: dict[str, Any]) -> Payment:
    return Payment(
        row=row["m"],
        movement=row["movement"],
        currency=row["currency"],
        amount=row["amount"],
        left=row["left"],
        booked=row["booked"],
        day=row["value"] or row["booked"],
        text=row["text"] or "",
        name=row["name_key"],
        payer=row["payer"],
        payer_by=row["payer_by"],
        namesake=row["namesake"],
    )
