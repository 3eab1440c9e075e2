"""Whom a notice goes to: a person of the debtor by what he does, else the debtor's own address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from relance.dunning.levels import Rung
from relance.dunning.plan import Party


@dataclass(frozen=True, slots=True)
class Person:
    """A person of a debtor; unknown facts are None. `role` is one of `ledger.schema.ROLES`."""

    role: str
    name: str | None
    email: str | None
    phone: str | None
    language: str | None


def people_of(contacts: Sequence[Mapping[str, Any]] | None) -> tuple[Person, ...]:
    """Return the people in the column `people` of a row."""
    return tuple(Person(**each) for each in contacts or ())


def has_email(roles: Sequence[str]) -> pl.Expr:
    """Return whether a person of one of `roles` can be written to."""
    person = pl.element()
    able = (
        person.struct.field("role").is_in(list(roles)) & person.struct.field("email").is_not_null()
    )
    return pl.col("people").list.eval(able).list.any().fill_null(value=False)


def addressed(party: Party, roles: Sequence[str], people: Sequence[Person], by: str) -> Party:
    """Return the debtor as the notice addresses him: the first of `roles` that `by` can reach.

    An e-mail goes to that person's address, a letter to the debtor's with the person's name over
    it, both in the person's language where it is known. Where nobody of those roles can be reached
    so, it goes where it would without roles.
    """
    for role in roles:
        for person in people:
            if person.role == role and (person.email if by == "email" else person.name):
                return _to(party, person, by)
    return party


def _to(party: Party, person: Person, by: str) -> Party:
    found = replace(party, attention=person.name or "", role=person.role)
    if by == "email":
        found = replace(found, email=person.email)
    if person.language:
        found = replace(found, language=person.language, language_source="contact")
    return found


def roles_asked(ladder: Sequence[Rung]) -> dict[str, str]:
    """Return the roles that levels name in `to`, each with the first level that does."""
    found: dict[str, str] = {}
    for rung in ladder:
        for role in rung.level.to:
            found.setdefault(role, rung.level.id)
    return found
