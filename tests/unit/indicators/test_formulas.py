"""The formulas of the report on figures small enough to compute by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest

from relance.indicators import balances, dso, measures
from relance.indicators.books import DOCUMENTS, PARTS, books_of
from relance.indicators.definitions import DEFINITIONS
from relance.indicators.dso import Days, count_back, percent, rounded, simple
from relance.indicators.evidence import Promises
from relance.indicators.months import months_between
from relance.ledger.schema import conform

SALES = {
    date(2026, 9, 1): 12_500_00,
    date(2026, 8, 1): 10_000_00,
    date(2026, 7, 1): 9_000_00,
}
LAST = date(2026, 9, 30)


def documents(*rows: tuple[str, str, int]) -> pl.DataFrame:
    """Return receivables of C1: issued, due, minor units."""
    return conform(
        pl.DataFrame(
            [
                {
                    "doc": n, "debtor": "C1", "segment": "", "owner": "", "currency": "EUR",
                    "debit": True, "sale": True, "cash": False, "booked": date.fromisoformat(issued),
                    "issued": date.fromisoformat(issued), "due": date.fromisoformat(due),
                    "amount": amount,
                }
                for n, (issued, due, amount) in enumerate(rows)
            ]
        ),
        DOCUMENTS,
    )  # fmt: skip


def parts(*rows: tuple[int, str | None, int]) -> pl.DataFrame:
    """Return payments: document, day, minor units."""
    found = [
        {"doc": doc, "day": day and date.fromisoformat(day), "amount": amount, "paid": True}
        for doc, day, amount in rows
    ]
    names = [column.name for column in PARTS]
    return conform(pl.DataFrame(found, schema=names) if found else pl.DataFrame(), PARTS)


class TestCountBack:
    """DSO by exhaustion."""

    def test_the_example_of_the_reference_comes_to_53_days_and_a_quarter(self):
        found = count_back(20_000_00, SALES, LAST, date(2026, 1, 1))
        assert found == Days(Fraction(213, 4))
        assert rounded(found.value) == Decimal("53.25")

    def test_simple_over_three_months_of_the_same_figures_comes_to_58_4(self):
        found = simple(20_000_00, sum(SALES.values()), 92)
        assert round(float(found), 1) == 58.4

    def test_a_month_that_is_just_exhausted_is_counted_whole(self):
        assert count_back(12_500_00, SALES, LAST, date(2026, 1, 1)) == Days(Fraction(30))

    @pytest.mark.parametrize("owed", [0, -5])
    def test_nothing_owed_is_no_day(self, owed):
        assert count_back(owed, SALES, LAST, date(2026, 1, 1)) == Days(Fraction(0))

    @pytest.mark.parametrize("sold", [0, -3_000_00])
    def test_a_month_without_sales_counts_its_days_and_takes_nothing_off(self, sold):
        sales = SALES | {date(2026, 8, 1): sold}
        found = count_back(17_000_00, sales, LAST, date(2026, 1, 1))
        assert found == Days(30 + 31 + Fraction(4_500, 9_000) * 31)

    def test_what_known_sales_do_not_exhaust_is_over_their_days_and_never_extrapolated(self):
        found = count_back(99_999_00, SALES, LAST, date(2026, 7, 1))
        assert found == Days(Fraction(92), over=True)

    def test_the_month_under_way_counts_the_days_that_it_has_had(self):
        found = count_back(
            1_000_00, {date(2026, 9, 1): 2_000_00}, date(2026, 9, 10), date(2026, 1, 1)
        )
        assert found == Days(Fraction(5))

    def test_without_known_sales_there_is_no_figure(self):
        assert count_back(1, SALES, LAST, None) is None


class TestAgeing:
    """Buckets by due date and by date of issue."""

    @pytest.mark.parametrize(
        ("due", "bucket"),
        [("2026-03-31", "not_due"), ("2026-03-30", "1-30"), ("2026-03-01", "1-30"),
         ("2026-02-28", "31-60"), ("2025-12-01", "91-120"), ("2025-11-30", "over_120")],
    )  # fmt: skip
    def test_the_edges_of_the_buckets(self, due, bucket):
        books = books_of(documents(("2025-10-01", due, 100)), parts())
        day = date(2026, 3, 31)
        row = balances.sums_of(books.at(day), "whole", day)["EUR", ""]
        ageing = balances.ageing_of(row, "due")
        assert {b.name: b.amount for b in ageing.buckets if b.amount} == {bucket: 100}
        assert sum(b.amount for b in ageing.buckets) == ageing.receivables

    def test_a_payment_of_later_is_not_in_a_report_of_before(self):
        books = books_of(
            documents(("2026-01-10", "2026-02-10", 100)), parts((0, "2026-03-05", 100))
        )
        assert books.at(date(2026, 1, 9)).height == 0
        assert books.at(date(2026, 3, 4))["left"].to_list() == [100]
        assert books.at(date(2026, 3, 5)).height == 0

    def test_parts_come_off_one_after_another(self):
        books = books_of(
            documents(("2026-01-10", "2026-02-10", 100)),
            parts((0, "2026-02-01", 30), (0, "2026-03-01", 70)),
        )
        left = [books.at(date(2026, m, 15))["left"].to_list() for m in (1, 2, 3)]
        assert left == [[100], [70], []]


class TestOthers:
    """The formulas beside the DSO."""

    def test_collection_effectiveness_is_that_of_the_formula(self):
        before, after = {"receivables": 1_000}, {"receivables": 900, "not_due": 500}
        found = measures.effectiveness(before, after, {"sales": 1_800}, "EUR", 3)
        # (1000 + 1800/3 - 900) / (1000 + 1800/3 - 500)
        assert found.value == rounded(Fraction(100 * 700, 1_100))

    def test_advance_cash_may_lift_it_over_a_hundred(self):
        before, after = {"receivables": 1_000}, {"receivables": 300, "not_due": 400}
        found = measures.effectiveness(before, after, {"sales": 300}, "EUR", 3)
        assert found.value > 100

    def test_without_anything_to_collect_there_is_none(self):
        found = measures.effectiveness({}, {"not_due": 5}, {}, "EUR", 1)
        assert (found.value, bool(found.missing)) == (None, True)

    def test_credits_are_set_against_what_is_past_due_first(self):
        row = {"receivables": 1_000, "credits": 300, "not_due": 800}
        assert (balances.net(row), balances.net_not_due(row)) == (700, 700)
        assert balances.net_not_due({**row, "not_due": 600}) == 600

    def test_days_late_count_what_is_still_open(self):
        found = measures.days_late(
            {"days": 0, "amount": 900}, {"days": 100 * 90, "amount": 100}, "EUR", known=True
        )
        assert found.value == Decimal("9.00")

    def test_the_days_of_an_invoice_weigh_by_the_sales_of_its_month(self):
        month = date(2026, 9, 1)
        sold = measures.Sold({month: 3_000}, date(2026, 1, 1), "")
        row = {"receivables": 1_000, "by_month": {month: 20 * 1_000}}
        found = {
            f.key: f
            for f in measures.days_of_sales(row, sold, "EUR", LAST, (date(2026, 9, 1), LAST, 3_000))
        }
        assert found["dso_true"].value == Decimal("6.67")

    def test_delinquent_days_are_the_difference_of_both(self):
        row = {"receivables": 20_000_00, "not_due": 12_500_00}
        sold = measures.Sold(SALES, date(2026, 1, 1), "")
        period = (date(2026, 7, 1), LAST, sum(SALES.values()))
        found = {f.key: f.value for f in measures.days_of_sales(row, sold, "EUR", LAST, period)}
        assert (found["dso"], found["bpdso"]) == (Decimal("53.25"), Decimal("30.00"))
        assert found["add"] == Decimal("23.25")

    def test_a_bound_passes_on_to_what_is_computed_from_it(self):
        row = {"receivables": 99_999_00, "not_due": 12_500_00}
        sold = measures.Sold(SALES, date(2026, 7, 1), "")
        period = (date(2026, 7, 1), LAST, sum(SALES.values()))
        found = {f.key: f for f in measures.days_of_sales(row, sold, "EUR", LAST, period)}
        assert (found["dso"].bound, found["add"].bound, found["bpdso"].bound) == (
            "over",
            "over",
            "",
        )

    def test_promises_count_by_number_and_by_amount(self):
        found = [f.value for f in measures.promise_figures(Promises(4, 3, 1_000, 250), "EUR")]
        assert found == [Decimal("75.00"), Decimal("25.00")]

    def test_a_loss_is_made_up_for_by_the_margin_of_new_sales(self):
        found = measures.make_up({"due:over_120": 1_000_00}, "EUR", Decimal("12.5"), known=True)
        assert found.value == 8_000_00
        assert measures.make_up({}, "EUR", None, known=True).value is None

    def test_costs_of_a_channel_that_has_none_are_not_taken_for_nothing(self):
        from relance.indicators.evidence import Sent

        sent = Sent()
        sent.add("email", "left", 10, notice=True)
        sent.add("letter", "left", 2, notice=True)
        known = {f.key: f for f in measures.sent_figures(sent, "EUR", {"email": Decimal("4.5")})}
        assert known["cost"].value is None
        costs = {"email": Decimal("4.5"), "letter": Decimal(189)}
        whole = {f.key: f for f in measures.sent_figures(sent, "EUR", costs)}
        assert whole["cost"].value == 45 + 378

    def test_months_of_a_period_are_cut_at_its_ends(self):
        found = months_between(date(2026, 1, 15), date(2026, 3, 10))
        assert [(a.day, b.day) for a, b in found] == [(15, 31), (1, 28), (1, 10)]

    def test_a_share_of_nothing_is_none(self):
        assert percent(0, 0) is None
        assert percent(1, 8) == Decimal("12.50")

    def test_every_figure_says_what_it_is(self):
        for key, definition in DEFINITIONS.items():
            told = (definition.name, definition.formula, definition.perimeter, definition.vat)
            assert all(told), key
        assert Decimal("0.01") == dso.HUNDREDTH
