"""The report against plain sums made with loops, on random books."""

from __future__ import annotations

import random
from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from relance.indicators import balances
from relance.indicators.books import DOCUMENTS, PARTS, RECEIPTS, Books, books_of
from relance.indicators.compute import compute
from relance.indicators.dso import count_back, simple
from relance.indicators.evidence import Evidence
from relance.indicators.ground import Ground
from relance.indicators.rolls import rolls
from relance.ledger.ageing import BUCKETS
from relance.ledger.schema import conform, empty
from relance.ledger.settling import ENTRIES, settled_days

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
days = st.dates(FIRST, LAST)
amounts = st.integers(1, 10**9)


@st.composite
def some_books(draw):
    """Draw documents as dictionaries, each with the payments that came off it."""
    count = draw(st.integers(1, 12))
    found = []
    for number in range(count):
        issued, amount = draw(days), draw(amounts)
        left, taken = amount, []
        for _ in range(draw(st.integers(0, 2))):
            part = draw(st.integers(1, left)) if left else 0
            if part:
                later = draw(st.integers(0, 200))
                taken.append((issued + timedelta(days=later), part))
                left -= part
        debtor = draw(st.sampled_from("ABC"))
        found.append({
            "doc": number, "debtor": debtor, "amount": amount,
            "segment": "s1" if debtor == "A" else "s2", "owner": "o" if debtor == "C" else "",
            "currency": draw(st.sampled_from(["EUR", "CHF"])), "debit": draw(st.booleans()),
            "sale": True, "cash": False, "booked": issued, "issued": issued,
            "due": issued + timedelta(days=draw(st.integers(0, 60))), "taken": taken,
        })  # fmt: skip
    return found


def as_books(rows) -> Books:
    parts = [
        {"doc": row["doc"], "day": day, "amount": part, "paid": True}
        for row in rows
        for day, part in row["taken"]
    ]
    plain = pl.DataFrame([{k: v for k, v in row.items() if k != "taken"} for row in rows])
    made = books_of(
        conform(plain, DOCUMENTS), conform(pl.DataFrame(parts), PARTS) if parts else empty(PARTS)
    )
    since = dict.fromkeys(("EUR", "CHF"), FIRST - timedelta(days=1))
    sold = dict.fromkeys(("EUR", "CHF"), FIRST)
    return Books(made.documents, made.pieces, empty(RECEIPTS), since, sold)


def left_on(row, day: date) -> int:
    if row["booked"] > day:
        return 0
    return row["amount"] - sum(part for paid, part in row["taken"] if paid <= day)


def bucket_of(row, day: date) -> str:
    late = (day - row["due"]).days
    edges = (("not_due", 0), ("1-30", 30), ("31-60", 60), ("61-90", 90), ("91-120", 120))
    return next((name for name, edge in edges if late <= edge), "over_120")


@given(rows=some_books(), day=days)
@settings(max_examples=60, deadline=None)
def test_the_buckets_are_the_plain_sums_and_add_up_to_the_receivables(rows, day):
    found = balances.sums_of(as_books(rows).at(day), "whole", day)
    for currency in ("EUR", "CHF"):
        row = found.get((currency, ""), {})
        for basis in ("due",):
            ageing = balances.ageing_of(row, basis)
            plain = dict.fromkeys(BUCKETS, 0)
            for each in rows:
                if each["debit"] and each["currency"] == currency:
                    plain[bucket_of(each, day)] += left_on(each, day)
            assert {b.name: b.amount for b in ageing.buckets} == plain
            assert sum(b.amount for b in ageing.buckets) == ageing.receivables
            assert ageing.net == ageing.receivables - ageing.credits


@given(rows=some_books(), day=days)
@settings(max_examples=40, deadline=None)
def test_both_ageings_have_the_same_sum(rows, day):
    standing = as_books(rows).at(day)
    by_issue = balances.issued_sums_of(standing, "whole", day)
    for key, row in balances.sums_of(standing, "whole", day).items():
        amounts_by_issue = [by_issue[key].get(f"issued:{name}", 0) for name in BUCKETS]
        assert sum(amounts_by_issue) == row["receivables"]


def report(rows, day: date):
    ground = Ground(as_books(rows), Evidence(), day)
    return compute(ground, (FIRST, day), {}, "EUR")


@given(rows=some_books(), day=days)
@settings(max_examples=25, deadline=None)
def test_additive_figures_of_segments_and_owners_add_up_to_the_whole(rows, day):
    for one in report(rows, day):
        for figure in one.whole.figures:
            if not figure.definition.additive or figure.value is None:
                continue
            for kind in ("segment", "owner"):
                values = [scope.figure(figure.key).value for scope in one.of(kind)]
                assert sum(values) == figure.value, (figure.key, kind)


@given(rows=some_books(), day=days, seed=st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_the_order_of_rows_changes_nothing(rows, day, seed):
    shuffled = list(rows)
    random.Random(seed).shuffle(shuffled)
    assert report(rows, day) == report(shuffled, day)


@given(rows=some_books(), start=st.dates(FIRST, date(2025, 10, 31)))
@settings(max_examples=40, deadline=None)
def test_roll_rates_are_those_of_the_same_receivables_thirty_days_later(rows, start):
    ground, later = Ground(as_books(rows), Evidence(), LAST), start + timedelta(days=30)
    for currency, found in rolls(ground, [start]).items():
        for roll in found:
            cohort = [
                row
                for row in rows
                if row["debit"]
                and row["currency"] == currency
                and bucket_of(row, start) == roll.bucket
            ]
            assert roll.amount == sum(left_on(row, start) for row in cohort)
            moved = [row for row in cohort if bucket_of(row, later) == roll.into]
            still = [row for row in moved if left_on(row, start)]
            assert roll.rolled == sum(left_on(row, later) for row in still)


@given(
    owed=st.integers(0, 10**9), daily=st.integers(1, 10**6), day=st.dates(date(2024, 6, 1), LAST)
)
@settings(deadline=None)
def test_counted_back_is_the_simple_one_where_sales_are_the_same_every_day(owed, daily, day):
    since = date(2023, 1, 1)
    sales = {
        date(y, m, 1): daily * (day.day if (y, m) == (day.year, day.month) else monthrange(y, m)[1])
        for y in (2023, 2024, 2025)
        for m in range(1, 13)
        if date(y, m, 1) <= day
    }
    span = (day - since).days + 1
    found = count_back(owed, sales, day, since)
    assert found.over == (owed > daily * span)
    if not found.over:
        assert found.value == simple(owed, daily * span, span) == Fraction(owed, daily)


@st.composite
def entries(draw):
    """Draw entries of accounts, with what is left of them after each letter was set off."""
    rows = []
    for _ in range(draw(st.integers(1, 10))):
        rows.append({
            "account": draw(st.sampled_from(["411", "4111"])), "auxiliary": "",
            "letter": draw(st.sampled_from([None, "A", "B"])), "year": draw(st.integers(1, 2)),
            "booked": draw(days), "cash": draw(st.booleans()),
            "amount": draw(st.integers(1, 1_000)) * draw(st.sampled_from([1, -1])),
        })  # fmt: skip
    for account in ("411", "4111"):
        own = [row for row in rows if row["account"] == account]
        total = min(sum(max(r["amount"], 0) for r in own), -sum(min(r["amount"], 0) for r in own))
        pools = {1: total, -1: total}
        for row in own:
            side = 1 if row["amount"] > 0 else -1
            used = min(abs(row["amount"]), pools[side])
            pools[side] -= used
            row["balance"] = row["amount"] - side * used
    return rows


@given(rows=entries())
@settings(max_examples=60, deadline=None)
def test_what_came_off_entries_is_what_they_lost_and_never_before_they_were_booked(rows):
    frame = conform(pl.DataFrame(rows), ENTRIES).with_row_index("row")
    found = settled_days(frame)
    lost = dict(found.group_by("row").agg(pl.col("amount").sum()).iter_rows())
    for number, row in enumerate(rows):
        assert lost.get(number, 0) == abs(row["amount"] - row["balance"])
    for number, day, amount, _ in found.iter_rows():
        assert amount > 0
        assert day >= rows[number]["booked"]
    debit = {n for n, row in enumerate(rows) if row["amount"] > 0}
    sides = [found.filter(pl.col("row").is_in(sorted(debit)) == side) for side in (True, False)]
    by_day = [dict(s.group_by("day").agg(pl.col("amount").sum()).iter_rows()) for s in sides]
    assert by_day[0] == by_day[1]
