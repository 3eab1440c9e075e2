"""A dispatch from claim to ending. Each function works inside the transaction it is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from relance.history import lookout, schema, witness
from relance.history.controls import News
from relance.history.errors import AlreadyRunning, OutOfOrder
from relance.history.events import Event, Mark, append, packed, stamp
from relance.history.lookout import Look
from relance.history.quick import Quick
from relance.history.values import (
    DELAYS,
    LONGEST_WAIT,
    Dispatch,
    Ending,
    State,
)

_table = schema.dispatches
_BY_KEY = Quick(select(_table).where(_table.c.key == bindparam("the_key")))
_MOVE = Quick(
    _table.update().where(_table.c.key == bindparam("the_key")), "state", "detail", "changed"
)
UPDATE = _table.update().where(_table.c.key == bindparam("the_key"))
"""Sets any columns of the dispatch `the_key`."""

UNSENT: tuple[State, ...] = (
    "retry", "failed", "rejected", "cancelled", "resolved_unsent", "bounced",
)  # fmt: skip
"""States in which it definitely did not reach the debtor: its claims are released."""


def transmitting(
    connection: Connection, mark: Mark, key: str, look: Look | None = None
) -> list[News]:
    """Record that from now on the message may have left; unless `look` finds news: return them."""
    news = lookout.since(connection, look, mark.run) if look else []
    if not news:
        _move(connection, mark, key, _TRANSMITTING)
        witness.see_leaving(connection, key)
    return news


def settle(connection: Connection, mark: Mark, key: str, ending: Ending) -> State:
    """Return the state that `ending` leads to, recorded; claims are released if it did not leave."""
    before = _found(connection, key)
    refusals = before.refusals + (ending.kind == "transient")
    state, changes = _state_after(ending, refusals, mark.at)
    step = _Step(state, ("claimed", "transmitting"), detail=ending.detail)
    _move_from(connection, mark, before, step, **changes)
    return state


def cancel(connection: Connection, mark: Mark, key: str, reason: str) -> None:
    """Record that the claimed dispatch will not be sent, and release its claims."""
    _move(connection, mark, key, _Step("cancelled", ("claimed",), detail=reason))


def interrupt(connection: Connection, mark: Mark, key: str, reason: str) -> bool:
    """Settle a try that ended before its outcome was known; return whether to transmit it again.

    Claimed: nothing left the machine, the claims are released. Transmitting: in doubt, except
    where sending twice leaves one copy: that stays as it is, to be transmitted again.
    """
    row = _found(connection, key)
    if row.state == "claimed":
        cancel(connection, mark, key, reason)
    elif row.state == "transmitting" and not row.idempotent:
        _move(connection, mark, key, _Step("in_doubt", ("transmitting",), detail=reason))
    return bool(row.state == "transmitting" and row.idempotent)


_RESOLVED: dict[str, tuple[State, tuple[State, ...]]] = {
    "sent": ("resolved_sent", ("in_doubt",)),
    "unsent": ("resolved_unsent", ("in_doubt", "rejected", "failed", "bounced")),
    "abandoned": ("abandoned", ("in_doubt",)),
}


def resolve(connection: Connection, mark: Mark, key: str, how: str, by: str) -> State:
    """Return the state that a person gave to a dispatch in doubt (or given up, if "unsent")."""
    state, origins = _RESOLVED[how]
    _move(connection, mark, key, _Step(state, origins, by=by), refusals=0)
    return state


def bounce(
    connection: Connection, mark: Mark, key: str, detail: str, *, passing: bool = False
) -> State:
    """Return the state of what was sent, or may have been, and came back: it reached nobody.

    `passing`: the address is right (a full mailbox, a server that was down for days): it is tried
    again a day later, and given up after as many tries as any other.
    """
    before = _found(connection, key)
    state: State = "bounced"
    changes: dict[str, Any] = {}
    if passing:
        ending = Ending("transient", detail, retry_after=LONGEST_WAIT)
        state, changes = _state_after(ending, before.refusals + 1, mark.at)
    step = _Step(state, ("sent", "resolved_sent", "in_doubt"), detail=detail)
    _move_from(connection, mark, before, step, **changes)
    return state


def note(connection: Connection, mark: Mark, key: str, kind: str, data: Mapping[str, Any]) -> None:
    """Append what became known of a dispatch that keeps its state: delivered, printed, receipt."""
    append(connection, mark, [event_of(kind, of_row(_found(connection, key)), dict(data))])


def of_row(row: Row[Any]) -> Dispatch:
    """Return the dispatch of a row of the table."""
    values = row._asdict()
    return Dispatch(**{name: values[name] for name in Dispatch.__dataclass_fields__})


def _state_after(ending: Ending, refusals: int, now: datetime) -> tuple[State, dict[str, Any]]:
    if ending.kind == "transient":
        if refusals > len(DELAYS):
            return "failed", {"refusals": refusals}
        asked = ending.retry_after
        wait = DELAYS[refusals - 1] if asked is None else min(asked, LONGEST_WAIT)
        until = stamp(now + wait)
        return "retry", {"refusals": refusals, "not_before": until}
    states: dict[str, State] = {
        "accepted": "sent",
        "rejected": "rejected",
        "channel_down": "cancelled",
        "unknown": "in_doubt",
    }
    return states[ending.kind], {}


@dataclass(frozen=True, slots=True)
class _Step:
    """A move to `state`, allowed from `origins`."""

    state: State
    origins: tuple[State, ...]
    detail: str = ""
    by: str | None = None


_TRANSMITTING = _Step("transmitting", ("claimed", "transmitting", "in_doubt"))


def _move(connection: Connection, mark: Mark, key: str, step: _Step, **changes: Any) -> None:
    """Append the event and move the projection along with it."""
    _move_from(connection, mark, _found(connection, key), step, **changes)


def _move_from(
    connection: Connection, mark: Mark, before: Row[Any], step: _Step, **changes: Any
) -> None:
    if mark.run is not None and mark.run < before.run:
        # A later run took this one for dead: its lock was lost, with the server's connection or
        # on a disk that other machines share.
        raise AlreadyRunning
    if before.state not in step.origins:
        raise OutOfOrder(f"dispatch {before.key} cannot go from {before.state} to {step.state}")
    values = {"state": step.state, "detail": step.detail, "changed": stamp(mark.at)} | changes
    if changes:
        connection.execute(UPDATE, values | {"the_key": before.key})
    else:
        _MOVE.run(connection, values | {"the_key": before.key})
    data = {"detail": step.detail, "by": step.by, "until": changes.get("not_before")}
    append(connection, mark, [event_of(step.state, of_row(before), data)])
    if step.state in UNSENT:
        _release(connection, before.key, before.attempts)


def event_of(kind: str, dispatch: Dispatch, data: dict[str, Any]) -> Event:
    """Return the event that `kind` happened to `dispatch`."""
    return Event(
        kind, dispatch.run_date, dispatch=dispatch.key, debtor=dispatch.debtor, data=packed(data)
    )


def _release(connection: Connection, key: str, attempt: int) -> None:
    live = (schema.claims.c.dispatch == key) & (schema.claims.c.released == "")
    connection.execute(schema.claims.update().where(live).values(released=f"{key}:{attempt}"))


def find(connection: Connection, key: str) -> Row[Any] | None:
    """Return the row of a dispatch; None if there is none."""
    found: Row[Any] | None = _BY_KEY.first(connection, {"the_key": key})
    return found


def _found(connection: Connection, key: str) -> Row[Any]:
    row = find(connection, key)
    if row is None:
        raise OutOfOrder(f"there is no dispatch {key}")
    return row
