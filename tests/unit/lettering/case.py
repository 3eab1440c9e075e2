"""Small portfolios for the tests of lettering: items, debtors and movements with few words."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from relance.ledger.schema import (
    ALLOCATIONS,
    CREDIT_KINDS,
    DEBTORS,
    ITEMS,
    MOVEMENTS,
    conform,
    empty,
    schema,
)
from relance.lettering.letter import Decided, Lettered, Settings, letter
from relance.lettering.outcome import REJECTIONS

ISSUED, DUE, PAID = date(2026, 1, 5), date(2026, 2, 4), date(2026, 2, 20)


def item(number: str, amount: int, debtor: str = "C1", **more: Any) -> dict[str, Any]:
    """An open item; credits have a negative amount."""
    row = {
        "item": f"{debtor}|{number}|2026", "number": number, "debtor": debtor, "amount": amount,
        "open": amount, "kind": "invoice" if amount >= 0 else "credit_note", "currency": "EUR",
        "issued": ISSUED, "due": DUE, "source": "ventes", "file": "ventes.csv", "line": 2,
        "doubtful": False,
    }  # fmt: skip
    row |= more
    assert (row["kind"] in CREDIT_KINDS) == (row["amount"] < 0)
    return row | {"balance": row["open"]}


def debtor(identity: str = "C1", **more: Any) -> dict[str, Any]:
    """A debtor; its id is its name unless told otherwise."""
    return {"debtor": identity, "name": identity, **more}


def paid(amount: int, text: str | None = None, **more: Any) -> dict[str, Any]:
    """A movement of the bank: a payment, or a return if negative."""
    row = {
        "movement": "m1", "amount": amount, "text": text, "currency": "EUR", "booked": PAID,
        "value": PAID, "kind": "payment" if amount > 0 else "return", "source": "banque",
        "file": "releve.xml", "line": 1, "account": "FR7630006000011234567890189", "parts": 1,
    }  # fmt: skip
    return row | more


def frame(rows: list[dict[str, Any]], columns: Any) -> pl.DataFrame:
    """Rows as a frame of the declared columns."""
    return (
        conform(pl.DataFrame(rows, infer_schema_length=None), columns) if rows else empty(columns)
    )


def lettered(
    items: list[dict[str, Any]],
    movements: list[dict[str, Any]],
    debtors: list[dict[str, Any]] | None = None,
    decided: Decided | None = None,
    **settings: Any,
) -> Lettered:
    """The portfolio after lettering; debtors are those of the items unless given."""
    names = sorted({row["debtor"] for row in items})
    known = debtors if debtors is not None else [debtor(name) for name in names]
    return letter(
        frame(items, ITEMS), frame(known, DEBTORS), frame(movements, MOVEMENTS),
        decided or Decided(), Settings(**settings),
    )  # fmt: skip


def decided(
    allocations: list[dict[str, Any]] | pl.DataFrame = (), rejected: list[tuple[str, str]] = ()
) -> Decided:
    """What was decided before."""
    rows = (
        allocations
        if isinstance(allocations, pl.DataFrame)
        else frame(list(allocations), ALLOCATIONS)
    )
    pairs = pl.DataFrame(list(rejected), schema=schema(REJECTIONS), orient="row")
    return Decided(rows, pairs)


def took(found: Lettered) -> list[tuple[str, str, int, str, str]]:
    """Allocations as (movement, number, amount, kind, evidence)."""
    rows = found.allocations.with_columns(pl.col("item").str.split("|").list.get(1))
    return rows.select("movement", "item", "amount", "kind", "evidence").rows()


def proposed(found: Lettered) -> list[tuple[str, int, str, int, str]]:
    """Proposals as (movement, candidate, number, amount, evidence)."""
    rows = found.proposals.with_columns(pl.col("item").str.split("|").list.get(1))
    return rows.select("movement", "candidate", "item", "amount", "evidence").rows()


def left(found: Lettered) -> dict[str, int]:
    """Open balance by number."""
    return dict(found.items.select("number", "open").rows())
