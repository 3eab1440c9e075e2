"""The tasks that runs gave, out of their dispatches."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, select, text, true

from relance.dunning.worklist import Work
from relance.history import schema
from relance.history.values import COUNTS_AS_SENT

_dispatches, _messages, _events = schema.dispatches, schema.messages, schema.events


def given(connection: Connection, debtor: str | None = None) -> list[Work]:
    """Return the tasks that runs gave, as they were then, in the order of their numbers.

    With `debtor` only those about it.
    """
    own = true() if debtor is None else _dispatches.c.debtor == debtor
    number = (
        select(func.min(_events.c.seq))
        .where(_events.c.dispatch == _dispatches.c.key, _events.c.type.in_(COUNTS_AS_SENT))
        .scalar_subquery()
        .label("number")
    )
    rows = connection.execute(
        select(_dispatches, _messages.c.subject, _messages.c.content, _messages.c.filename, number)
        .join(_messages, _messages.c.dispatch == _dispatches.c.key)
        .where(text(schema.TASK), _dispatches.c.state.in_(COUNTS_AS_SENT), own)
        .order_by(number)
    )  # fmt: skip
    return [_work(row) for row in rows]


def _work(row: Row[Any]) -> Work:
    facts = _facts(bytes(row.content))
    kind, _, _ = row.filename.partition("-")
    return Work(
        number=row.number,
        key=row.key,
        given=row.run_date,
        debtor=row.debtor,
        kind=facts.get("kind", kind or "other"),
        subject=row.subject,
        currency=row.currency,
        owner=row.recipient or None,
        due=_day(facts.get("due")) or row.run_date,
        text=facts.get("text", ""),
        items=tuple(each["item"] for each in facts.get("receivables", ())),
        level=row.level,
    )


def _facts(content: bytes) -> dict[str, Any]:
    """Return what the task's message tells: JSON; a line of text of old ones, nothing where erased."""
    try:
        facts = json.loads(content)
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
