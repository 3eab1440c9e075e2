"""The quick replay against a plain day loop that decides everything every day, on random portfolios."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
from book import ITEMS_AND_MISSING, REACH, frame, past, planned, policy, procedure
from hypothesis import given, settings
from hypothesis import strategies as st
from test_decision import LADDERS, START, parties, pasts, receivables

from relance.ledger.schema import DEBTORS, Column
from relance.simulation.replay import replay
from relance.simulation.story import FLOWS, Period, Story

CONDITIONS = (
    {"outstanding": {"min": 150}},
    {"overdue": {"max": 100}},
    {"oldest_days_past_due": {"min": 12}},
    {"days_as_customer": {"max": 8}},
    {"open_items": {"min": 3}},
    {"not": {"days_as_customer": {"min": 5}}},
)
LATER = {"id": "later", "days": 1, "channel": "email", "template": "reminder", "when": {"days_past_due": {"min": 9}}}  # fmt: skip
APPEARING = (*ITEMS_AND_MISSING, Column("appears", pl.Date, "first day on which it is known"))


@st.composite
def policies(draw):
    ladders = [(*LADDERS[0], {**LATER, "days": 45}), (LATER, *LADDERS[1])]
    made = [
        procedure(
            name, ladder, interval=draw(st.sampled_from([0, 3, 7])), minimum=draw(st.sampled_from([0, 15, 100])),
            group=draw(st.sampled_from(["receivable", "level", "debtor"])), catch_up=draw(st.sampled_from(["next", "by_age"])),
        )
        for name, ladder in zip(("standard", "consumer"), ladders, strict=True)
    ]  # fmt: skip
    segments = [
        {"name": "some", "procedure": "consumer", "when": draw(st.sampled_from(CONDITIONS))},
        {"name": "rest", "procedure": "standard"},
    ]
    cap = draw(st.sampled_from([None, {"max": 1, "days": 7}, {"max": 2, "days": 3}]))
    return policy(*made, segments=segments, limits={"contacts_per_debtor": cap} if cap else {})


@st.composite
def stories(draw):
    days = st.integers(0, 24).map(lambda n: START + timedelta(days=n))
    items = [
        {**row, "issued": None, "appears": draw(st.none() | days)} for row in draw(receivables())
    ]
    flows = []
    for row in items:
        for _ in range(draw(st.integers(0, 2))) if row["open"] > 0 else ():
            amount = draw(st.sampled_from([row["open"], row["open"] // 2, -row["open"]]))
            flows.append({"item": row["item"], "day": draw(days), "amount": amount})
    debtors = [{**each, "since": draw(st.none() | days)} for each in draw(parties())]
    levels, contacts, cycles, holds = draw(pasts(items, START))
    # Whoever has a hold is looked at every day: most are without, for the days to be skipped.
    later = [{**each, "date": draw(days)} for each in holds] if draw(st.integers(0, 3)) == 0 else []
    return items, flows, debtors, (levels, contacts, cycles, later)


def plain(items, flows, debtors, history, rules, period):
    """Yield the notices and the tasks of each day, everything decided anew on every one."""
    levels, contacts, cycles, holds = (list(each) for each in history)
    state = {each["item"]: (each["cycle"], each["settled"]) for each in cycles}
    tasks = frozenset()
    for today in period.sending_days("FR"):
        rows = []
        for row in items:
            if row["appears"] is None or row["appears"] <= today:
                paid = sum(f["amount"] for f in flows if f["item"] == row["item"] and f["day"] <= today)  # fmt: skip
                left = row["open"] - paid
                known = {name: value for name, value in row.items() if name != "appears"}
                rows.append({**known, "open": left, "balance": left})
        told = [{"item": i, "cycle": c, "settled": s} for i, (c, s) in state.items()]
        before = past(levels, contacts, told, [h for h in holds if h["date"] <= today])
        plan = planned(rows, today, replace(before, tasks=tasks), rules, debtors=debtors)
        for row in rows:
            cycle, settled = state.get(row["item"], (0, False))
            if settled and row["open"] != 0:
                state[row["item"]] = (cycle + 1, False)
            elif (
                not settled
                and row["open"] == 0
                and any(one["item"] == row["item"] for one in levels)
            ):
                state[row["item"]] = (cycle, True)
        for sent in (*plan.notices, *(task for task in plan.tasks if task.level)):
            medium = sent.medium if sent in plan.notices else "task"
            levels += [
                {"item": line.item, "procedure": sent.procedure, "level": line.level, "level_number": line.level_number,
                 "cycle": line.cycle, "date": today, "state": "sent", "dispatch": sent.key, "medium": medium}
                for line in sent.receivables
            ]  # fmt: skip
        contacts += [{"debtor": n.debtor.id, "date": today, "contacts": 1} for n in plan.notices]
        tasks |= {task.key for task in plan.tasks}
        notices = {(n.debtor.id, n.level, n.channel, tuple(sorted(line.item for line in n.receivables))) for n in plan.notices}  # fmt: skip
        yield today, notices, sorted((t.debtor.id, t.kind, t.level or "") for t in plan.tasks)


@settings(max_examples=6, deadline=None)
@given(stories(), policies(), st.integers(10, 24))
def test_the_quick_replay_does_what_a_plain_loop_over_all_days_does(told, rules, length):
    items, flows, debtors, history = told
    period = Period(START, START + timedelta(days=length))
    story = Story(
        frame(APPEARING, items),
        frame(FLOWS, flows),
        frame(DEBTORS, debtors),
        past(*history),
    )
    played = replay(story, rules, REACH, period)
    for today, notices, tasks in plain(items, flows, debtors, history, rules, period):
        mine = played.notices.filter(pl.col("day") == today)
        found = {(d, level, c, tuple(i)) for d, level, c, i in mine.select("debtor", "level", "channel", "items").rows()}  # fmt: skip
        assert (today, found) == (today, notices)
        given_today = played.tasks.filter(pl.col("day") == today)
        assert sorted((d, k, level or "") for d, k, level in given_today.select("debtor", "kind", "level").rows()) == tasks  # fmt: skip


def test_the_last_day_of_a_period_may_be_no_sending_day():
    days = list(Period(date(2026, 4, 3), date(2026, 4, 7)).sending_days("FR"))
    assert days == [date(2026, 4, 3), date(2026, 4, 7)]  # Easter Monday is the 6th
