"""Tasks of the desk: disputes nobody decided, promises nobody kept, claims nobody declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from relance.dunning.disputes import REASONS, disputed_part, open_disputes
from relance.dunning.events import Past
from relance.dunning.instalments import PaymentPlan, Rules, plans_of
from relance.dunning.keys import key_of
from relance.dunning.offer_tasks import offer_tasks
from relance.dunning.plan import Party, Plan, Task
from relance.dunning.promises import promise_states
from relance.dunning.writing import line_of, party_of
from relance.language import N_, day_text, translator
from relance.money import sum_text
from relance.policy.model import Policy

DECIDE = N_("Decide the dispute of {name} about {numbers} ({why}, {amount}): it was due on {date}")
CREDIT = N_("Make the credit note for {name} about {numbers} ({amount}): promised for {date}")


def add_desk_tasks(plan: Plan, policy: Policy, past: Past) -> Plan:
    """Return `plan` with a task for each late dispute (for its owner, later for management too), for
    each promise that was not kept, for each payment plan that became void, and for each offer whose
    money came: the credit note to make, or the decision on what came too late.

    Each is given once, since its key is made from the number of the event.
    """
    made = [
        *_dispute_tasks(plan, policy, past),
        *_promise_tasks(plan, policy, past),
        *_plan_tasks(plan, policy, past),
        *offer_tasks(plan, policy, past),
    ]
    return plan.with_tasks(task for task in made if task.key not in past.tasks)


def _dispute_tasks(plan: Plan, policy: Policy, past: Past) -> Iterator[Task]:
    for dispute in open_disputes(past.holds, plan.decided, plan.run_date):
        if dispute["late"]:
            yield from _of_dispute(dispute, plan.run_date, policy)


def _of_dispute(dispute: Mapping[str, Any], today: date, policy: Policy) -> Iterator[Task]:
    party = party_of(dispute["rows"][0], policy)
    yield _task(dispute, dispute["owner"] or party.owner, "owner", (today, policy))
    told = dispute["until"] + timedelta(days=policy.disputes.escalate_after)
    if policy.disputes.escalate_to and told < today:
        yield _task(dispute, policy.disputes.escalate_to, "management", (today, policy))


def _task(
    dispute: Mapping[str, Any], owner: str | None, told: str, occasion: tuple[date, Policy]
) -> Task:
    today, policy = occasion
    rows = dispute["rows"]
    first = rows[0]
    party = party_of(first, policy)
    say = translator(policy.creditor.language)
    ours = [row for row in rows if row["currency"] == first["currency"]]
    disputed = sum(disputed_part(row) for row in ours)
    subject = say(CREDIT if dispute["accepted"] else DECIDE).format(
        name=party.name,
        numbers=", ".join(row["number"] for row in rows[:5]),
        why=say(REASONS.get(dispute["code"] or "other", REASONS["other"])),
        amount=sum_text(disputed, first["currency"], policy.creditor.language),
        date=day_text(dispute["until"], policy.creditor.language),
    )
    return Task(
        key=key_of(["dispute", str(dispute["seq"]), told]),
        kind="credit_note" if dispute["accepted"] else "late_dispute",
        debtor=party,
        subject=subject,
        receivables=tuple(line_of(row) for row in ours),
        currency=first["currency"],
        due=today,
        owner=owner,
        text=dispute["reason"] or "",
    )


BROKEN = N_("{name} did not keep the promise of {date} for {numbers}: {paid} of {amount} came")


def _promise_tasks(plan: Plan, policy: Policy, past: Past) -> Iterator[Task]:
    if "promise" not in past.holds["type"]:
        return
    states = promise_states(
        past.holds, plan.decided, past.allocations, (plan.run_date, policy.limits.promise_grace)
    )
    broken = states.filter(pl.col("state").is_in(["broken", "part_kept"]) & ~pl.col("replaced"))
    for promise in broken.iter_rows(named=True):
        own = "item" if promise["item"] else "debtor"
        rows = _owed(plan, pl.col(own) == promise[own])
        if rows:
            yield _of_promise(promise, rows, plan.run_date, policy)


def _of_promise(
    promise: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], today: date, policy: Policy
) -> Task:
    party, currency = party_of(rows[0], policy), rows[0]["currency"]
    ours = [row for row in rows if row["currency"] == currency]
    paid, promised = promise["paid"], promise["promised"]
    subject = translator(policy.creditor.language)(BROKEN).format(
        name=party.name,
        date=day_text(promise["until"], policy.creditor.language),
        numbers=", ".join(row["number"] for row in ours[:5]),
        paid="–" if paid is None else sum_text(paid, currency, policy.creditor.language),
        amount="–" if promised is None else sum_text(promised, currency, policy.creditor.language),
    )
    return _about(ours, ("promise", promise["seq"], "broken_promise"), (party, subject), today)


VOID = N_("Tell {name} that payment plan {number} is void since {date}: {paid} of {amount} came")


def _plan_tasks(plan: Plan, policy: Policy, past: Past) -> Iterator[Task]:
    plans = plans_of(past, plan.decided, Rules.of(policy), plan.run_date)
    for void in (each for each in plans if each.state == "void"):
        rows = _owed(plan, pl.col("item").is_in(void.covers))
        if rows:
            yield _of_plan(void, rows, plan.run_date, policy)


def _of_plan(
    void: PaymentPlan, rows: Sequence[Mapping[str, Any]], today: date, policy: Policy
) -> Task:
    party, currency = party_of(rows[0], policy), rows[0]["currency"]
    ours = [row for row in rows if row["currency"] == currency]
    subject = translator(policy.creditor.language)(VOID).format(
        name=party.name,
        number=void.called,
        date=day_text(void.void_on, policy.creditor.language) if void.void_on else "–",
        paid=sum_text(void.paid, currency, policy.creditor.language),
        amount=sum_text(void.total, currency, policy.creditor.language),
    )
    return _about(ours, ("plan", void.number, "void_plan"), (party, subject), today)


def _owed(plan: Plan, which: pl.Expr) -> list[dict[str, Any]]:
    """Return the open rows of `plan` that an agreement is about, those due first at the head."""
    owed = (pl.col("open") > 0) & ~pl.col("missing") & pl.col("debtor_known")
    rows = plan.decided.filter(which & owed).sort("due", "number", "item", nulls_last=True)
    return list(rows.iter_rows(named=True))


def _about(
    rows: Sequence[Mapping[str, Any]],
    what: tuple[str, int, str],
    told: tuple[Party, str],
    today: date,
) -> Task:
    """Return the task about `rows`, of one currency; `what`: of which agreement, number, kind."""
    (of, number, kind), (party, subject) = what, told
    return Task(
        key=key_of([of, str(number)]),
        kind=kind,
        debtor=party,
        subject=subject,
        receivables=tuple(line_of(row) for row in rows),
        currency=rows[0]["currency"],
        due=today,
        owner=party.owner,
    )
