"""The loop that claims, sends and settles, with the real history and channels that misbehave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from relance.channels.conformance import message
from relance.channels.contract import Accepted, Capabilities, NotAccepted, Outcome, Unknown
from relance.history.errors import HistoryUnavailable
from relance.history.store import History
from relance.history.values import Claim, Dispatch
from relance.runs.consignment import Delivery
from relance.runs.delivery import deliver, recover

DAY = date(2026, 3, 2)
Behaviour = Callable[[Callable[[], None]], Outcome]


class Odd:
    """A channel that does, message by message, what the test says; then it accepts."""

    capabilities = Capabilities(media=("email",), idempotent=True, attachments=True)

    def __init__(self, *behaviours: Behaviour) -> None:
        self.behaviours = list(behaviours)
        self.taken: list[str] = []

    def send(self, message: object, key: str, transmitting: Callable[[], None]) -> Outcome:
        if self.behaviours:
            return self.behaviours.pop(0)(transmitting)
        transmitting()
        self.taken.append(key)
        return Accepted()

    def close(self) -> None:
        pass


def after_mark(outcome: Outcome | BaseException) -> Behaviour:
    def behave(transmitting: Callable[[], None]) -> Outcome:
        transmitting()
        return before_mark(outcome)(transmitting)

    return behave


def before_mark(outcome: Outcome | BaseException) -> Behaviour:
    def behave(transmitting: Callable[[], None]) -> Outcome:
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    return behave


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    moment = datetime(2026, 3, 2, 8, tzinfo=UTC)
    with History.open("sqlite:///relance.db", tmp_path, creditor="x", now=lambda: moment) as opened:
        yield opened


def prepared(count: int = 5, **changes: object) -> list[tuple[Dispatch, list[Claim], object]]:
    keys = [f"{number:032x}" for number in range(count)]
    return [
        (
            Dispatch(
                key, "notice", DAY, "C1", "email", "email", f"{key}@b.example", "EUR", 100,
                "standard", "reminder-1", 1, **changes,
            ),
            [Claim(f"F{key}", "standard", "reminder-1", 1)],
            message("email", key),
        )
        for key in keys
    ]  # fmt: skip


def states(history: History, channel: Odd, run: int = 1, **changes: object) -> list[str]:
    done = deliver(prepared(**changes), history, {"email": channel}, run)
    return [each.state for each in done]


def test_what_was_sent_is_not_sent_again(history):
    assert states(history, Odd()) == ["sent"] * 5
    again = Odd()
    assert states(history, again) == ["already"] * 5
    assert again.taken == []


def test_a_message_is_claimed_and_sent_before_the_next_is_rendered(history):
    channel = Odd()
    seen: list[int] = []

    def rendering() -> Iterator[object]:
        for each in prepared():
            seen.append(len(channel.taken))
            yield each

    list(deliver(rendering(), history, {"email": channel}, 1))
    assert seen == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("behaviour", "state"),
    [
        (before_mark(NotAccepted("transient", "recipient", "later")), "retry"),
        (before_mark(NotAccepted("permanent", "recipient", "never")), "rejected"),
        (before_mark(ValueError("a fault")), "retry"),
        (after_mark(NotAccepted("transient", "recipient", "later")), "retry"),
        (after_mark(NotAccepted("permanent", "recipient", "never")), "rejected"),
        (after_mark(Unknown("no reply")), "in_doubt"),
        (after_mark(ValueError("a fault")), "in_doubt"),
    ],
)
def test_one_message_s_trouble_is_no_other_s(history, behaviour, state):
    assert states(history, Odd(behaviour)) == [state, "sent", "sent", "sent", "sent"]


def test_a_channel_that_is_down_is_left_alone_and_nothing_is_held_against_its_notices(history):
    down = Odd(before_mark(NotAccepted("permanent", "channel", "535 wrong password")))
    done = list(deliver(prepared(), history, {"email": down}, 1))
    assert [each.state for each in done] == ["cancelled", *["stopped"] * 4]
    assert all(each.channel_down and "535" in each.detail for each in done)
    assert states(history, Odd()) == ["sent"] * 5


def test_three_failures_in_a_row_stop_a_channel_two_do_not(history):
    failure = before_mark(NotAccepted("transient", "channel", "refused"))
    assert states(history, Odd(failure, failure, failure)) == ["cancelled"] * 3 + ["stopped"] * 2
    assert states(history, Odd(failure, failure)) == ["cancelled"] * 2 + ["sent"] * 3


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), SystemExit(143)])
def test_an_interrupted_run_releases_what_did_not_leave(history, stop):
    with pytest.raises(type(stop)):
        states(history, Odd(before_mark(stop)))
    assert history.in_doubt() == []
    assert states(history, Odd()) == ["sent"] * 5


def test_an_interrupted_run_shows_in_doubt_what_may_have_left(history):
    with pytest.raises(KeyboardInterrupt):
        states(history, Odd(after_mark(KeyboardInterrupt())))
    assert [doubt.dispatch.key for doubt in history.in_doubt()] == ["0" * 32]
    assert states(history, Odd()) == ["already", *["sent"] * 4]


def test_where_a_second_copy_replaces_the_first_nothing_is_in_doubt(history):
    first = history.begin_run(DAY)
    with pytest.raises(KeyboardInterrupt):
        states(history, Odd(after_mark(KeyboardInterrupt())), first, idempotent=True)
    second = history.begin_run(DAY)
    channel = Odd()
    assert list(recover(history, {"email": channel}, second)) == [Delivery("0" * 32, "sent")]
    assert channel.taken == ["0" * 32]


def test_a_channel_that_was_removed_leaves_its_cut_messages_in_doubt(history):
    first = history.begin_run(DAY)
    with pytest.raises(KeyboardInterrupt):
        states(history, Odd(after_mark(KeyboardInterrupt())), first, idempotent=True)
    [delivery] = recover(history, {}, history.begin_run(DAY))
    assert delivery.state == "in_doubt"
    assert "email" in delivery.detail


def test_what_waits_says_until_when(history):
    states(history, Odd(before_mark(NotAccepted("transient", "recipient", "greylisted"))), count=1)
    [waiting] = deliver(prepared(1), history, {"email": Odd()}, 2)
    assert waiting.state == "waiting"
    assert waiting.until == datetime(2026, 3, 2, 8, 15, tzinfo=UTC)


def limit(history: History, pages: int | None = None) -> None:
    """Let the database grow to `pages` pages, or not at all."""
    with history._transaction() as connection:
        size = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages or size}")


def test_when_the_history_fails_nothing_more_is_sent_and_nothing_forgotten(history):
    first = history.begin_run(DAY)
    limit(history)
    channel = Odd()
    with pytest.raises(HistoryUnavailable, match="no space"):
        states(history, channel, first, count=200)
    limit(history, 1_000_000)
    list(recover(history, {"email": channel}, history.begin_run(DAY)))
    sent = history.past().levels.filter(state="sent")["dispatch"].to_list()
    doubts = [doubt.dispatch.key for doubt in history.in_doubt()]
    assert sorted(sent + doubts) == channel.taken
    assert len(channel.taken) < 200
