"""What is known of payments, as the JSON of `relance letter`, `explain` and `status`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

import polars as pl

from relance.language import Translate
from relance.lettering.evidence import CERTAIN, explain
from relance.money import to_text
from relance.runs.lettering import left_of, recorded
from relance.runs.payments import unallocated
from relance.runs.portfolio import Portfolio

Fields = dict[str, Any]

STATUS = {"undo": "undone", "return": "returned"}
"""What became of an allocation, by its evidence; else it is lettered."""

_SEEN = ("account", "counterparty", "counterparty_iban", "reference", "end_to_end", "text", "bank_reference",
         "mandate", "source", "file", "line")  # fmt: skip


def overview(portfolio: Portfolio, translate: Translate, recent: int) -> Fields:
    """Return the JSON of `relance letter list`; `recent` is how many allocations it shows."""
    return {
        "schema_version": 1,
        "run_date": portfolio.today.isoformat(),
        "pending": list(pending(portfolio, translate)),
        "suspense": list(_suspense(portfolio, translate)),
        "recent": _recent(portfolio, translate, recent),
    }


def detail(portfolio: Portfolio, movement: str, translate: Translate) -> Fields:
    """Return the JSON of `relance letter show`: the payment, all that it was and may be set against."""
    past = portfolio.past
    rows = past.movements.filter(pl.col("movement") == movement)
    head: Fields = {"movement": movement}
    if rows.height:
        row = rows.row(0, named=True)
        left = to_text(left_of(portfolio, movement), row["currency"])
        head = {**_payment(row), "kind": row["kind"], "left": left}
        head |= {name: row[name] for name in _SEEN if row[name] is not None}
    own = _named(past.allocations.filter(pl.col("movement") == movement), portfolio)
    candidates = [p for p in pending(portfolio, translate) if p["movement"] == movement]
    lettered = own.group_by("item").agg(pl.col("amount").sum()).filter(pl.col("amount") != 0)
    no_more = past.rejections.filter(pl.col("movement") == movement)
    rejected = no_more.join(lettered, on="item", how="anti")["item"].to_list()
    return {
        "schema_version": 1,
        **head,
        "allocations": [_allocation(row, translate) for row in own.iter_rows(named=True)],
        "candidates": candidates[0]["candidates"] if candidates else [],
        "rejected": rejected,
    }


def of_item(portfolio: Portfolio, item: str, translate: Translate) -> list[Fields]:
    """Return what paid `item`, oldest first, and last what probably does (`status` pending)."""
    past, lettered = portfolio.past, portfolio.lettered
    if lettered is None:
        return []
    rows = _named(past.allocations.filter(pl.col("item") == item), portfolio)
    told = [_allocation(row, translate) for row in rows.iter_rows(named=True)]
    likely = lettered.proposals.filter(pl.col("item") == item)
    waiting = _named(likely.join(_booked(portfolio), on="movement", how="left"), portfolio)
    for row in waiting.sort("movement", "candidate").iter_rows(named=True):
        told.append({**_allocation(row, translate), "status": "pending",
                     "candidate": row["candidate"], "confidence": _confidence(row)})  # fmt: skip
    return told


def pending(portfolio: Portfolio, translate: Translate) -> Iterator[Fields]:
    """Yield the payments that wait for a decision, oldest first, with their candidates."""
    if portfolio.lettered is None:
        return
    rows = _named(portfolio.lettered.proposals, portfolio).join(
        portfolio.past.movements, on="movement", how="inner", suffix="_paid"
    )
    rows = rows.sort("booked", "movement", "candidate", "item")
    for movement, members in groupby(rows.iter_rows(named=True), key=lambda r: r["movement"]):
        group = list(members)
        head = {**group[0], "amount": group[0]["amount_paid"]}
        ranks = groupby(group, key=lambda row: row["candidate"])
        yield {
            **_payment(head),
            "text": head["text"],
            "left": to_text(left_of(portfolio, movement), head["currency"]),
            "candidates": [_candidate(rank, list(of), translate) for rank, of in ranks],
        }


def sums(portfolio: Portfolio) -> Fields:
    """Return the lists of `unallocated` as sums in minor units by currency, and how many each has."""
    if portfolio.lettered is None:
        return {}
    lists = unallocated(portfolio.lettered)
    totals = {
        name: dict(sorted(frame.group_by("currency").agg(pl.col("amount").sum()).iter_rows()))
        for name, frame in lists.items()
    }
    return {**totals, **{f"{n}_count": f["movement"].n_unique() for n, f in lists.items()}}


def _suspense(portfolio: Portfolio, translate: Translate) -> Iterator[Fields]:
    if portfolio.lettered is None:
        return
    rows = portfolio.lettered.suspense.join(
        portfolio.past.movements, on="movement", how="inner", suffix="_paid"
    ).join(portfolio.lettered.proposals, on="movement", how="anti")
    for row in rows.sort("booked", "movement").iter_rows(named=True):
        yield {
            **_payment({**row, "amount": row["amount_paid"]}),
            "text": row["text"],
            "left": to_text(row["amount"], row["currency"]),
            "debtor": row["debtor"],
            "reason": translate(row["reason"]),
        }


def _recent(portfolio: Portfolio, translate: Translate, most: int) -> list[Fields]:
    kept = recorded(portfolio).height
    rows = portfolio.past.allocations.with_row_index("at").tail(most).reverse()
    return [
        {**_allocation(row, translate), "recorded": row["at"] < kept}
        for row in _named(rows, portfolio).iter_rows(named=True)
    ]


def _booked(portfolio: Portfolio) -> pl.DataFrame:
    day = pl.coalesce("value", "booked").alias("day")
    return portfolio.past.movements.select("movement", day)


def _named(rows: pl.DataFrame, portfolio: Portfolio) -> pl.DataFrame:
    """Return `rows` with the `number` of their items, and currency and payer of their payments."""
    numbers = portfolio.facts.select("item", "number", pl.col("currency").alias("item_currency"))
    paid = portfolio.past.movements.select(
        "movement",
        pl.col("currency").alias("paid_currency"),
        pl.col("counterparty").alias("payer"),
    )
    both = rows.join(numbers, on="item", how="left", maintain_order="left").join(
        paid, on="movement", how="left", maintain_order="left"
    )
    home = portfolio.policy.creditor.currency
    return both.with_columns(
        pl.coalesce("number", pl.col("item").str.split("|").list.get(1, null_on_oob=True)),
        pl.coalesce("item_currency", "paid_currency", pl.lit(home)).alias("item_currency"),
    )


def _payment(row: Mapping[str, Any]) -> Fields:
    return {
        "movement": row["movement"],
        "booked": row["booked"].isoformat(),
        "amount": to_text(row["amount"], row["currency"]),
        "currency": row["currency"],
        "counterparty": row["counterparty"],
    }


def _allocation(row: Mapping[str, Any], translate: Translate) -> Fields:
    return {
        "movement": row["movement"],
        "number": row["number"],
        "item": row["item"],
        "debtor": row["debtor"],
        "date": row["day"].isoformat() if row["day"] else None,
        "amount": to_text(row["amount"], row["item_currency"]),
        "currency": row["item_currency"],
        "kind": row["kind"],
        "status": STATUS.get(row["evidence"], "lettered"),
        "evidence": row["evidence"],
        "says": translate(explain(row["evidence"])),
        "counterparty": row["payer"],
    }


def _candidate(rank: int, rows: list[Mapping[str, Any]], translate: Translate) -> Fields:
    first = rows[0]
    return {
        "candidate": rank,
        "confidence": _confidence(first),
        "evidence": first["evidence"],
        "says": translate(explain(first["evidence"])),
        "items": [
            {"number": row["number"], "item": row["item"], "debtor": row["debtor"], "kind": row["kind"],
             "amount": to_text(row["amount"], row["item_currency"])}
            for row in rows
        ],
    }  # fmt: skip


def _confidence(row: Mapping[str, Any]) -> str:
    hundredths = row["confidence"] * 100 // CERTAIN
    return f"{hundredths // 100}.{hundredths % 100:02}"
