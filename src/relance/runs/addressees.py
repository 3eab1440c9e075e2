"""The people of debtors whom levels are addressed to: those that nobody has, those who refused mail."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from relance.diagnostics import Diagnostic
from relance.dunning.addressees import roles_asked
from relance.dunning.levels import rungs
from relance.ledger.schema import PEOPLE_OF_DEBTOR
from relance.policy.model import Policy
from relance.runs import variety_codes as codes


def without_refused(debtors: pl.DataFrame, rejected: pl.DataFrame) -> pl.DataFrame:
    """Return `debtors` whose people have no e-mail address that refused a message for good.

    Args:
        debtors: columns of DEBTORS.
        rejected: columns of REJECTED.
    """
    if debtors["people"].null_count() == debtors.height:
        return debtors
    refused = set(rejected.select("debtor", "recipient").iter_rows())
    concerned = {debtor for debtor, _ in refused}
    people = [
        [
            {**each, "email": None if (debtor, each["email"]) in refused else each["email"]}
            for each in contacts
        ]
        if contacts and debtor in concerned
        else contacts
        for debtor, contacts in debtors.select("debtor", "people").iter_rows()
    ]
    return debtors.with_columns(pl.Series("people", people, dtype=PEOPLE_OF_DEBTOR))


def absent_roles(debtors: pl.DataFrame, policy: Policy) -> Iterator[Diagnostic]:
    """Yield the roles that levels in use are addressed to and no debtor has anybody for."""
    used = {name: each for name, each in policy.procedures.items() if _is_used(name, policy)}
    asked = roles_asked(rungs(used))
    if not asked or debtors.is_empty():
        return
    people = debtors["people"].drop_nulls().explode().drop_nulls()
    known = set(people.struct.field("role").to_list()) if len(people) else set()
    for role, level in asked.items():
        if role not in known:
            yield Diagnostic(codes.ROLE_OF_NOBODY, None, {"level": level, "role": role})


def _is_used(name: str, policy: Policy) -> bool:
    return any(segment.procedure == name for segment in policy.segments)


def mail_of_people(debtors: pl.DataFrame) -> Iterator[tuple[str, str | None]]:
    """Yield debtor and e-mail address of each person in `debtors`, columns of DEBTORS."""
    rows = debtors.filter(pl.col("people").is_not_null()).select("debtor", "people")
    for debtor, people in rows.iter_rows():
        for each in people:
            yield debtor, each["email"]
