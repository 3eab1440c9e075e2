"""One message on its way: claim, transmit, settle."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relance.channels.contract import Accepted, Channel, NotAccepted, Outcome, Unknown
from relance.history.errors import HistoryUnavailable
from relance.history.values import (
    AlreadyClaimed,
    Claim,
    Claimed,
    Dispatch,
    Ending,
    GivenUp,
    NotYet,
)
from relance.notices.message import Message
from relance.runs.consignment import Delivery, Prepared
from relance.runs.second_look import SecondLook, Withdrawn

if TYPE_CHECKING:
    from relance.history.store import History

Watch = Callable[[str, Outcome], None]
"""Is told the channel's name and what it said of each message."""


@dataclass(slots=True)
class _Attempt:
    """A message in the hands of a channel. `begun`: it may have left."""

    dispatch: Dispatch
    claims: Sequence[Claim]
    message: Message
    begun: bool = False
    withdrawn: Withdrawn | None = None


class Sender:
    """Sends one message after the other; several threads may use it, each with its channel."""

    def __init__(self, history: History, run: int, look: SecondLook, watch: Watch) -> None:
        self._history = history
        self._run = run
        self._look = look
        self._watch = watch

    def send(self, prepared: Prepared, channel: Channel) -> Delivery:
        """Return what became of a message, claimed and sent if it is ours to send."""
        dispatch, claims, message = prepared
        key = dispatch.key
        match self._history.claim(dispatch, claims, message, self._run):
            case AlreadyClaimed(by):
                return Delivery(key, "already", by)
            case NotYet(until):
                return Delivery(key, "waiting", until=until)
            case GivenUp(state, detail):
                return Delivery(key, state, detail)
            case Claimed(_, as_stored):
                ready = self._history.message(key) if as_stored else message
                return self._transmit(_Attempt(dispatch, claims, ready), channel)

    def repeat(self, dispatch: Dispatch, message: Message, channel: Channel) -> Delivery:
        """Transmit again what may have left; a second copy replaces the first.

        Only that it was accepted is an answer: that this try failed tells nothing of the first.
        """
        self._history.transmitting(dispatch.key, self._run)
        attempt = _Attempt(dispatch, (), message, begun=True)
        return self._settle(attempt, _still_open(self._outcome(attempt, channel)))

    def _transmit(self, attempt: _Attempt, channel: Channel) -> Delivery:
        outcome = self._outcome(attempt, channel)
        if attempt.withdrawn is not None:
            return self._cancel(attempt.dispatch.key, attempt.withdrawn)
        if isinstance(outcome, Unknown) and attempt.dispatch.idempotent and attempt.begun:
            again = self._outcome(attempt, channel)
            outcome = again if isinstance(again, Accepted) else outcome
        return self._settle(attempt, outcome)

    def _settle(self, attempt: _Attempt, outcome: Outcome) -> Delivery:
        ending = _ending(outcome)
        state = self._history.settle(attempt.dispatch.key, ending, self._run)
        self._watch(attempt.dispatch.channel, outcome)
        down = ending.kind == "channel_down"
        return Delivery(attempt.dispatch.key, state, ending.detail, channel_down=down)

    def _cancel(self, key: str, withdrawn: Withdrawn) -> Delivery:
        self._history.cancel(key, withdrawn.reason, self._run)
        state = "held_back" if withdrawn.halts else "cancelled"
        return Delivery(key, state, withdrawn.reason)  # type: ignore[arg-type]

    def _outcome(self, attempt: _Attempt, channel: Channel) -> Outcome:
        """Return the outcome of the send; what was interrupted is settled before it goes on up."""
        key = attempt.dispatch.key
        try:
            return channel.send(attempt.message, key, lambda: self._mark(attempt))
        except HistoryUnavailable:
            raise
        except Exception as error:  # a fault of the channel, maybe a third party's
            return _of_fault(error, begun=attempt.begun)
        except BaseException as stop:
            self._history.interrupt(key, type(stop).__name__, self._run)
            raise

    def _mark(self, attempt: _Attempt) -> None:
        if attempt.begun:
            return
        try:
            self._look.mark(attempt.dispatch, attempt.claims)
        except Withdrawn as withdrawn:  # whatever the channel makes of it
            attempt.withdrawn = withdrawn
            raise
        attempt.begun = True


def _of_fault(error: Exception, *, begun: bool) -> Outcome:
    detail = f"{type(error).__name__}: {error}"
    return Unknown(detail) if begun else NotAccepted("transient", "recipient", detail)


def _still_open(outcome: Outcome) -> Outcome:
    return Unknown(outcome.detail) if isinstance(outcome, NotAccepted) else outcome


def _ending(outcome: Outcome) -> Ending:
    match outcome:
        case Accepted(reference):
            return Ending("accepted", reference)
        case Unknown(detail):
            return Ending("unknown", detail)
        case NotAccepted(_, "channel", detail):
            return Ending("channel_down", detail)
        case NotAccepted("transient", _, detail, retry_after):
            return Ending("transient", detail, retry_after)
        case NotAccepted(_, _, detail):
            return Ending("rejected", detail)
