"""Exceptions of the history: the machine is broken or busy, and the run cannot go on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from relance.diagnostics import Diagnostic, Rule
from relance.history import codes


class HistoryUnavailable(Exception):  # noqa: N818
    """The history cannot be read or written; `diagnostic` says why and what to do."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message())
        self.diagnostic = diagnostic


class HistoryRefused(HistoryUnavailable):
    """The history can be read, but no run may go on with it until a person says what happened."""

    def __init__(self, rule: Rule, facts: Mapping[str, object]) -> None:
        super().__init__(Diagnostic(rule, facts=facts))


class AlreadyRunning(Exception):  # noqa: N818
    """Another run holds the lock of this project."""

    def __init__(self) -> None:
        self.diagnostic = Diagnostic(codes.RUNNING)
        super().__init__(self.diagnostic.message())


class OutOfOrder(Exception):  # noqa: N818
    """A dispatch was moved to a state that its present state does not lead to: a bug."""


_SQLITE_RULES = {
    "SQLITE_BUSY": codes.LOCKED,
    "SQLITE_LOCKED": codes.LOCKED,
    "SQLITE_FULL": codes.FULL,
    "SQLITE_NOTADB": codes.NOT_A_DATABASE,
    "SQLITE_CORRUPT": codes.NOT_A_DATABASE,
    "SQLITE_READONLY": codes.READ_ONLY,
    "SQLITE_PERM": codes.READ_ONLY,
}

_SERVER_RULES = {"53100": codes.FULL, "55P03": codes.LOCKED}
"""By SQLSTATE: disk_full, lock_not_available."""


def unavailable(rule: Rule, database: str, **facts: object) -> HistoryUnavailable:
    """Return the exception for `rule` about `database` (a path or a URL without its password)."""
    return HistoryUnavailable(Diagnostic(rule, facts={"database": database, **facts}))


@contextmanager
def explained(database: str) -> Iterator[None]:
    """Turn what the driver raises inside into `HistoryUnavailable` about `database`.

    Violated constraints pass through: they are answers, not failures.
    """
    from sqlalchemy.exc import DBAPIError, IntegrityError

    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise _of_driver(error.orig or error, database, error.connection_invalidated) from error
    except OSError as error:
        raise _of_system(error, database) from error


def _of_driver(error: BaseException, database: str, lost: bool) -> HistoryUnavailable:
    name = str(getattr(error, "sqlite_errorname", ""))
    reason = _first_line(error)
    for prefix, rule in _SQLITE_RULES.items():
        if name.startswith(prefix):
            return unavailable(rule, database, reason=reason)
    state = getattr(error, "sqlstate", None)
    if state in _SERVER_RULES:
        return unavailable(_SERVER_RULES[state], database)
    return unavailable(codes.LOST if lost else codes.CANNOT_OPEN, database, reason=reason)


def _of_system(error: OSError, database: str) -> HistoryUnavailable:
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return unavailable(codes.FULL, database)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return unavailable(codes.READ_ONLY, database)
    return unavailable(codes.CANNOT_OPEN, database, reason=error.strerror or str(error))


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
