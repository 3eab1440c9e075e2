"""The exact bytes that were, or may have been, sent."""

from __future__ import annotations

import json
from dataclasses import asdict

from sqlalchemy import Connection, select

from relance.history import schema
from relance.notices.message import Addressee, Message


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
    addressee = unpacked(row._mapping["addressee"])
    return Message(key=key, addressee=addressee, **{name: row._mapping[name] for name in names})


def packed(addressee: Addressee | None) -> str | None:
    """Return `addressee` as JSON; None for what is no letter."""
    return None if addressee is None else json.dumps(asdict(addressee), ensure_ascii=False)


def unpacked(text: str | None) -> Addressee | None:
    """Return the addressee that `packed` wrote."""
    if text is None:
        return None
    parts = json.loads(text)
    lists = {name: tuple(parts[name]) for name in ("street", "block", "tags")}
    return Addressee(**(parts | lists))
