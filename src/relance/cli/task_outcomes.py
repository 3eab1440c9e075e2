"""What came of tasks, as people type it or a spreadsheet lists it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relance.cli.exits import Exit, Stop
from relance.cli.typed import amount_of, day_of
from relance.cli.words import _
from relance.diagnostics import Span

if TYPE_CHECKING:
    from relance.runs.worklist import Outcome

COLUMNS = ("number", "outcome", "until", "amount", "note")
"""What a file of outcomes may have; only the number is needed."""

_LARGEST = 5_000_000
"""Bytes of a file of outcomes: far more than anybody enters by hand."""


@dataclass(frozen=True, slots=True)
class Given:
    """What was told of one task, as text; `place` says where (None on the command line)."""

    number: str
    outcome: str
    until: str = ""
    amount: str = ""
    note: str = ""
    place: Span | None = None


def outcome_of(given: Given, day: date, by: str) -> Outcome:
    """Return what was told of a task as values.

    Raises:
        Stop: if it is no outcome, or lacks what the outcome needs.
    """
    from relance.runs.worklist import NEEDS_DATE, NEEDS_NOTE, OUTCOMES, Outcome

    if given.outcome not in OUTCOMES:
        raise Stop(
            Exit.USAGE,
            _("there is no outcome {outcome}").format(outcome=given.outcome),
            _("one of {outcomes}").format(outcomes=", ".join(OUTCOMES)),
        )
    if given.outcome in NEEDS_DATE and not given.until:
        raise Stop(Exit.USAGE, _("until when?"), _("give the date with --until YYYY-MM-DD"))
    if given.outcome in NEEDS_NOTE and not given.note:
        raise Stop(Exit.USAGE, _("why is it not approved?"), _("give the reason with --note"))
    until = day_of(given.until, "--until") if given.until else None
    amount = None
    if given.amount:
        amount = amount_of(given.amount, "--amount")
    return Outcome(given.outcome, day, until, amount, given.note or None, by, given.place)


def read_outcomes(file: Path) -> list[Given]:
    """Return the rows of a file of outcomes: CSV with headings, or JSON (a list of objects).

    Raises:
        Stop: if it cannot be read, or has a column that means nothing.
    """
    from relance.intake.encoding import detect

    try:
        with file.open("rb") as opened:
            content = opened.read(_LARGEST + 1)
        text = content.decode(detect(content))
    except (OSError, UnicodeDecodeError) as error:
        raise Stop(
            Exit.REFUSED, _("{file} cannot be read: {why}").format(file=file, why=error)
        ) from None
    if len(content) > _LARGEST:
        raise Stop(Exit.REFUSED, _("{file} is too large for a list of outcomes").format(file=file))
    rows = _json_rows(text, file) if file.suffix.lower() == ".json" else _csv_rows(text)
    return [_given(row, Span(str(file), line)) for line, row in rows]


def _csv_rows(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    for row in reader:
        yield reader.line_num, {(name or "").strip(): value for name, value in row.items()}


def _json_rows(text: str, file: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        rows = json.loads(text)
    except ValueError as error:
        raise Stop(
            Exit.REFUSED, _("{file} cannot be read: {why}").format(file=file, why=error)
        ) from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Stop(Exit.REFUSED, _("{file} is no list of outcomes").format(file=file))
    yield from enumerate(rows, start=1)


def _given(row: Mapping[str, Any], place: Span) -> Given:
    strange = sorted(set(row) - set(COLUMNS))
    if strange or not row.get("number"):
        raise Stop(
            Exit.REFUSED,
            _("{place}: a row needs a number, and has {columns}").format(
                place=place, columns=", ".join(strange) or "–"
            ),
            _("columns: {columns}").format(columns=", ".join(COLUMNS)),
        )
    cells = {name: str(row[name]).strip() for name in COLUMNS if row.get(name) is not None}
    return Given(**{"outcome": "done", **cells}, place=place)
