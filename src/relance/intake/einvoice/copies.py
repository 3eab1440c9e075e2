"""The same invoice in several files, and invoices that a corrected one replaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relance.diagnostics import Diagnostic, Rule, Span
from relance.intake import einvoice_codes as codes
from relance.intake.findings import shown

Row = Mapping[str, Any]
_SAME = ("kind", "issued", "currency", "amount", "open")


def once(rows: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[Diagnostic]]:
    """Return each invoice once, and what is said of the others.

    Files that say the same of a number count once. When they do not agree none counts: which is
    right cannot be told. An invoice that a corrected one names is replaced by it.
    """
    kept: dict[tuple[str, ...], dict[str, Any]] = {}
    contrary: set[tuple[str, ...]] = set()
    said: list[Diagnostic] = []
    for row in rows:
        key = _key(row, row["number"])
        first = kept.setdefault(key, row)
        if first is row:
            continue
        if _agree(first, row):
            fuller, other = sorted((first, row), key=lambda r: r["due"] is None)
            kept[key] = fuller
            said.append(_told(codes.REPEATED, other, first=fuller["file"]))
        else:
            contrary.add(key)
            said.append(_told(codes.CONTRADICTS, row, first=first["file"]))
    replaced = {_key(row, number): row["number"] for row in kept.values() if row["amount"] > 0
                for number in row["corrects"] if _key(row, number) != _key(row, row["number"])}  # fmt: skip
    said += [
        _told(codes.REPLACED, row, by=shown(replaced[key]))
        for key, row in kept.items()
        if key in replaced
    ]
    return [r for k, r in kept.items() if k not in contrary and k not in replaced], said


def _agree(first: Row, second: Row) -> bool:
    """Whether two files say the same; the profile MINIMUM has no due date, which is no other one."""
    dues = {first["due"], second["due"]} - {None}
    return len(dues) < 2 and all(first[name] == second[name] for name in _SAME)


def _key(row: Row, number: str) -> tuple[str, ...]:
    return (row["debtor"], "".join(number.split()).upper())


def _told(rule: Rule, row: Row, **facts: object) -> Diagnostic:
    named = {"number": shown(row["number"]), "debtor": shown(row["debtor"])}
    return Diagnostic(rule, Span(row["file"], row["line"]), {**named, **facts})
