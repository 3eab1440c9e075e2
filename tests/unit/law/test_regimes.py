"""The rules of each country, where they differ."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from test_cases import lines, owed, paid

from relance.law import terms
from relance.law.claim import Agreed
from relance.law.compute import IN_EUROS, PRINCIPAL_FIRST, UNCONFIRMED
from relance.law.regimes import (
    AGREED_DAY,
    DEFAULT_BY_DATE,
    NEEDS_NOTICE,
    REGIMES,
    UK_FIXED,
    WITHHELD_LETTER,
    NoRegime,
)


@pytest.mark.parametrize(("country", "kind"), REGIMES)
def test_every_rule_names_the_articles_of_what_it_claims(country: str, kind: str) -> None:
    agreed = Agreed(consumer_clause=True, consumer_rate=Decimal(3))
    currency = "GBP" if country == "GB" else "EUR"
    found = owed(
        100_000, "2026-07-01", "2026-09-30", country, kind, currency,
        notice=date(2026, 7, 5), costs_from=date(2026, 7, 20), agreed=agreed,
    )  # fmt: skip
    assert found.interest > 0
    assert found.legal_basis


@pytest.mark.parametrize(
    ("country", "kind"), [("ES", "consumer"), ("GB", "consumer"), ("US", "business")]
)
def test_where_no_rule_is_known_nothing_is_guessed(country: str, kind: str) -> None:
    with pytest.raises(NoRegime) as refused:
        owed(100_000, "2026-07-01", "2026-09-30", country, kind)
    assert refused.value.diagnostic.code == "L051"


def test_a_margin_is_not_carried_back_to_before_it_held() -> None:
    with pytest.raises(NoRegime) as refused:
        owed(100_000, "2012-07-01", "2012-09-30", "ES")
    assert refused.value.diagnostic.code == "L052"


def test_an_agreed_rate_below_three_times_the_legal_rate_is_taken_and_remarked_on() -> None:
    low = owed(100_000, "2026-07-01", "2026-07-31", agreed=Agreed(contract_rate=Decimal(8)))
    assert low.lines[0].rate == 8
    assert low.remarks == (terms.BELOW_FLOOR,)
    enough = owed(100_000, "2026-07-01", "2026-07-31", agreed=Agreed(contract_rate=Decimal("8.25")))
    assert enough.remarks == ()


def test_an_agreed_rate_needs_no_rate_of_the_law() -> None:
    found = owed(100_000, "2026-12-01", "2027-03-31", agreed=Agreed(contract_rate=Decimal(15)))
    assert lines(found) == [(120, "15", 4932)]
    assert found.remarks == (terms.FLOOR_UNKNOWN,)


def test_a_french_consumer_without_notice_owes_no_interest() -> None:
    found = owed(100_000, "2026-01-01", "2026-09-30", kind="consumer")
    assert (found.total, found.remarks) == (0, (NEEDS_NOTICE,))


def test_a_french_consumer_owes_the_agreed_rate_from_the_notice() -> None:
    found = owed(
        100_000, "2026-01-01", "2026-03-11", kind="consumer",
        notice=date(2026, 3, 1), agreed=Agreed(contract_rate=Decimal(15), consumer_rate=Decimal(5)),
    )  # fmt: skip
    assert lines(found) == [(10, "5", 137)]


def test_a_french_public_buyer_owes_the_rate_of_the_half_year_in_which_interest_began() -> None:
    found = owed(1_000_000, "2026-05-01", "2026-09-01", kind="public")
    assert lines(found) == [(123, "10.15", 34204)]
    assert found.compensation == 4000
    agreed = owed(1_000_000, "2026-05-01", "2026-09-01", kind="public", agreed=Agreed(Decimal(15)))
    assert agreed.lines[0].rate == Decimal("10.15")
    assert terms.RATE_NOT_TAKEN in agreed.remarks


def test_a_rate_fixed_at_the_start_needs_no_later_one() -> None:
    found = owed(100_000, "2026-12-01", "2027-06-30", kind="public")
    assert [str(line.rate) for line in found.lines] == ["10.40"]


def test_a_belgian_business_owes_the_rate_rounded_up_to_the_half_point() -> None:
    found = owed(1_000_000, "2025-05-01", "2025-09-01", "BE")
    assert [str(line.rate) for line in found.lines] == ["11.5", "10.5"]
    assert found.legal_basis == ("loi du 2 août 2002, art. 5", "loi du 2 août 2002, art. 6")


def test_a_derived_rate_is_marked() -> None:
    found = owed(1_000_000, "2026-07-01", "2026-09-01", "BE")
    assert [line.confirmed for line in found.lines] == [False]
    assert UNCONFIRMED in found.remarks


BOOK_XIX = {"country": "BE", "kind": "consumer"}
FROM = {"notice": date(2026, 3, 10), "costs_from": date(2026, 3, 24)}


def test_a_belgian_consumer_owes_nothing_without_a_clause() -> None:
    found = owed(100_000, "2026-02-01", "2026-06-30", **BOOK_XIX, **FROM)
    assert (found.total, found.remarks) == (0, (terms.NO_CLAUSE,))


def test_a_belgian_consumer_owes_nothing_before_the_free_reminder() -> None:
    found = owed(
        100_000, "2026-02-01", "2026-06-30", **BOOK_XIX, agreed=Agreed(consumer_clause=True)
    )
    assert (found.total, found.remarks) == (0, (terms.NO_FIRST_REMINDER,))


def test_a_belgian_consumer_owes_costs_and_interest_after_the_14_days() -> None:
    agreed = Agreed(consumer_clause=True, consumer_rate=Decimal(9))
    waiting = owed(100_000, "2026-02-01", "2026-03-23", **BOOK_XIX, **FROM, agreed=agreed)
    assert waiting.total == 0
    after = owed(100_000, "2026-02-01", "2026-03-24", **BOOK_XIX, **FROM, agreed=agreed)
    assert [(line.start, line.days, str(line.rate)) for line in after.lines] == [
        (date(2026, 3, 24), 1, "9")
    ]
    assert after.compensation == 9000


def test_a_small_belgian_creditor_has_interest_from_the_start_of_the_14_days() -> None:
    agreed = Agreed(consumer_clause=True, consumer_rate=Decimal(9), small_creditor=True)
    found = owed(100_000, "2026-02-01", "2026-03-23", **BOOK_XIX, **FROM, agreed=agreed)
    assert [(line.start, line.days) for line in found.lines] == [(date(2026, 3, 10), 14)]
    assert found.compensation == 0


def test_a_belgian_consumer_never_owes_more_than_a_business() -> None:
    agreed = Agreed(consumer_clause=True, consumer_rate=Decimal(12))
    found = owed(100_000, "2026-02-01", "2026-06-30", **BOOK_XIX, **FROM, agreed=agreed)
    assert [str(line.rate) for line in found.lines] == ["10.5"]
    assert terms.ABOVE_CAP in found.remarks


def test_a_clause_without_a_rate_gives_the_civil_legal_rate() -> None:
    agreed = Agreed(consumer_clause=True)
    found = owed(100_000, "2026-02-01", "2026-06-30", **BOOK_XIX, **FROM, agreed=agreed)
    assert [str(line.rate) for line in found.lines] == ["4.50"]
    assert terms.NO_AGREED_RATE in found.remarks


def test_the_compensation_of_a_belgian_consumer_is_on_what_is_still_due() -> None:
    agreed = Agreed(consumer_clause=True, consumer_rate=Decimal(9))
    found = owed(
        100_000, "2026-02-01", "2026-06-30", **BOOK_XIX, **FROM,
        agreed=agreed, payments=(paid("2026-03-15", 80_000), paid("2026-04-15", 10_000)),
    )  # fmt: skip
    assert found.compensation == 3500


def test_a_belgian_consumer_who_paid_within_the_14_days_owes_nothing() -> None:
    agreed = Agreed(consumer_clause=True, consumer_rate=Decimal(9))
    found = owed(
        100_000, "2026-02-01", "2026-06-30", **BOOK_XIX, **FROM,
        agreed=agreed, payments=(paid("2026-03-23", 100_000),),
    )  # fmt: skip
    assert found.total == 0


def test_a_dutch_business_owes_the_scale_at_once_and_forty_euros_at_least() -> None:
    assert owed(12_500, "2026-07-01", "2026-07-02", "NL").compensation == 4000
    assert owed(1_000_000, "2026-07-01", "2026-07-02", "NL").compensation == 87_500


def test_a_dutch_consumer_owes_the_scale_after_the_14_days_only() -> None:
    none = owed(100_000, "2026-07-01", "2026-09-01", "NL", "consumer")
    assert none.compensation == 0
    assert WITHHELD_LETTER in none.remarks
    after = owed(100_000, "2026-07-01", "2026-09-01", "NL", "consumer", costs_from=date(2026, 8, 1))
    assert after.compensation == 15_000
    assert [str(line.rate) for line in after.lines] == ["4"]


def test_dutch_interest_of_a_full_year_bears_interest() -> None:
    found = owed(1_000_000, "2025-01-01", "2026-01-02", "NL", "consumer")
    assert [(line.end, line.principal, line.amount) for line in found.lines] == [
        (date(2025, 6, 30), 1_000_000, 29_589),
        (date(2025, 12, 31), 1_000_000, 30_247),
        (date(2026, 1, 1), 1_000_000, 110),
        (date(2026, 1, 2), 1_059_946, 116),
    ]


def test_a_swiss_debtor_owes_five_percent_from_the_notice() -> None:
    found = owed(
        100_000, "2026-01-01", "2026-12-31", "CH", currency="CHF", notice=date(2026, 6, 30)
    )
    assert lines(found) == [(184, "5", 2521)]
    assert found.compensation == 0
    assert owed(100_000, "2026-01-01", "2026-12-31", "CH", currency="CHF").remarks == (AGREED_DAY,)


@pytest.mark.parametrize("country", ["ES", "IT"])
def test_spain_and_italy_add_eight_points_by_the_half_year(country: str) -> None:
    found = owed(100_000, "2026-05-01", "2026-09-01", country)
    assert [str(line.rate) for line in found.lines] == ["10.15", "10.40"]
    assert found.compensation == 4000


def test_an_italian_consumer_owes_the_legal_interest() -> None:
    found = owed(100_000, "2025-12-01", "2026-01-31", "IT", "consumer")
    assert lines(found) == [(30, "2.0", 164), (31, "1.6", 136)]
    assert found.remarks == (DEFAULT_BY_DATE,)


def test_a_british_rate_stays_what_it_was_when_interest_began() -> None:
    found = owed(99_999, "2025-12-01", "2026-03-31", "GB", currency="GBP")
    assert [str(line.rate) for line in found.lines] == ["12.25"]
    assert UK_FIXED in found.remarks


@pytest.mark.parametrize(
    ("principal", "pounds"), [(99_999, 4000), (100_000, 7000), (999_999, 7000), (1_000_000, 10000)]
)
def test_a_british_compensation_goes_by_the_debt(principal: int, pounds: int) -> None:
    found = owed(principal, "2026-07-01", "2026-07-31", "GB", currency="GBP")
    assert found.compensation == pounds


def test_forty_euros_are_not_converted() -> None:
    found = owed(100_000, "2026-07-01", "2026-07-31", currency="USD")
    assert found.compensation == 0
    assert IN_EUROS in found.remarks


def test_the_order_of_imputation_is_remarked_on_where_there_were_payments() -> None:
    found = owed(100_000, "2026-07-01", "2026-07-31", payments=(paid("2026-07-15", 1000),))
    assert found.remarks == (PRINCIPAL_FIRST,)
