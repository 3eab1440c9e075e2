"""Statements that are carried out for each message: made once, and given to the driver as they are.

SQLAlchemy takes many times as long over a statement as SQLite does to carry it out; over a thousand
messages that is what a run would wait for.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Dialect, String, literal_column
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.selectable import SelectBase

Values = Mapping[str, Any]
_Convert = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Made:
    """A statement in the words of one kind of database.

    Attributes:
        names: of the parameters in their order; None where the driver takes them by name.
        constants: parameters that the statement itself gives.
        given: how to convert parameters, found: columns; only those that need it.
        row: makes a row of its cells; None for what gives none.
    """

    sql: str
    names: Sequence[str] | None
    constants: Values
    given: Mapping[str, Callable[[Any], Any]]
    found: Sequence[tuple[int, Callable[[Any], Any]]]
    row: Callable[..., Any] | None

    def parameters(self, values: Values) -> Any:
        """Return `values` as the driver takes them."""
        every = {**self.constants, **values} if self.constants else dict(values)
        for name, convert in self.given.items():
            if every[name] is not None:
                every[name] = convert(every[name])
        return every if self.names is None else [every[name] for name in self.names]

    def made_of(self, cells: Sequence[Any]) -> Any:
        """Return a row with its columns as attributes."""
        assert self.row is not None
        if self.found:
            cells = list(cells)
            for place, convert in self.found:
                cells[place] = convert(cells[place])
        return self.row(*cells)


class Quick:
    """A statement; `columns` are those that an INSERT or UPDATE sets, if not all."""

    def __init__(self, clause: ClauseElement, *columns: str) -> None:
        self._clause = clause
        self._columns = columns
        self._made: dict[str, _Made] = {}

    def run(self, connection: Connection, *values: Values) -> None:
        """Carry it out once for each of `values`."""
        made = self._for(connection.dialect)
        self._execute(connection, made, [made.parameters(each) for each in values])

    def all(self, connection: Connection, values: Values = {}) -> list[Any]:  # noqa: B006
        """Return the rows that it finds."""
        made = self._for(connection.dialect)
        rows = self._execute(connection, made, [made.parameters(values)], fetch=True)
        return [made.made_of(row) for row in rows]

    def first(self, connection: Connection, values: Values = {}) -> Any:  # noqa: B006
        """Return the first row that it finds; None if it finds none."""
        return next(iter(self.all(connection, values)), None)

    def _execute(
        self, connection: Connection, made: _Made, parameters: list[Any], *, fetch: bool = False
    ) -> Sequence[Any]:
        driver = connection.dialect.loaded_dbapi
        cursor = connection.connection.cursor()
        try:
            if len(parameters) == 1:
                cursor.execute(made.sql, parameters[0])
            else:
                cursor.executemany(made.sql, parameters)
            return cursor.fetchall() if fetch else ()
        except driver.Error as error:
            raise _wrapped(connection, made.sql, error) from error
        finally:
            cursor.close()

    def _for(self, dialect: Dialect) -> _Made:
        made = self._made.get(dialect.name)
        if made is None:
            made = self._made[dialect.name] = _make(self._clause, self._columns, dialect)
        return made


def words(*texts: str) -> list[ColumnElement[str]]:
    """Return words of our own for an IN of a `Quick`: they are written into the statement."""
    return [literal_column(f"'{text}'", String) for text in texts]


def _make(clause: ClauseElement, columns: Sequence[str], dialect: Dialect) -> _Made:
    compiled = clause.compile(dialect=dialect, column_keys=list(columns) or None)
    binds = compiled.binds.items()  # type: ignore[attr-defined]
    given = {name: _converter(bind.type, dialect, into=True) for name, bind in binds}
    selected = list(clause.selected_columns) if isinstance(clause, SelectBase) else []
    found = [_converter(column.type, dialect, into=False) for column in selected]
    return _Made(
        sql=str(compiled),
        names=compiled.positiontup if dialect.positional else None,  # type: ignore[attr-defined]
        constants={k: v for k, v in compiled.params.items() if v is not None},
        given={name: convert for name, convert in given.items() if convert},
        found=[(place, convert) for place, convert in enumerate(found) if convert],
        row=namedtuple("Row", [str(column.key) for column in selected]) if selected else None,
    )


def _converter(kind: Any, dialect: Dialect, *, into: bool) -> _Convert:
    own = kind.dialect_impl(dialect)
    convert: _Convert = own.bind_processor(dialect) if into else own.result_processor(dialect, None)
    return convert


def _wrapped(connection: Connection, sql: str, error: Exception) -> BaseException:
    """Return the error as SQLAlchemy would raise it."""
    dialect = connection.dialect
    lost = dialect.is_disconnect(error, connection.connection, None)  # type: ignore[arg-type]
    wrapped = DBAPIError.instance(
        sql, None, error, dialect.loaded_dbapi.Error, connection_invalidated=lost, dialect=dialect
    )
    if lost:
        connection.invalidate(error)
    return wrapped
