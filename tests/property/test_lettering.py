"""Lettering on random portfolios: sums, order, undo, and a slow plain clerk."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
from hypothesis import example, given
from hypothesis import settings as tries
from hypothesis import strategies as st
from plain_lettering import Clerk, plain_pending

from relance.ledger.schema import ALLOCATIONS, DEBTORS, ITEMS, MOVEMENTS, conform, empty
from relance.lettering.absorb import absorb, still_counted
from relance.lettering.letter import Decided, Lettered, Settings, letter, opposite

Row = dict[str, Any]
START = date(2026, 1, 5)
IBANS = {"C1": "BE11", "C2": "BE22", "C3": None}
NUMBERS = ("F2026001", "F2026002", "F2026003", "AV2026009")
REFERENCES = (None, "010806817183", "RF18539007547034")
AMOUNTS = (100, 100, 200, 300, 450)

item = st.fixed_dictionaries(
    {
        "debtor": st.sampled_from(sorted(IBANS)),
        "number": st.sampled_from(NUMBERS),
        "amount": st.sampled_from((*AMOUNTS, -100, -50)),
        "reference": st.sampled_from(REFERENCES),
        "currency": st.sampled_from(["EUR", "EUR", "EUR", "USD"]),
        "day": st.integers(0, 60),
    }
)
payment = st.fixed_dictionaries(
    {
        "amount": st.sampled_from((*AMOUNTS, 50, 90, 400, 500, 650)),
        "words": st.lists(st.sampled_from((*NUMBERS, *REFERENCES[1:], "merci")), max_size=3),
        "iban": st.sampled_from(["BE11", "BE22", "DE99", None]),
        "currency": st.sampled_from(["EUR", "EUR", "EUR", "USD"]),
        "day": st.integers(20, 70),
    }
)
books = st.lists(item, max_size=7, unique_by=lambda i: (i["debtor"], i["number"]))
statements = st.lists(payment, max_size=5)


def items_of(rows: list[Row]) -> list[Row]:
    found = []
    for row in rows:
        day = START + timedelta(days=row["day"])
        credit = row["amount"] < 0
        more = {
            "item": f"{row['debtor']}|{row['number']}|2026", "open": row["amount"], "issued": START,
            "balance": row["amount"], "due": day, "kind": "credit_note" if credit else "invoice",
            "reference": None if credit else row["reference"], "source": "ventes", "file": "v.csv",
        }  # fmt: skip
        found.append(row | more)
    return found


def payments_of(rows: list[Row]) -> list[Row]:
    return [
        row | {
            "movement": f"m{n}", "booked": START + timedelta(days=row["day"]), "kind": "payment",
            "text": " ".join(row["words"]), "counterparty_iban": row["iban"], "source": "banque",
            "account": "FR1", "value": START + timedelta(days=row["day"]),
        }
        for n, row in enumerate(rows)
    ]  # fmt: skip


def frame(rows: list[Row], columns: Any) -> pl.DataFrame:
    if not rows:
        return empty(columns)
    return conform(pl.DataFrame(rows, infer_schema_length=None, strict=False), columns)


DEBTOR_ROWS = [{"debtor": d, "name": None, "iban": iban} for d, iban in IBANS.items()]


def run(
    items: list[Row],
    payments: list[Row],
    settings: Settings,
    allocations: pl.DataFrame | None = None,
) -> Lettered:
    decided = Decided() if allocations is None else Decided(allocations=allocations)
    return letter(
        frame(items, ITEMS),
        frame(DEBTOR_ROWS, DEBTORS),
        frame(payments, MOVEMENTS),
        decided,
        settings,
    )


def known_to_the_clerk(rows: list[Row]) -> list[Row]:
    """Payments of accounts that are named or of none: the clerk learns no accounts."""
    return [row | {"iban": None if row["iban"] == "DE99" else row["iban"]} for row in rows]


@given(books, statements, st.sampled_from([0, 10]), st.booleans())
@tries(max_examples=60, deadline=None)
def test_the_same_as_a_slow_plain_clerk(items, payments, charges, oldest):
    items, payments = items_of(items), payments_of(known_to_the_clerk(payments))
    settings = Settings(bank_charges={"EUR": charges, "USD": charges}, oldest_first=oldest)
    found = run(items, payments, settings).allocations
    plain = Clerk(items, DEBTOR_ROWS, charges, oldest).letter(payments)
    got = found.select("movement", "item", "amount", "kind", "evidence").rows()
    assert summed(got) == summed(plain)


def summed(rows: Any) -> dict[tuple[str, str, str], int]:
    """A payment may reach an item in two stages: what it takes off in all."""
    total: dict[tuple[str, str, str], int] = {}
    for movement, identity, amount, kind, _ in rows:
        key = movement, identity, kind
        total[key] = total.get(key, 0) + amount
    return total


@given(books, statements, st.booleans())
@tries(max_examples=30, deadline=None)
def test_sums_are_kept_to_the_cent(items, payments, oldest):
    items, payments = items_of(items), payments_of(payments)
    found = run(items, payments, Settings(bank_charges={"EUR": 10}, oldest_first=oldest))
    money: dict[str, int] = dict.fromkeys((p["movement"] for p in payments), 0)
    for movement, amount in (
        found.allocations.filter(pl.col("kind") == "payment").select("movement", "amount").rows()
        + found.suspense.select("movement", "amount").rows()
        + found.answered.select("movement", "amount").rows()
    ):
        money[movement] += amount
    assert money == {p["movement"]: p["amount"] for p in payments}
    taken = dict(found.allocations.group_by("item").agg(pl.col("amount").sum()).rows())
    after = {i: (o, p) for i, o, p in found.items.select("item", "open", "paid").rows()}
    for row in items:
        left, lowered = after[row["item"]]
        assert row["open"] - taken.get(row["item"], 0) == left
        assert lowered == taken.get(row["item"], 0)
        assert 0 <= left * (1 if row["open"] > 0 else -1) <= abs(row["open"])
    credits = found.items.filter(~pl.col("item").is_in([r["item"] for r in items]))
    assert -credits["open"].sum() <= found.suspense["amount"].sum()
    both = set(found.proposals["movement"])
    assert both <= set(found.suspense["movement"])


@given(books, statements, st.randoms(use_true_random=False))
@tries(max_examples=20, deadline=None)
def test_the_order_of_rows_changes_nothing(items, payments, chance):
    items, payments = items_of(items), payments_of(payments)
    first = run(items, payments, Settings(oldest_first=True))
    chance.shuffle(items)
    chance.shuffle(payments)
    second = run(items, payments, Settings(oldest_first=True))
    assert second.allocations.equals(first.allocations)
    assert second.proposals.equals(first.proposals)
    assert second.suspense.equals(first.suspense)
    assert second.items.sort("item").equals(first.items.sort("item"))


@given(books, statements)
@tries(max_examples=20, deadline=None)
def test_letter_then_undo_is_the_identity(items, payments):
    items, payments = items_of(items), payments_of(payments)
    first = run(items, payments, Settings())
    undone = pl.concat([first.allocations, opposite(first.allocations)])
    assert still_counted(undone).is_empty()
    again = run(items, payments, Settings(), undone)
    assert again.allocations.equals(first.allocations)
    assert again.items.equals(first.items)
    untouched = run(items, [], Settings(), undone).items
    assert untouched["open"].to_list() == [row["open"] for row in items]


@given(books, statements)
@tries(max_examples=20, deadline=None)
def test_a_second_run_takes_nothing_off_twice(items, payments):
    items, payments = items_of(items), payments_of(payments)
    first = run(items, payments, Settings(oldest_first=True))
    second = run(items, payments, Settings(oldest_first=True), first.allocations)
    every = pl.concat([first.allocations, second.allocations]).filter(pl.col("kind") == "payment")
    spent = dict(every.group_by("movement").agg(pl.col("amount").sum()).rows())
    assert all(spent.get(p["movement"], 0) <= p["amount"] for p in payments)
    names = [row["item"] for row in items]
    before = dict(first.items.select("item", "open").rows())
    after = dict(second.items.select("item", "open").rows())
    assert all(abs(after[name]) <= abs(before[name]) for name in names)


step = st.tuples(st.integers(-60, 120), st.integers(0, 150))


@given(st.lists(step, max_size=6), st.integers(0, 150), st.booleans())
@example([(40, 100), (50, 50)], 50, False)
@tries(max_examples=50, deadline=None)
def test_absorption_is_that_of_a_plain_loop(steps, now, credit):
    sign = -1 if credit else 1
    rows = [
        {
            "movement": f"m{n}", "item": "i", "amount": sign * amount, "kind": "payment",
            "open_before": sign * before, "debtor": "C1",
        }
        for n, (amount, before) in enumerate(steps)
        if amount
    ]  # fmt: skip
    owed = {"item": "i", "kind": "credit_note" if credit else "invoice", "amount": sign * 200}
    items = frame([owed | {"open": sign * now, "debtor": "C1", "currency": "EUR"}], ITEMS)
    found = absorb(items, frame(rows, ALLOCATIONS)).row(0, named=True)
    assert found["pending"] == plain_pending(sign, sign * now, rows)
    assert found["left"] == sign * now - found["pending"]
