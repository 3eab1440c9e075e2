"""The chain of the record, what is known to have left, and the mails that came in.

A migration describes its tables itself and never imports `schema`, which moves on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from relance.history.migrations import first_links, guards

revision = "r0003"
down_revision = "r0002"


def upgrade() -> None:
    """Add the columns and tables, chain what was recorded until now, and guard it from then on."""
    _columns()
    _tables()
    first_links.make(op.get_bind())
    guards.set_up(op.get_bind())


def _columns() -> None:
    for name in ("salt", "seal", "hash"):
        op.add_column("events", sa.Column(name, sa.String))
    op.add_column("events", sa.Column("erased", sa.BigInteger))
    for table in ("movements", "allocations", "rejections"):
        for name in ("salt", "seal"):
            op.add_column(table, sa.Column(name, sa.String))
        op.add_column(table, sa.Column("erased", sa.BigInteger))
    op.add_column("messages", sa.Column("addressee", sa.Text))
    op.create_index("messages_message_id", "messages", ["message_id"])


def _tables() -> None:
    op.create_table(
        "departed",
        sa.Column("claim", sa.String, primary_key=True),
        sa.Column("dispatch", sa.String, nullable=False),
    )
    op.create_table(
        "incoming",
        sa.Column("message_id", sa.String, primary_key=True),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("dispatch", sa.String),
        sa.Column("debtor", sa.String),
    )
