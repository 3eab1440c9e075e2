"""The decision over random portfolios: it agrees with a plain one, and keeps its promises."""

from __future__ import annotations

from datetime import date, timedelta

from book import debtor, decided, hold, item, past, planned, policy, procedure, sent
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_decision import PlainDecision

START = date(2026, 3, 20)
TODAYS = st.integers(0, 70).map(lambda n: START + timedelta(days=n))
DATES = st.integers(-120, 90).map(lambda n: START + timedelta(days=n))
DEBTORS = ("C1", "C2", "C3")

LADDERS = (
    ({"id": "courtesy", "days": -3, "channel": "email", "template": "courtesy"},
     {"id": "first", "days": 5, "channel": ["email", "letter"], "template": "reminder"},
     {"id": "call", "days": 12, "channel": "task", "task": {"subject": "Call"}, "when": {"amount": {"min": 80}}},
     {"id": "formal", "days": 25, "channel": "letter", "template": "formal-notice", "mandatory": True},
     {"id": "after", "days": 40, "channel": "letter", "template": "formal-notice"}),
    ({"id": "first", "days": 0, "channel": "email", "template": "reminder"},
     {"id": "second", "days": 10, "channel": "email", "template": "reminder"}),
)  # fmt: skip


@st.composite
def policies(draw):
    made = [
        procedure(
            name, ladder,
            interval=draw(st.sampled_from([0, 3, 7])), minimum=draw(st.sampled_from([0, 15, 100])),
            group=draw(st.sampled_from(["receivable", "level", "debtor"])), catch_up=draw(st.sampled_from(["next", "by_age"])),
        )
        for name, ladder in zip(("standard", "consumer"), LADDERS, strict=True)
    ]  # fmt: skip
    segments = [
        {"name": "people", "procedure": "consumer", "when": {"kind": "consumer"}},
        {"name": "rest", "procedure": "standard"},
    ]
    cap = draw(st.sampled_from([None, {"max": 1, "days": 7}, {"max": 2, "days": 3}]))
    return policy(*made, segments=segments, limits={"contacts_per_debtor": cap} if cap else {})


@st.composite
def parties(draw):
    return [
        debtor(
            name, kind=draw(st.sampled_from(["business", "consumer", None])), country=draw(st.sampled_from(["FR", "BE", "DE", None])),
            **draw(st.sampled_from([{}, {"email": None}, {"address": None}, {"email": None, "city": None}])),
        )
        for name in draw(st.lists(st.sampled_from(DEBTORS), unique=True, min_size=1))
    ]  # fmt: skip


@st.composite
def receivables(draw):
    rows = []
    for n in range(draw(st.integers(1, 9))):
        kind = draw(st.sampled_from(["invoice"] * 6 + ["credit_note", "payment", "opening"]))
        amount = draw(st.sampled_from([500, 1_499, 1_500, 7_999, 8_000, 30_000]))
        sign = -1 if kind in {"credit_note", "payment"} else 1
        rows.append(
            item(
                f"F{n}", draw(st.none() | DATES if kind == "invoice" else DATES), sign * draw(st.sampled_from([amount, amount, amount, amount // 2, 0])),
                debtor=draw(st.sampled_from(DEBTORS)), kind=kind, currency=draw(st.sampled_from(["EUR", "EUR", "EUR", "CHF"])),
                amount=sign * amount, missing=draw(st.sampled_from([False] * 9 + [True])), doubtful=draw(st.sampled_from([False] * 9 + [True])),
            )
        )  # fmt: skip
    return rows


@st.composite
def pasts(draw, items, today):
    days = st.integers(1, 40).map(lambda n: today - timedelta(days=n))
    levels, cycles, holds = [], [], []
    for row in items:
        cycle = draw(st.sampled_from([0, 0, 1]))
        if cycle or draw(st.booleans()):
            cycles.append({"item": row["item"], "cycle": cycle, "settled": draw(st.booleans())})
        for number in range(draw(st.integers(0, 4))):
            keys = {
                "cycle": draw(st.integers(0, 1)),
                "state": draw(st.sampled_from(["sent"] * 8 + ["in_doubt"])),
            }
            levels.append(
                sent(row["number"], f"L{number}", number + 1, draw(days), row["debtor"], **keys)
            )
    types = ["block", "unblock", "dispute", "dispute_settled", "promise", "promise_withdrawn", "insolvency", "insolvency_closed",
             "handover", "handover_returned", "settled", "reply", "reply_handled"]  # fmt: skip
    for seq in range(draw(st.integers(0, 4))):
        row, type = draw(st.sampled_from(items)), draw(st.sampled_from(types))
        on_item = type == "settled" or draw(st.booleans())
        until = draw(DATES | st.none()) if type in {"block", "promise", "reply"} else None
        holds.append(
            hold(
                seq,
                type,
                draw(days),
                row["number"] if on_item else None,
                row["debtor"],
                until=until,
            )
        )
    count = draw(st.integers(0, 3))
    contacts = [
        {
            "debtor": draw(st.sampled_from(DEBTORS)),
            "date": draw(days),
            "contacts": draw(st.integers(1, 2)),
        }
        for _ in range(count)
    ]
    return levels, contacts, cycles, holds


@st.composite
def portfolios(draw):
    items, today = draw(receivables()), draw(TODAYS)
    return items, draw(parties()), draw(pasts(items, today)), draw(policies()), today


@settings(max_examples=150, deadline=None)
@given(portfolios())
def test_the_table_agrees_with_a_plain_decision(portfolio):
    items, debtors, history, rules, today = portfolio
    table = decided(items, today, debtors, past(*history), rules)
    found = dict(table.select("item", "verdict").iter_rows())
    assert found == PlainDecision(items, debtors, history, rules, today).verdicts()


@settings(max_examples=40, deadline=None)
@given(portfolios(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(portfolio, random):
    items, debtors, history, rules, today = portfolio
    shuffled = random.sample(items, len(items))
    one = planned(items, today, past(*history), rules, debtors=debtors)
    two = planned(
        shuffled, today, past(*history), rules, debtors=random.sample(debtors, len(debtors))
    )
    assert (one.notices, one.tasks, one.plan_hash) == (two.notices, two.tasks, two.plan_hash)
    assert one.held.drop("row").equals(two.held.drop("row"))


@settings(max_examples=40, deadline=None)
@given(portfolios())
def test_after_its_own_run_a_plan_is_empty(portfolio):
    items, debtors, history, rules, today = portfolio
    levels, contacts, cycles, holds = history
    plan = planned(items, today, past(*history), rules, debtors=debtors)
    done = [(n.procedure, line, n.debtor.id) for n in plan.notices for line in n.receivables]
    done += [
        (t.procedure, line, t.debtor.id) for t in plan.tasks if t.level for line in t.receivables
    ]
    levels = levels + [
        {"item": line.item, "procedure": procedure, "level": line.level, "level_number": line.level_number, "cycle": line.cycle,
         "date": today, "state": "sent", "dispatch": "x"}
        for procedure, line, _ in done
    ]  # fmt: skip
    contacts = contacts + [
        {"debtor": n.debtor.id, "date": today, "contacts": 1} for n in plan.notices
    ]
    # Cycles observed by the run: what was settled and is open again is in its next cycle now.
    reopened = {line.item for _, line, _ in done}
    cycles = [
        {**c, "cycle": c["cycle"] + 1, "settled": False}
        if c["settled"] and c["item"] in reopened
        else c
        for c in cycles
    ]
    after = past(levels, contacts, cycles, holds)
    object.__setattr__(after, "tasks", frozenset(t.key for t in plan.tasks))
    again = planned(items, today, after, rules, debtors=debtors)
    assert again.notices == ()
    assert again.tasks == ()


@settings(max_examples=40, deadline=None)
@given(portfolios())
def test_every_item_has_one_verdict_and_sums_are_kept(portfolio):
    items, debtors, history, rules, today = portfolio
    plan = planned(items, today, past(*history), rules, debtors=debtors)
    counts = dict(plan.summary)
    assert counts.pop("receivables") == len(items) == sum(counts.values())
    for notice in plan.notices:
        assert notice.total_open == sum(line.open for line in notice.receivables) > 0
