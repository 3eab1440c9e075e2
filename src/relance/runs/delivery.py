"""Sends what was prepared: claim, transmit, settle, one message after the other.

`prepared` may be a generator that renders as it goes: a message is rendered, claimed and sent
before the next one is rendered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from relance.channels.contract import Accepted, Capabilities, Channel, NotAccepted, Outcome, Unknown
from relance.dunning.plan import Line, Notice, Task
from relance.history.errors import HistoryUnavailable
from relance.history.values import (
    AlreadyClaimed,
    Claim,
    Claimed,
    Dispatch,
    Ending,
    GivenUp,
    NotYet,
    State,
)
from relance.notices.message import Message

if TYPE_CHECKING:
    from relance.history.store import History

PATIENCE = 3
"""Failures to reach a channel, in a row, after which the run stops using it."""

Prepared = tuple[Dispatch, Sequence[Claim], Message]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one message.

    Attributes:
        state: a state of the history; or "already" (covered by another dispatch), "waiting" (the
            next try is due at `until`), "stopped" (its channel is not used any more in this run).
        detail: for people: the server's words, the key of the other dispatch.
        channel_down: the channel as a whole could not send; the run's exit code says so.
    """

    key: str
    state: State | Literal["already", "waiting", "stopped"]
    detail: str = ""
    until: datetime | None = None
    channel_down: bool = False


def deliver(
    prepared: Iterable[Prepared], history: History, channels: Mapping[str, Channel], run: int
) -> Iterator[Delivery]:
    """Yield what became of each message of `prepared`, in order.

    A channel that is down stops for this run, one that cannot be reached after three failures in
    a row; its other messages stay unsent and unclaimed.

    Raises:
        HistoryUnavailable: when the history fails: nothing more is sent.
    """
    dispatcher = _Round(history, channels, run)
    for dispatch, claims, message in prepared:
        yield dispatcher.send(dispatch, claims, message)


def recover(history: History, channels: Mapping[str, Channel], run: int) -> Iterator[Delivery]:
    """Settle what dead runs left behind and yield what was transmitted again.

    Use it up before the past is read for the plan.
    """
    again = history.recover(run)
    dispatcher = _Round(history, channels, run)
    for dispatch in again:
        yield dispatcher.repeat(dispatch, history.message(dispatch.key))


def of_notice(notice: Notice, message: Message, capabilities: Capabilities) -> Prepared:
    """Return `notice` ready for `deliver`."""
    dispatch = Dispatch(
        key=notice.key,
        kind="notice",
        run_date=notice.run_date,
        debtor=notice.debtor.id,
        channel=notice.channel,
        medium=notice.medium,
        recipient=notice.recipient,
        currency=notice.currency,
        total=notice.total_due,
        procedure=notice.procedure,
        level=notice.level,
        level_number=notice.level_number,
        idempotent=capabilities.idempotent,
        contact=capabilities.contact,
    )
    claims = [_claim(line, notice.procedure, notice.part) for line in notice.receivables]
    return dispatch, claims, message


def of_task(task: Task, channel: str, run_date: date) -> Prepared:
    """Return `task` ready for `deliver` by `channel`, a channel of the kind task, on `run_date`.

    A task that no level asked for claims nothing: its key alone keeps it from being given twice.
    """
    dispatch = Dispatch(
        key=task.key,
        kind="task",
        run_date=run_date,
        debtor=task.debtor.id,
        channel=channel,
        medium="task",
        recipient=task.owner or "",
        currency=task.currency,
        total=sum(line.open for line in task.receivables),
        procedure=task.procedure,
        level=task.level,
        level_number=task.level_number,
        idempotent=True,
        contact=False,
    )
    claims = [_claim(line, task.procedure, "") for line in task.receivables if task.procedure]
    content = task.subject.encode()
    message = Message(
        key=task.key,
        medium="task",
        recipient=dispatch.recipient,
        sender="",
        subject=task.subject,
        content=content,
        message_id="",
        filename=f"{task.kind}-{task.key[:8]}.txt",
    )
    return dispatch, claims, message


def _claim(line: Line, procedure: str, part: str) -> Claim:
    return Claim(line.item, procedure, line.level or "", line.level_number, line.cycle, part)


class _Round:
    """The state of one run's sending: which channels are stopped, and why."""

    def __init__(self, history: History, channels: Mapping[str, Channel], run: int) -> None:
        self._history = history
        self._channels = channels
        self._run = run
        self._stopped: dict[str, str] = {}
        self._failures: Counter[str] = Counter()

    def send(self, dispatch: Dispatch, claims: Sequence[Claim], message: Message) -> Delivery:
        key = dispatch.key
        if dispatch.channel in self._stopped:
            return Delivery(key, "stopped", self._stopped[dispatch.channel], channel_down=True)
        match self._history.claim(dispatch, claims, message, self._run):
            case AlreadyClaimed(by):
                return Delivery(key, "already", by)
            case NotYet(until):
                return Delivery(key, "waiting", until=until)
            case GivenUp(state, detail):
                return Delivery(key, state, detail)
            case Claimed(_, as_stored):
                ready = self._history.message(key) if as_stored else message
                return self._transmit(dispatch, ready, begun=False)

    def repeat(self, dispatch: Dispatch, message: Message) -> Delivery:
        """Transmit again what a dead run was transmitting; a second copy replaces the first."""
        if dispatch.channel not in self._channels:
            detail = f"there is no channel {dispatch.channel} any more"
            state = self._history.settle(dispatch.key, Ending("unknown", detail), self._run)
            return Delivery(dispatch.key, state, detail)
        return self._transmit(dispatch, message, begun=True)

    def _transmit(self, dispatch: Dispatch, message: Message, *, begun: bool) -> Delivery:
        outcome = self._outcome(dispatch, message, begun)
        ending = _ending(outcome)
        state = self._history.settle(dispatch.key, ending, self._run)
        self._watch(dispatch.channel, outcome)
        down = ending.kind == "channel_down"
        return Delivery(dispatch.key, state, ending.detail, channel_down=down)

    def _outcome(self, dispatch: Dispatch, message: Message, begun: bool) -> Outcome:
        """Return the outcome of the send; what was interrupted is settled before it goes on up."""

        def transmitting() -> None:
            nonlocal begun
            self._history.transmitting(dispatch.key, self._run)
            begun = True

        try:
            return self._channels[dispatch.channel].send(message, dispatch.key, transmitting)
        except HistoryUnavailable:
            raise
        except Exception as error:  # a fault of the channel, maybe a third party's
            return _of_fault(error, begun)
        except BaseException as stop:
            self._history.interrupt(dispatch.key, type(stop).__name__, self._run)
            raise

    def _watch(self, channel: str, outcome: Outcome) -> None:
        if not isinstance(outcome, NotAccepted) or outcome.scope != "channel":
            self._failures[channel] = 0
            return
        self._failures[channel] += 1
        if outcome.kind == "permanent" or self._failures[channel] >= PATIENCE:
            self._stopped[channel] = outcome.detail


def _of_fault(error: Exception, begun: bool) -> Outcome:
    detail = f"{type(error).__name__}: {error}"
    return Unknown(detail) if begun else NotAccepted("transient", "recipient", detail)


def _ending(outcome: Outcome) -> Ending:
    match outcome:
        case Accepted(reference):
            return Ending("accepted", reference)
        case Unknown(detail):
            return Ending("unknown", detail)
        case NotAccepted(_, "channel", detail):
            return Ending("channel_down", detail)
        case NotAccepted("transient", _, detail):
            return Ending("transient", detail)
        case NotAccepted(_, _, detail):
            return Ending("rejected", detail)
