"""The table of lettering against a slow plain one, written with loops."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from relance.ledger.letters import ENTRIES, apply_lettering
from relance.ledger.schema import conform

Row = dict[str, Any]

entry = st.fixed_dictionaries(
    {
        "account": st.just("411"),
        "auxiliary": st.sampled_from(["C1", "C2"]),
        "letter": st.sampled_from([None, None, "AA", "AB", "a", "*"]),
        "year": st.sampled_from([2024, 2025, 2026]),
        "opening": st.booleans(),
        "date": st.integers(0, 40).map(lambda n: date(2025, 1, 1) + timedelta(days=n)),
        "piece": st.sampled_from(["F1", "F2", "F3"]),
        "amount": st.sampled_from([-300, -200, -101, -100, 100, 102, 200, 300]),
    }
)
books = st.lists(entry, max_size=14)


def meet(rows: list[Row], left: dict[int, int]) -> None:
    """Use up debits and credits against one another, oldest first."""
    rows = sorted(rows, key=lambda r: (r["date"], r["piece"], left[r["row"]]))
    debits = [r["row"] for r in rows if left[r["row"]] > 0]
    credits_ = [r["row"] for r in rows if left[r["row"]] < 0]
    while debits and credits_:
        met = min(left[debits[0]], -left[credits_[0]])
        left[debits[0]] -= met
        left[credits_[0]] += met
        debits = debits[left[debits[0]] == 0 :]
        credits_ = credits_[left[credits_[0]] == 0 :]


def is_partial(code: str, codes: set[str]) -> bool:
    capitals = any(c.isupper() for other in codes for c in other)
    return code[-1] in "*?" or (capitals and code.isalpha() and code.islower())


def plain_lettering(rows: list[Row], tolerance: int) -> list[tuple[int, int]]:
    """(open, balance) of each row."""
    rows = [{**row, "row": n} for n, row in enumerate(rows)]
    left = {row["row"]: row["amount"] for row in rows}
    codes = {row["letter"] for row in rows if row["letter"]}
    not_chased: set[int] = set()
    surplus: list[Row] = []
    by_year: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        if row["letter"]:
            by_year[row["auxiliary"], row["letter"], row["year"]].append(row)
    groups: list[list[Row]] = []
    waiting: dict[Any, list[list[Row]]] = defaultdict(list)
    for (auxiliary, letter, _), group in by_year.items():
        if sum(r["amount"] for r in group) == 0:
            groups.append(group)
        else:
            waiting[auxiliary, letter].append(group)
    for parts in waiting.values():
        joined = [row for part in parts for row in part]
        groups += [joined] if sum(r["amount"] for r in joined) == 0 else parts
    for group in groups:
        total = sum(r["amount"] for r in group)
        debits = [r for r in group if r["amount"] > 0]
        partial = is_partial(group[0]["letter"], codes)
        meet(group, left)
        if total == 0 or partial:
            continue
        if len(debits) == len(group) or (debits and abs(total) <= tolerance):
            not_chased |= {r["row"] for r in group}
        elif total < 0:
            surplus += [r for r in group if left[r["row"]] < 0]
    for year in sorted({r["year"] for r in surplus}):
        for auxiliary in ("C1", "C2"):
            pool = [r for r in surplus if (r["year"], r["auxiliary"]) == (year, auxiliary)]
            pool += [
                r for r in rows
                if r["auxiliary"] == auxiliary and not r["letter"] and left[r["row"]] > 0
                and (r["opening"] or r["year"] < year)
            ]  # fmt: skip
            meet(pool, left)
    return [(0 if n in not_chased else left[n], left[n]) for n in left]


def lettered(rows: list[Row], tolerance: int) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema={c.name: c.dtype for c in ENTRIES})
    return apply_lettering(conform(frame, ENTRIES), tolerance)


@settings(max_examples=300, deadline=None)
@given(books, st.sampled_from([0, 2, 5]))
def test_the_frame_agrees_with_loops(rows: list[Row], tolerance: int) -> None:
    frame = lettered(rows, tolerance)
    by_rule = pl.DataFrame(rows, schema=frame.schema).with_columns(
        pl.Series("o", [o for o, _ in plain_lettering(rows, tolerance)], pl.Int64),
        pl.Series("b", [b for _, b in plain_lettering(rows, tolerance)], pl.Int64),
    )
    keys = [c.name for c in ENTRIES]
    ours = sorted(frame.select(*keys, "open", "balance").rows(), key=repr)
    theirs = sorted(by_rule.select(*keys, "o", "b").rows(), key=repr)
    assert ours == theirs


@settings(max_examples=100, deadline=None)
@given(books)
def test_sums_are_kept_to_the_cent(rows: list[Row]) -> None:
    frame = lettered(rows, 5)
    kept = frame.group_by("auxiliary").agg(pl.col("amount").sum(), pl.col("balance").sum())
    assert kept.filter(pl.col("amount") != pl.col("balance")).is_empty()
    assert (frame["open"].abs() <= frame["balance"].abs()).all()


@settings(max_examples=100, deadline=None)
@given(books.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_rows_is_irrelevant(both: tuple[list[Row], list[Row]]) -> None:
    first, second = (sorted(lettered(rows, 5).rows(), key=repr) for rows in both)
    assert first == second
