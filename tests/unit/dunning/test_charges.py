"""What a plan claims beside the principal, given payments and earlier notices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from book import debtor, decided, frame, item, past, planned, policy

from relance.dunning.accessories import accessories
from relance.dunning.claims import first_days
from relance.dunning.events import Past
from relance.dunning.plan import Notice
from relance.ledger.schema import ALLOCATIONS, DEBTORS, MOVEMENTS
from relance.policy.model import Policy, Procedure

DUE, DAY = date(2026, 5, 1), date(2026, 9, 1)
LEGAL = {"interest": "legal", "compensation": "legal"}


def rules(charges: dict[str, Any] = LEGAL, **keys: Any) -> Policy:
    levels = [
        {"id": "reminder", "days": 5, "channel": "email", "template": "reminder"},
        {"id": "firm", "days": 30, "channel": "email", "template": "reminder", "charges": charges},
    ]
    ladder = {"name": "standard", "catch_up": "by_age", "levels": levels}
    made = policy(Procedure.model_validate(ladder))
    return made.model_copy(update=keys)


def paid(number: str, amount: int, on: date, movement: str = "M1", **keys: Any) -> dict[str, Any]:
    return {
        "movement": movement, "item": f"C1|{number}|2026", "amount": amount, "kind": "payment",
        "evidence": "reference", "confidence": 10_000, "day": on, "due": DUE,
        "open_before": 1_000_000, "debtor": "C1", **keys,
    }  # fmt: skip


def lettered(*rows: dict[str, Any]) -> Past:
    nothing = past()
    moved = [{"movement": m, "currency": "EUR"} for m in sorted({row["movement"] for row in rows})]
    return Past(
        nothing.levels, nothing.contacts, nothing.cycles, nothing.holds,
        allocations=frame(ALLOCATIONS, rows), movements=frame(MOVEMENTS, moved),
    )  # fmt: skip


def the_notice(*items: dict[str, Any], history: Past | None = None, **keys: Any) -> Notice:
    (notice,) = planned(
        items, DAY, history=history, rules=keys.pop("policy", rules()), **keys
    ).notices
    return notice


def test_an_invoice_claims_the_interest_of_each_half_year_and_its_compensation() -> None:
    notice = the_notice(item("F1", DUE, 1_000_000))
    (line,) = notice.receivables
    assert (line.interest, line.compensation, notice.total_due) == (41_376, 4_000, 1_045_376)
    assert line.computation is not None
    assert [(p.days, p.amount) for p in line.computation.lines] == [(60, 19_973), (63, 21_403)]


def test_a_level_without_charges_claims_the_principal_alone() -> None:
    notice = the_notice(item("F1", DUE, 1_000_000), policy=rules({}))
    assert (notice.total_due, notice.receivables[0].computation) == (1_000_000, None)


def test_a_level_claims_what_it_names_and_no_more() -> None:
    notice = the_notice(item("F1", DUE, 1_000_000), policy=rules({"compensation": "legal"}))
    assert (notice.interest, notice.compensation) == (0, 4_000)


def test_a_payment_of_a_known_day_cuts_the_period() -> None:
    history = lettered(paid("F1", 400_000, date(2026, 6, 30)))
    notice = the_notice(item("F1", DUE, 600_000, amount=1_000_000), history=history)
    (line,) = notice.receivables
    # 10,000.00 for 60 days at 12.15 %, then 6,000.00 for 63 days at 12.40 %.
    assert (line.open, line.interest) == (600_000, 19_973 + 12_842)


def test_a_payment_whose_day_nobody_knows_counts_as_made_on_the_due_date() -> None:
    notice = the_notice(item("F1", DUE, 600_000, amount=1_000_000))
    assert notice.interest == 11_984 + 12_842


def test_a_payment_that_was_undone_or_taken_back_never_came() -> None:
    whole = the_notice(item("F1", DUE, 1_000_000)).interest
    undone = [paid("F1", 400_000, date(2026, 6, 30)), paid("F1", -400_000, date(2026, 6, 30))]
    assert the_notice(item("F1", DUE, 1_000_000), history=lettered(*undone)).interest == whole
    back = [undone[0], paid("F1", -400_000, date(2026, 7, 10), movement="R1")]
    assert the_notice(item("F1", DUE, 1_000_000), history=lettered(*back)).interest == whole


def test_each_late_invoice_has_its_own_compensation_and_the_fee_is_claimed_once() -> None:
    charged = rules(LEGAL | {"fee": "12.00"})
    notice = the_notice(item("F1", DUE, 50_000), item("F2", DUE, 8_050), policy=charged)
    assert [line.compensation for line in notice.receivables] == [4_000, 4_000]
    assert [line.fee for line in notice.receivables] == [1_200, 0]
    assert notice.total_due == 58_050 + notice.interest + 8_000 + 1_200


def test_the_level_of_the_notice_decides_and_each_line_is_computed_for_itself() -> None:
    notice = the_notice(item("F1", DUE, 100_000), item("F2", date(2026, 8, 22), 100_000))
    assert {line.number: line.level for line in notice.receivables} == {
        "F1": "firm",
        "F2": "reminder",
    }
    assert [line.interest for line in notice.receivables] == [4_137, 340]


def test_a_consumer_in_france_owes_interest_from_the_formal_notice_alone() -> None:
    consumer = [debtor("C1", kind="consumer")]
    notice = the_notice(item("F1", DUE, 1_000_000), debtors=consumer)
    assert (notice.interest, notice.compensation) == (0, 0)


@pytest.mark.parametrize(
    ("country", "medium", "interest_from", "costs_from"),
    [
        ("BE", "email", date(2026, 11, 10), date(2026, 11, 24)),
        ("BE", "letter", date(2026, 11, 13), date(2026, 11, 27)),
        ("NL", "email", date(2026, 11, 10), date(2026, 11, 24)),
        ("DE", "email", date(2026, 11, 10), None),
    ],
)
def test_the_first_reminder_says_from_when_a_consumer_owes_more(
    country: str, medium: str, interest_from: date, costs_from: date | None
) -> None:
    days = first_days(country, date(2026, 11, 9), medium, None, None)
    assert days == (interest_from, costs_from)


def test_a_plan_is_another_one_when_a_payment_a_rate_or_an_agreement_changes() -> None:
    def hash_of(history: Past | None = None, given: Policy | None = None) -> str:
        row = item("F1", DUE, 600_000, amount=1_000_000)
        return planned([row], DAY, history=history, rules=given or rules()).plan_hash

    law = rules().law.model_copy(update={"contract_rate": Decimal(15)})
    other = [
        hash_of(),
        hash_of(lettered(paid("F1", 400_000, date(2026, 6, 30)))),
        hash_of(lettered(paid("F1", 400_000, date(2026, 7, 1)))),
        hash_of(given=rules(law=law)),
        hash_of(given=rules({"interest": "legal"})),
    ]
    assert len(set(other)) == len(other)
    assert hash_of() == hash_of()


def left_of(
    items: list[dict[str, Any]], history: Past, given: Policy | None = None
) -> pl.DataFrame:
    given = given or rules()
    facts = decided(items, DAY, history=history, rules=given)
    return accessories(facts, frame(DEBTORS, [debtor("C1")]), history, given)


def test_interest_and_compensation_stay_when_the_principal_was_paid_late() -> None:
    history = lettered(paid("F1", 1_000_000, DAY))
    (row,) = left_of([item("F1", DUE, 0, amount=1_000_000)], history).iter_rows(named=True)
    assert (row["number"], row["paid"], row["interest"], row["compensation"]) == ("F1", DAY, 41_376, 4_000)  # fmt: skip


def test_they_stay_when_the_export_has_the_invoice_no_more() -> None:
    history = lettered(paid("F1", 1_000_000, DAY))
    (row,) = left_of([item("F2", DUE)], history).iter_rows(named=True)
    assert (row["number"], row["currency"], row["interest"]) == ("F1", "EUR", 41_376)


def test_nothing_stays_of_what_was_paid_in_time_or_is_open_or_covered_by_a_credit() -> None:
    settled = item("F1", DUE, 0, amount=1_000_000)
    assert left_of([settled], lettered(paid("F1", 1_000_000, DUE))).is_empty()
    partly = lettered(paid("F1", 400_000, DAY))
    assert left_of([item("F1", DUE, 600_000)], partly).is_empty()
    credit = item("P1", None, -100, kind="payment")
    assert left_of([settled, credit], lettered(paid("F1", 1_000_000, DAY))).is_empty()


def test_the_next_notice_claims_them_where_its_level_says_so() -> None:
    history = lettered(paid("F1", 1_000_000, date(2026, 8, 1)))
    items = [item("F1", DUE, 0, amount=1_000_000), item("F2", DUE, 10_000)]
    silent = the_notice(*items, history=history)
    assert silent.paid_late == ()
    notice = the_notice(*items, history=history, policy=rules(LEGAL | {"paid": "true"}))
    (late,) = notice.paid_late
    assert (late.number, late.open, late.compensation) == ("F1", 0, 4_000)
    (line,) = notice.receivables
    assert notice.interest == line.interest + late.interest
    assert notice.total_due == 10_000 + notice.interest + 8_000
