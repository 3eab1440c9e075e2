"""Payment plans: what came of each instalment, and whether the plan is kept, read from the money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from relance.dunning.events import Past
from relance.ledger.build import IS_CREDIT
from relance.money import digits
from relance.policy.model import Policy

STATES = ("running", "late", "void", "done", "ended", "replaced")
"""What becomes of a plan. late: an instalment is past its day and within its grace; void: one was
missed; ended: a person ended it; replaced: another plan took its place."""

PARTS = ("paid", "part_paid", "due", "late", "missed")
"""What becomes of an instalment. due: its day is still to come."""

KEPT = ("running", "late", "done")
HELD = ("running", "late")


@dataclass(frozen=True, slots=True)
class Rules:
    """Days of grace after an instalment's day, and minor units that may be missing from it."""

    grace: int
    tolerance: int = 0

    @classmethod
    def of(cls, policy: Policy) -> Rules:
        """Return the rules of `policy`; without a grace of their own plans have that of promises."""
        plans = policy.instalments
        grace = policy.limits.promise_grace if plans.grace is None else plans.grace
        exponent = digits(policy.creditor.currency)
        return cls(grace, int(plans.tolerance.scaleb(exponent)))


@dataclass(frozen=True, slots=True)
class Instalment:
    """One date of a plan: minor units asked, those that came of it, its state (one of PARTS)."""

    due: date
    amount: int
    paid: int
    state: str


@dataclass(frozen=True, slots=True)
class PaymentPlan:
    """A plan that was accepted, and what came of it. Amounts are minor units.

    Attributes:
        number: of the event of its acceptance. proposal: of the proposal; None if there was none.
        item: the receivable that it is about; None when it is about several, or all.
        covers: identities of the receivables whose money counts.
        owed: what was open when it was made, without what comes beside the principal.
        total: sum of its instalments. paid: what came since, at most `total`; over: what came beyond.
        mode: "keep" or "waive" for the interest, None where nobody said it.
        ends: first day on which it holds no longer; None once nothing is asked any more.
        void_on: the day on which it became void; None if it did not.
    """

    number: int
    proposal: int | None
    debtor: str
    item: str | None
    covers: tuple[str, ...]
    began: date
    owed: int
    total: int
    paid: int
    over: int
    mode: str | None
    by_whom: str | None
    reason: str | None
    instalments: tuple[Instalment, ...]
    state: str
    ends: date | None
    void_on: date | None

    @property
    def called(self) -> int:
        """The number by which people name it: of its proposal, if there was one."""
        return self.number if self.proposal is None else self.proposal

    @property
    def next(self) -> Instalment | None:
        """The first instalment of which something is still to come."""
        return next((each for each in self.instalments if each.state != "paid"), None)


def plans_of(past: Past, items: pl.DataFrame, rules: Rules, today: date) -> tuple[PaymentPlan, ...]:
    """Return the plans that were accepted up to `today`, in the order of recording.

    What was paid is what was open at the start less what is open now, and the credits that the
    debtor got since. Payments lettered after an instalment's grace do not count for it. Where a
    level was sent since about one of its receivables the plan was void by then, and stays so.

    Args:
        past: its holds, allocations and levels are read.
        items: frame with `item`, `debtor`, `open`, `kind`, `issued`.
    """
    mine = past.holds.filter(
        pl.col("type").is_in(["instalments", "instalments_ended"]) & (pl.col("date") <= today)
    ).sort("seq")
    mine = mine.with_columns(
        pl.col("type", "date").shift(-1).over("debtor", "item").name.prefix("next_")
    )
    rows = mine.filter(pl.col("type") == "instalments")
    if rows.is_empty():
        return ()
    money = _Money.about(rows, items, past)
    return tuple(_plan(row, money, rules, today) for row in rows.iter_rows(named=True))


@dataclass(frozen=True, slots=True)
class _Money:
    """What the plans' debtors owe and paid: open items, credits, and lettered payments by item."""

    owed: Mapping[str, list[tuple[str, int, date | None]]]
    credits: Mapping[str, list[tuple[int, date | None]]]
    came: Mapping[str, list[tuple[date, int]]]
    dunned: Mapping[str, list[date]]

    @classmethod
    def about(cls, rows: pl.DataFrame, items: pl.DataFrame, past: Past) -> _Money:
        debtors = rows.select("debtor").unique()
        theirs = items.join(debtors, on="debtor", how="semi")
        owed: dict[str, list[tuple[str, int, date | None]]] = defaultdict(list)
        for debtor, *line in theirs.filter(~IS_CREDIT).select(_OWED).iter_rows():
            owed[debtor].append(tuple(line))
        credits: dict[str, list[tuple[int, date | None]]] = defaultdict(list)
        for debtor, _item, open_, issued in theirs.filter(IS_CREDIT).select(_OWED).iter_rows():
            credits[debtor].append((-open_, issued))
        came: dict[str, list[tuple[date, int]]] = defaultdict(list)
        paid = past.allocations.join(debtors, on="debtor", how="semi")
        for item, day, amount in paid.select("item", "day", "amount").iter_rows():
            came[item].append((day, amount))
        return cls(owed, credits, came, past.dunned_on(theirs["item"]))


_OWED = ("debtor", "item", "open", "issued")


def _plan(row: Mapping[str, Any], money: _Money, rules: Rules, today: date) -> PaymentPlan:
    covers = _covers(row, money)
    owed_now = sum(o for item, o, _ in money.owed.get(row["debtor"], []) if item in covers)
    whole = not (row["item"] or row["covers"])  # what was open then is less its credits then
    credits = sum(
        amount
        for amount, issued in money.credits.get(row["debtor"], [])
        if whole or (issued is not None and issued > row["date"])
    )
    paid = max((row["amount"] or 0) - owed_now + credits, 0)
    came = [part for item in covers for part in money.came.get(item, [])]
    over_on = row["next_date"] or today
    dunned = max(
        (
            day
            for item in covers
            for day in money.dunned.get(item, ())
            if row["date"] < day <= over_on
        ),
        default=None,
    )
    parts, void_on = _instalments(row["schedule"] or [], paid, came, rules, (today, over_on))
    void_on = void_on or _void_by(parts, rules, dunned)
    total = sum(part.amount for part in parts)
    done = paid + rules.tolerance >= total
    return PaymentPlan(
        number=row["seq"],
        proposal=row["about"],
        debtor=row["debtor"],
        item=row["item"],
        covers=covers,
        began=row["date"],
        owed=row["amount"] or 0,
        total=total,
        paid=min(paid, total),
        over=max(paid - total, 0),
        mode=row["code"],
        by_whom=row["owner"],
        reason=row["reason"],
        instalments=parts,
        state=_state(row["next_type"], parts, void_on, done=done),
        ends=None if done else _ends(parts, rules, void_on),
        void_on=void_on,
    )


def _covers(row: Mapping[str, Any], money: _Money) -> tuple[str, ...]:
    """Return what the plan is about: what it names, else all that was issued before it."""
    if row["covers"]:
        return tuple(row["covers"])
    if row["item"]:
        return (row["item"],)
    owed = money.owed.get(row["debtor"], [])
    return tuple(item for item, _, issued in owed if issued is None or issued <= row["date"])


def _instalments(
    schedule: Sequence[Mapping[str, Any]],
    paid: int,
    came: Sequence[tuple[date, int]],
    rules: Rules,
    days: tuple[date, date],
) -> tuple[tuple[Instalment, ...], date | None]:
    """Return the instalments with what came of them, and the day of the first that was missed."""
    today, over_on = days
    parts, asked, void_on = [], 0, None
    for each in sorted(schedule, key=lambda one: one["due"]):
        due, amount = each["due"], each["amount"]
        before, asked = asked, asked + amount
        ends = due + timedelta(days=rules.grace + 1)
        late_money = sum(money for day, money in came if day >= ends)
        missed = ends <= over_on and paid - late_money + rules.tolerance < asked
        if missed and void_on is None:
            void_on = ends
        got = min(max(paid - before, 0), amount)
        whole = paid + rules.tolerance >= asked
        state = "paid" if whole else _unpaid(due, got, today, missed=missed)
        parts.append(Instalment(due, amount, got, state))
    return tuple(parts), void_on


def _void_by(parts: tuple[Instalment, ...], rules: Rules, dunned: date | None) -> date | None:
    """Return when the plan became void, as a notice of the day `dunned` shows: a kept one holds all."""
    if dunned is None:
        return None
    ends = [part.due + timedelta(days=rules.grace + 1) for part in parts]
    return max((day for day in ends if day <= dunned), default=None)


def _unpaid(due: date, got: int, today: date, *, missed: bool) -> str:
    if missed:
        return "missed"
    if due < today:
        return "late"
    return "part_paid" if got else "due"


def _ends(parts: tuple[Instalment, ...], rules: Rules, void_on: date | None) -> date | None:
    if void_on is not None:
        return void_on
    first = next((part for part in parts if part.state != "paid"), None)
    return first.due + timedelta(days=rules.grace + 1) if first else None


def _state(
    after: str | None, parts: tuple[Instalment, ...], void_on: date | None, *, done: bool
) -> str:
    if done:
        return "done"
    if void_on is not None:
        return "void"
    if after is not None:
        return "ended" if after == "instalments_ended" else "replaced"
    return "late" if any(part.state == "late" for part in parts) else "running"


def spared(plans: Sequence[PaymentPlan]) -> list[str]:
    """Return the receivables whose interest is not claimed apart: of plans that are kept.

    It is part of the plan, or was waived for as long as the plan is kept.
    """
    kept = [p for p in plans if p.mode and p.state in KEPT and p.void_on is None]
    return sorted({item for plan in kept for item in plan.covers})


def void_plans(plans: Sequence[PaymentPlan]) -> pl.DataFrame:
    """Return the plans that became void: debtor, item (null for all issued before), jump_on, date.

    One row per receivable of a plan that names several.
    """
    rows = [
        (plan.debtor, item, plan.void_on, plan.began)
        for plan in plans
        if plan.state == "void"
        for item in (plan.covers if plan.mode or plan.item else (None,))
    ]
    columns = {"debtor": pl.String, "item": pl.String, "jump_on": pl.Date, "date": pl.Date}
    found = pl.DataFrame(rows, schema=columns, orient="row")
    return found.unique(["debtor", "item"], keep="last", maintain_order=True)
