"""Diagnostics about rows: each named with its line up to a bound, the rest summed up."""

from __future__ import annotations

import unicodedata

import polars as pl

from relance.diagnostics import Diagnostic, Rule, Span
from relance.intake import codes

BOUND = 50
"""How many rows of one file are named for one rule."""

_WIDTH = 80


class Refusal(Exception):  # noqa: N818  (it refuses a file; the program has no error)
    """A file is refused whole; `diagnostics` say why. It never leaves `intake`."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(*(str(d.span) for d in diagnostics))
        self.diagnostics = diagnostics


def refuse(rule: Rule, file: str, line: int | None = None, **facts: object) -> Refusal:
    """Return the refusal of `file` by `rule`."""
    return Refusal(Diagnostic(rule, Span(file, line), facts))


def shown(text: object) -> str:
    """Return `text` as it may be shown: unprintable characters escaped, at most 80 characters."""
    raw = "" if text is None else str(text)
    safe = "".join(map(_printable, raw[: _WIDTH + 1]))
    return safe if len(safe) <= _WIDTH else safe[: _WIDTH - 1] + "…"


def _printable(char: str) -> str:
    if char in " \u00a0\u202f" or unicodedata.category(char)[0] not in "CZ":
        return char
    return char.encode("unicode_escape").decode("ascii")


def row_findings(
    rule: Rule, file: str, rows: pl.DataFrame, columns: tuple[str, ...] = (), **facts: object
) -> list[Diagnostic]:
    """Return a diagnostic for each of the first rows, and one for all the rest.

    Args:
        rule: what is wrong with the rows.
        file: path relative to the project.
        rows: has `line` and the `columns` that are facts of the messages.
        columns: names of the columns of `rows` whose text goes into the message.
        facts: values that are the same for all rows.
    """
    rows = rows.sort("line")
    named = [
        Diagnostic(
            rule, Span(file, row["line"]), {**facts, **{name: shown(row[name]) for name in columns}}
        )
        for row in rows.head(BOUND).select("line", *columns).iter_rows(named=True)
    ]
    if rows.height > BOUND:
        named.append(_rest(rule, file, rows["line"]))
    return named


def _rest(rule: Rule, file: str, lines: pl.Series) -> Diagnostic:
    facts = {
        "count": len(lines) - BOUND,
        "code": rule.code,
        "first": lines[BOUND],
        "last": lines[-1],
        "shown": BOUND,
    }
    return Diagnostic(codes.MORE, Span(file, lines[BOUND]), facts)
