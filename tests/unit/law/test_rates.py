"""The tables of rates: what they hold, where they end, and what the policy adds to them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest

from relance.law.rates import Rates, RateUnknown
from relance.law.tables import TABLES, known_rows, read_data
from relance.policy.law import Rate, RateTable

SHARED = Path(__file__).parents[4] / "shared" / "data" / "rates"


@dataclass
class Given:
    table: str
    start: date
    percent: Decimal
    source: str = "Banque de France"


def at(table: str, day: str, rates: Rates | None = None, margin: int = 0) -> Decimal:
    schedule = (rates or Rates.known()).schedule(table, Decimal(margin))
    return schedule.at(date.fromisoformat(day)).percent


def test_the_policy_names_the_tables_that_there_are() -> None:
    assert set(get_args(RateTable)) == set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_rows_are_in_order_and_have_a_source(table: str) -> None:
    rows = known_rows(table)
    assert all(before.until < after.start for before, after in pairwise(rows))
    assert all(row.start <= row.until for row in rows)
    assert all(line["source"] for line in read_data(table))


@pytest.mark.parametrize("table", sorted(set(TABLES) - {"ecb_refi", "lu_consumer"}))
def test_rates_are_known_to_the_end_of_2026_and_no_day_longer(table: str) -> None:
    schedule = Rates.known().schedule(table)
    assert schedule.at(date(2026, 12, 31)).percent is not None
    with pytest.raises(RateUnknown):
        schedule.at(date(2027, 1, 1))


def test_a_rate_that_is_not_known_is_said_with_what_to_add() -> None:
    with pytest.raises(RateUnknown) as refused:
        at("fr_default", "2027-03-15")
    diagnostic = refused.value.diagnostic
    assert diagnostic.code == "L050"
    assert diagnostic.message() == "the rate fr_default of 2027-S1 is not known"
    assert "{table: fr_default, from: 2027-01-01, percent: " in diagnostic.hint()


@pytest.mark.parametrize("day", ["2012-12-31", "2025-03-01", "2026-03-01"])
def test_luxembourg_consumer_rates_have_gaps(day: str) -> None:
    with pytest.raises(RateUnknown):
        at("lu_consumer", day)
    assert at("lu_consumer", "2024-12-31") == Decimal("4.50")


def test_the_ecb_rate_of_a_half_year_is_the_one_in_force_on_its_first_day() -> None:
    """The rate of 21 December 2022, not the one announced, decides 2023; the one of February does not."""
    assert at("ecb_refi", "2023-05-15") == Decimal("2.50")
    assert at("ecb_refi", "2026-07-01") == Decimal("2.40")
    with pytest.raises(RateUnknown):
        at("ecb_refi", "2027-01-01")


def test_french_default_rates_are_the_ecb_rate_and_ten_points() -> None:
    for row in known_rows("fr_default"):
        assert row.percent == at("ecb_refi", row.start.isoformat(), margin=10), row


def test_luxembourg_rates_are_the_ecb_rate_and_eight_points() -> None:
    for row in known_rows("lu_b2b"):
        assert row.percent == at("ecb_refi", row.start.isoformat(), margin=8), row


def test_belgian_rates_are_the_ecb_rate_and_eight_points_up_to_the_half_point() -> None:
    for row in known_rows("be_b2b"):
        if row.start >= date(2013, 7, 1):
            exact = at("ecb_refi", row.start.isoformat(), margin=8)
            assert row.percent == (exact * 2).to_integral_value(ROUND_CEILING) / 2, row


def test_dutch_rates_are_the_ecb_rate_and_eight_points() -> None:
    for row in known_rows("nl_handelsrente"):
        if row.start >= date(2013, 7, 1):
            assert row.percent == at("ecb_refi", row.start.isoformat(), margin=8), row


def test_an_added_rate_holds_to_the_end_of_its_half_year() -> None:
    rates = Rates.known().and_also([Given("fr_default", date(2027, 1, 1), Decimal("12.65"))])
    assert at("fr_default", "2027-06-30", rates) == Decimal("12.65")
    assert "BCE/ECB 2.65 % (2027-S1) + 10 · Banque de France" in {
        period.source for period in rates.schedule("fr_default").periods
    }
    with pytest.raises(RateUnknown):
        at("fr_default", "2027-07-01", rates)
    with pytest.raises(RateUnknown):
        at("fr_default", "2027-01-01")


def test_an_added_rate_sets_a_known_one_right() -> None:
    rates = Rates.known().and_also([Given("be_b2b", date(2026, 7, 1), Decimal("10.75"))])
    assert at("be_b2b", "2026-06-30", rates) == Decimal("10.5")
    assert at("be_b2b", "2026-07-01", rates) == Decimal("10.75")
    assert rates.schedule("be_b2b").at(date(2026, 7, 1)).confirmed


def test_an_added_rate_of_a_yearly_table_holds_for_the_year() -> None:
    rates = Rates.known().and_also([Given("lu_consumer", date(2026, 1, 1), Decimal("4.25"))])
    assert at("lu_consumer", "2026-12-31", rates) == Decimal("4.25")


def test_an_added_rate_of_the_ecb_gives_the_next_half_year() -> None:
    added = [
        Given("ecb_refi", date(2026, 9, 16), Decimal("2.65")),
        Given("ecb_refi", date(2027, 1, 1), Decimal("2.65")),
    ]
    rates = Rates.known().and_also(added)
    assert at("ecb_refi", "2026-12-31", rates) == Decimal("2.40")
    assert at("ecb_refi", "2027-02-01", rates, margin=8) == Decimal("10.65")


def test_the_rates_of_the_policy_are_taken_as_they_are() -> None:
    given = {"table": "fr_legal", "from": date(2027, 1, 1), "percent": "2.80", "source": "JORF"}
    rates = Rates.known().and_also([Rate.model_validate(given)])
    assert at("fr_legal", "2027-01-01", rates) == Decimal("2.80")


FIGURES = [
    ("ecb_refi", "ecb_refi", "date_from", "rate_percent"),
    ("fr_default", "fr_default_penalty", "semester_start", "default_percent_bce_plus_10"),
    ("fr_legal", "fr_legal_interest", "semester_start", "professional_creditor_percent"),
    ("be_b2b", "be_b2b_interest", "semester_start", "rate_percent"),
    ("be_civil", "be_civil_interest", "year", "rate_percent"),
    ("nl_handelsrente", "nl_handelsrente", "date_from", "rate_percent"),
    ("nl_consumentenrente", "nl_consumentenrente", "date_from", "rate_percent"),
    ("de_base", "de_basiszinssatz", "date_from", "base_rate_percent"),
    ("uk_base", "uk_late_interest", "semester_start", "base_rate_percent"),
]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the collected figures are not here")
@pytest.mark.parametrize(("table", "file", "day", "percent"), FIGURES)
def test_every_figure_that_was_collected_is_there(
    table: str, file: str, day: str, percent: str
) -> None:
    have = {row.start: row for row in known_rows(table)}
    with (SHARED / f"{file}.csv").open(encoding="utf-8") as stream:
        for line in csv.DictReader(stream):
            start = date.fromisoformat(f"{line[day]}-01-01" if len(line[day]) == 4 else line[day])
            assert have[start].percent == Decimal(line[percent]), line
            assert have[start].confirmed == (line["confirmed"] == "source"), line


@pytest.mark.skipif(not SHARED.is_dir(), reason="the collected figures are not here")
def test_three_times_the_legal_rate_is_the_floor_that_was_collected() -> None:
    with (SHARED / "fr_default_penalty.csv").open(encoding="utf-8") as stream:
        for line in csv.DictReader(stream):
            if floor := line["contractual_floor_percent_3x_legal"]:
                assert 3 * at("fr_legal", line["semester_start"]) == Decimal(floor), line


@pytest.mark.parametrize("table", ["de_base", "nl_handelsrente", "uk_base"])
def test_a_rate_that_did_not_change_stands_in_each_half_year(table: str) -> None:
    rows = known_rows(table)
    assert all(before.until + timedelta(days=1) == after.start for before, after in pairwise(rows))
    assert all(row.until - row.start < timedelta(days=185) for row in rows)


@pytest.mark.parametrize(
    ("table", "margin", "printed"),
    [
        ("fr_default", 0, "BCE/ECB 2.40 % (2026-S2) + 10"),
        ("fr_legal", 0, "taux d'intérêt légal 2.75 % (2026-S2) · JORF"),
        ("de_base", 9, "Basiszinssatz 1.52 % (2026-S2) + 9 · Bundesbank"),
        ("be_b2b", 0, "loi/wet 02/08/2002: 10.5 % (2026-S2)"),  # derived: no publication was seen
        ("it_legal", 0, "interessi legali 1.6 % (2026) · Gazzetta Ufficiale"),
    ],
)
def test_a_line_names_table_period_and_publication(table: str, margin: int, printed: str) -> None:
    schedule = Rates.known().schedule(table, Decimal(margin))
    assert schedule.at(date(2026, 11, 22)).source == printed
