"""Stricter terms for bad payers: today's list, and the person who answers for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

import polars as pl

from relance.diagnostics import Diagnostic
from relance.dunning.estimate import estimate, late_chance
from relance.dunning.habits import FEWEST
from relance.dunning.terms import Stricter, stricter
from relance.history.store import History
from relance.history.values import Record
from relance.money import digits
from relance.runs import score_codes as codes
from relance.runs.expectations import Expectations
from relance.runs.proposal import Proposal

APPROVED = "terms_approved"


@dataclass(frozen=True)
class TermsList:
    """Today's list.

    Attributes:
        persons: debtors with something open who are left out, because they are natural persons or
            may be.
    """

    today: date
    currency: str
    rows: tuple[Stricter, ...]
    persons: int

    @property
    def key(self) -> str:
        """The fingerprint of the list: the same measures for the same reasons, on any day."""
        told = "\n".join(
            f"{r.debtor}|{r.measure}|{r.value}|{r.paid}|{r.late}|{r.exposure}|{r.limit}|{r.overdue}"
            for r in self.rows
        )
        return sha256(f"{self.currency}\n{told}".encode()).hexdigest()[:12]

    def without(self, debtors: Sequence[str]) -> tuple[Stricter, ...]:
        """Return the rows but those of `debtors`."""
        return tuple(row for row in self.rows if row.debtor not in debtors)


def terms_list(proposal: Proposal) -> TermsList:
    """Return what is proposed today."""
    facts, money = proposal.facts, proposal.policy.creditor.currency
    rows = stricter(facts, _habits(Expectations(proposal.portfolio)), 10 ** digits(money))
    maybe = pl.col("debtor_kind").is_null() | (pl.col("debtor_kind") == "consumer")
    persons = facts.filter(maybe & (pl.col("outstanding") > 0))["debtor"].n_unique()
    return TermsList(proposal.today, money, rows, persons)


def _habits(expected: Expectations) -> pl.DataFrame:
    """Return how each firm paid, and the chance that its next receivable is late."""
    grouped = expected.paid_by_firms.group_by("debtor").agg(
        pl.len().alias("paid"),
        (pl.col("days") > 0).sum().alias("late"),
        pl.col("days").clip(0).mean().alias("mean_days_late"),
    )
    enough = grouped.filter(pl.col("paid") >= FEWEST).sort("debtor")
    book = expected.book
    known = bool(enough.height) and estimate(book, book) is not None
    chances = [
        late_chance(expected.own(debtor), book) if known else None for debtor in enough["debtor"]
    ]
    return enough.with_columns(pl.Series("chance", chances, pl.Float64))


def approve(
    today: TermsList, key: str, by: str, without: Sequence[str], history: History
) -> list[Diagnostic]:
    """Record that `by` answers for the list `key`, `without` some debtors; or return what is wrong.

    Each debtor has an event of its own, so that its history tells and its data can be erased.
    """
    if key != today.key:
        return [Diagnostic(codes.OTHER_TERMS, None, {"list": key, "now": today.key})]
    strange = sorted(set(without) - {row.debtor for row in today.rows})
    if strange:
        facts = {"debtors": ", ".join(strange), "list": key}
        return [Diagnostic(codes.NOT_ON_LIST, None, facts)]
    rows = today.without(without)
    whole = {"list": key, "debtors": len(rows), "without": sorted(set(without))}
    records = [_approved(today, row, by) for row in rows]
    history.record([Record(APPROVED, today.today, by=by, facts=whole), *records])
    return []


def _approved(today: TermsList, row: Stricter, by: str) -> Record:
    figures = {
        "value": row.value, "paid": row.paid, "late": row.late, "overdue": row.overdue,
        "currency": today.currency,
    }  # fmt: skip
    told = {name: value for name, value in figures.items() if value is not None}
    return Record(
        APPROVED, today.today, row.debtor, amount=row.exposure, code=row.measure, by=by,
        facts={"list": today.key, **told},
    )  # fmt: skip


def approval_of(today: TermsList, history: History) -> Mapping[str, Any] | None:
    """Return the approval of exactly this list, an event as JSON; None where there is none.

    One that another list was approved after does not hold any more.
    """
    whole = [event for event in history.told((APPROVED,)) if "debtors" in event]
    return whole[-1] if whole and whole[-1]["list"] == today.key else None


def not_approved(today: TermsList) -> Diagnostic:
    """Return the refusal to write a list that nobody approved."""
    return Diagnostic(codes.TERMS_NOT_APPROVED, None, {"list": today.key})
