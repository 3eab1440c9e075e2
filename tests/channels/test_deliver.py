"""The loop that claims, sends and settles, with the real history and channels that misbehave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from relance.channels.conformance import message
from relance.channels.contract import Accepted, Capabilities, NotAccepted, Outcome, Unknown
from relance.history.errors import HistoryUnavailable
from relance.history.store import History
from relance.history.values import Claim, Dispatch
from relance.policy.channels import ChannelConfig
from relance.runs.consignment import Delivery
from relance.runs.delivery import Terms, deliver, recover

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


class Hours:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> Hours:
    return Hours()


@pytest.fixture
def timed(tmp_path: Path, clock: Hours) -> Iterator[History]:
    with History.open("sqlite:///timed.db", tmp_path, creditor="x", now=clock) as opened:
        yield opened


class Remembering(Odd):
    """A channel whose next hop knows a key again for a day."""

    capabilities = Capabilities(
        media=("email",), idempotent=True, attachments=True, honoured=timedelta(hours=24)
    )

    def __init__(self, *behaviours: Behaviour) -> None:
        super().__init__(*behaviours)
        self.contents: list[bytes] = []

    def send(self, message: object, key: str, transmitting: Callable[[], None]) -> Outcome:
        self.contents.append(message.content)  # type: ignore[attr-defined]
        return super().send(message, key, transmitting)


def cut_short(history: History, *behaviours: Behaviour) -> str:
    """Leave one dispatch in transmitting, by a run that died."""
    first = history.begin_run(DAY)
    with pytest.raises(KeyboardInterrupt):
        states(
            history, Remembering(after_mark(KeyboardInterrupt())), first, count=1, idempotent=True
        )
    return "0" * 32


def test_what_was_cut_short_is_sent_again_only_as_long_as_its_key_is_known(timed, clock):
    key = cut_short(timed)
    clock.moment += timedelta(hours=23)
    channel = Remembering()
    done = list(recover(timed, {"email": channel}, timed.begin_run(DAY)))
    assert done == [Delivery(key, "sent")]
    assert channel.contents == [timed.message(key).content]


def test_after_its_window_it_is_in_doubt_and_never_sent_again(timed, clock):
    key = cut_short(timed)
    clock.moment += timedelta(hours=24)
    channel = Remembering()
    [done] = recover(timed, {"email": channel}, timed.begin_run(DAY))
    assert (done.key, done.state, channel.taken) == (key, "in_doubt", [])
    assert list(recover(timed, {"email": channel}, timed.begin_run(DAY))) == []


def test_the_window_counts_from_the_first_try_however_often_it_is_repeated(timed, clock):
    key = cut_short(timed)
    for _ in range(2):
        clock.moment += timedelta(hours=10)
        vague = Remembering(after_mark(Unknown("no reply")))
        [done] = recover(timed, {"email": vague}, timed.begin_run(DAY))
        assert (done.key, done.state) == (key, "in_doubt")
    clock.moment += timedelta(hours=5)
    silent = Remembering()
    assert list(recover(timed, {"email": silent}, timed.begin_run(DAY))) == []
    assert silent.contents == []
    assert [doubt.dispatch.key for doubt in timed.in_doubt()] == [key]


def test_that_a_repetition_is_refused_tells_nothing_of_the_first_try(timed):
    key = cut_short(timed)
    refusing = Remembering(before_mark(NotAccepted("permanent", "recipient", "422")))
    [done] = recover(timed, {"email": refusing}, timed.begin_run(DAY))
    assert (done.key, done.state) == (key, "in_doubt")


def test_an_open_outcome_is_asked_again_with_the_same_key_where_the_key_is_known(timed):
    channel = Remembering(after_mark(Unknown("timeout")))
    assert states(timed, channel, count=1, idempotent=True) == ["sent"]
    assert len(set(channel.contents)) == 1
    assert len(channel.contents) == 2


def test_a_server_says_when_to_come_back_but_never_later_than_a_day(timed, clock):
    for asked, waits in ((timedelta(minutes=90), 90), (timedelta(days=9), 24 * 60)):
        later = before_mark(NotAccepted("transient", "recipient", "429", asked))
        states(timed, Odd(later), count=1)
        [waiting] = deliver(prepared(1), timed, {"email": Odd()}, 1)
        assert waiting.until == clock.moment + timedelta(minutes=waits)
        clock.moment = waiting.until


def test_three_open_outcomes_in_a_row_stop_a_channel(history):
    open_ = after_mark(Unknown("no reply"))
    channel = Odd(open_, open_, open_)
    assert states(history, channel) == ["in_doubt"] * 3 + ["stopped"] * 2


class Pool:
    """What several connections of one channel do, all together."""

    def __init__(self, *behaviours: Behaviour) -> None:
        self.shared = list(behaviours)
        self.taken: list[str] = []
        self.opened = 0
        self.closed = 0

    def another(self, _name: str) -> Odd:
        pool = self
        pool.opened += 1

        class One(Odd):
            def send(self, message: object, key: str, transmitting: Callable[[], None]) -> Outcome:
                behaviour = pool.shared.pop(0) if pool.shared else None
                if behaviour:
                    return behaviour(transmitting)
                transmitting()
                pool.taken.append(key)
                return Accepted()

            def close(self) -> None:
                pool.closed += 1

        return One()


def at_once(history: History, pool: Pool, count: int, connections: int = 4) -> list[Delivery]:
    config = ChannelConfig.model_validate({"kind": "outbox", "connections": connections})
    terms = Terms({"email": config}, another=pool.another)
    return list(deliver(prepared(count), history, {"email": Odd()}, 1, terms))


def test_several_connections_send_each_message_once_and_tell_in_order(history):
    pool = Pool()
    done = at_once(history, pool, 60)
    keys = [f"{number:032x}" for number in range(60)]
    assert [(each.key, each.state) for each in done] == [(key, "sent") for key in keys]
    assert sorted(pool.taken) == keys
    assert (1 <= pool.opened <= 4, pool.closed) == (True, pool.opened)
    assert {each.state for each in at_once(history, Pool(), 60)} == {"already"}


def test_a_fault_on_one_connection_is_settled_and_the_others_go_on(history):
    pool = Pool(after_mark(ValueError("a fault")), before_mark(ValueError("another")))
    done = at_once(history, pool, 20)
    assert sorted(each.state for each in done) == ["in_doubt", "retry", *["sent"] * 18]


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), SystemExit(143)])
def test_an_interruption_settles_what_is_under_way_on_all_connections(history, stop):
    begun, let_go = Event(), Event()

    def slow(transmitting: Callable[[], None]) -> Outcome:
        transmitting()
        begun.set()
        let_go.wait(5)
        return Accepted()

    def interrupted(_transmitting: Callable[[], None]) -> Outcome:
        begun.wait(5)
        let_go.set()
        raise stop

    pool = Pool(slow, interrupted)
    with pytest.raises(type(stop)):
        at_once(history, pool, 20)
    left = [*pool.taken, "0" * 32]
    assert history.in_doubt() == []
    again = Pool()
    states_again = {each.key: each.state for each in at_once(history, again, 20)}
    assert [key for key, state in states_again.items() if state == "already"] == sorted(left)
    assert not set(again.taken) & set(left)


def test_what_does_not_answer_in_time_after_an_interruption_is_in_doubt(history, monkeypatch):
    monkeypatch.setattr("relance.runs.delivery.GRACE", 0.01)
    begun, let_go = Event(), Event()

    def deaf(transmitting: Callable[[], None]) -> Outcome:
        transmitting()
        begun.set()
        let_go.wait(5)
        return Accepted()

    def interrupted(_transmitting: Callable[[], None]) -> Outcome:
        begun.wait(5)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        at_once(history, Pool(deaf, interrupted), 2, connections=2)
    let_go.set()
    assert [doubt.dispatch.key for doubt in history.in_doubt()] == ["0" * 32]


def test_when_the_history_fails_no_connection_sends_any_more(history):
    limit(history)
    pool = Pool()
    with pytest.raises(HistoryUnavailable, match="no space"):
        at_once(history, pool, 200)
    limit(history, 1_000_000)
    list(recover(history, {"email": Odd()}, history.begin_run(DAY)))
    known = history.past().levels["dispatch"].to_list()
    assert sorted(known) == sorted(pool.taken)
