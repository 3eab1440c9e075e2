"""All that is known of one debtor, as the JSON of `relance debtor`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import polars as pl

from relance.diagnostics import Diagnostic
from relance.dunning.behaviour import Payer, payer_of
from relance.dunning.habits import FEWEST
from relance.dunning.promises import STATES, promise_states
from relance.dunning.verdicts import reason_of
from relance.history.store import History
from relance.ledger.build import number_in
from relance.money import to_text
from relance.reports.scores_table import scores_json
from relance.reports.status import balances
from relance.reports.worklist_table import work_fields
from relance.runs import debtor_codes as codes
from relance.runs.call_sheet import billing_of
from relance.runs.expectations import Expectations
from relance.runs.notes import notes_of
from relance.runs.outlooks import estimate_fields, outlooks_of
from relance.runs.proposal import Proposal
from relance.runs.worklist import works_of

Fields = dict[str, Any]

EVENTS = 500
"""Events of the history that a sheet shows, the latest."""

_PARTY = (
    "kind", "country", "language", "registration", "vat", "sector", "region", "owner", "since", "terms",
)  # fmt: skip
_CONTACTS = ("email", "phone", "mobile", "address", "postcode", "city")
_OVER = ("settled", "credit", "complete", "missing")


def sheet_of(
    proposal: Proposal, history: History, debtor: str, language: str
) -> Fields | Diagnostic:
    """Return the sheet of `debtor`; a finding where there is no such debtor.

    Amounts are text in the currency beside them, dates are ISO. What is not known is null.
    """
    facts = proposal.facts.filter(pl.col("debtor") == debtor).sort("due", "item", nulls_last=True)
    party = proposal.portfolio.debtors.filter(pl.col("debtor") == debtor)
    if facts.is_empty() and party.is_empty():
        return Diagnostic(codes.NO_DEBTOR, None, {"debtor": debtor})
    outlooks = outlooks_of(proposal.portfolio, history)
    expected = outlooks.expectations
    home = proposal.policy.creditor.currency
    owed = _exposure(facts)
    promises = _promises(proposal, facts, history, debtor)
    return {
        "schema_version": 1,
        "run_date": proposal.today.isoformat(),
        "creditor": proposal.policy.creditor.name,
        "currency": home,
        "debtor": _party(debtor, party, facts),
        "contacts": _contacts(party, facts),
        "billing": billing_of(debtor, proposal),
        "balances": list(_balances(facts, home)),
        "credit": _credit(party, owed, facts, home),
        "items": list(_items(facts, expected, language)),
        "behaviour": _behaviour(expected, facts, history, debtor, promises),
        "estimate": estimate_fields(outlooks, debtor),
        "scores": scores_json(outlooks.scores.of(debtor)),
        "promises": promises,
        "disputes": _disputes(history, debtor),
        "notes": notes_of(history, proposal.policy.root, debtor),
        "tasks": [work_fields(work) for work in works_of(proposal, history, debtor=debtor)],
        "history": history.entries(EVENTS, debtor),
    }


def _first(frame: pl.DataFrame) -> Fields:
    return frame.row(0, named=True) if frame.height else {}


def _party(debtor: str, party: pl.DataFrame, facts: pl.DataFrame) -> Fields:
    own, item = _first(party), _first(facts)
    known = {name: _plain(own.get(name)) for name in _PARTY}
    name = own.get("name") or item.get("debtor_name")
    return {
        "id": debtor,
        "name": name,
        **known,
        "score": None if own.get("kind") == "consumer" else own.get("score"),
        "tags": list(own.get("tags") or ()),
        "segment": item.get("segment") or own.get("segment"),
        "procedure": item.get("procedure") or own.get("procedure"),
    }


def _contacts(party: pl.DataFrame, facts: pl.DataFrame) -> Fields:
    own = _first(party)
    found = {name: own.get(name) for name in _CONTACTS}
    found["email"] = found["email"] or _first(facts).get("debtor_email")
    return found | {"people": list(own.get("people") or ())}


def _balances(facts: pl.DataFrame, home: str) -> Iterator[Fields]:
    names = (
        "receivables", "credits", "net", "overdue", "not_due", "1-30", "31-60", "61-90", "91-120", "over_120",
    )  # fmt: skip
    for row in balances(facts, home).iter_rows(named=True):
        money = row["currency"]
        yield {"currency": money, **{name: to_text(row[name], money) for name in names}}


def _exposure(facts: pl.DataFrame) -> int:
    return int(_first(facts).get("outstanding") or 0)


def _credit(party: pl.DataFrame, owed: int, facts: pl.DataFrame, home: str) -> Fields:
    """Return the credit limit beside what is owed; `reason` is that of the hold list, if it is on it."""
    limit = _first(party).get("credit_limit")
    overdue = int(_first(facts).get("overdue") or 0)
    over = limit is not None and owed > limit
    return {
        "limit": None if limit is None else to_text(limit, home),
        "exposure": to_text(owed, home),
        "used": round(owed / limit, 4) if limit else None,
        "over": over,
        "reason": ("stop_deliveries" if overdue > 0 else "prepayment") if over else None,
    }


def _items(facts: pl.DataFrame, expected: Expectations, language: str) -> Iterator[Fields]:
    told = facts.with_columns(reason_of(pl.col("verdict_line"), language).alias("reason"))
    for row in told.filter(pl.col("open") != 0).iter_rows(named=True):
        money, over = row["currency"], row["verdict"] in _OVER
        yield {
            "number": row["number"],
            "item": row["item"],
            "kind": row["kind"],
            "issued": _plain(row["issued"]),
            "due": _plain(row["due"]),
            "days_past_due": row["days_past_due"],
            "currency": money,
            "amount": to_text(row["amount"], money),
            "open": to_text(row["open"], money),
            "verdict": row["verdict"],
            "reason": row["reason"],
            "until": _plain(row["until"]),
            "level_reached": row["level_reached"] or 0,
            "last_level": row["last_level"],
            "last_notice": _plain(row["last_notice"]),
            "next_level": None if over else row["next_level"],
            "next_date": None if over else _plain(row["next_date"]),
            "expected": _expected(row, expected),
        }


def _expected(row: Fields, expected: Expectations) -> Fields | None:
    found = expected.of_item(row)
    if found is None:
        return None
    due: date = row["due"]
    days = {"date": found.days, "from": found.low, "to": found.high}
    shown = {name: (due + timedelta(days=count)).isoformat() for name, count in days.items()}
    return {"late": round(found.late, 4), **shown}


def _behaviour(
    expected: Expectations,
    facts: pl.DataFrame,
    history: History,
    debtor: str,
    promises: list[Fields],
) -> Fields:
    """Return how the debtor pays; `known` is false below FEWEST receivables seen paid."""
    home = expected.portfolio.policy.creditor.currency
    own = expected.paid.filter(pl.col("debtor") == debtor)
    payer = payer_of(own, home)
    late = facts.filter(
        (pl.col("open") > 0)
        & ~pl.col("credit")
        & ~pl.col("missing")
        & (pl.col("days_past_due") > 0)
    )
    outcomes = [each["outcome"] for each in promises]
    disputes = history.recorded(("dispute",), debtor)
    return {
        "paid": own.height,
        "needed": FEWEST,
        "known": payer is not None,
        **_payer(payer, home),
        "overdue": late.height,
        "oldest_days_past_due": int(late["days_past_due"].max() or 0) if late.height else 0,  # type: ignore[arg-type]
        "promises": {name: outcomes.count(name) for name in STATES},
        "disputes": disputes.height,
        "payments": [
            {"number": number_in(item), "due": due.isoformat(), "days": days}
            for item, due, days in own.tail(60).select("item", "due", "days").iter_rows()
        ],
    }


def _payer(payer: Payer | None, home: str) -> Fields:
    if payer is None:
        return {}
    trend = payer.trend
    return {
        "late": payer.late,
        "late_share": round(payer.late / payer.paid, 4),
        "amount": to_text(payer.amount, home),
        "late_amount": to_text(payer.late_amount, home),
        "late_amount_share": round(payer.late_amount / payer.amount, 4) if payer.amount else None,
        "mean_days_late": round(payer.mean_days_late, 1),
        "median_days": payer.median_days,
        "trend": trend
        and {
            "change": trend.change,
            "recent": trend.recent,
            "recent_days": trend.recent_days,
            "earlier": trend.earlier,
            "earlier_days": trend.earlier_days,
        },
    }


def _promises(
    proposal: Proposal, facts: pl.DataFrame, history: History, debtor: str
) -> list[Fields]:
    """Return the promises and what became of each, by the money, in the order of recording."""
    told = history.recorded(("promise", "promise_withdrawn"), debtor)
    paid = proposal.portfolio.past.allocations.filter(pl.col("debtor") == debtor)
    days = (proposal.today, proposal.policy.limits.promise_grace)
    states = promise_states(told, facts, paid, days)
    home = proposal.policy.creditor.currency
    currencies = dict(facts.select("item", "currency").iter_rows())
    return [
        _promise(row, currencies.get(row["item"], home)) for row in states.iter_rows(named=True)
    ]


def _promise(row: Fields, money: str) -> Fields:
    return {
        "event": row["seq"],
        "date": row["date"].isoformat(),
        "number": number_in(row["item"]) if row["item"] else None,
        "until": row["until"].isoformat(),
        "currency": money,
        "amount": None if row["promised"] is None else to_text(row["promised"], money),
        "paid": None if row["paid"] is None else to_text(row["paid"], money),
        "outcome": row["state"],
        "renewals": row["renewals"],
    }


def _disputes(history: History, debtor: str) -> list[Fields]:
    """Return the disputes and what ended each, in the order of recording."""
    told = history.recorded(("dispute", "dispute_accepted", "dispute_settled"), debtor)
    found: list[Fields] = []
    opened: dict[str | None, Fields] = {}
    for row in told.iter_rows(named=True):
        if row["type"] == "dispute":
            opened[row["item"]] = _dispute(row)
            found.append(opened[row["item"]])
        elif row["item"] in opened:
            opened[row["item"]] |= {"state": _ENDED[row["type"]], "ended": row["date"].isoformat()}
    return found


_ENDED = {"dispute_accepted": "accepted", "dispute_settled": "settled"}


def _dispute(row: Fields) -> Fields:
    return {
        "event": row["seq"],
        "date": row["date"].isoformat(),
        "number": number_in(row["item"]) if row["item"] else None,
        "code": row["code"],
        "reason": row["reason"],
        "owner": row["owner"],
        "state": "open",
        "ended": None,
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
