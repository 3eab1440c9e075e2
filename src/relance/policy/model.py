"""The policy's types: the frozen models of what the user writes are what the engine reads.

Keys and meanings are those of the YAML (see docs/configuration). No module below the engine
imports Polars, so that `relance validate` starts at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, GetPydanticSchema
from pydantic_core import core_schema

from relance.policy.channels import ChannelConfig, SendingRate, SendingWindow
from relance.policy.conditions import (
    DEBTOR_AMOUNT_FIELDS,
    DEBTOR_FIELDS,
    DEBTOR_NUMBER_FIELDS,
    DEBTOR_SET_FIELDS,
    DEBTOR_TEXT_FIELDS,
    ITEM_AMOUNT_FIELDS,
    ITEM_FIELDS,
    ITEM_NUMBER_FIELDS,
    ITEM_TEXT_FIELDS,
    Bounds,
    Condition,
    DebtorKind,
    Wanted,
)
from relance.policy.costs import Costs
from relance.policy.creditor import Account, Creditor
from relance.policy.desk import Disputes, Instalments, Offers, Promises, Thanks
from relance.policy.handovers import Handover
from relance.policy.inbox import Inbox
from relance.policy.law import (
    Discount,
    Law,
    Lettering,
    Limitation,
    Need,
    Rate,
    RateTable,
    Requirement,
)
from relance.policy.monitoring import Monitoring, Summary
from relance.policy.procedures import (
    Arm,
    CatchUp,
    Charges,
    Experiment,
    Grouping,
    Level,
    Procedure,
    Task,
    Tone,
    ToneRule,
    Variant,
)
from relance.policy.safeguards import ContactCap, Limits
from relance.policy.scores import ScoreFile, Scores, ScoreService
from relance.policy.sources import (
    BANK_COLUMNS,
    CUSTOMER_COLUMNS,
    RECEIVABLE_COLUMNS,
    BankSource,
    CsvSource,
    CustomersSource,
    EinvoiceSource,
    FecSource,
    ItemSource,
    Preset,
    Source,
    XlsxSource,
)
from relance.policy.stationery import Stationery, Window
from relance.policy.values import (
    Language,
    Model,
    NonEmpty,
    Slug,
    Texts,
)

__all__ = [
    "BANK_COLUMNS",
    "CUSTOMER_COLUMNS",
    "DEBTOR_AMOUNT_FIELDS",
    "DEBTOR_FIELDS",
    "DEBTOR_NUMBER_FIELDS",
    "DEBTOR_SET_FIELDS",
    "DEBTOR_TEXT_FIELDS",
    "ITEM_AMOUNT_FIELDS",
    "ITEM_FIELDS",
    "ITEM_NUMBER_FIELDS",
    "ITEM_TEXT_FIELDS",
    "RECEIVABLE_COLUMNS",
    "Account",
    "Arm",
    "BankSource",
    "Bounds",
    "CatchUp",
    "ChannelConfig",
    "Charges",
    "Condition",
    "ContactCap",
    "Costs",
    "Creditor",
    "CsvSource",
    "CustomersSource",
    "DebtorKind",
    "Discount",
    "Disputes",
    "EinvoiceSource",
    "Experiment",
    "FecSource",
    "Grouping",
    "Handover",
    "Inbox",
    "Instalments",
    "ItemSource",
    "Language",
    "Law",
    "Lettering",
    "Level",
    "Limitation",
    "Limits",
    "Model",
    "Monitoring",
    "Need",
    "Offers",
    "Policy",
    "Preset",
    "Procedure",
    "Promises",
    "Rate",
    "RateTable",
    "Requirement",
    "ScoreFile",
    "ScoreService",
    "Scores",
    "Segment",
    "SendingRate",
    "SendingWindow",
    "Source",
    "Stationery",
    "Summary",
    "Task",
    "Texts",
    "Thanks",
    "Tone",
    "ToneRule",
    "Variant",
    "Wanted",
    "Window",
    "XlsxSource",
]


class Segment(Model):
    """A named class of debtors; the first that matches wins, the last has no `when`."""

    name: NonEmpty = Field(description="Name of the segment.")
    procedure: NonEmpty = Field(description="Name of the procedure that its debtors follow.")
    when: Condition | None = Field(default=None, description="Who belongs; all, without it.")


# Values made by us are not validated again: that would build their validators a second time.
_AsGiven = GetPydanticSchema(lambda _type, _handler: core_schema.any_schema())


class Policy(Model):
    """All of relance.yaml, with the accounts and procedures that it names.

    `accounts` and `procedures` are filled by `read_policy`; `root` is the project directory.
    """

    creditor: Creditor = Field(description="The creditor: one project, one creditor.")
    accounts_file: Path = Field(
        default=Path("accounts.yaml"),
        alias="accounts",
        description="File of the bank accounts; its fingerprint is pinned on first use.",
    )
    database: NonEmpty = Field(
        default="sqlite:///relance.db",
        description="sqlite:///file, postgresql+psycopg://…, or env:NAME to keep it out of here.",
    )
    customers: CustomersSource | None = Field(default=None, description="The customers' file.")
    sources: Annotated[tuple[Source, ...], Field(min_length=1)] = Field(
        description="Where the open items come from."
    )
    segments: Annotated[tuple[Segment, ...], Field(min_length=1)] = Field(
        description="Classes of debtors; the first that matches wins, the last has no `when`."
    )
    channels: dict[Slug, ChannelConfig] = Field(description="How notices leave, by name.")
    limits: Limits = Field(default_factory=Limits, description="Caps and grace.")
    disputes: Disputes = Field(
        default_factory=Disputes, description="Until when disputes are decided, and who is told."
    )
    promises: Promises = Field(
        default_factory=Promises, description="Which level follows a promise that was not kept."
    )
    thanks: Thanks | None = Field(
        default=None, description="Thanks to debtors who pay in time; nobody is thanked without it."
    )
    tones: tuple[ToneRule, ...] = Field(
        default=(),
        description="Which tone `tone: auto` is, by the debtor; the first that matches wins.",
    )
    handovers: tuple[Handover, ...] = Field(
        default=(), description="Agencies, bailiffs and lawyers, with whom each is followed by."
    )
    instalments: Instalments = Field(
        default_factory=Instalments, description="Payment plans: grace, reminders, what follows."
    )
    offers: Offers = Field(
        default_factory=Offers, description="Reductions for those who pay by a day."
    )
    lettering: Lettering = Field(
        default_factory=Lettering, description="How payments are set against receivables."
    )
    law: Law = Field(
        default_factory=Law, description="Which law governs, and what the terms of sale agree."
    )
    rates: tuple[Rate, ...] = Field(
        default=(), description="Rates that relance does not know yet, with their source."
    )
    requirements: tuple[Requirement, ...] = Field(
        default=(), description="What invoices to some debtors must carry to be paid."
    )
    environment: Literal["production", "test"] = Field(
        default="production",
        description="In `test`, messages go to `test_recipients` only, or nowhere.",
    )
    test_recipients: Texts = Field(
        default=(), description="Addresses and numbers that a test may write to."
    )
    freshness: Annotated[int, Field(ge=1, le=2000)] = Field(
        default=26, description="Working hours after which an export is too old to dun from."
    )
    inbox: Inbox | None = Field(default=None, description="Where answers and bounces arrive.")
    monitoring: Monitoring = Field(
        default_factory=Monitoring, description="Who is told how runs went."
    )
    scores: Scores | None = Field(
        default=None, description="Where scores of others come from, which order the worklist."
    )
    costs: Costs = Field(
        default_factory=Costs, description="What notices cost by channel, and the margin of a sale."
    )
    root: Annotated[Path, _AsGiven] = Field(default=Path(), exclude=True)
    bank_accounts: Annotated[tuple[Account, ...], _AsGiven] = Field(default=(), exclude=True)
    procedures: Annotated[dict[str, Procedure], _AsGiven] = Field(
        default_factory=dict, exclude=True
    )

    @property
    def item_sources(self) -> tuple[ItemSource, ...]:
        """The sources that hold receivables, in order."""
        return tuple(s for s in self.sources if not isinstance(s, BankSource))

    @property
    def bank_sources(self) -> tuple[BankSource, ...]:
        """The sources that hold movements of bank accounts, in order."""
        return tuple(s for s in self.sources if isinstance(s, BankSource))

    @property
    def governing_law(self) -> str:
        """The country whose law governs the claims."""
        return self.law.country or self.creditor.country

    def account_for(self, currency: str) -> Account | None:
        """Return the account to pay `currency` to: one of that currency, else one of any, else None."""
        of_currency = [a for a in self.bank_accounts if a.currency == currency]
        of_any = [a for a in self.bank_accounts if a.currency is None]
        return next(iter(of_currency + of_any), None)
