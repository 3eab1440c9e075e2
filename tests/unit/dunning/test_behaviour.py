"""How debtors pay, in figures small enough to work out by hand."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from relance.dunning.behaviour import payer_of
from relance.dunning.habits import paid_receivables
from relance.ledger.schema import ALLOCATIONS, schema

DUE = date(2026, 1, 31)


def allocation(item: str, amount: int, days: int, movement: str = "m", whole: int = 100) -> tuple[object, ...]:  # fmt: skip
    kind = "payment" if amount > 0 else "undo"
    return (
        movement,
        item,
        amount,
        "payment",
        kind,
        10000,
        DUE + timedelta(days=days),
        DUE,
        whole,
        "C1",
    )


def told(*rows: tuple[object, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=schema(ALLOCATIONS), orient="row")


def test_a_receivable_is_paid_when_its_last_part_came():
    parts = told(allocation("a", 60, -5, "m1"), allocation("a", 40, 12, "m2"))
    (row,) = paid_receivables(parts).to_dicts()
    assert (row["days"], row["amount"], row["movement"]) == (12, 100, "m2")


def test_a_part_and_what_was_undone_are_no_payment():
    undone = [allocation("b", 100, 1, "m3"), allocation("b", -100, 1, "m3")]
    assert paid_receivables(told(allocation("a", 60, 1), *undone)).is_empty()


def payer(*days: int, currency: str = "EUR"):
    rows = [allocation(f"i{n:02}", 100, d, f"m{n}") for n, d in enumerate(days)]
    return payer_of(paid_receivables(told(*rows)).with_columns(currency=pl.lit(currency)), "EUR")


def test_early_payments_count_as_no_lateness_in_the_mean():
    found = payer(-10, 0, 6)
    assert found is not None
    assert (found.late, found.mean_days_late, found.median_days) == (1, 2, 0)


def test_other_currencies_are_counted_but_not_added():
    found = payer(1, 1, 1, currency="USD")
    assert found is not None
    assert (found.paid, found.amount) == (3, 0)


def test_too_few_say_nothing():
    assert payer(50, 50) is None
