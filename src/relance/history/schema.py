"""The tables of the history. Import this module only where a database is opened: it is heavy.

Moments are text in UTC of one width, so that they sort, compare and hash alike in every database.
"""

from __future__ import annotations

from typing import Any

import polars as pl
from sqlalchemy import (
    Boolean,
    Column,
    Computed,
    Date,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import BigInteger

from relance.ledger.schema import ALLOCATIONS, MOVEMENTS
from relance.ledger.schema import Column as Declared

HEAD = "r0003"
"""The revision that the newest migration leads to."""

READABLE = ("r0001", "r0002", HEAD)
"""Revisions that can be read as they are: what a table lacks is empty."""

metadata = MetaData()
_Counter = BigInteger().with_variant(Integer, "sqlite")

_LEFT = "(state || '') IN ('sent', 'resolved_sent', 'in_doubt', 'transmitting')"
"""The concatenation keeps planners from the index on `state`, where nearly all rows are."""

CONTACT = f"kind = 'notice' AND contact AND {_LEFT}"
"""Which dispatches count as contacts; an index holds just these."""

TASK = f"kind = 'task' AND {_LEFT}"
"""Which dispatches are tasks that were given; an index holds just these."""

OTHER_MEDIA = "medium <> 'email'"
"""Which dispatches left otherwise than most; an index holds just these."""


def quoted(column: str) -> str:
    """Return the SQL of the text of `column` as a cell of CSV."""
    return f"""'"' || replace({column}, '"', '""') || '"'"""


LINE = " || ',' || ".join(
    [
        *(quoted(name) for name in ("item", "procedure", "level")),
        "coalesce(CAST(level_number AS TEXT), '')",
        "CAST(cycle AS TEXT)",
        quoted("run_date"),
        quoted("dispatch"),
    ]
)
"""SQL of a claim as a line of CSV."""


def csv_of(columns: tuple[Declared, ...]) -> str:
    """Return the SQL of `columns` as a line of CSV; null is nothing between commas."""
    return " || ',' || ".join(
        f"coalesce({quoted(c.name) if c.dtype in _TEXTS else f'CAST({c.name} AS TEXT)'}, '')"
        for c in columns
    )


_TEXTS = (pl.String, pl.Date)


def _partial(name: str, *columns: str, where: str) -> Index:
    condition = text(where)
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


meta = Table(
    "meta",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("run", _Counter, primary_key=True, autoincrement=True),
    Column("run_date", Date, nullable=False),
    Column("plan_hash", String, nullable=False),
    Column("started", String, nullable=False),
    Column("finished", String),
    Column("status", String, nullable=False),
    Column("summary", Text, nullable=False),
    sqlite_autoincrement=True,
)

dispatches = Table(
    "dispatches",
    metadata,
    Column("key", String, primary_key=True),
    Column("run", BigInteger, nullable=False),
    Column("run_date", Date, nullable=False),
    Column("debtor", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("medium", String, nullable=False),
    Column("recipient", String, nullable=False),
    Column("procedure", String),
    Column("level", String),
    Column("level_number", Integer),
    Column("currency", String, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("idempotent", Boolean, nullable=False),
    Column("contact", Boolean, nullable=False),
    Column("state", String, nullable=False),
    Column("detail", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("refusals", Integer, nullable=False),
    Column("not_before", String),
    Column("changed", String, nullable=False),
    Index("dispatches_state", "state"),
    Index("dispatches_recipient", "recipient", "channel"),
    _partial("dispatches_tasks", "key", where=TASK),
    _partial("dispatches_contacts", "debtor", "run_date", where=CONTACT),
    _partial("dispatches_media", "key", "medium", where=OTHER_MEDIA),
)
"""One row per dispatch. `state` is a projection of its last event, kept in one transaction."""

messages = Table(
    "messages",
    metadata,
    Column("dispatch", String, primary_key=True),
    Column("medium", String, nullable=False),
    Column("sender", String, nullable=False),
    Column("subject", Text, nullable=False),
    Column("message_id", String, nullable=False),
    Column("filename", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("addressee", Text),
    Index("messages_message_id", "message_id"),
)
"""The exact bytes, apart from `dispatches` so that reading the past does not wade through them."""

claims = Table(
    "claims",
    metadata,
    Column("id", _Counter, primary_key=True, autoincrement=True),
    Column("creditor", String, nullable=False),
    Column("item", String, nullable=False),
    Column("procedure", String, nullable=False),
    Column("level", String, nullable=False),
    Column("level_number", Integer),
    Column("cycle", Integer, nullable=False),
    Column("part", String, nullable=False),
    Column("dispatch", String, nullable=False),
    Column("run_date", String, nullable=False),
    Column("released", String, nullable=False, server_default=""),
    Column("line", Text, Computed(LINE, persisted=True)),
    UniqueConstraint(
        "item", "creditor", "procedure", "level", "cycle", "part", "released", name="claims_once"
    ),
    Index("claims_dispatch", "dispatch"),
)
"""What is covered. Live while `released` is empty; `dispatch` is empty for an adopted level.

`line` is the row as a line of CSV, made by the database, so that hundreds of thousands of claims
are read without an object per row; `run_date` is text because of it.
"""

events = Table(
    "events",
    metadata,
    Column("seq", _Counter, primary_key=True, autoincrement=True),
    Column("at", String, nullable=False),
    Column("date", Date),
    Column("run", BigInteger),
    Column("type", String, nullable=False),
    Column("dispatch", String),
    Column("debtor", String),
    Column("item", String),
    Column("data", Text, nullable=False),
    Column("salt", String),
    Column("seal", String),
    Column("hash", String),
    Column("erased", BigInteger),
    _partial("events_dispatch", "dispatch", where="dispatch IS NOT NULL"),
    _partial("events_item", "item", where="item IS NOT NULL"),
    _partial("events_debtor", "debtor", where="debtor IS NOT NULL"),
    _partial("events_recorded", "type", "seq", where="dispatch IS NULL"),
    sqlite_autoincrement=True,
)
"""The append-only record: no row is ever changed or removed.

`hash` chains each row to the one before; it covers `seal`, a salted digest of what may be personal
(debtor, item, data), so that this can be erased and the chain still holds: `erased` is the number of
the event that did. Triggers refuse all other changes.
"""

TOLD = tuple(c for c in events.c if c.name not in ("salt", "seal", "hash", "erased"))
"""What an event tells, in every revision of the schema."""


def _recorded() -> tuple[Column[Any], ...]:
    """Return the columns of a record: its order, its moment, the run or the person behind it."""
    return (
        Column("seq", _Counter, primary_key=True, autoincrement=True),
        Column("at", String, nullable=False),
        Column("run", BigInteger),
        Column("by", String),
    )


def _sealed() -> tuple[Column[Any], ...]:
    """Return the columns that seal a row's personal part, as those of `events` do."""
    return (Column("salt", String), Column("seal", String), Column("erased", BigInteger))


_MOVEMENT_TEXTS = (
    "counterparty", "counterparty_iban", "reference", "end_to_end", "text", "bank_reference", "mandate",
)  # fmt: skip

movements = Table(
    "movements",
    metadata,
    *_recorded(),
    Column("movement", String, nullable=False),
    Column("source", String, nullable=False),
    Column("file", String, nullable=False),
    Column("line", BigInteger),
    Column("account", String, nullable=False),
    Column("currency", String, nullable=False),
    Column("booked", String, nullable=False),
    Column("value", String),
    Column("amount", BigInteger, nullable=False),
    Column("kind", String, nullable=False),
    *(Column(name, Text) for name in _MOVEMENT_TEXTS),
    Column("parts", Integer),
    Column("csv", Text, Computed(csv_of(MOVEMENTS), persisted=True)),
    *_sealed(),
    UniqueConstraint("movement", name="movements_once"),
    sqlite_autoincrement=True,
)
"""Payments and returns that statements told: each once, whatever statements overlap.

As in `claims`, days are text and the database makes each row a line of CSV.
"""

allocations = Table(
    "allocations",
    metadata,
    *_recorded(),
    Column("movement", String, nullable=False),
    Column("item", String, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("kind", String, nullable=False),
    Column("evidence", String, nullable=False),
    Column("confidence", Integer, nullable=False),
    Column("day", String, nullable=False),
    Column("due", String),
    Column("open_before", BigInteger),
    Column("debtor", String),
    Column("nth", Integer, nullable=False),
    Column("csv", Text, Computed(csv_of(ALLOCATIONS), persisted=True)),
    *_sealed(),
    UniqueConstraint("movement", "item", "kind", "nth", name="allocations_once"),
    Index("allocations_item", "item"),
    sqlite_autoincrement=True,
)
"""What payments were set against: rows are only added, and undone by their opposite.

`nth` counts the rows of one movement, item and kind from 0, as whoever decided knew them: the same
decision cannot be written twice.
"""

rejections = Table(
    "rejections",
    metadata,
    *_recorded(),
    Column("movement", String, nullable=False),
    Column("item", String, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    *_sealed(),
    sqlite_autoincrement=True,
)
"""What a person said that payments are not for: the last row of a pair counts."""

incoming = Table(
    "incoming",
    metadata,
    Column("message_id", String, primary_key=True),
    Column("at", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("dispatch", String),
    Column("debtor", String),
)
"""Mails that the inbox held: each is read once, however often the mailbox shows it."""

departed = Table(
    "departed",
    metadata,
    Column("claim", String, primary_key=True),
    Column("dispatch", String, nullable=False),
)
"""What is known to have left though the record of it is lost: digests of claims, from the witness."""

snapshots = Table(
    "snapshots",
    metadata,
    Column("source", String, primary_key=True),
    Column("run_date", Date, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("open_totals", Text, nullable=False),
    Column("frame", LargeBinary, nullable=False),
)

imports = Table(
    "imports",
    metadata,
    Column("id", _Counter, primary_key=True, autoincrement=True),
    Column("at", String, nullable=False),
    Column("source", String, nullable=False),
    Column("run_date", Date, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("open_totals", Text, nullable=False),
)
