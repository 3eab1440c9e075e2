"""What a run does in the history: from its beginning over each dispatch to its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from sqlalchemy.exc import IntegrityError

from relance.history import dispatches, messages, passages
from relance.history.opened import Opened
from relance.history.values import Claim, ClaimAnswer, Dispatch, Ending, State
from relance.notices.message import Message


class Sending(Opened):
    """What a run does. Call it with the run lock held."""

    def begin_run(self, run_date: date, plan_hash: str = "") -> int:
        """Return the number of the run that begins. Call it with the run lock held."""
        with self._transaction() as connection:
            return passages.begin(connection, self._mark(), run_date, plan_hash)

    def finish_run(
        self, run: int, status: Literal["completed", "stopped"], summary: Mapping[str, Any]
    ) -> None:
        """Record how the run ended; later runs may not be dated before a completed one."""
        with self._transaction() as connection:
            passages.finish(connection, self._mark(run), status, summary)

    def recover(self, run: int) -> list[Dispatch]:
        """Settle what dead runs left; return the dispatches to transmit again, as stored.

        Call it with the run lock held and before the past is read. What was claimed is released,
        what was being transmitted is in doubt, unless sending it twice leaves one copy: that is
        returned.
        """
        with self._transaction() as connection:
            return passages.recover(connection, self._mark(run))

    def claim(
        self, dispatch: Dispatch, claims: Sequence[Claim], message: Message, run: int
    ) -> ClaimAnswer:
        """Return whether the dispatch, with all that it covers, is ours to send now.

        The rendered bytes are stored in the same transaction.
        """
        proposal = dispatches.Proposal(dispatch, claims, message, self._creditor)
        try:
            with self._transaction() as connection:
                return dispatches.claim(connection, self._mark(run), proposal)
        except IntegrityError:
            with self._transaction() as connection:
                return dispatches.claimant(connection, proposal)

    def transmitting(self, key: str, run: int) -> None:
        """Record, for good, that from now on the message may have left."""
        with self._transaction() as connection:
            dispatches.transmitting(connection, self._mark(run), key)

    def settle(self, key: str, ending: Ending, run: int) -> State:
        """Return the state that a try led to.

        accepted → sent; transient → retry after 15 min, 1 h, 4 h, 24 h, then failed; rejected →
        rejected; channel_down → cancelled; unknown → in_doubt. What did not leave releases its
        claims.
        """
        with self._transaction() as connection:
            return dispatches.settle(connection, self._mark(run), key, ending)

    def cancel(self, key: str, reason: str, run: int | None = None) -> None:
        """Record that a claimed dispatch will not be sent; its claims are released."""
        with self._transaction() as connection:
            dispatches.cancel(connection, self._mark(run), key, reason)

    def interrupt(self, key: str, reason: str, run: int) -> None:
        """Settle a try that was interrupted, as `recover` does for those of a dead run."""
        with self._transaction() as connection:
            dispatches.interrupt(connection, self._mark(run), key, reason)

    def message(self, key: str) -> Message:
        """Return the stored message of a dispatch, byte for byte."""
        with self._transaction() as connection:
            return messages.stored(connection, key)

    def resolve(self, key: str, how: Literal["sent", "unsent", "abandoned"], by: str) -> State:
        """Return the state that a person gave to a dispatch.

        From in doubt: sent counts as sent; unsent releases the claims, so that it is sent again;
        abandoned passes the level over. From rejected, bounced and failed: unsent allows a new try.

        Raises:
            OutOfOrder: if the dispatch is in no such state.
        """
        with self._transaction() as connection:
            return dispatches.resolve(connection, self._mark(), key, how, by)

    def bounce(self, key: str, detail: str) -> None:
        """Record that a dispatch came back: its level is void, its recipient counts as rejected.

        Raises:
            OutOfOrder: if it was neither sent nor in doubt.
        """
        with self._transaction() as connection:
            dispatches.bounce(connection, self._mark(), key, detail)

    def note(self, key: str, kind: str, data: Mapping[str, Any], run: int | None = None) -> None:
        """Append what became known of a dispatch that keeps its state.

        `kind` is the event's type: delivered, printed, receipt, auto_reply, reply.

        Raises:
            OutOfOrder: if there is no such dispatch.
        """
        with self._transaction() as connection:
            dispatches.note(connection, self._mark(run), key, kind, data)
