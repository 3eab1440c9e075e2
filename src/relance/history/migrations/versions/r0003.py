"""The chain of the record, and the mails that came in.

A migration describes its tables itself and never imports `schema`, which moves on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0003"
down_revision = "r0002"


def upgrade() -> None:
    """Add what chains the events, and the table of incoming mails."""
    for name in ("salt", "seal", "hash"):
        op.add_column("events", sa.Column(name, sa.String))
    op.create_index("messages_message_id", "messages", ["message_id"])
    op.create_table(
        "incoming",
        sa.Column("message_id", sa.String, primary_key=True),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("dispatch", sa.String),
        sa.Column("debtor", sa.String),
    )
