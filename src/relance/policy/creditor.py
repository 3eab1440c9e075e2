"""Who is owed, and the accounts that debtors pay to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from relance.policy.stationery import Stationery
from relance.policy.values import Country, Currency, Language, Model, NonEmpty, Texts


class Creditor(Model):
    """Who is owed."""

    name: NonEmpty = Field(description="Name as notices show it.")
    country: Country = Field(description="ISO 3166 alpha-2: FR, BE, …")
    registration: NonEmpty | None = Field(
        default=None, description="SIREN or Belgian enterprise number; check digits are verified."
    )
    vat: NonEmpty | None = Field(default=None, description="VAT number, with its country.")
    address: Annotated[Texts, Field(min_length=1)] = Field(description="Lines of the address.")
    email: NonEmpty = Field(description="Where debtors can answer.")
    phone: NonEmpty | None = Field(default=None, description="Number that debtors can call.")
    website: NonEmpty | None = Field(default=None, description="Site shown on notices.")
    contact: NonEmpty | None = Field(
        default=None, description="Name of the person who answers debtors."
    )
    timezone: NonEmpty = Field(
        default="Europe/Paris", description="IANA time zone: it says when a day begins."
    )
    language: Language = Field(
        default="fr", description="Language of notices to debtors whose own is not known."
    )
    currency: Currency = Field(default="EUR", description="ISO 4217, of rows that name none.")
    logo: Path | None = Field(default=None, description="PNG, JPEG or SVG file of the project.")
    stationery: Stationery = Field(
        default_factory=Stationery, description="Where letters show the address, for the envelopes."
    )
    payment_link: NonEmpty | None = Field(
        default=None,
        description="URL with {number}, {amount}, {currency}, {reference} and {debtor} to fill in.",
    )


class Account(Model):
    """A bank account of the creditor; `currency` limits it to notices in that currency."""

    iban: NonEmpty = Field(description="IBAN; spaces are allowed, check digits are verified.")
    bic: NonEmpty | None = Field(default=None, description="BIC of the bank, 8 or 11 characters.")
    holder: NonEmpty = Field(description="Who holds the account.")
    currency: Currency | None = Field(
        default=None, description="Only for notices in this currency."
    )
