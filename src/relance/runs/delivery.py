"""Sends what was prepared: each message claimed, transmitted, settled; several at once if asked.

`prepared` may be a generator that renders as it goes: with one connection, a message is rendered,
claimed and sent before the next one is rendered.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from relance.channels.contract import Accepted, Channel, NotAccepted, Outcome
from relance.history.values import Dispatch, Ending, Unfinished
from relance.policy.channels import ChannelConfig
from relance.runs.consignment import Delivery, Prepared
from relance.runs.lanes import Lane
from relance.runs.pacing import Pace
from relance.runs.second_look import INTERRUPTED, SecondLook
from relance.runs.sender import Sender

if TYPE_CHECKING:
    from relance.history.lookout import Place
    from relance.history.store import History

PATIENCE = 3
"""Failures to reach a channel, in a row, after which the run stops using it."""

GRACE = 5.0
"""Seconds that an interrupted run gives what is on its way: an answer spares a doubt."""

LEFT = ("sent", "in_doubt")
"""States of what left, or may have."""


@dataclass(frozen=True)
class Terms:
    """How a run sends: what the policy says of its channels, and what may call it off.

    Attributes:
        configs: connections, rate and window of each channel, by its name.
        timezone: of the creditor; windows are in it.
        another: opens one more connection of a channel.
        place: how far the history went when the plan was made.
        accounts: the file of bank accounts: when it changes, nothing leaves any more.
    """

    configs: Mapping[str, ChannelConfig] = field(default_factory=dict)
    timezone: str = "UTC"
    another: Callable[[str], Channel] | None = None
    place: Place | None = None
    accounts: Path | None = None


def deliver(
    prepared: Iterable[Prepared],
    history: History,
    channels: Mapping[str, Channel],
    run: int,
    terms: Terms | None = None,
) -> Iterator[Delivery]:
    """Yield what became of each message of `prepared`, in order.

    A channel that is down stops for this run, one that cannot be reached or does not tell what it
    did after three failures in a row; its other messages stay unsent and unclaimed. When nothing
    may leave any more, the message it was found out at is the last one yielded.

    Raises:
        HistoryUnavailable: when the history fails: nothing more is sent.
    """
    sending = _Round(history, channels, run, terms or Terms())
    try:
        for each in prepared:
            sending.take(each)
            yield from sending.done()
            if sending.halted:
                break
        yield from sending.rest()
    except BaseException:
        sending.break_off()
        raise
    sending.close()


def recover(history: History, channels: Mapping[str, Channel], run: int) -> Iterator[Delivery]:
    """Settle what dead runs left behind and yield what was transmitted again.

    What its next hop would not know again any more is in doubt. Use it up before the past is read
    for the plan.
    """
    sender = Sender(history, run, SecondLook(history, run), lambda _channel, _outcome: None)
    for unfinished in history.recover(run):
        channel = _again(unfinished, history, channels)
        dispatch = unfinished.dispatch
        if isinstance(channel, str):
            yield from _given_up(unfinished, channel, history, run)
        else:
            yield sender.repeat(dispatch, history.message(dispatch.key), channel)


def _again(
    unfinished: Unfinished, history: History, channels: Mapping[str, Channel]
) -> Channel | str:
    """Return the channel to transmit it again by; or why it cannot be."""
    name = unfinished.dispatch.channel
    if name not in channels:
        return f"there is no channel {name} any more"
    channel = channels[name]
    honoured = channel.capabilities.honoured
    if not channel.capabilities.idempotent:
        return f"channel {name} would send it twice"
    if honoured is not None and history.now() - unfinished.begun >= honoured:
        return f"channel {name} does not know it again after {honoured}"
    return channel


def _given_up(
    unfinished: Unfinished, reason: str, history: History, run: int
) -> Iterator[Delivery]:
    if unfinished.state == "transmitting":
        key = unfinished.dispatch.key
        yield Delivery(key, history.settle(key, Ending("unknown", reason), run), reason)


class _Round:
    """The state of one run's sending: what is on its way, and which channels are stopped."""

    def __init__(
        self, history: History, channels: Mapping[str, Channel], run: int, terms: Terms
    ) -> None:
        self._history = history
        self._channels = channels
        self._run = run
        self._terms = terms
        self._pace = Pace(history, terms.configs, terms.timezone)
        self._look = SecondLook(history, run, terms.place, terms.accounts)
        self._sender = Sender(history, run, self._look, self._watch)
        self._lanes: dict[str, Lane] = {}
        self._under_way: deque[tuple[Dispatch, Delivery | Future[Delivery]]] = deque()
        self._stopped: dict[str, str] = {}
        self._failures: Counter[str] = Counter()
        self._lock = Lock()

    @property
    def halted(self) -> bool:
        """Whether nothing may leave any more."""
        return bool(self._look.halted)

    def take(self, prepared: Prepared) -> None:
        """Send the message, or give it to a connection as soon as one is free."""
        dispatch = prepared[0]
        held = self._held(dispatch)
        if held is not None:
            self._under_way.append((dispatch, held))
            return
        self._pace.departs(dispatch)
        lane = self._lane(dispatch.channel)
        sent = (
            lane.give(prepared)
            if lane
            else self._sender.send(prepared, self._channels[dispatch.channel])
        )
        self._under_way.append((dispatch, sent))

    def done(self) -> Iterator[Delivery]:
        """Yield what is known by now, as far as all before it is known too."""
        self._raise_what_failed()
        while self._under_way and _is_known(self._under_way[0][1]):
            yield self._next()

    def rest(self) -> Iterator[Delivery]:
        """Yield all that is on its way, waiting for it."""
        while self._under_way:
            yield from self.done()
            wait(self._unknown(), return_when=FIRST_COMPLETED)

    def close(self) -> None:
        """Close the connections."""
        for lane in self._lanes.values():
            lane.close(wait=True)

    def break_off(self) -> None:
        """End at once: what is on its way gets a moment for its answer and is settled then."""
        self._look.halt(INTERRUPTED)
        for lane in self._lanes.values():
            lane.close(wait=False)
        pending = [(d, f) for d, f in self._under_way if isinstance(f, Future)]
        try:
            wait([future for _, future in pending], GRACE)
        finally:
            for dispatch, future in pending:
                if not future.done():
                    self._history.interrupt(dispatch.key, INTERRUPTED, self._run)

    def _held(self, dispatch: Dispatch) -> Delivery | None:
        """Return why the message is not even claimed; None if it is to be sent."""
        key, stopped = dispatch.key, self._stopped.get(dispatch.channel)
        if stopped is not None:
            return Delivery(key, "stopped", stopped, channel_down=True)
        until = self._pace.until(dispatch)
        return None if until is None else Delivery(key, "waiting", until=until)

    def _lane(self, name: str) -> Lane | None:
        """Return the connections of a channel that has several; None for one alone."""
        config, another = self._terms.configs.get(name), self._terms.another
        if config is None or another is None or config.connections == 1:
            return None
        if name not in self._lanes:
            self._lanes[name] = Lane(lambda: another(name), config.connections, self._sender.send)
        return self._lanes[name]

    def _next(self) -> Delivery:
        dispatch, sent = self._under_way[0]
        delivery = sent.result() if isinstance(sent, Future) else sent
        self._under_way.popleft()
        if delivery.state not in (*LEFT, "waiting", "stopped"):
            self._pace.stayed(dispatch)
        return delivery

    def _unknown(self) -> list[Future[Delivery]]:
        return [f for _, f in self._under_way if isinstance(f, Future) and not f.done()]

    def _raise_what_failed(self) -> None:
        """Raise what ended a thread's work, at once: others may be waiting for a server still."""
        for _, sent in self._under_way:
            if isinstance(sent, Future) and sent.done():
                sent.result()

    def _watch(self, channel: str, outcome: Outcome) -> None:
        with self._lock:
            if isinstance(outcome, Accepted) or _is_about_one(outcome):
                self._failures[channel] = 0
                return
            self._failures[channel] += 1
            final = isinstance(outcome, NotAccepted) and outcome.kind == "permanent"
            if final or self._failures[channel] >= PATIENCE:
                self._stopped[channel] = outcome.detail


def _is_about_one(outcome: Outcome) -> bool:
    """Return whether the outcome is about one message, and not about the channel."""
    return isinstance(outcome, NotAccepted) and outcome.scope == "recipient"


def _is_known(sent: Delivery | Future[Delivery]) -> bool:
    return not isinstance(sent, Future) or sent.done()
