"""Who can be reached by what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from relance.dunning.addressees import has_email
from relance.dunning.levels import Rung

PROFESSIONAL = ("business", "public")
"""Kinds of debtors who need not agree to be written to by electronic registered mail."""


@dataclass(frozen=True, slots=True, order=True)
class Way:
    """How a channel of the policy reaches debtors.

    Attributes:
        medium: what it carries: "email", "letter", "sms" or "task".
        by: the address that it goes to: "email", "letter", "sms" or "task"; an electronic
            registered letter is a letter that goes to an e-mail address.
        consent: it reaches others than professionals only if they agreed: those who carry the tag
            `agreed` in the customers' file ("" if nobody does).
    """

    medium: str
    by: str
    consent: bool = False
    agreed: str = ""


Roles = tuple[str, ...]

Reach = Mapping[str, Way]
"""Name of each channel of the policy → how it reaches debtors."""


_ADDRESSES = ("email", "mobile", "party_name", "address", "city", "people")


def facts_read(reach: Reach) -> tuple[str, ...]:
    """Return the columns of `standing` that decide whether a channel reaches a debtor."""
    consent = any(way.consent for way in reach.values())
    return (*_ADDRESSES, "debtor_kind", "tags") if consent else _ADDRESSES


def reaches(way: Way, roles: Roles = ()) -> pl.Expr:
    """Return whether each debtor can be reached this way, as far as the customers' file knows.

    `roles` are those of its people whom an e-mail may go to instead.
    """
    found = _addressed(way.by)
    if roles and way.by == "email":
        found |= has_email(roles)
    if way.consent:
        found &= pl.col("debtor_kind").is_in(PROFESSIONAL).fill_null(value=False) | pl.col(
            "tags"
        ).list.contains(way.agreed).fill_null(value=False)
    return found


def _addressed(by: str) -> pl.Expr:
    if by == "email":
        return pl.col("email").is_not_null()
    if by == "sms":
        return pl.col("mobile").is_not_null()
    if by == "letter":
        return (
            pl.col("party_name").is_not_null()
            & pl.col("address").is_not_null()
            & pl.col("city").is_not_null()
        )
    return pl.lit(True)


def is_reachable(ladder: tuple[Rung, ...], reach: Reach) -> pl.Expr:
    """Return whether any channel of the level in column `rung` reaches the debtor.

    Levels that can be answered by the same ways are asked together: a frame of a million items
    is gone through once per way, not once per level.
    """
    by_ways: dict[tuple[tuple[Way, ...], Roles], list[int]] = {}
    for rung in ladder:
        ways = tuple(sorted({reach[name] for name in rung.level.channels if name in reach}))
        by_ways.setdefault((ways, rung.level.to), []).append(rung.index)
    chain = pl.lit(None, pl.Boolean)
    for (ways, roles), indexes in by_ways.items():
        any_of = pl.any_horizontal([pl.lit(False), *(reaches(way, roles) for way in ways)])
        chain = pl.when(pl.col("rung").is_in(indexes)).then(any_of).otherwise(chain)
    return chain


def reachable_channels(ladder: tuple[Rung, ...], reach: Reach, rung: str) -> pl.Expr:
    """Return, for the level in column `rung`, the channels that reach the debtor, in order.

    A list of names, empty when none does; null where there is no level.
    """
    chain = pl.lit(None, pl.List(pl.String))
    for entry in ladder:
        names = [name for name in entry.level.channels if name in reach]
        tried = [pl.when(reaches(reach[name], entry.level.to)).then(pl.lit(name)) for name in names]
        found = pl.concat_list(tried).list.drop_nulls() if tried else pl.lit([], pl.List(pl.String))
        chain = pl.when(pl.col(rung) == entry.index).then(found).otherwise(chain)
    return chain
