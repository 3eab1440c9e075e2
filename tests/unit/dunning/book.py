"""A small way to write a book of receivables, a policy and a past in a test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from relance.dunning.decide import decide
from relance.dunning.events import CONTACTS, CYCLES, HOLDS, PAST_LEVELS, REJECTED, Past
from relance.dunning.plan import Plan
from relance.dunning.planning import make_plan
from relance.dunning.reach import Way
from relance.dunning.standing import standing
from relance.ledger.schema import DEBTORS, ITEMS, Column, schema
from relance.policy.model import Policy, Procedure

CHANNELS = {
    "email": {"kind": "outbox"},
    "letter": {"kind": "letter"},
    "sms": {"kind": "outbox"},
    "task": {"kind": "task"},
}
REACH = {medium: Way(medium, medium) for medium in ("email", "letter", "sms", "task")}
LADDER = (
    {"id": "reminder-1", "days": 5, "channel": "email", "template": "reminder"},
    {"id": "reminder-2", "days": 20, "channel": "email", "template": "reminder"},
    {
        "id": "formal-notice",
        "days": 40,
        "channel": "letter",
        "template": "formal-notice",
        "mandatory": True,
    },
)


def procedure(
    name: str = "standard", levels: Sequence[Mapping[str, Any]] = LADDER, **keys: Any
) -> Procedure:
    return Procedure.model_validate({"name": name, "interval": 7, "levels": list(levels), **keys})


def policy(
    *procedures: Procedure,
    segments: Sequence[Mapping[str, Any]] | None = None,
    limits: Mapping[str, Any] | None = None,
) -> Policy:
    procedures = procedures or (procedure(),)
    made = Policy.model_validate(
        {
            "creditor": {
                "name": "Atelier Dubreuil",
                "country": "FR",
                "address": "4 quai des Brumes",
                "email": "compta@dubreuil.example",
            },
            "sources": [{"name": "ventes", "kind": "csv", "path": "ventes.csv"}],
            "segments": segments or [{"name": "all", "procedure": procedures[0].name}],
            "channels": CHANNELS,
            "limits": limits or {},
        }
    )
    return made.model_copy(update={"procedures": {p.name: p for p in procedures}})


def frame(columns: tuple[Column, ...], rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    names = [c.name for c in columns]
    for row in rows:
        assert set(row) <= set(names), row
    return pl.DataFrame([{n: row.get(n) for n in names} for row in rows], schema=schema(columns))


def item(number: str, due: date | None, open: int = 10_000, **keys: Any) -> dict[str, Any]:
    debtor = keys.pop("debtor", "C1")
    return {
        "item": f"{debtor}|{number}|2026", "number": number, "debtor": debtor, "source": "ventes", "kind": "invoice",
        "due": due, "currency": "EUR", "amount": open, "open": open, "balance": open, "doubtful": False, "missing": False, **keys,
    }  # fmt: skip


def debtor(id: str = "C1", **keys: Any) -> dict[str, Any]:
    return {
        "debtor": id, "name": f"Client {id}", "kind": "business", "country": "FR", "language": "fr", "email": f"{id.lower()}@client.example",
        "address": "1 rue Haute", "postcode": "75001", "city": "Paris", "tags": [], **keys,
    }  # fmt: skip


def past(levels: Sequence[Mapping[str, Any]] = (), contacts: Sequence[Mapping[str, Any]] = (), cycles: Sequence[Mapping[str, Any]] = (),
         holds: Sequence[Mapping[str, Any]] = (), rejected: Sequence[Mapping[str, Any]] = ()) -> Past:  # fmt: skip
    return Past(
        frame(PAST_LEVELS, levels),
        frame(CONTACTS, contacts),
        frame(CYCLES, cycles),
        frame(HOLDS, holds),
        frame(REJECTED, rejected),
    )


def sent(
    number: str, level: str, level_number: int, on: date, debtor: str = "C1", **keys: Any
) -> dict[str, Any]:
    return {"item": f"{debtor}|{number}|2026", "procedure": "standard", "level": level, "level_number": level_number,
            "cycle": 0, "date": on, "state": "sent", "dispatch": f"{number}-{level}", **keys}  # fmt: skip


def hold(
    seq: int, type: str, on: date, number: str | None = None, debtor: str = "C1", **keys: Any
) -> dict[str, Any]:
    return {
        "seq": seq,
        "type": type,
        "date": on,
        "debtor": debtor,
        "item": f"{debtor}|{number}|2026" if number else None,
        "schedule": [],
        **keys,
    }


ITEMS_AND_MISSING = (*ITEMS, Column("missing", pl.Boolean, "absent from the last full export"))


def decided(
    items: Sequence[Mapping[str, Any]],
    today: date,
    debtors: Sequence[Mapping[str, Any]] | None = None,
    history: Past | None = None,
    rules: Policy | None = None,
) -> pl.DataFrame:
    rules = rules or policy()
    names = sorted({row["debtor"] for row in items})
    parties = frame(DEBTORS, [debtor(n) for n in names] if debtors is None else debtors)
    facts = standing(frame(ITEMS_AND_MISSING, items), parties, history or past(), rules, today)
    return decide(facts, rules, today, REACH)


def verdicts(*args: Any, **keys: Any) -> dict[str, str]:
    """Return {number: verdict}."""
    return dict(decided(*args, **keys).select("number", "verdict").iter_rows())


def planned(
    items: Sequence[Mapping[str, Any]],
    today: date,
    history: Past | None = None,
    rules: Policy | None = None,
    **keys: Any,
) -> Plan:
    rules = rules or policy()
    history = history or past()
    table = decided(items, today, history=history, rules=rules, **keys)
    return make_plan(table, rules, today, REACH, history)
