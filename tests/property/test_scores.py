"""No score, however bad, changes a verdict, a level or a notice; and every score stays on its scale."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

import polars as pl
from book import decided, past, planned
from hypothesis import given, settings
from hypothesis import strategies as st
from test_decision import portfolios

from relance.dunning.outlook import Outlook
from relance.dunning.scores import SCORES, counting
from relance.dunning.worklist import Worth
from relance.ledger.schema import schema
from scenarios.stage import Stage, new_stage

SCORE = st.one_of(st.none(), st.floats(-1e9, 1e9))
DAY = date(2026, 4, 20)


@settings(max_examples=15, deadline=None)
@given(portfolios(), st.lists(SCORE, min_size=3, max_size=3))
def test_no_score_changes_the_decision(portfolio, scores):
    items, debtors, history, rules, today = portfolio
    scored = [{**each, "score": score} for each, score in zip(debtors, scores, strict=False)]
    one = decided(items, today, debtors, past(*history), rules).drop("score")
    two = decided(items, today, scored, past(*history), rules).drop("score")
    assert one.equals(two)
    plans = [
        planned(items, today, past(*history), rules, debtors=each) for each in (debtors, scored)
    ]
    assert plans[0].notices == plans[1].notices
    assert plans[0].tasks == plans[1].tasks
    assert plans[0].plan_hash == plans[1].plan_hash


def _stage(root: Path) -> Stage:
    source = {"name": "a", "kind": "csv", "path": "scores.csv", "worst": "0", "best": "100"}
    sales = "".join(
        f"F{n},C{n},2026-01-01,{date(2026, 2, 1) + timedelta(days=9 * n)},{100 + n}.00,{100 + n}.00,EUR,invoice\n"
        for n in range(6)
    )
    return new_stage(root, {"open": sales, "policy": {"scores": {"sources": [source]}}})


ROWS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(-20, 120), st.integers(0, 400)), max_size=12
)


def test_no_file_of_scores_changes_a_plan():
    with tempfile.TemporaryDirectory() as folder:
        stage = _stage(Path(folder) / "p")
        before = stage("plan", "--json", "--date", str(DAY)).out

        @settings(max_examples=8, deadline=None)
        @given(ROWS)
        def tried(rows):
            told = [f"C{n},{score},{DAY - timedelta(days=age)}\n" for n, score, age in rows]
            stage.write("scores.csv", "id,score,date\n" + "".join(told))
            assert stage("plan", "--json", "--date", str(DAY)).out == before
            assert stage("score", "list", "--json", "--date", str(DAY)).code == 0

        tried()


@given(
    st.lists(st.tuples(st.sampled_from("ABP"), st.integers(-30, 800), st.integers(0, 100))),
    st.booleans(),
)
def test_the_newest_known_score_counts_and_only_of_firms(rows, falling):
    worst, best = (100.0, 0.0) if falling else (0.0, 100.0)
    frame = pl.DataFrame(
        [(d, "a", 0, "a", float(s), DAY - timedelta(days=age), worst, best) for d, age, s in rows],
        schema=schema(SCORES), orient="row",
    )  # fmt: skip
    found = {r["debtor"]: r for r in counting(frame, frozenset("AB"), DAY, 365).to_dicts()}
    for debtor in "AB":
        ages = [age for d, age, _ in rows if d == debtor and age >= 0]
        assert (debtor in found) == bool(ages)
        if ages:
            assert found[debtor]["age"] == min(ages)
            assert (found[debtor]["risk"] is not None) == (min(ages) <= 365)
            assert found[debtor]["risk"] is None or 0 <= found[debtor]["risk"] <= 1
    assert "P" not in found


@given(st.integers(0, 10**12), st.integers(0, 5000), st.floats(0, 1), st.floats(0, 1))
def test_a_score_moves_a_task_by_half_at_most(owed, late, chance, risk):
    plain = Worth(owed, late, None, Outlook(chance=chance)).points
    scored = Worth(owed, late, None, Outlook(chance=chance, risk=risk)).points
    assert plain // 2 - 1 <= scored <= plain * 1.5 + 1
