"""The first schema.

A migration describes its tables itself and never imports `schema`, which moves on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None

_Counter = sa.BigInteger().with_variant(sa.Integer, "sqlite")


_LEFT = "(state || '') IN ('sent', 'resolved_sent', 'in_doubt', 'transmitting')"
_LINE = (
    """'"' || replace(item, '"', '""') || '"' || ',' || """
    """'"' || replace(procedure, '"', '""') || '"' || ',' || """
    """'"' || replace(level, '"', '""') || '"' || ',' || """
    """coalesce(CAST(level_number AS TEXT), '') || ',' || CAST(cycle AS TEXT) || ',' || """
    """'"' || replace(run_date, '"', '""') || '"' || ',' || """
    """'"' || replace(dispatch, '"', '""') || '"'"""
)


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    """Create the tables."""
    _meta_and_runs()
    _dispatches()
    _messages()
    _claims()
    _events()
    _imports()


def _meta_and_runs() -> None:
    op.create_table(
        "meta",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "runs",
        sa.Column("run", _Counter, primary_key=True, autoincrement=True),
        sa.Column("run_date", sa.Date, nullable=False),
        sa.Column("plan_hash", sa.String, nullable=False),
        sa.Column("started", sa.String, nullable=False),
        sa.Column("finished", sa.String),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )


def _dispatches() -> None:
    op.create_table(
        "dispatches",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("run", sa.BigInteger, nullable=False),
        sa.Column("run_date", sa.Date, nullable=False),
        sa.Column("debtor", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("medium", sa.String, nullable=False),
        sa.Column("recipient", sa.String, nullable=False),
        sa.Column("procedure", sa.String),
        sa.Column("level", sa.String),
        sa.Column("level_number", sa.Integer),
        sa.Column("currency", sa.String, nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        sa.Column("idempotent", sa.Boolean, nullable=False),
        sa.Column("contact", sa.Boolean, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("refusals", sa.Integer, nullable=False),
        sa.Column("not_before", sa.String),
        sa.Column("changed", sa.String, nullable=False),
    )
    op.create_index("dispatches_state", "dispatches", ["state"])
    op.create_index("dispatches_recipient", "dispatches", ["recipient", "channel"])
    _partial(
        "dispatches_contacts",
        "dispatches",
        ["debtor", "run_date"],
        f"kind = 'notice' AND contact AND {_LEFT}",
    )
    _partial("dispatches_tasks", "dispatches", ["key"], f"kind = 'task' AND {_LEFT}")


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("dispatch", sa.String, primary_key=True),
        sa.Column("medium", sa.String, nullable=False),
        sa.Column("sender", sa.String, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("message_id", sa.String, nullable=False),
        sa.Column("filename", sa.String, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )


def _claims() -> None:
    op.create_table(
        "claims",
        sa.Column("id", _Counter, primary_key=True, autoincrement=True),
        sa.Column("creditor", sa.String, nullable=False),
        sa.Column("item", sa.String, nullable=False),
        sa.Column("procedure", sa.String, nullable=False),
        sa.Column("level", sa.String, nullable=False),
        sa.Column("level_number", sa.Integer),
        sa.Column("cycle", sa.Integer, nullable=False),
        sa.Column("part", sa.String, nullable=False),
        sa.Column("dispatch", sa.String, nullable=False),
        sa.Column("run_date", sa.String, nullable=False),
        sa.Column("released", sa.String, nullable=False, server_default=""),
        sa.Column("line", sa.Text, sa.Computed(_LINE, persisted=True)),
        sa.UniqueConstraint(
            "item", "creditor", "procedure", "level", "cycle", "part", "released",
            name="claims_once",
        ),
    )  # fmt: skip
    op.create_index("claims_dispatch", "claims", ["dispatch"])


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("seq", _Counter, primary_key=True, autoincrement=True),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("date", sa.Date),
        sa.Column("run", sa.BigInteger),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("dispatch", sa.String),
        sa.Column("debtor", sa.String),
        sa.Column("item", sa.String),
        sa.Column("data", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    for column in ("dispatch", "item", "debtor"):
        _partial(f"events_{column}", "events", [column], f"{column} IS NOT NULL")
    _partial("events_recorded", "events", ["type", "seq"], "dispatch IS NULL")


def _imports() -> None:
    figures = (
        ("run_date", sa.Date),
        ("fingerprint", sa.String),
        ("rows", sa.BigInteger),
        ("open_totals", sa.Text),
    )
    op.create_table(
        "snapshots",
        sa.Column("source", sa.String, primary_key=True),
        *(sa.Column(name, kind, nullable=False) for name, kind in figures),
        sa.Column("frame", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "imports",
        sa.Column("id", _Counter, primary_key=True, autoincrement=True),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        *(sa.Column(name, kind, nullable=False) for name, kind in figures),
    )
