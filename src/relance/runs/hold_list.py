"""Who is over the credit limit: the list that stops deliveries, once a person answers for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from relance.diagnostics import Diagnostic
from relance.history.store import History
from relance.history.values import Record
from relance.money import to_decimal
from relance.reports.workbook import Cell, comma_separated
from relance.runs import debtor_codes as codes

APPROVED = "hold_approved"
COLUMNS = (
    "debtor", "name", "exposure", "limit", "over", "overdue", "currency", "reason",
    "list", "date", "approved_by", "approved_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Over:
    """A debtor whose exposure is over its credit limit.

    Amounts are minor units of the creditor's currency; `exposure` is what it owes in that currency
    less its credits, disputed amounts included; `reason` is stop_deliveries where something is
    overdue, prepayment where nothing is.
    """

    debtor: str
    name: str
    exposure: int
    limit: int
    overdue: int
    reason: str


@dataclass(frozen=True)
class HoldList:
    """Today's list.

    Attributes:
        rows: the debtors, the one that is most over first.
        without: debtors with something open and no limit: nobody says whether they are over.
    """

    today: date
    currency: str
    rows: tuple[Over, ...]
    without: int

    @property
    def key(self) -> str:
        """The fingerprint of the list: the same debtors with the same figures, on any day."""
        told = "\n".join(
            f"{o.debtor}|{o.exposure}|{o.limit}|{o.overdue}|{o.reason}" for o in self.rows
        )
        return sha256(f"{self.currency}\n{told}".encode()).hexdigest()[:12]


def hold_list(facts: pl.DataFrame, currency: str, today: date) -> HoldList:
    """Return who is over its limit among the debtors of `facts`, the frame of `decide`."""
    debtors = facts.filter(pl.col("outstanding") > 0).unique("debtor", keep="first").sort("debtor")
    over = debtors.filter(pl.col("outstanding") > pl.col("credit_limit"))
    rows = [
        Over(
            row["debtor"], row["party_name"] or row["debtor"], row["outstanding"], row["credit_limit"],
            row["overdue"], "stop_deliveries" if row["overdue"] > 0 else "prepayment",
        )
        for row in over.iter_rows(named=True)
    ]  # fmt: skip
    ordered = sorted(rows, key=lambda each: (each.limit - each.exposure, each.debtor))
    return HoldList(today, currency, tuple(ordered), debtors["credit_limit"].null_count())


def approve(
    today: HoldList, key: str, by: str, file: Path | None, history: History
) -> list[Diagnostic]:
    """Record that `by` answers for the list `key`; return what is wrong where it is not today's.

    Each debtor has an event of its own, so that its history tells and its data can be erased.
    """
    if key != today.key:
        return [Diagnostic(codes.OTHER_LIST, None, {"list": key, "now": today.key})]
    whole = {"list": key, "debtors": len(today.rows)} | ({"file": str(file)} if file else {})
    about = [_approved(today, over, by) for over in today.rows]
    history.record([Record(APPROVED, today.today, by=by, facts=whole), *about])
    return []


def _approved(today: HoldList, over: Over, by: str) -> Record:
    figures = {"limit": over.limit, "overdue": over.overdue, "currency": today.currency}
    return Record(
        APPROVED,
        today.today,
        over.debtor,
        amount=over.exposure,
        code=over.reason,
        by=by,
        facts={"list": today.key, **figures},
    )


def approval_of(today: HoldList, history: History) -> Mapping[str, Any] | None:
    """Return the approval of exactly this list, an event as JSON; None where there is none.

    One that another list was approved after does not hold any more.
    """
    whole = [event for event in history.told((APPROVED,)) if "debtors" in event]
    return whole[-1] if whole and whole[-1]["list"] == today.key else None


def not_approved(today: HoldList) -> list[Diagnostic]:
    """Return the refusal to write a list that nobody approved."""
    return [Diagnostic(codes.NOT_APPROVED, None, {"list": today.key})]


def for_the_erp(today: HoldList, approval: Mapping[str, Any]) -> str:
    """Return the approved list as CSV: a heading, then a line per debtor."""
    return comma_separated([COLUMNS, *_cells(today, approval)])


def _cells(today: HoldList, approval: Mapping[str, Any]) -> list[list[Cell]]:
    money = today.currency
    return [
        [over.debtor, over.name,
         *(to_decimal(n, money) for n in (over.exposure, over.limit, over.exposure - over.limit, over.overdue)),
         money, over.reason, today.key, today.today, approval["by"],
         str(approval["at"])[:19] + "Z"]
        for over in today.rows
    ]  # fmt: skip
