"""The verdict table, line by line, as a credit controller would tell it."""

from __future__ import annotations

from datetime import date

import pytest
from book import (
    REACH,
    debtor,
    decided,
    hold,
    item,
    past,
    planned,
    policy,
    procedure,
    sent,
    verdicts,
)

from relance.dunning.verdicts import LINES, VERDICTS

DUE = date(2026, 4, 1)  # a Wednesday
FRIDAY = date(2026, 4, 10)


def only(items, today, **keys):
    table = decided(items, today, **keys)
    row = table.row(0, named=True)
    return row["verdict"], row["until"], row["next_level"]


def test_an_invoice_past_the_first_level_acts():
    assert only([item("F1", DUE)], FRIDAY) == ("act", FRIDAY, "reminder-1")


def test_a_level_on_easter_monday_waits_for_tuesday():
    assert only([item("F1", DUE)], date(2026, 4, 2)) == ("not_due", date(2026, 4, 7), "reminder-1")
    assert only([item("F1", DUE)], date(2026, 4, 6))[0] == "not_due"
    assert only([item("F1", DUE)], date(2026, 4, 7))[0] == "act"


def test_the_debtors_holidays_count_too():
    king = date(2026, 7, 21)  # Belgian national day, a Tuesday
    belgian = [debtor(country="BE")]
    assert only([item("F1", date(2026, 7, 16))], king, debtors=belgian)[:2] == (
        "not_due",
        date(2026, 7, 22),
    )
    assert only([item("F1", date(2026, 7, 16))], king)[0] == "act"


def test_a_level_missed_on_friday_is_deferred_on_saturday():
    assert only([item("F1", DUE)], date(2026, 4, 11))[:2] == ("deferred", date(2026, 4, 13))


def test_nothing_open_is_settled_and_a_credit_is_a_credit():
    found = verdicts(
        [item("F1", DUE, 0), item("A1", DUE, -500, kind="credit_note"), item("F2", DUE)], FRIDAY
    )
    assert found == {"F1": "settled", "A1": "credit", "F2": "act"}


def test_lettered_later_is_settled_and_says_so():
    table = decided([item("F1", DUE, 0, balance=10_000)], FRIDAY)
    assert table["verdict"].item() == "settled"
    assert "not in the file" in LINES[table["verdict_line"].item()].reason


def test_an_item_absent_from_the_export_is_missing_whatever_else_holds():
    held = past(holds=[hold(1, "block", DUE, "F1")])
    assert only([item("F1", DUE, missing=True)], FRIDAY, history=held)[0] == "missing"


@pytest.mark.parametrize(
    ("keys", "parties"),
    [({}, []), ({"due": None}, None), ({"kind": "opening"}, None)],
    ids=["unknown debtor", "no due date", "opening lump"],
)
def test_what_cannot_be_decided_is_not_guessed(keys, parties):
    assert only([{**item("F1", DUE), **keys}], FRIDAY, debtors=parties)[0] == "undecided"


def test_a_block_ends_the_day_after_its_last_day():
    history = past(
        holds=[hold(1, "block", DUE, "F1", until=date(2026, 4, 13), reason="new address")]
    )
    assert only([item("F1", DUE)], date(2026, 4, 13), history=history)[:2] == (
        "blocked",
        date(2026, 4, 14),
    )
    assert only([item("F1", DUE)], date(2026, 4, 14), history=history)[0] == "act"


def test_a_block_on_the_debtor_holds_all_its_items_until_lifted():
    blocked = [hold(1, "block", DUE)]
    assert set(
        verdicts([item("F1", DUE), item("F2", DUE)], FRIDAY, history=past(holds=blocked)).values()
    ) == {"blocked"}
    lifted = [*blocked, hold(2, "unblock", FRIDAY)]
    assert set(verdicts([item("F1", DUE)], FRIDAY, history=past(holds=lifted)).values()) == {"act"}


@pytest.mark.parametrize(
    ("type", "verdict"),
    [("insolvency", "insolvent"), ("handover", "handed_over"), ("dispute", "disputed")],
)
def test_open_ended_holds(type, verdict):
    assert only([item("F1", DUE)], FRIDAY, history=past(holds=[hold(1, type, DUE)]))[:2] == (
        verdict,
        None,
    )


def test_insolvency_opens_a_task_to_declare_the_claim_once():
    history = past(holds=[hold(1, "insolvency", DUE)])
    plan = planned([item("F1", DUE), item("F2", DUE)], FRIDAY, history)
    assert [(t.kind, len(t.receivables)) for t in plan.tasks] == [("declare_claim", 2)]
    known = past(holds=[hold(1, "insolvency", DUE)])
    object.__setattr__(known, "tasks", frozenset(t.key for t in plan.tasks))
    assert planned([item("F1", DUE), item("F2", DUE)], FRIDAY, known).tasks == ()


def test_a_promise_holds_through_its_grace():
    history = past(holds=[hold(1, "promise", DUE, "F1", until=date(2026, 4, 13))])
    assert only([item("F1", DUE)], date(2026, 4, 15), history=history)[:2] == (
        "promised",
        date(2026, 4, 16),
    )
    assert only([item("F1", DUE)], date(2026, 4, 16), history=history)[0] == "act"


def test_a_payment_plan_holds_while_its_instalments_are_paid():
    schedule = [
        {"due": date(2026, 4, 8), "amount": 4_000},
        {"due": date(2026, 5, 8), "amount": 6_000},
    ]
    kept = past(holds=[hold(1, "instalments", DUE, "F1", amount=10_000, schedule=schedule)])
    assert only([item("F1", DUE, 6_000)], date(2026, 4, 20), history=kept)[:2] == (
        "instalments",
        date(2026, 5, 11),
    )
    assert only([item("F1", DUE, 10_000)], FRIDAY, history=kept)[0] == "instalments"  # in its grace
    assert only([item("F1", DUE, 10_000)], date(2026, 4, 13), history=kept)[0] == "act"


def test_a_notice_in_doubt_stops_the_ladder():
    history = past(levels=[sent("F1", "reminder-1", 1, FRIDAY, state="in_doubt")])
    assert only([item("F1", DUE)], date(2026, 5, 30), history=history)[0] == "in_doubt"


def test_after_the_last_level_the_procedure_is_complete():
    history = past(levels=[sent("F1", "formal-notice", 3, FRIDAY)])
    assert only([item("F1", DUE)], date(2026, 9, 1), history=history)[0] == "complete"


def test_an_old_invoice_moves_one_level_at_a_time_an_interval_apart():
    history = past(levels=[sent("F1", "reminder-1", 1, FRIDAY)])
    old = [item("F1", date(2025, 12, 1))]
    assert only(old, date(2026, 4, 16), history=history) == (
        "interval",
        date(2026, 4, 17),
        "reminder-2",
    )
    assert only(old, date(2026, 4, 17), history=history)[0] == "act"


def test_never_two_levels_on_one_day_even_without_an_interval():
    rules = policy(procedure(interval=0))
    history = past(levels=[sent("F1", "reminder-1", 1, FRIDAY)])
    assert (
        only([item("F1", date(2025, 12, 1))], FRIDAY, history=history, rules=rules)[0] == "interval"
    )


def test_catch_up_by_age_never_jumps_a_mandatory_level():
    levels = [
        {"id": "a", "days": 5, "channel": "email", "template": "reminder"},
        {"id": "b", "days": 20, "channel": "email", "template": "reminder"},
        {
            "id": "c",
            "days": 30,
            "channel": "letter",
            "template": "formal-notice",
            "mandatory": True,
        },
        {"id": "d", "days": 60, "channel": "letter", "template": "formal-notice"},
    ]
    rules = policy(procedure(levels=levels, catch_up="by_age"))
    assert only([item("F1", date(2026, 3, 15))], FRIDAY, rules=rules)[2] == "b"
    assert only([item("F1", date(2025, 1, 1))], FRIDAY, rules=rules)[2] == "c"
    rules = policy(procedure(levels=levels))
    assert only([item("F1", date(2025, 1, 1))], FRIDAY, rules=rules)[2] == "a"


def test_a_courtesy_before_the_due_date_is_passed_over_after_it():
    levels = [{"id": "courtesy", "days": -3, "channel": "email", "template": "courtesy"},
              {"id": "reminder", "days": 5, "channel": "email", "template": "reminder"}]  # fmt: skip
    rules = policy(procedure(levels=levels))
    assert only([item("F1", date(2026, 4, 13))], FRIDAY, rules=rules)[2] == "courtesy"
    assert only([item("F1", DUE)], FRIDAY, rules=rules)[2] == "reminder"


def test_a_level_whose_condition_does_not_hold_is_passed_over():
    levels = [{"id": "call", "days": 3, "channel": "task", "task": {"subject": "Call"}, "when": {"amount": {"min": 1000}}},
              {"id": "reminder", "days": 5, "channel": "email", "template": "reminder"}]  # fmt: skip
    rules = policy(procedure(levels=levels))
    found = {n: only([item("F1", DUE, n)], FRIDAY, rules=rules)[2] for n in (99_999, 100_000)}
    assert found == {99_999: "reminder", 100_000: "call"}


def test_the_minimum_counts_what_is_past_due_less_credits():
    rules = policy(procedure(minimum=15))
    assert verdicts([item("F1", DUE, 1_499)], FRIDAY, rules=rules)["F1"] == "below_minimum"
    assert verdicts([item("F1", DUE, 1_500)], FRIDAY, rules=rules)["F1"] == "act"
    credit = item("A1", DUE, -1, kind="credit_note")
    assert verdicts([item("F1", DUE, 1_500), credit], FRIDAY, rules=rules)["F1"] == "below_minimum"
    later = item("F2", date(2026, 8, 1), 50_000)
    assert verdicts([item("F1", DUE, 1_499), later], FRIDAY, rules=rules)["F1"] == "below_minimum"
    other = item("F3", DUE, 50_000, currency="CHF")
    assert verdicts([item("F1", DUE, 1_499), other], FRIDAY, rules=rules)["F1"] == "below_minimum"


def test_a_debtor_whose_credits_cover_all_is_left_alone():
    found = verdicts([item("F1", DUE, 1_000), item("A1", DUE, -1_000, kind="credit_note")], FRIDAY)
    assert found["F1"] == "below_minimum"


def test_contacts_are_capped_in_a_sliding_window():
    rules = policy(limits={"contacts_per_debtor": {"max": 2, "days": 7}})
    twice = past(contacts=[{"debtor": "C1", "date": date(2026, 4, 7), "contacts": 2}])
    assert only([item("F1", DUE)], FRIDAY, history=twice, rules=rules)[:2] == (
        "capped",
        date(2026, 4, 14),
    )
    assert only([item("F1", DUE)], date(2026, 4, 14), history=twice, rules=rules)[0] == "act"


def test_of_several_notices_today_the_highest_levels_go_first():
    rules = policy(
        procedure(group="receivable"), limits={"contacts_per_debtor": {"max": 1, "days": 7}}
    )
    history = past(levels=[sent("OLD", "reminder-1", 1, date(2026, 3, 1))])
    found = verdicts(
        [item("F1", DUE), item("OLD", date(2026, 3, 1))], FRIDAY, history=history, rules=rules
    )
    assert found == {"F1": "capped", "OLD": "act"}


def test_a_debtor_without_address_becomes_a_task():
    parties = [debtor(email=None)]
    plan = planned([item("F1", DUE)], FRIDAY, debtors=parties)
    assert plan.held["verdict"].item() == "unreachable"
    assert [t.kind for t in plan.tasks] == ["find_address"]


def test_the_first_channel_that_reaches_the_debtor_is_used():
    levels = [{"id": "r", "days": 5, "channel": ["email", "letter"], "template": "reminder"}]
    rules = policy(procedure(levels=levels))
    assert planned([item("F1", DUE)], FRIDAY, rules=rules).notices[0].channel == "email"
    plan = planned([item("F1", DUE)], FRIDAY, rules=rules, debtors=[debtor(email=None)])
    assert plan.notices[0].channel == "letter"


def test_all_channels_of_a_level_each_get_a_part():
    levels = [{"id": "r", "days": 5, "all": ["email", "letter"], "template": "reminder"}]
    plan = planned([item("F1", DUE)], FRIDAY, rules=policy(procedure(levels=levels)))
    assert [(n.channel, n.part) for n in plan.notices] == [("email", "email"), ("letter", "letter")]
    assert len({n.key for n in plan.notices}) == 2


@pytest.mark.parametrize(("group", "notices"), [("receivable", 3), ("level", 2), ("debtor", 1)])
def test_grouping(group, notices):
    rules = policy(procedure(group=group))
    history = past(levels=[sent("OLD", "reminder-1", 1, date(2026, 3, 1))])
    items = [item("F1", DUE), item("F2", DUE), item("OLD", date(2026, 3, 1))]
    plan = planned(items, FRIDAY, history, rules)
    assert len(plan.notices) == notices
    levels = {line.number: line.level for n in plan.notices for line in n.receivables}
    assert levels == {"F1": "reminder-1", "F2": "reminder-1", "OLD": "reminder-2"}


def test_one_notice_per_currency_at_the_highest_level():
    items = [item("F1", DUE), item("F2", DUE, currency="CHF"), item("OLD", date(2026, 3, 1))]
    history = past(levels=[sent("OLD", "reminder-1", 1, date(2026, 3, 1))])
    plan = planned(items, FRIDAY, history)
    assert [(n.currency, n.level, n.total_open) for n in plan.notices] == [
        ("CHF", "reminder-1", 10_000),
        ("EUR", "reminder-2", 20_000),
    ]


def test_a_settled_item_that_is_open_again_starts_a_new_cycle():
    history = past(
        levels=[sent("F1", "formal-notice", 3, date(2026, 1, 5))],
        cycles=[{"item": "C1|F1|2026", "cycle": 0, "settled": True}],
    )
    plan = planned([item("F1", DUE)], FRIDAY, history)
    assert [(r.level, r.cycle) for n in plan.notices for r in n.receivables] == [("reminder-1", 1)]


def test_after_a_change_of_procedure_the_item_goes_on_above_the_level_reached():
    rules = policy(procedure("strict"))
    history = past(levels=[sent("F1", "whatever", 2, date(2026, 3, 1))])
    assert (
        only([item("F1", date(2026, 1, 1))], FRIDAY, history=history, rules=rules)[2]
        == "formal-notice"
    )


def test_a_notice_shows_the_other_items_and_the_credits():
    items = [
        item("F1", DUE),
        item("F2", date(2026, 6, 1)),
        item("A1", DUE, -500, kind="credit_note"),
    ]
    notice = planned(items, FRIDAY).notices[0]
    assert [line.number for line in notice.receivables] == ["F1"]
    assert [line.number for line in notice.other_open] == ["F2"]
    assert [(line.number, line.open) for line in notice.credits] == [("A1", -500)]
    assert notice.total_due == 10_000


def test_an_unknown_fact_matches_neither_a_condition_nor_its_opposite():
    segments = [
        {"name": "new", "procedure": "strict", "when": {"days_as_customer": {"max": 180}}},
        {"name": "old", "procedure": "strict", "when": {"not": {"days_as_customer": {"max": 180}}}},
        {"name": "rest", "procedure": "standard"},
    ]
    rules = policy(procedure(), procedure("strict"), segments=segments)
    assert decided([item("F1", DUE)], FRIDAY, rules=rules)["segment"].item() == "rest"
    since = [debtor(since=date(2020, 1, 1))]
    assert decided([item("F1", DUE)], FRIDAY, rules=rules, debtors=since)["segment"].item() == "old"


def test_segments_read_sums_of_the_debtor():
    segments = [
        {"name": "big", "procedure": "standard", "when": {"outstanding": {"min": 500}}},
        {"name": "rest", "procedure": "standard"},
    ]
    rules = policy(segments=segments)
    found = {
        n: decided([item("F1", DUE, n), item("F2", DUE, 10_000)], FRIDAY, rules=rules)["segment"][0]
        for n in (39_999, 40_000)
    }
    assert found == {39_999: "rest", 40_000: "big"}


def test_the_summary_adds_up_and_every_verdict_is_in_the_table():
    plan = planned([item("F1", DUE), item("F2", date(2026, 6, 1)), item("F3", None)], FRIDAY)
    counts = dict(plan.summary)
    assert counts.pop("receivables") == sum(counts.values()) == 3
    assert {line.verdict for line in LINES} == set(VERDICTS)
    order = [VERDICTS.index(line.verdict) for line in LINES]
    assert order == sorted(order)
    assert {way.medium for way in REACH.values()} == {"email", "letter", "sms", "task"}


def test_what_is_not_due_yet_is_never_on_a_reminder():
    levels = [{"id": "courtesy", "days": -3, "channel": "email", "template": "courtesy"},
              {"id": "reminder", "days": 5, "channel": "email", "template": "reminder"}]  # fmt: skip
    plan = planned(
        [item("F1", DUE), item("F2", date(2026, 4, 13))],
        FRIDAY,
        rules=policy(procedure(levels=levels)),
    )
    assert [(n.level, [line.number for line in n.receivables]) for n in plan.notices] == [
        ("reminder", ["F1"]),
        ("courtesy", ["F2"]),
    ]


def test_a_task_is_named_in_the_language_of_the_firm():
    subject = {"fr": "Appeler", "nl": "Bellen"}
    levels = [{"id": "call", "days": 5, "channel": "task", "task": {"subject": subject}}]
    assert (
        planned([item("F1", DUE)], FRIDAY, rules=policy(procedure(levels=levels))).tasks[0].subject
        == "Appeler"
    )
