from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from relance.history.errors import OutOfOrder
from relance.history.store import History
from relance.history.values import AlreadyClaimed, Claimed, Ending, GivenUp, NotYet

from .notices import MONDAY, covering, dispatch, message


def claim(history: History, key: str, *items: str, run: int = 1, **changes):
    given = dispatch(key, **changes)
    return history.claim(given, covering(*items), message(key, recipient=given.recipient), run)


def send(history: History, key: str, *items: str, ending: str = "accepted", **changes):
    claim(history, key, *items, **changes)
    history.transmitting(key, 1)
    return history.settle(key, Ending(ending), 1)


def test_a_receivable_is_claimed_once_per_level_whatever_the_grouping(history):
    assert claim(history, "k1", "F1", "F2") == Claimed(1)
    assert claim(history, "k2", "F2", "F3") == AlreadyClaimed("k1")
    assert claim(history, "k3", "F3") == Claimed(1)


def test_what_is_refused_leaves_nothing_behind(history):
    claim(history, "k1", "F1")
    claim(history, "k2", "F2", "F1")
    assert claim(history, "k3", "F2") == Claimed(1)
    assert {entry["dispatch"] for entry in history.entries(50)} == {"k1", "k3"}


def test_another_level_cycle_or_part_is_another_claim(history):
    for key, claims in {
        "k1": covering("F1"),
        "k2": covering("F1", level="reminder-2", number=2),
        "k3": covering("F1", cycle=1),
        "k4": covering("F1", part="letter"),
    }.items():
        assert history.claim(dispatch(key), claims, message(key), 1) == Claimed(1)


def test_the_same_dispatch_is_not_sent_twice(history):
    assert send(history, "k1", "F1") == "sent"
    assert claim(history, "k1", "F1") == AlreadyClaimed("k1")


def test_a_passing_refusal_waits_longer_each_time_and_then_fails(history, clock):
    for wait in (
        timedelta(minutes=15),
        timedelta(hours=1),
        timedelta(hours=4),
        timedelta(hours=24),
    ):
        assert send(history, "k1", "F1", ending="transient") == "retry"
        answer = claim(history, "k1", "F1")
        assert isinstance(answer, NotYet)
        assert answer.until - clock.moment == pytest.approx(wait, abs=timedelta(seconds=1))
        clock.forward(seconds=wait.total_seconds() + 1)
    assert send(history, "k1", "F1", ending="transient") == "failed"
    assert isinstance(claim(history, "k1", "F1"), GivenUp)


def test_while_a_notice_waits_another_grouping_may_carry_its_receivables(history):
    send(history, "k1", "F1", ending="transient")
    assert send(history, "k2", "F1", "F2") == "sent"
    assert history.past().levels["dispatch"].to_list() == ["k2", "k2"]


def test_a_rejected_address_is_left_alone_until_it_changes_or_a_person_says_so(history):
    assert send(history, "k1", "F1", ending="rejected") == "rejected"
    assert isinstance(claim(history, "k1", "F1"), GivenUp)
    assert isinstance(claim(history, "k2", "F2"), GivenUp)
    assert claim(history, "k2", "F2", recipient="new@b.example") == Claimed(1)
    history.resolve("k1", "unsent", by="anne")
    assert claim(history, "k1", "F1") == Claimed(2, as_stored=True)


@pytest.mark.parametrize("ending", ["accepted", "unknown"])
def test_what_came_back_is_no_level_and_its_address_is_left_alone(history, ending):
    send(history, "k1", "F1", ending=ending)
    history.bounce("k1", "5.1.1 no such user")
    past = history.past()
    assert past.levels.is_empty()
    assert past.contacts.is_empty()
    assert past.rejected.rows() == [("C1", "a@b.example")]
    assert claim(history, "k1", "F1") == GivenUp("rejected", "5.1.1 no such user")
    assert claim(history, "k2", "F1", recipient="new@b.example") == Claimed(1)


def test_only_what_left_can_come_back(history):
    send(history, "k1", "F1", ending="rejected")
    with pytest.raises(OutOfOrder):
        history.bounce("k1", "5.1.1")
    send(history, "k2", "F2", recipient="c@b.example")
    history.bounce("k2", "5.1.1")
    with pytest.raises(OutOfOrder):
        history.bounce("k2", "again")


def test_a_channel_that_is_down_holds_nothing_against_the_notice(history):
    assert send(history, "k1", "F1", ending="channel_down") == "cancelled"
    assert claim(history, "k1", "F1") == Claimed(2)


def test_a_cancelled_notice_may_be_sent_another_time(history):
    claim(history, "k1", "F1")
    history.cancel("k1", "paid")
    assert history.past().levels.is_empty()
    assert claim(history, "k1", "F1") == Claimed(2)


def test_in_doubt_is_not_sent_again_until_a_person_settles_it(history):
    assert send(history, "k1", "F1", ending="unknown") == "in_doubt"
    assert claim(history, "k1", "F1") == AlreadyClaimed("k1")
    assert [doubt.dispatch.key for doubt in history.in_doubt()] == ["k1"]
    history.resolve("k1", "unsent", by="anne")
    assert history.in_doubt() == []
    assert claim(history, "k1", "F1") == Claimed(2, as_stored=True)


def test_what_was_changed_since_is_another_message(history):
    send(history, "k1", "F1", ending="unknown")
    history.resolve("k1", "unsent", by="anne")
    assert claim(history, "k1", "F1", recipient="new@b.example") == Claimed(2)


@pytest.mark.parametrize(("how", "seen"), [("sent", "sent"), ("abandoned", "adopted")])
def test_a_settled_doubt_counts_for_the_level(history, how, seen):
    send(history, "k1", "F1", ending="unknown")
    assert history.past().levels["state"].to_list() == ["in_doubt"]
    history.resolve("k1", how, by="anne")
    assert history.past().levels["state"].to_list() == [seen]
    assert claim(history, "k1", "F1") == AlreadyClaimed("k1")


def test_only_what_is_in_doubt_can_be_settled_as_sent(history):
    send(history, "k1", "F1")
    with pytest.raises(OutOfOrder):
        history.resolve("k1", "sent", by="anne")


def test_the_stored_bytes_are_those_that_were_rendered(history):
    content = bytes(range(256)) * 40
    history.claim(dispatch("k1"), covering("F1"), message("k1", content), 1)
    assert history.message("k1") == message("k1", content)


def test_the_state_is_that_of_the_last_event(history):
    send(history, "k1", "F1")
    told = [entry["type"] for entry in reversed(history.entries(50))]
    assert told == ["rendered", "claimed", "transmitting", "sent"]
    with history._transaction() as connection:
        assert connection.execute(text("SELECT state FROM dispatches")).scalar() == "sent"


def test_a_dead_run_is_recovered(history):
    first = history.begin_run(MONDAY)
    claim(history, "claimed", "F1", run=first)
    for key, item, repeatable in (("mail", "F2", False), ("file", "F3", True)):
        claim(history, key, item, run=first, idempotent=repeatable)
        history.transmitting(key, first)
    second = history.begin_run(MONDAY)
    assert [found.dispatch.key for found in history.recover(second)] == ["file"]
    assert [doubt.dispatch.key for doubt in history.in_doubt()] == ["mail"]
    assert claim(history, "claimed", "F1", run=second) == Claimed(2)
    history.transmitting("file", second)
    assert history.settle("file", Ending("accepted"), second) == "sent"
