"""Triggers that refuse to change or remove what was recorded.

Erasing what is personal stays possible: it takes the salt away, and says by which event.
"""

from __future__ import annotations

from sqlalchemy import Connection

_REASON = "the record is append-only"
_CHAINED = ("seq", "at", "date", "run", "type", "dispatch", "seal", "hash")

_SQLITE = (
    f"""CREATE TRIGGER events_stay BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, '{_REASON}'); END""",
    f"""CREATE TRIGGER events_chained BEFORE UPDATE OF {", ".join(_CHAINED)} ON events
    BEGIN SELECT RAISE(ABORT, '{_REASON}'); END""",
    f"""CREATE TRIGGER events_told BEFORE UPDATE ON events
    WHEN NEW.salt IS NOT NULL OR NEW.erased IS NULL
    BEGIN SELECT RAISE(ABORT, '{_REASON}'); END""",
)

_CHANGED = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _CHAINED)
_POSTGRESQL = (
    f"""CREATE FUNCTION refuse_changes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{_REASON}'; END $$""",
    """CREATE TRIGGER events_stay BEFORE DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION refuse_changes()""",
    """CREATE TRIGGER events_all_stay BEFORE TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_changes()""",
    f"""CREATE TRIGGER events_chained BEFORE UPDATE ON events
    FOR EACH ROW WHEN ({_CHANGED}) EXECUTE FUNCTION refuse_changes()""",
    """CREATE TRIGGER events_told BEFORE UPDATE ON events
    FOR EACH ROW WHEN (NEW.salt IS NOT NULL OR NEW.erased IS NULL)
    EXECUTE FUNCTION refuse_changes()""",
)


def set_up(connection: Connection) -> None:
    """Create the triggers on `events`."""
    for statement in _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE:
        connection.exec_driver_sql(statement)
