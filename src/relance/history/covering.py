"""What the record says of the rows that stand beside it: digests of claims, dispatches, payments.

An event holds the digest; whoever changes the row is found out. Migrations use this module too:
it describes what it reads itself, and its forms never change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Boolean, Connection, Date, TableClause, column, func, select, table
from sqlalchemy.types import NullType, TypeEngine

from relance.history import chain

FACTS = (
    "key", "kind", "run_date", "debtor", "channel", "medium", "recipient", "currency", "total",
    "procedure", "level", "level_number", "idempotent", "contact",
)  # fmt: skip
"""What a dispatch is; the rest of its row tells how it stands."""

CLAIM = ("creditor", "item", "procedure", "level", "level_number", "cycle", "part")
"""What a claim covers."""

_MARKS = ("seq", "at", "run", "by")
PLAIN = {
    "movements": (
        *_MARKS, "movement", "source", "file", "line", "account", "currency", "booked", "value",
        "amount", "kind", "parts",
    ),
    "allocations": (
        *_MARKS, "movement", "amount", "kind", "evidence", "confidence", "day", "due",
        "open_before", "nth",
    ),
    "rejections": (*_MARKS, "movement", "withdrawn"),
}  # fmt: skip
"""Columns of each table of payments that stay for ever."""

PERSONAL = {
    "movements": (
        "counterparty", "counterparty_iban", "reference", "end_to_end", "text", "bank_reference",
        "mandate",
    ),
    "allocations": ("item", "debtor"),
    "rejections": ("item",),
}  # fmt: skip
"""Columns of each table of payments that may be personal: they are sealed row by row."""

COVERED = "covered"
"""Type of the events that only tell digests: nobody needs to see them in a timeline."""

_TYPES: dict[str, TypeEngine[Any]] = {
    "run_date": Date(),
    "idempotent": Boolean(),
    "contact": Boolean(),
    "withdrawn": Boolean(),
}


def light(name: str, *columns: str) -> TableClause:
    """Return the table `name` with just these columns."""
    return table(name, *(column(each, _TYPES.get(each, NullType())) for each in columns))


def of_claims(claims: Iterable[Mapping[str, Any]]) -> str:
    """Return the digest of `claims`, rows with the columns of CLAIM, in whatever order."""
    rows = [[claim[name] for name in CLAIM] for claim in claims]
    return chain.digest_of_rows(sorted(rows, key=lambda row: [str(value) for value in row]))


def of_facts(dispatch: Mapping[str, Any]) -> str:
    """Return the digest of what a dispatch is, from a row with the columns of FACTS."""
    return chain.digest(*(_plain(dispatch[name]) for name in FACTS))


def claim_digest(claim: Mapping[str, Any]) -> str:
    """Return the digest of one claim, for the witness: 128 bits tell all claims apart."""
    return chain.digest(*(claim[name] for name in CLAIM))[:32]


def sealed(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return `row` of the table `name` of payments with its salt and its seal."""
    salt = chain.new_salt()
    return {**row, "salt": salt, "seal": seal_of(name, salt, row)}


def seal_of(name: str, salt: str, row: Mapping[str, Any]) -> str:
    """Return the seal of the personal part of `row`, of the table `name` of payments."""
    return chain.seal(salt, *(row[each] for each in PERSONAL[name]))


def last_numbers(connection: Connection) -> dict[str, int]:
    """Return the last number in each table of payments; 0 where there is none."""
    return {
        name: int(connection.execute(select(func.max(light(name, "seq").c.seq))).scalar() or 0)
        for name in PLAIN
    }


def of_payments(connection: Connection, since: Mapping[str, int]) -> dict[str, Any]:
    """Return what to tell of the rows added `since` the numbers of `last_numbers`; maybe nothing."""
    told: dict[str, Any] = {}
    for name, last in last_numbers(connection).items():
        if last > since[name]:
            span = [since[name] + 1, last]
            told[name] = [*span, of_rows(connection, name, *span)]
    return told


def of_rows(connection: Connection, name: str, first: int, last: int) -> str:
    """Return the digest of the rows of a table of payments, numbers `first` to `last`."""
    rows = light(name, *PLAIN[name], "seal").c
    found = select(*rows).where(rows.seq.between(first, last)).order_by(rows.seq)
    return chain.digest_of_rows(
        [_plain(value) for value in row]
        for row in connection.execute(found.execution_options(yield_per=1000))
    )


def adopted(connection: Connection, since: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each debtor whose levels were set after claim number `since`, and what to tell of it."""
    claims = light("claims", "id", "dispatch", *CLAIM).c
    added = (
        select(claims.id, *(claims[name] for name in CLAIM))
        .where(claims.dispatch == "", claims.id > since)
        .order_by(claims.id)
    )
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in connection.execute(added):
        groups.setdefault(debtor_in(row.item), []).append(row._asdict())
    for debtor, rows in groups.items():
        numbers = [row["id"] for row in rows]
        yield debtor, {"adopted": numbers, "claims_sha256": of_claims(rows)}


def debtor_in(item: str) -> str:
    """Return the debtor in the identity of an item; all of it where it has another form."""
    return item.rsplit("|", 2)[0]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
