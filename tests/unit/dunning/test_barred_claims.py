"""Claims about to be barred: each warning once, and what starts the period anew."""

from __future__ import annotations

from datetime import date

import pytest
from book import debtor, decided, hold, item, past, planned, policy

from relance.dunning.limitation import add_last_days
from relance.policy.model import Law

DUE = date(2024, 12, 2)  # a consumer's claim ends on 2 December 2026
CONSUMER = [debtor(kind="consumer")]


def warned(items, today, history=None, debtors=None):
    plan = planned(items, today, history, debtors=debtors)
    return [t for t in plan.tasks if t.kind == "limitation"]


@pytest.mark.parametrize(
    ("today", "count"),
    [
        (date(2026, 6, 1), 0),
        (date(2026, 6, 2), 1),
        (date(2026, 12, 2), 1),
        (date(2026, 12, 3), 1),
    ],
)
def test_a_consumers_claim_is_announced_from_six_months_before(today, count):
    tasks = warned([item("F1", DUE)], today, debtors=CONSUMER)

    assert len(tasks) == count
    for task in tasks:
        assert "F1" in task.subject
        assert "02/12/2026" in task.subject
        assert "L218-2" in task.subject


def test_each_warning_comes_once_and_the_next_one_is_another():
    days = [date(2026, 6, 2), date(2026, 9, 2), date(2026, 11, 2), date(2026, 12, 3)]
    keys = [warned([item("F1", DUE)], day, debtors=CONSUMER)[0].key for day in days]
    assert len(set(keys)) == 4

    known = past()
    object.__setattr__(known, "tasks", frozenset(keys[:1]))
    assert warned([item("F1", DUE)], date(2026, 8, 1), known, CONSUMER) == []
    assert len(warned([item("F1", DUE)], days[1], known, CONSUMER)) == 1


def test_businesses_have_five_years_and_an_unknown_kind_counts_as_one():
    for kind in ("business", None):
        parties = [debtor(kind=kind)]
        assert warned([item("F1", DUE)], date(2029, 6, 1), debtors=parties) == []
        assert len(warned([item("F1", DUE)], date(2029, 6, 2), debtors=parties)) == 1


def test_credits_settled_items_and_insolvent_debtors_are_left_alone():
    items = [item("F1", DUE, 0), item("A1", DUE, -500, kind="credit_note")]
    insolvent = past(holds=[hold(1, "insolvency", DUE)])

    assert warned(items, date(2026, 11, 20), debtors=CONSUMER) == []
    assert warned([item("F1", DUE)], date(2026, 11, 20), insolvent, CONSUMER) == []


@pytest.mark.parametrize("number", ["F1", None])
@pytest.mark.parametrize("event", ["acknowledged", "claimed_in_court"])
def test_an_acknowledgement_starts_the_period_anew(event, number):
    history = past(holds=[hold(1, event, date(2026, 11, 1), number)])

    assert warned([item("F1", DUE)], date(2026, 11, 20), history, CONSUMER) == []
    (task,) = warned([item("F1", DUE)], date(2028, 10, 20), history, CONSUMER)
    assert "01/11/2028" in task.subject


@pytest.mark.parametrize(
    ("law", "party", "end"),
    [
        ({}, {"kind": "business"}, date(2029, 12, 2)),
        ({}, {"kind": "public"}, date(2028, 12, 31)),
        ({"country": "BE"}, {"kind": "business"}, None),
        (
            {"country": "BE", "limitation": {"business": 12}},
            {"kind": "business"},
            date(2025, 12, 2),
        ),
        (
            {"country": "BE", "limitation": {"consumer": 12}},
            {"kind": "consumer"},
            date(2026, 12, 2),
        ),
        (
            {"country": "BE", "limitation": {"consumer": 12}},
            {"kind": "consumer", "country": "BE"},
            date(2025, 12, 2),
        ),
    ],
)
def test_the_last_day_by_law_and_kind(law, party, end):
    rules = policy().model_copy(update={"law": Law.model_validate(law)})
    frame = decided([item("F1", DUE)], date(2026, 1, 5), [debtor(**party)], rules=rules)

    assert add_last_days(frame, past(), rules)["court_until"].to_list() == [end]


def test_an_end_in_february_keeps_to_the_month():
    frame = decided([item("F1", date(2024, 2, 29))], date(2026, 1, 5), CONSUMER)

    assert add_last_days(frame, past(), policy())["court_until"].to_list() == [date(2026, 2, 28)]
