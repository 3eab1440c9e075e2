from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from relance.dunning.events import CONTACTS, CYCLES, HOLDS, PAST_LEVELS, REJECTED
from relance.history.values import AlreadyClaimed, Ending, Record
from relance.ledger.schema import schema

from .notices import MONDAY, covering, dispatch, message


def send(history, key, claims, ending="accepted", **changes):
    given = dispatch(key, **changes)
    history.claim(given, claims, message(key, recipient=given.recipient), 1)
    history.transmitting(key, 1)
    return history.settle(key, Ending(ending), 1)


def adopted(*items: str, level: str = "reminder-1", number: int = 1) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "item": items,
            "procedure": ["standard"] * len(items),
            "level": [level] * len(items),
            "level_number": [number] * len(items),
            "cycle": [0] * len(items),
            "date": [MONDAY] * len(items),
        }
    )


def test_a_new_history_has_no_past(history):
    past = history.past()
    assert past.levels.schema == schema(PAST_LEVELS)
    assert past.contacts.schema == schema(CONTACTS)
    assert past.cycles.schema == schema(CYCLES)
    assert past.holds.schema == schema(HOLDS)
    assert past.rejected.schema == schema(REJECTED)
    assert sum(frame.height for frame in (past.levels, past.contacts, past.cycles)) == 0


def test_a_level_counts_when_it_was_sent_or_may_have_been(history):
    for key, ending in {
        "k1": "accepted", "k2": "unknown", "k3": "rejected", "k4": "transient", "k5": "channel_down",
    }.items():  # fmt: skip
        send(history, key, covering(f"F{key}"), ending, recipient=f"{key}@b.example")
    assert history.past().levels.sort("item").rows() == [
        ("Fk1", "standard", "reminder-1", 1, 0, MONDAY, "sent", "k1", "email"),
        ("Fk2", "standard", "reminder-1", 1, 0, MONDAY, "in_doubt", "k2", "email"),
    ]


def test_names_with_quotes_commas_and_line_ends_come_back_as_they_are(history):
    items = ['O"Brien, "fils"|F1|2026', "C2|F\n2|2026", "Crème, é €|F3|2026", "|||", ' " ']
    send(history, "k1", covering(*items), debtor='C"1",\n')
    past = history.past()
    assert past.levels["item"].to_list() == items
    assert past.contacts["debtor"].to_list() == ['C"1",\n']


def test_only_the_items_asked_for_are_given(history):
    send(history, "k1", covering("F1", "F2", "F3"))
    history.record_cycles(["F1", "F2"], [], MONDAY)
    past = history.past(items={"F2", "F9"})
    assert past.levels["item"].to_list() == ["F2"]
    assert past.cycles["item"].to_list() == ["F2"]


def test_what_a_dead_run_left_reads_as_the_next_run_will_settle_it(history):
    first = history.begin_run(MONDAY)
    for key, repeatable in (("k1", False), ("k2", True), ("k3", False)):
        given = dispatch(key, idempotent=repeatable)
        history.claim(given, covering(f"F{key}"), message(key), first)
        if key != "k3":
            history.transmitting(key, first)
    levels = history.past().levels
    assert dict(levels.select("item", "state").rows()) == {"Fk1": "in_doubt", "Fk2": "sent"}


def test_contacts_are_notices_by_debtor_and_day_without_tasks(history):
    tuesday = MONDAY + timedelta(days=1)
    send(history, "k1", covering("F1"))
    send(history, "k2", covering("F2"), "unknown")
    send(history, "k3", covering("F3"), run_date=tuesday)
    send(history, "k4", covering("F4"), kind="task", contact=False)
    send(history, "k5", covering("F5"), "transient")
    assert history.past().contacts.rows() == [("C1", MONDAY, 2), ("C1", tuesday, 1)]


def test_tasks_that_were_given_are_known_by_their_keys(history):
    send(history, "k1", covering("F1", level="find_address", number=None), kind="task")
    send(history, "k2", covering("F2"))
    past = history.past()
    assert past.tasks == {"k1"}
    assert past.levels["item"].to_list() == ["F2"]


def test_refused_recipients_are_known_until_one_message_is_taken(history):
    send(history, "k1", covering("F1"), "rejected", recipient="x@b.example")
    send(history, "k2", covering("F2"), "rejected", recipient="y@b.example")
    history.resolve("k2", "unsent", by="anne")
    assert history.past().rejected.rows() == [("C1", "x@b.example")]


def test_a_payment_that_bounces_starts_a_new_cycle(history):
    send(history, "k1", covering("F1", "F2"))
    history.record_cycles(["F1", "F2"], [], MONDAY)
    history.record_cycles([], ["F1"], MONDAY)
    assert history.past().cycles.rows() == [("F1", 1, False), ("F2", 0, True)]
    history.record_cycles(["F1"], [], MONDAY)
    assert history.past().cycles.rows() == [("F1", 1, True), ("F2", 0, True)]


def test_seeing_the_same_again_starts_no_other_cycle(history):
    for _ in range(2):
        history.record_cycles(["F1"], [], MONDAY)
    for _ in range(2):
        history.record_cycles([], ["F1", "F9"], MONDAY)
    assert history.past().cycles.rows() == [("F1", 1, False)]


def test_what_operators_record_comes_back_in_order(history):
    promise = Record(
        "promise", MONDAY, debtor="C1", item="F1", until=date(2026, 3, 9), amount=5_000,
        reason="called", by="anne",
    )  # fmt: skip
    plan = Record(
        "instalments", MONDAY, debtor="C1",
        schedule=((date(2026, 4, 1), 100), (date(2026, 5, 1), 200)),
    )  # fmt: skip
    history.record([promise, plan])
    rows = (
        history.past()
        .holds.drop("seq")
        .select(pl.all().exclude("by", "code", "owner", "about", "covers", "lines", "less"))
        .rows()
    )
    until = date(2026, 3, 9)
    assert rows[0] == (MONDAY, "promise", "C1", "F1", until, 5_000, None, [], "called")
    assert rows[1][-2] == [
        {"due": date(2026, 4, 1), "amount": 100},
        {"due": date(2026, 5, 1), "amount": 200},
    ]


def test_an_adopted_level_counts_and_is_never_sent(history):
    assert history.record_adopted(adopted("F1", "F2")) == 2
    assert history.record_adopted(adopted("F2", "F3")) == 1
    levels = history.past().levels
    assert levels["state"].unique().to_list() == ["adopted"]
    assert levels["dispatch"].null_count() == 3
    answer = history.claim(dispatch("k1"), covering("F1"), message("k1"), 1)
    assert answer == AlreadyClaimed("")


def test_approvals_are_kept(history):
    history.approve(["k1", "planhash"], by="anne")
    assert [(a.key, a.by) for a in history.approved()] == [("k1", "anne"), ("planhash", "anne")]


def test_the_last_import_is_kept_whole(history):
    items = pl.DataFrame(
        {
            "item": ["F1", "F2"],
            "currency": ["EUR", "CHF"],
            "open": [1200, -500],
            "due": [MONDAY, None],
        }
    )
    assert history.snapshot("ventes") is None
    history.save_snapshot("ventes", MONDAY, "sha", items)
    history.save_snapshot("ventes", MONDAY + timedelta(days=1), "sha2", items)
    kept = history.snapshot("ventes")
    assert kept.items.equals(items)
    assert (kept.fingerprint, kept.rows) == ("sha2", 2)
    assert kept.open_totals == {"EUR": 1200, "CHF": -500}


def test_the_timeline_tells_what_happened_to_a_receivable(history):
    history.record_adopted(adopted("F1", level="courtesy", number=1))
    send(history, "k1", covering("F1", "F2", level="reminder-2", number=2))
    history.record([Record("block", MONDAY, debtor="C1"), Record("dispute", MONDAY, item="F2")])
    told = history.timeline("F1", debtor="C1")
    assert [entry["type"] for entry in told] == [
        "adopted", "rendered", "claimed", "transmitting", "sent", "block",
    ]  # fmt: skip
    sent = told[4]
    assert (sent["level"], sent["channel"], sent["recipient"]) == (
        "reminder-2", "email", "a@b.example",
    )  # fmt: skip


def test_entries_are_the_newest_first_and_can_be_those_of_a_debtor(history):
    send(history, "k1", covering("F1"))
    send(history, "k2", covering("F2"), debtor="C2")
    assert [entry["type"] for entry in history.entries(2)] == ["sent", "transmitting"]
    assert {entry["debtor"] for entry in history.entries(99, debtor="C1")} == {"C1"}


def test_runs_are_numbered_and_only_completed_ones_set_the_date(history):
    assert history.last_completed_run() is None
    first = history.begin_run(MONDAY, "hash")
    history.finish_run(first, "completed", {"sent": 2})
    second = history.begin_run(MONDAY + timedelta(days=1))
    history.finish_run(second, "stopped", {})
    assert second > first
    assert history.last_completed_run() == MONDAY


def test_what_people_record_has_a_number_by_which_later_events_name_it(history):
    (opened,) = history.record(
        [Record("dispute", MONDAY, "C1", "F1", code="price", owner="paul", facts={"portal": "x"})]
    )
    numbers = history.record(
        [Record("note", MONDAY, "C2"), Record("dispute_settled", MONDAY, "C1", "F1", about=opened)]
    )
    assert numbers == (opened + 1, opened + 2)
    told = history.recorded(debtor="C1").select("seq", "type", "code", "owner", "about").rows()
    assert told == [
        (opened, "dispute", "price", "paul", None),
        (opened + 2, "dispute_settled", None, None, opened),
    ]
    assert history.recorded(["note"])["debtor"].to_list() == ["C2"]
    assert history.past().holds.height == 2  # a note decides nothing
    assert history.timeline("F1")[0]["portal"] == "x"


def test_a_task_in_doubt_is_on_the_list_once_a_person_says_that_it_was_given(history):
    send(history, "k1", covering("F1"), "unknown", kind="task", medium="task", channel="task")
    assert history.tasks_given() == []
    history.resolve("k1", "sent", by="anne")
    [task] = history.tasks_given()
    assert (task.key, task.debtor) == ("k1", "C1")
