"""A dispatch from claim to ending. Each function works inside the transaction it is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from relance.history import covering, lookout, messages, schema, witness
from relance.history.controls import News
from relance.history.errors import OutOfOrder
from relance.history.events import Event, Mark, append, moment, packed, stamp
from relance.history.lookout import Look
from relance.history.quick import Quick, words
from relance.history.values import (
    DELAYS,
    LONGEST_WAIT,
    AlreadyClaimed,
    Claim,
    ClaimAnswer,
    Claimed,
    Dispatch,
    Ending,
    GivenUp,
    NotYet,
    State,
)
from relance.notices.message import Message

_table = schema.dispatches
_BY_KEY = Quick(select(_table).where(_table.c.key == bindparam("the_key")))
_LAST_ANSWER = Quick(
    select(_table.c.state, _table.c.detail)
    .where(
        _table.c.channel == bindparam("the_channel"),
        _table.c.recipient == bindparam("the_recipient"),
        _table.c.state.in_(words("rejected", "bounced", "sent", "resolved_sent")),
    )
    .order_by(_table.c.changed.desc())
    .limit(1)
)
_INSERT = Quick(_table.insert())
_INSERT_MESSAGE = Quick(schema.messages.insert())
_INSERT_CLAIMS = Quick(
    schema.claims.insert(),
    *(column.name for column in schema.claims.c if column.name not in ("id", "line")),
)
_MOVE = Quick(
    _table.update().where(_table.c.key == bindparam("the_key")), "state", "detail", "changed"
)
_UPDATE = _table.update().where(_table.c.key == bindparam("the_key"))
_REPLACE = schema.messages.update().where(schema.messages.c.dispatch == bindparam("the_key"))
UNSENT: tuple[State, ...] = (
    "retry", "failed", "rejected", "cancelled", "resolved_unsent", "bounced",
)  # fmt: skip
"""States in which it definitely did not reach the debtor: its claims are released."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is to be claimed: a dispatch, what it covers, and its message, rendered."""

    dispatch: Dispatch
    claims: Sequence[Claim]
    message: Message
    creditor: str


def claim(connection: Connection, mark: Mark, proposal: Proposal) -> ClaimAnswer:
    """Return whether the dispatch is ours to send, with all that it covers.

    Raises:
        IntegrityError: if another dispatch covers one of the claims; roll back and ask `claimant`.
    """
    dispatch, message = proposal.dispatch, proposal.message
    earlier = _find(connection, dispatch.key)
    refusal = _refusal(connection, dispatch, earlier, mark.at)
    if refusal:
        return refusal
    attempt = 1 + (earlier.attempts if earlier else 0)
    row = _row_of(dispatch) | {"run": mark.run, "state": "claimed", "attempts": attempt}
    row |= {"detail": "", "not_before": None, "changed": stamp(mark.at)}
    row |= {"refusals": _refusals(earlier)}
    if earlier is None:
        _INSERT.run(connection, row)
        _INSERT_MESSAGE.run(connection, _row_of_message(message))
    else:
        connection.execute(_UPDATE, row | {"the_key": dispatch.key})
    as_stored = _may_have_arrived(earlier, dispatch)
    if earlier is not None and not as_stored:
        connection.execute(_REPLACE, _row_of_message(message) | {"the_key": dispatch.key})
    _insert_claims(connection, proposal)
    happened = {"claimed": {"attempt": attempt} | _covers(proposal)}
    if not as_stored:
        digest = {"sha256": message.sha256, "bytes": len(message.content)}
        happened = {"rendered": digest | {"id": message.message_id}} | happened
    append(connection, mark, [_event(kind, dispatch, data) for kind, data in happened.items()])
    return Claimed(attempt, as_stored)


def _covers(proposal: Proposal) -> dict[str, Any]:
    """Return what the record says of the rows of the dispatch and its claims."""
    claims = covering.of_claims(_rows_of_claims(proposal))
    return {"claims_sha256": claims, "facts_sha256": covering.of_facts(_row_of(proposal.dispatch))}


def _may_have_arrived(earlier: Row[Any] | None, dispatch: Dispatch) -> bool:
    """Return whether the debtor may have the last attempt, and this one says the same.

    A person who judged that it did not leave may be wrong: then two copies that are the same to
    the byte, under one Message-ID, are shown as one by most programs. What is claimed or whom it
    is for may have changed since: then it is another message.
    """
    return (
        earlier is not None
        and earlier.state == "resolved_unsent"
        and (earlier.recipient, earlier.total) == (dispatch.recipient, dispatch.total)
    )


def claimant(connection: Connection, proposal: Proposal) -> AlreadyClaimed:
    """Return who covers any of the claims; the dispatch itself if nobody else does."""
    for wanted in proposal.claims:
        found = connection.execute(
            select(schema.claims.c.dispatch).where(
                schema.claims.c.creditor == proposal.creditor,
                schema.claims.c.item == wanted.item,
                schema.claims.c.procedure == wanted.procedure,
                schema.claims.c.level == wanted.level,
                schema.claims.c.cycle == wanted.cycle,
                schema.claims.c.part == wanted.part,
                schema.claims.c.released == "",
            )
        ).scalar()
        if found is not None:
            return AlreadyClaimed(found)
    return AlreadyClaimed(proposal.dispatch.key)


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
    append(connection, mark, [_event(kind, of_row(_found(connection, key)), dict(data))])


def of_row(row: Row[Any]) -> Dispatch:
    """Return the dispatch of a row of the table."""
    values = row._asdict()
    return Dispatch(**{name: values[name] for name in Dispatch.__dataclass_fields__})


def _refusal(
    connection: Connection, dispatch: Dispatch, earlier: Row[Any] | None, now: datetime
) -> ClaimAnswer | None:
    if earlier is not None:
        if earlier.state not in UNSENT:
            return AlreadyClaimed(dispatch.key)
        if earlier.state == "retry" and moment(earlier.not_before) > now:
            return NotYet(moment(earlier.not_before))
        if earlier.state == "failed" and earlier.recipient == dispatch.recipient:
            return GivenUp("failed", earlier.detail)
    rejected = _rejection(connection, dispatch) if dispatch.recipient else None
    return None if rejected is None else GivenUp("rejected", rejected)


def _rejection(connection: Connection, dispatch: Dispatch) -> str | None:
    """Return why the channel last rejected this recipient; None if it took the last message."""
    last = _LAST_ANSWER.first(
        connection, {"the_channel": dispatch.channel, "the_recipient": dispatch.recipient}
    )
    return last.detail if last is not None and last.state in ("rejected", "bounced") else None


def _refusals(earlier: Row[Any] | None) -> int:
    return int(earlier.refusals) if earlier is not None and earlier.state == "retry" else 0


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
    if before.state not in step.origins:
        raise OutOfOrder(f"dispatch {before.key} cannot go from {before.state} to {step.state}")
    values = {"state": step.state, "detail": step.detail, "changed": stamp(mark.at)} | changes
    if changes:
        connection.execute(_UPDATE, values | {"the_key": before.key})
    else:
        _MOVE.run(connection, values | {"the_key": before.key})
    data = {"detail": step.detail, "by": step.by, "until": changes.get("not_before")}
    append(connection, mark, [_event(step.state, of_row(before), data)])
    if step.state in UNSENT:
        _release(connection, before.key, before.attempts)


def _event(kind: str, dispatch: Dispatch, data: dict[str, Any]) -> Event:
    return Event(
        kind, dispatch.run_date, dispatch=dispatch.key, debtor=dispatch.debtor, data=packed(data)
    )


def _release(connection: Connection, key: str, attempt: int) -> None:
    live = (schema.claims.c.dispatch == key) & (schema.claims.c.released == "")
    connection.execute(schema.claims.update().where(live).values(released=f"{key}:{attempt}"))


def _insert_claims(connection: Connection, proposal: Proposal) -> None:
    rows = _rows_of_claims(proposal)
    if rows:
        _INSERT_CLAIMS.run(connection, *rows)


def _rows_of_claims(proposal: Proposal) -> list[dict[str, Any]]:
    return [
        {
            "creditor": proposal.creditor,
            "item": claim.item,
            "procedure": claim.procedure,
            "level": claim.level,
            "level_number": claim.level_number,
            "cycle": claim.cycle,
            "part": claim.part,
            "dispatch": proposal.dispatch.key,
            "run_date": proposal.dispatch.run_date.isoformat(),
            "released": "",
        }
        for claim in proposal.claims
    ]


def _row_of(dispatch: Dispatch) -> dict[str, Any]:
    return {name: getattr(dispatch, name) for name in Dispatch.__dataclass_fields__}


def _row_of_message(message: Message) -> dict[str, Any]:
    names = ("medium", "sender", "subject", "message_id", "filename", "sha256", "content")
    values = {name: getattr(message, name) for name in names}
    return {"dispatch": message.key, "addressee": messages.packed(message.addressee), **values}


def _find(connection: Connection, key: str) -> Row[Any] | None:
    found: Row[Any] | None = _BY_KEY.first(connection, {"the_key": key})
    return found


def _found(connection: Connection, key: str) -> Row[Any]:
    row = _find(connection, key)
    if row is None:
        raise OutOfOrder(f"there is no dispatch {key}")
    return row
