"""Tasks about answers: who should read what a debtor wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from relance.dunning.events import Past
from relance.dunning.keys import key_of
from relance.dunning.plan import Party, Plan, Task
from relance.dunning.writing import line_of, party_of
from relance.language import N_, day_text, translator
from relance.policy.model import Policy

SUBJECT = N_("Read the answer of {name} of {date}: {subject}")


def add_reply_tasks(plan: Plan, debtors: pl.DataFrame, policy: Policy, past: Past) -> Plan:
    """Return `plan` with one more task for each answer of a debtor that nobody was told of yet.

    The key is made from the mail alone, so that it is given once.

    Args:
        debtors: columns of DEBTORS; who answered and owes nothing is found there.
        past: its answers; tasks that it has are not given again.
    """
    new = (
        (row, key)
        for row in past.replies.iter_rows(named=True)
        if (key := key_of(["reply", row["mail"]])) not in past.tasks
    )
    return plan.with_tasks(_task(row, key, plan, (debtors, policy)) for row, key in new)


def _task(
    answer: Mapping[str, Any], key: str, plan: Plan, book: tuple[pl.DataFrame, Policy]
) -> Task:
    debtors, policy = book
    own = plan.decided.filter(pl.col("debtor") == answer["debtor"])
    owed = own.filter((pl.col("open") > 0) & (pl.col("kind") != "opening") & ~pl.col("missing"))
    rows = list(owed.sort("due", "number", "item", nulls_last=True).iter_rows(named=True))
    party = _party(answer, own, debtors, policy)
    say = translator(policy.creditor.language)
    subject = say(SUBJECT).format(
        name=party.name,
        date=day_text(answer["date"], policy.creditor.language),
        subject=answer["subject"] or "–",
    )
    currency = rows[0]["currency"] if rows else policy.creditor.currency
    return Task(
        key=key,
        kind="read_reply",
        debtor=party,
        subject=subject,
        receivables=tuple(line_of(row) for row in rows if row["currency"] == currency),
        currency=currency,
        due=plan.run_date,
        owner=party.owner,
        text=f"{answer['sender']}\n\n{answer['text']}",
    )


def _party(
    answer: Mapping[str, Any], own: pl.DataFrame, debtors: pl.DataFrame, policy: Policy
) -> Party:
    """Return who answered: of the items, else of the customers; by the name alone if gone from both."""
    known = own.filter("debtor_known").head(1)
    if known.height:
        return party_of(known.row(0, named=True), policy)
    found = debtors.filter(pl.col("debtor") == answer["debtor"]).head(1)
    row = found.row(0, named=True) if found.height else {"debtor": answer["debtor"]}
    given = {**dict.fromkeys(debtors.columns), **row, "debtor_name": None}
    return party_of(
        given | {"party_name": given.get("name"), "debtor_kind": given.get("kind")}, policy
    )
