"""Payments: movements of bank accounts, what they were set against, and what they are not for.

A migration describes its tables itself and never imports `schema`, which moves on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision = "r0001"

_Counter = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_OTHER_MEDIA = sa.text("medium <> 'email'")


def upgrade() -> None:
    """Add the tables, and an index that tells how notices left."""
    _movements()
    _allocations()
    _rejections()
    op.create_index(
        "dispatches_media",
        "dispatches",
        ["key", "medium"],
        sqlite_where=_OTHER_MEDIA,
        postgresql_where=_OTHER_MEDIA,
    )


def _recorded() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("seq", _Counter, primary_key=True, autoincrement=True),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("run", sa.BigInteger),
        sa.Column("by", sa.String),
    )


def _csv(names: str) -> sa.Column[str]:
    """Return the column that holds `names` as a line of CSV; numbers are marked by a plus."""
    cells = [
        f"coalesce(CAST({name[1:]} AS TEXT), '')"
        if name.startswith("+")
        else f"""coalesce('"' || replace({name}, '"', '""') || '"', '')"""
        for name in names.split()
    ]
    return sa.Column("csv", sa.Text, sa.Computed(" || ',' || ".join(cells), persisted=True))


def _movements() -> None:
    texts = ("counterparty", "counterparty_iban", "reference", "end_to_end", "text")
    op.create_table(
        "movements",
        *_recorded(),
        sa.Column("movement", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("file", sa.String, nullable=False),
        sa.Column("line", sa.BigInteger),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("currency", sa.String, nullable=False),
        sa.Column("booked", sa.String, nullable=False),
        sa.Column("value", sa.String),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        *(sa.Column(name, sa.Text) for name in (*texts, "bank_reference", "mandate")),
        sa.Column("parts", sa.Integer),
        _csv(
            "movement source file +line account currency booked value +amount kind counterparty"
            " counterparty_iban reference end_to_end text bank_reference mandate +parts"
        ),
        sa.UniqueConstraint("movement", name="movements_once"),
        sqlite_autoincrement=True,
    )


def _allocations() -> None:
    op.create_table(
        "allocations",
        *_recorded(),
        sa.Column("movement", sa.String, nullable=False),
        sa.Column("item", sa.String, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("evidence", sa.String, nullable=False),
        sa.Column("confidence", sa.Integer, nullable=False),
        sa.Column("day", sa.String, nullable=False),
        sa.Column("due", sa.String),
        sa.Column("open_before", sa.BigInteger),
        sa.Column("debtor", sa.String),
        sa.Column("nth", sa.Integer, nullable=False),
        _csv("movement item +amount kind evidence +confidence day due +open_before debtor"),
        sa.UniqueConstraint("movement", "item", "kind", "nth", name="allocations_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("allocations_item", "allocations", ["item"])


def _rejections() -> None:
    op.create_table(
        "rejections",
        *_recorded(),
        sa.Column("movement", sa.String, nullable=False),
        sa.Column("item", sa.String, nullable=False),
        sa.Column("withdrawn", sa.Boolean, nullable=False),
        sqlite_autoincrement=True,
    )
