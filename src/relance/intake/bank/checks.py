"""Whether statements add up, follow one another and are of the creditor's accounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from relance.diagnostics import Diagnostic, Span
from relance.intake.bank import codes
from relance.intake.bank.statement import Statement
from relance.intake.findings import BOUND, shown
from relance.money import to_text

_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Told:
    """A statement and the file that tells it."""

    file: str
    statement: Statement


def added_up(file: str, statements: Iterable[Statement]) -> list[Diagnostic]:
    """Return what is wrong with the sums of the `statements` of one file; an error refuses it.

    A statement that goes on in another file is not checked alone (see `joined`).
    """
    said = []
    for statement in statements:
        if not _fits(statement):
            facts = {"account": shown(statement.account)}
            said.append(Diagnostic(codes.TOO_LARGE, Span(file, statement.line), facts))
        elif not statement.partial:
            said += _sums(Told(file, statement), [statement])
    return said


def _fits(statement: Statement) -> bool:
    """Return whether all amounts, and any sum of them, can be counted with."""
    total: int = sum(abs(amount) for amount in statement.movements["amount"])
    opening, closing = abs(statement.opening or 0), abs(statement.closing or 0)
    return max(total, opening, closing) <= _LARGEST


def _sums(told: Told, parts: Sequence[Statement]) -> list[Diagnostic]:
    """Return the error of a statement in `parts` that does not add up; nothing where it does."""
    opening = next((p.opening for p in parts if p.opening is not None), None)
    closing = next((p.closing for p in reversed(parts) if p.closing is not None), None)
    if opening is None or closing is None:
        return []
    moved = sum(sum(part.movements["amount"]) for part in parts)
    if opening + moved == closing:
        return []
    currency = told.statement.currency
    amounts = {
        "opening": opening,
        "movements": moved,
        "made": opening + moved,
        "closing": closing,
        "difference": closing - opening - moved,
    }
    texts = {name: to_text(amount, currency) for name, amount in amounts.items()}
    facts = {"account": shown(told.statement.account), "currency": currency, **texts}
    return [Diagnostic(codes.SUMS, Span(told.file, told.statement.line), facts)]


def joined(told: Sequence[Told]) -> list[Diagnostic]:
    """Return what is wrong with statements that go on from file to file: sums, and missing parts.

    An error refuses the files of all its parts: its own place and the `related` ones.
    """
    groups: dict[tuple[str, str, str | None], list[Told]] = {}
    for one in told:
        key = (one.statement.account, one.statement.currency, one.statement.number)
        groups.setdefault(key, []).append(one)
    said = []
    for parts in groups.values():
        if not any(part.statement.partial for part in parts):
            continue
        if all(part.statement.partial for part in parts):
            last = parts[-1]
            facts = {
                "number": shown(last.statement.number or "–"),
                "account": shown(last.statement.account),
            }
            said.append(Diagnostic(codes.CONTINUED, Span(last.file, last.statement.line), facts))
        else:
            parts.sort(key=_place)
            others = tuple(Span(part.file, part.statement.line) for part in parts[1:])
            wrong = _sums(parts[0], [part.statement for part in parts])
            said += [replace(finding, related=others) for finding in wrong]
    return said


def _place(part: Told) -> tuple[bool, bool, str, int]:
    """Parts with an opening balance come first, the last part at the end."""
    statement = part.statement
    return not statement.partial, statement.opening is None, part.file, statement.line or 0


def gaps(told: Iterable[Told]) -> list[Diagnostic]:
    """Return a warning for each pair of consecutive statements with another one missing between.

    Statements that overlap are no gap, nor is a statement whose closing balance any other opens with.
    """
    by_account: dict[tuple[str, str], list[Told]] = {}
    for one in told:
        s = one.statement
        if s.opening is not None and s.closing is not None and s.day is not None:
            by_account.setdefault((s.account, s.currency), []).append(one)
    said: list[Diagnostic] = []
    for found in by_account.values():
        openings = Counter(one.statement.opening for one in found)
        found.sort(key=lambda one: (_end(one), _begin(one), one.file, one.statement.line or 0))
        for before, after in pairwise(found):
            closing = before.statement.closing
            others = openings[closing] - (closing == before.statement.opening)
            if not others and _begin(after) > _end(before):
                said.append(_gap(before.statement, after))
    return said[:BOUND]


def _end(one: Told) -> date:
    return one.statement.day or date.min


def _begin(one: Told) -> date:
    days = one.statement.movements["booked"]
    return min(days) if len(days) else _end(one)


def _gap(before: Statement, after: Told) -> Diagnostic:
    facts = {
        "account": shown(before.account),
        "closing": to_text(before.closing or 0, before.currency),
        "day": before.day,
        "opening": to_text(after.statement.opening or 0, before.currency),
        "next": after.statement.day,
    }
    return Diagnostic(codes.GAP, Span(after.file, after.statement.line), facts)


def foreign(told: Iterable[Told], own: Collection[str]) -> list[Diagnostic]:
    """Return a warning per file and account that is none of the IBANs `own`; none without `own`.

    An account number without country counts as own if an IBAN ends with it.
    """
    ibans = {"".join(iban.split()).upper() for iban in own}
    if not ibans:
        return []
    others: dict[tuple[str, str], int | None] = {}
    for one in told:
        account = one.statement.account
        if account not in ibans and not (
            len(account) >= 7 and any(account in iban[4:] for iban in ibans)
        ):
            others.setdefault((one.file, account), one.statement.line)
    return [
        Diagnostic(codes.FOREIGN, Span(file, line), {"account": shown(account)})
        for (file, account), line in others.items()
    ]
