"""Collective proceedings as an operator opens, declares and closes them, and the claim to declare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import polars as pl

from relance.diagnostics import Diagnostic
from relance.dunning.charges import computed
from relance.dunning.holds import in_force
from relance.dunning.proceedings import last_day
from relance.history.store import History
from relance.history.values import Record
from relance.language import N_, translator
from relance.money import to_text
from relance.runs import desk_codes
from relance.runs.proposal import Proposal
from relance.runs.recording import Entry, record
from relance.runs.stated import stated_item, stated_totals


def open_proceedings(
    entry: Entry, proposal: Proposal, history: History
) -> date | list[Diagnostic] | None:
    """Record the opening `entry`; return the last day to declare the claim, or what is wrong.

    None: nobody knows that day, since it was neither given nor follows from a publication.
    """
    published = entry.told.get("published")
    until = entry.until
    if until is None and published:
        home = proposal.policy.creditor.country
        country = _country(entry.debtor, proposal) or home
        until = last_day(date.fromisoformat(published), country, home)
    return record(replace(entry, until=until), proposal, history) or until


def _country(debtor: str | None, proposal: Proposal) -> str | None:
    rows = proposal.facts.filter(pl.col("debtor") == debtor)["country"].drop_nulls()
    return str(rows[0]) if len(rows) else None


def proceedings(proposal: Proposal, history: History) -> list[dict[str, Any]]:
    """Return the open proceedings as JSON, the nearest last day first."""
    active = in_force(proposal.portfolio.past.holds, proposal.today)
    rows = active.filter(pl.col("family") == "insolvent").sort("until", "seq", nulls_last=True)
    return [_fields(row, proposal, history) for row in rows.iter_rows(named=True)]


def _fields(row: Mapping[str, Any], proposal: Proposal, history: History) -> dict[str, Any]:
    holds = proposal.portfolio.past.holds
    declared = holds.filter(
        (pl.col("type") == "insolvency_declared")
        & (pl.col("debtor") == row["debtor"])
        & (pl.col("seq") > row["seq"])
    )["date"]
    owed = _owed(row["debtor"], proposal)
    told = _told(row["debtor"], history)
    by_currency = owed.group_by("currency").agg(pl.col("open").sum()).sort("currency")
    name = proposal.facts.filter(pl.col("debtor") == row["debtor"])["party_name"].drop_nulls()
    return {
        "debtor": row["debtor"],
        "debtor_name": name[0] if len(name) else None,
        "kind": row["code"],
        "recorded": row["date"].isoformat(),
        "opened": told.get("opened"),
        "published": told.get("published"),
        "representative": told.get("representative"),
        "court": told.get("court"),
        "reason": row["reason"],
        "declare_by": row["until"].isoformat() if row["until"] else None,
        "days_left": (row["until"] - proposal.today).days if row["until"] else None,
        "declared": declared[0].isoformat() if len(declared) else None,
        "open": {c: to_text(amount, c) for c, amount in by_currency.iter_rows()},
        "owner": row["owner"],
    }


def _told(debtor: str, history: History) -> Mapping[str, Any]:
    """Return what the last opening told beside what is in HOLDS."""
    return next(reversed(history.told(("insolvency",), debtor)), {})


def _owed(debtor: str, proposal: Proposal) -> pl.DataFrame:
    return proposal.facts.filter(
        (pl.col("debtor") == debtor) & (pl.col("open") != 0) & ~pl.col("missing")
    )


AFTER = {
    "plan": N_("claim from before the proceedings: it is paid as their plan says"),
    "insufficient": N_("proceedings closed for lack of assets: to be written off"),
}
"""Ends of proceedings after which older claims are not pursued, and why they stay held. France: C.
com. art. L626-11 (plan) and L643-11 (liquidation closed for lack of assets, with exceptions)."""


@dataclass(frozen=True, slots=True)
class Step:
    """What became of open proceedings: `event` insolvency_declared or insolvency_closed.

    `outcome` is one of AFTER, None where claims are pursued again.
    """

    event: str
    debtor: str
    day: date
    outcome: str | None = None
    reason: str | None = None
    by: str | None = None


def note(step: Step, proposal: Proposal, history: History) -> list[str] | Diagnostic:
    """Record `step`; return the numbers of the items that it leaves blocked, or what is wrong.

    After an outcome of AFTER these are the items from before the opening; younger ones are dunned again.
    """
    active = in_force(proposal.portfolio.past.holds, proposal.today)
    found = active.filter((pl.col("family") == "insolvent") & (pl.col("debtor") == step.debtor))
    if found.is_empty():
        return Diagnostic(desk_codes.NO_PROCEEDINGS, None, {"debtor": step.debtor})
    number = int(found["seq"][0])
    kept = _older(step.debtor, proposal, history) if step.outcome else []
    say = translator(proposal.policy.creditor.language)
    why = say(AFTER[step.outcome]) if step.outcome else None
    blocks = [
        Record(
            "block", step.day, step.debtor, row["item"], reason=why, by=step.by, about=number
        )
        for row in kept
    ]  # fmt: skip
    ended = Record(
        step.event, step.day, step.debtor, reason=step.reason, by=step.by, about=number,
        code=step.outcome,
    )  # fmt: skip
    history.record([*blocks, ended])
    return [row["number"] for row in kept]


def _older(debtor: str, proposal: Proposal, history: History) -> list[dict[str, Any]]:
    """Return the open receivables of `debtor` from before the opening of its proceedings."""
    case = next(each for each in proceedings(proposal, history) if each["debtor"] == debtor)
    owed = _owed(debtor, proposal).filter(~pl.col("credit") & ~_after(_opening(case)))
    return list(owed.sort("due", "number", nulls_last=True).iter_rows(named=True))


def _opening(case: Mapping[str, Any]) -> date:
    return date.fromisoformat(case["opened"] or case["published"] or case["recorded"])


def _after(opening: date) -> pl.Expr:
    return pl.col("issued").is_not_null() & (pl.col("issued") > opening)


def claim_of(debtor: str, proposal: Proposal, history: History) -> dict[str, Any] | Diagnostic:
    """Return the claim on an insolvent debtor as JSON: items, interest to the opening, totals.

    What was issued after the opening is not declared and listed apart. Interest runs to the day
    before the opening judgment (C. com. art. L622-28); where that is not known, to the publication or
    the day of recording. An item whose debtor's kind or
    whose rate is not known has none, and `computed` false.
    """
    found = [each for each in proceedings(proposal, history) if each["debtor"] == debtor]
    if not found:
        return Diagnostic(desk_codes.NO_PROCEEDINGS, None, {"debtor": debtor})
    case = found[0]
    stop = _opening(case)
    owed = _owed(debtor, proposal).sort("currency", "due", "number", nulls_last=True)
    after = _after(stop)
    ours = owed.filter(~after)
    late = ours.filter(~pl.col("credit") & (pl.col("due") < stop))
    law = computed(
        late.with_columns(until=pl.lit(stop - timedelta(1))),
        proposal.portfolio.past.allocations,
        proposal.policy,
    )
    items = [stated_item(row, law.get(row["item"]), stop) for row in ours.iter_rows(named=True)]
    return {
        **case,
        "interest_until": stop.isoformat(),
        "items": [item for item in items if not item["credit"]],
        "credits": [item for item in items if item["credit"]],
        "totals": stated_totals(ours, law),
        "after_opening": [row["number"] for row in owed.filter(after).iter_rows(named=True)],
    }
