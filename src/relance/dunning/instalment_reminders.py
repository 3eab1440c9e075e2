"""Reminders of instalments, a few days before each: notices, but no levels of dunning."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import polars as pl

from relance.dunning.events import Past
from relance.dunning.instalments import HELD, Instalment, PaymentPlan, Rules, plans_of
from relance.dunning.keys import claim_of, key_of
from relance.dunning.plan import Line, Notice, Plan
from relance.dunning.reach import Reach, reaches
from relance.dunning.writing import Occasion, line_of, party_of, recipient_of
from relance.policy.model import Policy

PROCEDURE = "instalments"
TEMPLATE = "instalment-reminder"

Row = Mapping[str, Any]


def add_instalment_reminders(plan: Plan, policy: Policy, past: Past, reach: Reach) -> Plan:
    """Return `plan` with the reminder of each instalment that comes within `remind_before` days.

    Each goes once, on a sending day, by the first channel of `instalments.channel` that reaches the
    debtor, and counts as a contact: where the cap leaves no room it waits, to the day itself at
    most. Nothing is reminded of while one of the plan's invoices is held for another reason.
    """
    before = policy.instalments.remind_before
    if not before or past.holds.is_empty():
        return plan
    occasion = Occasion(policy, plan.run_date, reach, (), past)
    found = plans_of(past, plan.decided, Rules.of(policy), plan.run_date)
    made: list[Notice] = []
    room = _Room(plan, policy)
    for each in found:
        following = each.next
        if each.state not in HELD or following is None:
            continue
        early = following.due - timedelta(days=before)
        if early <= plan.run_date <= following.due:
            made += room.for_all(_reminder(each, following, plan, occasion))
    if not made:
        return plan
    digest = hashlib.sha256(plan.plan_hash.encode())
    for notice in made:
        digest.update(f"{notice.key} {notice.total_due} {notice.recipient}".encode())
    return replace(plan, reminders=tuple(made), plan_hash=digest.hexdigest())


class _Room:
    """How many more contacts each debtor may have today."""

    def __init__(self, plan: Plan, policy: Policy) -> None:
        cap = policy.limits.contacts_per_debtor
        self._most = cap.max if cap else None
        groups = plan.acting.select("group", "debtor").unique()
        self._today = Counter(groups["debtor"].to_list())
        self._before = (
            dict(plan.decided.select("debtor", "contacts").unique("debtor").iter_rows())
            if cap
            else {}
        )

    def for_all(self, notices: Iterator[Notice]) -> Iterator[Notice]:
        """Yield those of `notices` for which there is room."""
        for notice in notices:
            debtor = notice.debtor.id
            used = self._before.get(debtor, 0) + self._today[debtor]
            if self._most is None or used < self._most:
                self._today[debtor] += 1
                yield notice


def _reminder(
    plan: PaymentPlan, following: Instalment, today: Plan, occasion: Occasion
) -> Iterator[Notice]:
    rows = _rows(plan, today.decided)
    if not rows or rows[0]["last_sending_day"] != today.run_date:
        return
    level = f"instalment-{plan.called}-{plan.instalments.index(following) + 1}"
    if _reminded(level, plan.covers, occasion.past):
        return
    channel = _channel(rows[0], today.decided, occasion)
    if channel is None:
        return
    lines = tuple(_lines(plan, following, rows, (level, occasion)))
    first, party = rows[0], party_of(rows[0], occasion.policy)
    claims = [claim_of(line.item, PROCEDURE, level, line.cycle) for line in lines]
    way = occasion.reach[channel]
    yield Notice(
        key=key_of([*claims, f"channel {channel}"]),
        debtor=party,
        segment=first["segment"],
        procedure=PROCEDURE,
        level="reminder",
        level_number=0,
        channel=channel,
        part="",
        medium=way.medium,
        recipient=recipient_of(party, way.by),
        template=TEMPLATE,
        tone="friendly",
        attach=(),
        language=party.language,
        currency=first["currency"],
        receivables=lines,
        other_open=(),
        credits=(),
        approval="none",
        run_date=today.run_date,
    )


def _rows(plan: PaymentPlan, decided: pl.DataFrame) -> list[Row]:
    """Return the open receivables of `plan`, oldest first; none where one is held otherwise."""
    mine = decided.filter(pl.col("item").is_in(plan.covers) & (pl.col("open") > 0))
    if mine.filter(pl.col("verdict") != "instalments").height:
        return []
    return list(mine.sort("due", "number", "item", nulls_last=True).iter_rows(named=True))


def _reminded(level: str, items: Sequence[str], past: Past) -> bool:
    sent = (pl.col("procedure") == PROCEDURE) & (pl.col("level") == level)
    return past.levels.filter(sent & pl.col("item").is_in(items)).height > 0


def _channel(row: Row, decided: pl.DataFrame, occasion: Occasion) -> str | None:
    """Return the first channel of the policy for reminders that reaches the debtor of `row`."""
    party = decided.filter(pl.col("item") == row["item"])
    names = [n for n in occasion.policy.instalments.channel if n in occasion.reach]
    return next((n for n in names if party.filter(reaches(occasion.reach[n])).height), None)


def _lines(
    plan: PaymentPlan, following: Instalment, rows: list[Row], given: tuple[str, Occasion]
) -> Iterator[Line]:
    """Yield what of the instalment is still to come: the oldest receivables first, then interest.

    With it comes what earlier instalments left within the tolerance.
    """
    level, occasion = given
    upto = plan.instalments[: plan.instalments.index(following) + 1]
    left = sum(each.amount for each in upto) - plan.paid
    days = (occasion.today - following.due).days
    for number, row in enumerate(rows, start=1):
        part = min(left, row["open"])
        left -= part
        beside = left if number == len(rows) else 0
        if part <= 0:
            return
        dated = dict(row) | {
            "due": following.due,
            "days_past_due": days,
            "open": part,
            "kind": "instalment",
        }
        yield line_of(dated, level=level, level_number=0, interest=beside)
