"""The people of a customer by what they do: columns of the customers' file as one column."""

from __future__ import annotations

import polars as pl

from relance.intake import codes, values
from relance.intake.findings import shown
from relance.intake.headers import Heading
from relance.intake.items import check_email
from relance.intake.sieve import Sieve
from relance.ledger.schema import CONTACT_FIELDS, PEOPLE_OF_DEBTOR, ROLES


def read_contacts(sieve: Sieve, heading: Heading) -> None:
    """Put the columns `<role>_name`, `_email`, `_phone` and `_language` into one, `people`.

    A role without name, e-mail and phone is not there; a customer without any has null. What is no
    address or no language is left out, and told.
    """
    columns = [f"{role}_{field}" for role in ROLES for field in CONTACT_FIELDS]
    there = [name for name in columns if name in sieve.frame.columns]
    if not there:
        return
    for name in there:
        if name.endswith("_email"):
            check_email(sieve, name)
        if name.endswith("_language"):
            _read_language(sieve, heading, name)
    lacking = [pl.lit(None, pl.String).alias(name) for name in columns if name not in there]
    frame = sieve.frame.with_columns(lacking)
    people = pl.concat_list(_person(role) for role in ROLES).list.drop_nulls()
    frame = frame.with_columns(
        pl.when(people.list.len() > 0).then(people).cast(PEOPLE_OF_DEBTOR).alias("people")
    )
    sieve.frame = frame.drop(columns)


def _person(role: str) -> pl.Expr:
    cells = [pl.col(f"{role}_{field}").alias(field) for field in CONTACT_FIELDS]
    known = pl.any_horizontal(
        pl.col(f"{role}_{f}").is_not_null() for f in ("name", "email", "phone")
    )
    return pl.when(known).then(pl.struct(pl.lit(role).alias("role"), *cells))


def _read_language(sieve: Sieve, heading: Heading, name: str) -> None:
    found = values.mapped(sieve.frame[name], values.language_of)
    sieve.frame = sieve.frame.with_columns(found.alias("found"))
    text = pl.col(name)
    unknown = text.is_not_null() & pl.col("found").is_null()
    facts = {"column": shown(heading.read_from()[name]), "known": "fr, nl, de, en"}
    sieve.tell(codes.BAD_VALUE, unknown, {"text": text}, **facts)
    sieve.frame = sieve.frame.with_columns(found.alias(name)).drop("found")
