"""The exact bytes that were, or may have been, sent."""

from __future__ import annotations

from sqlalchemy import Connection, select

from relance.history import schema
from relance.notices.message import Message


def stored(connection: Connection, key: str) -> Message:
    """Return the stored message of a dispatch, byte for byte."""
    joined = schema.messages.join(
        schema.dispatches, schema.messages.c.dispatch == schema.dispatches.c.key
    )
    row = connection.execute(
        select(schema.messages, schema.dispatches.c.recipient)
        .select_from(joined)
        .where(schema.messages.c.dispatch == key)
    ).one()
    names = ("medium", "recipient", "sender", "subject", "content", "message_id", "filename")
    return Message(key=key, **{name: row._mapping[name] for name in names})
