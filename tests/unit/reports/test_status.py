"""The aged balance adds up to the cent, per currency, with credits apart."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.ledger.ageing import BUCKETS
from relance.reports.status import ageing_table, balances, status_json

TODAY = date(2026, 4, 10)
SCHEMA = {
    "debtor": pl.String, "currency": pl.String, "balance": pl.Int64, "open": pl.Int64,
    "credit": pl.Boolean, "missing": pl.Boolean, "days_past_due": pl.Int32,
}  # fmt: skip


def facts(*rows: tuple[str, int, int | None, bool]) -> pl.DataFrame:
    """Rows of (currency, minor units, days past due, missing); negative amounts are credits."""
    return pl.DataFrame(
        [
            {"debtor": f"C{n}", "currency": currency, "balance": minor, "open": minor,
             "credit": minor < 0, "missing": missing, "days_past_due": days}
            for n, (currency, minor, days, missing) in enumerate(rows)
        ],
        schema=SCHEMA,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "bucket"),
    [(None, "not_due"), (-5, "not_due"), (0, "not_due"), (1, "1-30"), (30, "1-30"), (31, "31-60"),
     (60, "31-60"), (61, "61-90"), (90, "61-90"), (91, "91-120"), (120, "91-120"), (121, "over_120")],
)  # fmt: skip
def test_edges_of_the_buckets(days, bucket):
    found = status_json(
        facts(("EUR", 1000, days, False)), TODAY, {"receivables": 1, "act": 1}, "EUR"
    )
    ageing = found["currencies"]["EUR"]["ageing"]
    assert {name for name, amount in ageing.items() if amount != "0.00"} == {bucket}


def test_credits_are_positive_and_never_in_a_bucket():
    book = facts(("EUR", 25050, 9, False), ("EUR", 4000, -10, False), ("EUR", -1525, 20, False))
    eur = status_json(book, TODAY, {"receivables": 3}, "EUR")["currencies"]["EUR"]
    assert (eur["receivables"], eur["credits"], eur["net"], eur["overdue"]) == (
        "290.50", "15.25", "275.25", "250.50",
    )  # fmt: skip
    assert (eur["ageing"]["1-30"], eur["ageing"]["not_due"]) == ("250.50", "40.00")


def test_items_absent_from_the_last_export_are_not_in_the_balance():
    book = facts(("EUR", 1000, 5, False), ("EUR", 9900, 5, True))
    found = status_json(book, TODAY, {"receivables": 2, "missing": 1, "act": 1}, "EUR")
    assert found["currencies"]["EUR"]["net"] == "10.00"
    assert found["debtors"] == 1
    assert found["verdicts"] == {"missing": 1, "act": 1}


def test_currencies_stay_apart_the_creditors_first():
    book = facts(("CHF", 100, 1, False), ("EUR", 200, 1, False), ("JPY", 300, 1, False))
    found = status_json(book, TODAY, {"receivables": 3}, "EUR")["currencies"]
    assert {code: amounts["net"] for code, amounts in found.items()} == {
        "EUR": "2.00", "CHF": "1.00", "JPY": "300",
    }  # fmt: skip
    assert next(iter(found)) == "EUR"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["EUR", "CHF"]),
            st.integers(-(10**9), 10**9),
            st.none() | st.integers(-400, 400),
            st.booleans(),
        )
    )
)
def test_buckets_add_up_to_the_receivables_and_net_to_the_balance(rows):
    book = facts(*rows)
    for row in balances(book, "EUR").iter_rows(named=True):
        here = book.filter((pl.col("currency") == row["currency"]) & ~pl.col("missing"))
        assert sum(row[name] for name in BUCKETS) == row["receivables"]
        assert row["receivables"] - row["credits"] == row["net"] == here["balance"].sum()


def test_shares_are_rounded_without_losing_a_whole():
    book = facts(("EUR", 1, 5, False), ("EUR", 1, 40, False), ("EUR", 1, 70, False))
    row = balances(book, "EUR").row(0, named=True)
    assert [line[3] for line in ageing_table(row, "fr").rows] == [
        "0,0",
        "33,3",
        "33,3",
        "33,3",
        "0,0",
        "0,0",
    ]
