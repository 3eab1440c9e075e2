"""Brings a database to the schema of this program; never back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from relance.history import codes, schema
from relance.history.database import Database
from relance.history.errors import unavailable

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x72656C61
"""Advisory lock of PostgreSQL under which two programs do not migrate at once."""


def bring_forward(database: Database, creditor: str) -> None:
    """Create or migrate the tables and pin the creditor on first use, in one transaction.

    Raises:
        HistoryUnavailable: if the schema is newer, or the database is another creditor's.
    """
    with database.connection.begin():
        if database.dialect == "postgresql":
            database.connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        found = revision(database.connection)
        if found != schema.HEAD:
            _migrate(database, found)
        _pin(database, creditor)


def check(database: Database, creditor: str) -> bool:
    """Return whether there is a history to read; False for a database without tables.

    A schema that is a little older is read as it is: what it lacks reads as empty.

    Raises:
        HistoryUnavailable: if the schema is newer or too old, or the database is another creditor's.
    """
    with database.connection.begin():
        found = revision(database.connection)
        if found is None:
            return False
        if found not in schema.READABLE:
            rule = codes.OLDER if _is_known(found) else codes.NEWER
            raise unavailable(rule, database.name, revision=found)
        _compare(database, creditor)
        return True


def revision(connection: Connection) -> str | None:
    """Return the revision of the database; None when it has no tables of relance."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(database: Database, found: str | None) -> None:
    from alembic import command

    if found is not None and not _is_known(found):
        raise unavailable(codes.NEWER, database.name, revision=found)
    config = _config()
    config.attributes["connection"] = database.connection
    command.upgrade(config, "head")


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _is_known(found: str) -> bool:
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(_config())
    return found in {script.revision for script in scripts.walk_revisions()}


def _pin(database: Database, creditor: str) -> None:
    if _creditor(database) is None:
        row = {"name": "creditor", "value": creditor}
        database.connection.execute(schema.meta.insert().values(row))
    _compare(database, creditor)


def _compare(database: Database, creditor: str) -> None:
    found = _creditor(database)
    if found is not None and found != creditor:
        raise unavailable(codes.OTHER_CREDITOR, database.name, found=found, creditor=creditor)


def _creditor(database: Database) -> str | None:
    wanted = schema.meta.select().where(schema.meta.c.name == "creditor")
    row = database.connection.execute(wanted).one_or_none()
    return None if row is None else str(row.value)
