"""Chains what was recorded before there was a chain, and covers what stands beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from relance import clock
from relance.history import chain, covering

_AT_ONCE = 1000
_events = sa.table(
    "events",
    *(sa.column(name) for name in ("seq", "at", "run", "type", "dispatch", "debtor", "item")),
    sa.column("date", sa.Date),
    *(sa.column(name) for name in ("data", "salt", "seal", "hash")),
)


def make(connection: sa.Connection) -> None:
    """Give every row of old its salt, seal and hash; append what covers the other tables."""
    head = _chain_old(connection, chain.Head())
    if head.seq == 0:
        return
    _seal_payments(connection)
    _append(connection, head, _covers(connection, head))


def _chain_old(connection: sa.Connection, head: chain.Head) -> chain.Head:
    update = (
        _events.update()
        .where(_events.c.seq == sa.bindparam("number"))
        .values({name: sa.bindparam(name) for name in ("salt", "seal", "hash")})
    )
    while rows := _after(connection, head.seq):
        links = []
        for row in rows:
            salt = chain.new_salt()
            seal = chain.seal(salt, row["debtor"], row["item"], row["data"])
            head = chain.Head(row["seq"], _hash(head.hash, row, seal))
            links.append({"number": head.seq, "salt": salt, "seal": seal, "hash": head.hash})
        connection.execute(update, links)
    return head


def _after(connection: sa.Connection, number: int) -> list[Mapping[str, Any]]:
    wanted = sa.select(_events).where(_events.c.seq > number).order_by(_events.c.seq)
    return [row._asdict() for row in connection.execute(wanted.limit(_AT_ONCE))]


def _hash(previous: str, row: Mapping[str, Any], seal: str) -> str:
    day = row["date"].isoformat() if isinstance(row["date"], date) else None
    plain = (row["seq"], row["at"], day, row["run"], row["type"], row["dispatch"], seal)
    return chain.link(previous, *plain)


def _seal_payments(connection: sa.Connection) -> None:
    for name, personal in covering.PERSONAL.items():
        rows = covering.light(name, "seq", *personal, "salt", "seal")
        update = (
            rows.update()
            .where(rows.c.seq == sa.bindparam("number"))
            .values(salt=sa.bindparam("salt"), seal=sa.bindparam("seal"))
        )
        seals = []
        for row in connection.execute(sa.select(rows)):
            sealed = covering.sealed(name, row._asdict())
            seals.append({"number": row.seq, "salt": sealed["salt"], "seal": sealed["seal"]})
        if seals:
            connection.execute(update, seals)


def _covers(connection: sa.Connection, head: chain.Head) -> Iterator[dict[str, Any]]:
    """Yield the events that cover dispatches, adopted levels and payments, and the one that tells."""
    yield from _dispatches(connection)
    for debtor, data in covering.adopted(connection, 0):
        yield {"type": covering.COVERED, "debtor": debtor, "data": data}
    payments = covering.of_payments(connection, dict.fromkeys(covering.PLAIN, 0))
    if payments:
        yield {"type": covering.COVERED, "data": payments}
    yield {"type": "chained", "data": {"events": head.seq}}


def _dispatches(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    sent = covering.light("dispatches", *covering.FACTS, "attempts").c
    messages = covering.light("messages", "dispatch", "sha256").c
    prints = dict(connection.execute(sa.select(messages.dispatch, messages.sha256)).all())
    claims = _claims(connection)
    for row in connection.execute(sa.select(*sent).order_by(sent.key)):
        live = ("", f"{row.key}:{row.attempts}")
        own = [claim for claim in claims.get(row.key, []) if claim["released"] in live]
        data = {
            "claims_sha256": covering.of_claims(own),
            "facts_sha256": covering.of_facts(row._asdict()),
            "sha256": prints.get(row.key),
        }
        yield {
            "type": covering.COVERED, "dispatch": row.key, "debtor": row.debtor,
            "date": row.run_date, "data": data,
        }  # fmt: skip


def _claims(connection: sa.Connection) -> dict[str, list[Mapping[str, Any]]]:
    claims = covering.light("claims", "dispatch", "released", *covering.CLAIM).c
    found = sa.select(*claims).where(claims.dispatch != "").order_by(claims.dispatch)
    rows = [row._asdict() for row in connection.execute(found)]
    return {key: list(own) for key, own in groupby(rows, lambda row: str(row["dispatch"]))}


def _append(connection: sa.Connection, head: chain.Head, events: Iterator[dict[str, Any]]) -> None:
    at = clock.now().isoformat(timespec="microseconds")
    nothing = {"date": None, "run": None, "dispatch": None, "debtor": None, "item": None}
    rows = []
    for event in events:
        text = json.dumps(event["data"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        row = nothing | event | {"at": at, "seq": head.seq + 1, "data": text}
        salt = chain.new_salt()
        seal = chain.seal(salt, row["debtor"], row["item"], row["data"])
        head = chain.Head(row["seq"], _hash(head.hash, row, seal))
        rows.append(row | {"salt": salt, "seal": seal, "hash": head.hash})
    connection.execute(_events.insert(), rows)
