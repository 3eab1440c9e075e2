"""Whether dispatches, claims, messages and payments are what the record tells of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from typing import Any, get_args

from sqlalchemy import Connection, select

from relance.diagnostics import Diagnostic, Phrase
from relance.history import codes, covering, remains, schema
from relance.history.dispatches import UNSENT
from relance.history.values import State
from relance.language import N_

_STATES = frozenset(get_args(State))
_ABSENT = N_("it is gone")
_UNTOLD = N_("nothing is recorded of it")
_STATE = N_("its state")
_FACTS = N_("what it is")
_CLAIMS = N_("what it claims")


@dataclass(slots=True)
class OfDispatch:
    """The last words of the record on one dispatch; numbers of when it was claimed and erased."""

    state: str | None = None
    claims: str | None = None
    facts: str | None = None
    message: str | None = None
    claimed: int = 0
    erased: int = 0

    @property
    def is_erased(self) -> bool:
        """Whether what it was is gone: it was erased, and not claimed anew since."""
        return self.erased > self.claimed


@dataclass(slots=True)
class Told:
    """What the record tells of the other tables, gathered event by event.

    Attributes:
        dispatches: by key.
        rows: (table, first, last, digest) of each part of a table of payments.
        adopted: (numbers of claims, digest) of levels that were set without sending.
        erased: how many events each erasing event took the personal data from.
        remains: what each erasing event says it left, by its number.
        superseded: numbers of those of which a later one erased more.
    """

    dispatches: dict[str, OfDispatch] = field(default_factory=dict)
    rows: list[tuple[str, int, int, str]] = field(default_factory=list)
    adopted: list[tuple[list[int], str]] = field(default_factory=list)
    erased: Counter[int] = field(default_factory=Counter)
    remains: dict[int, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    superseded: set[int] = field(default_factory=set)

    def hear(self, event: Mapping[str, Any]) -> None:
        """Take in one event."""
        data = json.loads(event["data"])
        if event["erased"] is not None:
            self.erased[event["erased"]] += 1
        if event["dispatch"] is not None:
            self._hear_of_dispatch(event, data)
        elif event["type"] == covering.COVERED and event["erased"] is None:
            self._hear_of_rows(data)
        elif event["type"] == remains.ERASED:
            self.remains[event["seq"]] = (event["at"], data.get("remains", {}))
            self.superseded.update(data.get("instead_of", ()))

    def _hear_of_dispatch(self, event: Mapping[str, Any], data: Mapping[str, Any]) -> None:
        told = self.dispatches.setdefault(event["dispatch"], OfDispatch())
        if event["type"] in _STATES:
            told.state = event["type"]
        told.claims = data.get("claims_sha256", told.claims)
        told.facts = data.get("facts_sha256", told.facts)
        told.message = data.get("sha256", told.message)
        told.claimed = event["seq"] if event["type"] == "claimed" else told.claimed
        told.erased = max(told.erased, event["erased"] or 0)

    def _hear_of_rows(self, data: Mapping[str, Any]) -> None:
        if "adopted" in data:
            self.adopted.append((data["adopted"], data["claims_sha256"]))
        for name in covering.PLAIN:
            if name in data:
                first, last, digest = data[name]
                self.rows.append((name, first, last, digest))


def findings(connection: Connection, told: Told) -> Iterator[Diagnostic]:
    """Yield all that is not as it was `told`, and what was erased."""
    yield from _dispatches(connection, told)
    yield from _messages(connection, told)
    yield from _adopted(connection, told)
    yield from _payments(connection, told)
    yield from _remains(connection, told)


def _dispatches(connection: Connection, told: Told) -> Iterator[Diagnostic]:
    table, seen = schema.dispatches, set()
    claims = _claims(connection)
    wanted = select(table).order_by(table.c.key).execution_options(yield_per=1000)
    for row in connection.execute(wanted).mappings():
        seen.add(row["key"])
        of_it = told.dispatches.get(row["key"])
        for what in _differences(dict(row), of_it, claims.get(row["key"], [])):
            yield _about(row["key"], what)
    for key in sorted(told.dispatches.keys() - seen):
        yield _about(key, _ABSENT)
    for key in sorted(claims.keys() - told.dispatches.keys()):
        yield _about(key, _UNTOLD)


def _differences(
    row: Mapping[str, Any], told: OfDispatch | None, claims: list[tuple[str, str]]
) -> Iterator[str]:
    """Yield what of a dispatch is not as it was told; `claims`: attempt that released, digest."""
    if told is None:
        yield _UNTOLD
        return
    if row["state"] != told.state:
        yield _STATE
    if told.is_erased:
        return  # what remains of it is compared apart
    if told.facts is not None and covering.of_facts(row) != told.facts:
        yield _FACTS
    released = f"{row['key']}:{row['attempts']}" if told.state in UNSENT else ""
    nothing = covering.of_claims([])
    if told.claims is not None and dict(claims).get(released, nothing) != told.claims:
        yield _CLAIMS


def _claims(connection: Connection) -> dict[str, list[tuple[str, str]]]:
    """Return for each dispatch what was released by which attempt ("": none), digested."""
    table = schema.claims.c
    columns = (table.dispatch, table.released, *(table[name] for name in covering.CLAIM))
    wanted = select(*columns).where(table.dispatch != "").order_by(table.dispatch, table.released)
    rows = connection.execute(wanted.execution_options(yield_per=1000)).mappings()
    found: dict[str, list[tuple[str, str]]] = {}
    for (key, released), own in groupby(rows, lambda row: (row["dispatch"], row["released"])):
        found.setdefault(key, []).append((released, covering.of_claims(map(dict, own))))
    return found


def _messages(connection: Connection, told: Told) -> Iterator[Diagnostic]:
    table = schema.messages.c
    wanted = select(table.dispatch, table.content).order_by(table.dispatch)
    seen = set()
    for key, content in connection.execute(wanted.execution_options(yield_per=50)):
        of_it = told.dispatches.get(key, OfDispatch())
        seen.add(key)
        if not of_it.is_erased and sha256(content).hexdigest() != of_it.message:
            yield Diagnostic(codes.MESSAGE_DIFFERS, facts={"key": key})
    for key in sorted(told.dispatches.keys() - seen):
        if not told.dispatches[key].is_erased:
            yield Diagnostic(codes.MESSAGE_DIFFERS, facts={"key": key})


def _adopted(connection: Connection, told: Told) -> Iterator[Diagnostic]:
    table = schema.claims
    covered: set[int] = set()
    own = table.c.dispatch == ""
    for numbers, digest in told.adopted:
        covered.update(numbers)
        span = table.c.id.between(numbers[0], numbers[-1])
        rows = connection.execute(select(table).where(own, span)).mappings()
        own_numbers = set(numbers)
        if covering.of_claims(dict(row) for row in rows if row["id"] in own_numbers) != digest:
            yield _rows("claims", numbers[0], numbers[-1])
    strange = set(connection.execute(select(table.c.id).where(own)).scalars()) - covered
    for number in sorted(strange - remains.adopted(connection)):
        yield _rows("claims", number, number)


def _payments(connection: Connection, told: Told) -> Iterator[Diagnostic]:
    reached = dict.fromkeys(covering.PLAIN, 0)
    for name, first, last, digest in sorted(told.rows):
        strange = _strangers(connection, name, reached[name] + 1, first - 1)
        if strange or covering.of_rows(connection, name, first, last) != digest:
            yield _rows(name, reached[name] + 1 if strange else first, last)
        reached[name] = max(reached[name], last)
    for name, last in covering.last_numbers(connection).items():
        if last > reached[name]:
            yield _rows(name, reached[name] + 1, last)
        yield from _unsealed(connection, name)


def _strangers(connection: Connection, name: str, first: int, last: int) -> bool:
    """Return whether there are rows between two parts that were recorded."""
    number = covering.light(name, "seq").c.seq
    between = select(number).where(number.between(first, last)).limit(1)
    return first <= last and connection.execute(between).one_or_none() is not None


def _unsealed(connection: Connection, name: str) -> Iterator[Diagnostic]:
    """Yield the rows whose personal part is neither as it was sealed nor erased."""
    table = covering.light(name, "seq", *covering.PERSONAL[name], "salt", "seal", "erased")
    wanted = select(table).order_by(table.c.seq).execution_options(yield_per=1000)
    for row in connection.execute(wanted).mappings():
        whole = row["salt"] and covering.seal_of(name, row["salt"], dict(row)) == row["seal"]
        if not whole and row["erased"] is None:
            yield _rows(name, row["seq"], row["seq"])


def _remains(connection: Connection, told: Told) -> Iterator[Diagnostic]:
    for number, (at, digests) in sorted(told.remains.items()):
        left = remains.of(connection, number)
        again = {key for key, it in told.dispatches.items() if it.claimed > number}
        if number not in told.superseded and _less(left, again) != _less(digests, again):
            yield Diagnostic(codes.ERASED_DIFFERS, facts={"seq": number})
        if told.erased[number]:
            facts = {"seq": number, "at": at[:10], "rows": told.erased[number]}
            yield Diagnostic(codes.ERASED, facts=facts)
    for number in sorted(told.erased.keys() - told.remains.keys()):
        yield Diagnostic(codes.ERASED_DIFFERS, facts={"seq": number})


def _less(digests: Mapping[str, Any], again: set[str]) -> dict[str, Any]:
    """Return `digests` without those of dispatches that were claimed `again` since."""
    kept = {key: it for key, it in digests.get("dispatches", {}).items() if key not in again}
    return {**digests, "dispatches": kept}


def _about(key: str, what: str) -> Diagnostic:
    return Diagnostic(codes.DISPATCH_DIFFERS, facts={"key": key, "what": Phrase(what)})


def _rows(name: str, first: int, last: int) -> Diagnostic:
    return Diagnostic(codes.ROWS_DIFFER, facts={"table": name, "first": first, "last": last})
