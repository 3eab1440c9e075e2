"""Claims: whether a dispatch, with all that it covers, is ours to send.

Each function works inside the transaction it is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from relance.history import covering, messages, schema
from relance.history.dispatches import UNSENT, UPDATE, event_of, find
from relance.history.events import Mark, append, moment, stamp
from relance.history.quick import Quick, words
from relance.history.values import (
    AlreadyClaimed,
    Claim,
    ClaimAnswer,
    Claimed,
    Dispatch,
    GivenUp,
    NotYet,
)
from relance.notices.message import Message

_table = schema.dispatches
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
_REPLACE = schema.messages.update().where(schema.messages.c.dispatch == bindparam("the_key"))


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
    earlier = find(connection, dispatch.key)
    refusal = _refusal(connection, dispatch, earlier, mark.at)
    if refusal:
        return refusal
    attempt = 1 + (earlier.attempts if earlier else 0)
    row = _row_of(dispatch) | {"run": mark.run, "state": "claimed", "attempts": attempt}
    row |= {"detail": "", "not_before": None, "changed": stamp(mark.at)}
    row |= {"refusals": _refusals(earlier)}
    stored = _row_of_message(message)
    if earlier is None:
        _INSERT.run(connection, row)
        _INSERT_MESSAGE.run(connection, stored)
    else:
        connection.execute(UPDATE, row | {"the_key": dispatch.key})
    as_stored = _may_have_arrived(earlier, dispatch)
    if earlier is not None and not as_stored:
        connection.execute(_REPLACE, stored | {"the_key": dispatch.key})
    _insert_claims(connection, proposal)
    happened = {"claimed": {"attempt": attempt} | _covers(proposal)}
    if not as_stored:
        digest = {"sha256": stored["sha256"], "bytes": len(message.content)}
        happened = {"rendered": digest | {"id": message.message_id}} | happened
    append(connection, mark, [event_of(kind, dispatch, data) for kind, data in happened.items()])
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
