"""Tasks about payments: who should look at which payment, and what it probably pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import polars as pl

from relance.dunning.events import Past
from relance.dunning.keys import key_of
from relance.dunning.plan import Line, Plan, Task
from relance.dunning.writing import LINE_FACTS, party_of
from relance.language import N_, day_text, translator
from relance.money import sum_text
from relance.policy.model import Policy

SUBJECT = N_("Look at a payment of {amount} from {name} of {date}: it probably pays {numbers}")
_MANY = 5


def add_lettering_tasks(plan: Plan, proposals: pl.DataFrame, policy: Policy, past: Past) -> Plan:
    """Return `plan` with one more task for each payment that a person should look at.

    The key is made from the payment alone, so that it is given once whatever becomes likely later.

    Args:
        proposals: columns of `lettering.letter.PROPOSALS`.
        past: its movements are those that were lettered; tasks that it has are not given again.
    """
    made = _tasks(plan, proposals, policy, past.movements)
    return plan.with_tasks(task for task in made if task.key not in past.tasks)


def _tasks(
    plan: Plan, proposals: pl.DataFrame, policy: Policy, movements: pl.DataFrame
) -> list[Task]:
    paid = movements.select(
        "movement", "counterparty", "booked",
        pl.col("currency").alias("paid_in"), pl.col("amount").alias("paid_amount"),
    )  # fmt: skip
    rows = (
        proposals.select("movement", "item", "candidate")
        .join(plan.decided, on="item", how="inner")
        .join(paid, on="movement", how="inner")
        .sort("movement", "candidate", "due", "number", "item", nulls_last=True)
        .unique(["movement", "item"], keep="first", maintain_order=True)
    )
    by_movement = groupby(rows.iter_rows(named=True), key=lambda row: row["movement"])
    return [_task(list(group), plan, policy) for _, group in by_movement]


def _task(rows: list[dict[str, Any]], plan: Plan, policy: Policy) -> Task:
    first = rows[0]
    party = party_of(first, policy)
    return Task(
        key=key_of(["lettering", first["movement"]]),
        kind="lettering",
        debtor=party,
        subject=_subject(rows, party.name, policy.creditor.language),
        receivables=tuple(Line(**{name: row[name] for name in LINE_FACTS}) for row in rows),
        currency=first["paid_in"],
        due=plan.run_date,
        owner=party.owner,
    )


def _subject(rows: Sequence[Mapping[str, Any]], debtor: str, language: str) -> str:
    """Return what is to be looked at, in the creditor's language."""
    first = rows[0]
    numbers = [row["number"] for row in rows]
    shown = ", ".join(numbers[:_MANY]) + (", …" if len(numbers) > _MANY else "")
    return translator(language)(SUBJECT).format(
        amount=sum_text(first["paid_amount"], first["paid_in"], language),
        name=first["counterparty"] or debtor,
        date=day_text(first["booked"], language),
        numbers=shown,
    )
