"""What a run does in the history: from its beginning over each dispatch to its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, Literal

from sqlalchemy.exc import IntegrityError

from relance.history import claiming, departed, dispatches, lookout, messages, passages, standing
from relance.history.controls import News
from relance.history.lookout import Look, Place
from relance.history.opened import Opened
from relance.history.values import Claim, ClaimAnswer, Dispatch, Ending, State, Unfinished
from relance.notices.message import Message


class Sending(Opened):
    """What a run does. Call it with the run lock held."""

    def begin_run(self, run_date: date, plan_hash: str = "") -> int:
        """Return the number of the run that begins. Call it with the run lock held.

        Raises:
            HistoryRefused: if the database was restored from a backup, or is a copy.
        """
        with self._transaction() as connection:
            standing.check(connection, self._mark(), self._database)
            return passages.begin(connection, self._mark(), run_date, plan_hash)

    def finish_run(
        self, run: int, status: Literal["completed", "stopped"], summary: Mapping[str, Any]
    ) -> None:
        """Record how the run ended; later runs may not be dated before a completed one."""
        with self._transaction() as connection:
            passages.finish(connection, self._mark(run), status, summary)

    def recover(self, run: int) -> list[Unfinished]:
        """Settle what dead runs left; return the dispatches to transmit again, as stored.

        Call it with the run lock held and before the past is read. What was claimed is released,
        what was being transmitted is in doubt, unless sending it twice leaves one copy: that is
        returned, with what is in doubt of that kind.
        """
        with self._transaction() as connection:
            return passages.recover(connection, self._mark(run))

    def place(self) -> Place:
        """Return how far the record goes now: where `transmitting` looks on from."""
        with self._transaction() as connection:
            return lookout.place(connection)

    def claim(
        self, dispatch: Dispatch, claims: Sequence[Claim], message: Message, run: int
    ) -> ClaimAnswer:
        """Return whether the dispatch, with all that it covers, is ours to send now.

        The rendered bytes are stored in the same transaction.
        """
        proposal = claiming.Proposal(dispatch, claims, message, self._creditor)
        try:
            return self._shared(partial(departed.claim, mark=self._mark(run), proposal=proposal))
        except IntegrityError:
            with self._transaction() as connection:
                return claiming.claimant(connection, proposal)

    def transmitting(self, key: str, run: int, look: Look | None = None) -> list[News]:
        """Record, for good, that from now on the message may have left.

        With `look`, it is recorded only if nothing was since: else return what was.
        """
        mark = self._mark(run)
        return self._shared(partial(dispatches.transmitting, mark=mark, key=key, look=look))

    def settle(self, key: str, ending: Ending, run: int) -> State:
        """Return the state that a try led to.

        accepted → sent; transient → retry when the next hop asked for it, within 24 h, or after
        15 min, 1 h, 4 h, 24 h, then failed; rejected → rejected; channel_down → cancelled;
        unknown → in_doubt. What did not leave releases its claims.
        """
        mark = self._mark(run)
        return self._shared(partial(dispatches.settle, mark=mark, key=key, ending=ending))

    def departures(self, channel: str, since: datetime) -> list[tuple[datetime, str]]:
        """Return when and to whom messages left, or may have left, by `channel` after `since`."""
        with self._transaction() as connection:
            return passages.departures(connection, channel, since)

    def cancel(self, key: str, reason: str, run: int | None = None) -> None:
        """Record that a claimed dispatch will not be sent; its claims are released."""
        self._shared(partial(dispatches.cancel, mark=self._mark(run), key=key, reason=reason))

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
