"""The policy's types: the frozen models of what the user writes are what the engine reads.

Keys and meanings are those of the YAML (see docs/configuration). No module below the engine
imports Polars, so that `relance validate` starts at once.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Language = Literal["fr", "nl", "de", "en"]
DebtorKind = Literal["business", "consumer", "public"]
Grouping = Literal["receivable", "level", "debtor"]
CatchUp = Literal["next", "by_age"]
Tone = Literal["friendly", "neutral", "firm"]


def _listed(value: Any) -> Any:
    """A single value stands for a list of one."""
    return [value] if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Model(BaseModel):
    """A frozen model that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Bounds(Model):
    """An inclusive range; an absent end is open."""

    min: Decimal | None = None
    max: Decimal | None = None

    @model_validator(mode="after")
    def _not_empty(self) -> Bounds:
        if self.min is None and self.max is None:
            raise ValueError("give min, max or both")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min is above max: no value can match")
        return self


Wanted = Bounds | Texts
"""What a condition asks of a field: a range, or any of some values."""

DEBTOR_TEXT_FIELDS = ("country", "language", "kind", "sector", "owner", "region")
DEBTOR_SET_FIELDS = ("tags",)
DEBTOR_AMOUNT_FIELDS = ("outstanding", "overdue", "credit_limit")
DEBTOR_NUMBER_FIELDS = (
    "days_as_customer", "oldest_days_past_due", "open_items", "late_ratio", "mean_days_late",
    "broken_promises", "score",
)  # fmt: skip
ITEM_TEXT_FIELDS = ("currency", "source")
ITEM_AMOUNT_FIELDS = ("amount", "open")
ITEM_NUMBER_FIELDS = ("days_past_due",)
DEBTOR_FIELDS = DEBTOR_TEXT_FIELDS + DEBTOR_SET_FIELDS + DEBTOR_AMOUNT_FIELDS + DEBTOR_NUMBER_FIELDS
ITEM_FIELDS = ITEM_TEXT_FIELDS + ITEM_AMOUNT_FIELDS + ITEM_NUMBER_FIELDS


class Condition(Model):
    """A structured condition: several keys mean all of them; fields as listed in `domain`.

    A field whose value is not known for a debtor does not match, and neither does its `not`
    unless the condition under `not` is known to be false (three-valued logic, like SQL).
    """

    country: Texts | None = None
    language: Texts | None = None
    kind: Annotated[tuple[DebtorKind, ...], BeforeValidator(_listed)] | None = None
    sector: Texts | None = None
    tags: Texts | None = None
    owner: Texts | None = None
    region: Texts | None = None
    days_as_customer: Bounds | None = None
    outstanding: Bounds | None = None
    overdue: Bounds | None = None
    oldest_days_past_due: Bounds | None = None
    open_items: Bounds | None = None
    late_ratio: Bounds | None = None
    mean_days_late: Bounds | None = None
    broken_promises: Bounds | None = None
    score: Bounds | None = None
    credit_limit: Bounds | None = None
    amount: Bounds | None = None
    open: Bounds | None = None
    currency: Texts | None = None
    days_past_due: Bounds | None = None
    source: Texts | None = None
    all: tuple[Condition, ...] | None = None
    any: tuple[Condition, ...] | None = None
    not_: Condition | None = Field(default=None, alias="not")

    def fields(self) -> dict[str, Wanted]:
        """Return what is asked of each field at this level, without `all`, `any` and `not`."""
        return {
            name: value
            for name in DEBTOR_FIELDS + ITEM_FIELDS
            if (value := getattr(self, name)) is not None
        }


Millimetres = Annotated[float, Field(ge=0, le=297)]


class Window(Model):
    """Where the address stands on the A4 sheet: its frame, in mm from the top left corner."""

    left: Millimetres
    top: Millimetres
    width: Annotated[float, Field(ge=40, le=120)]
    height: Annotated[float, Field(ge=20, le=60)]


class Stationery(Model):
    """How letters are laid out for the creditor's envelopes."""

    layout: Literal["fr", "be"] | None = Field(
        default=None,
        description="Layout of the envelope window; that of the creditor's country when not given.",
    )
    window: Window | None = Field(
        default=None,
        description="Frame of the address in mm from the top left corner of the sheet, when the "
        "envelopes differ from the layout's (fr: 110, 52, 85 x 35; be: 110, 45, 80 x 35).",
    )


class Creditor(Model):
    """Who is owed. `country` is ISO 3166 alpha-2; `registration` a SIREN or enterprise number."""

    name: str
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    registration: str | None = None
    vat: str | None = None
    address: Texts
    email: str
    phone: str | None = None
    website: str | None = None
    contact: str | None = Field(default=None, description="Name of the person who answers debtors.")
    timezone: str = "Europe/Paris"
    language: Language = "fr"
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "EUR"
    logo: Path | None = Field(default=None, description="PNG, JPEG or SVG file of the project.")
    stationery: Stationery = Stationery()
    payment_link: str | None = Field(
        default=None,
        description="URL with {number}, {amount}, {currency}, {reference} and {debtor} to fill in.",
    )


class Account(Model):
    """A bank account of the creditor; `currency` limits it to notices in that currency."""

    iban: str
    bic: str | None = None
    holder: str
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None


Preset = Literal[
    "odoo", "dolibarr", "xero", "quickbooks", "exact-online", "winbooks", "sage-100", "quadra"
]


class CsvSource(Model):
    """Receivables as rows of a CSV file; what is not given is detected and echoed."""

    name: str
    kind: Literal["csv"]
    path: str
    full: bool = Field(default=False, description="Each export holds all open items.")
    files: Literal["newest", "all"] | None = Field(
        default=None,
        description="Which files of a pattern are read: the newest of a full export, else all.",
    )
    preset: Preset | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    decimal: Literal[",", "."] | None = None
    dates: str | None = Field(default=None, description="dmy, mdy, ymd or a strptime format.")
    encoding: str | None = None
    delimiter: str | None = None
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    terms: str | None = None
    unterminated: Literal["refuse", "accept"] = "refuse"


class FecSource(Model):
    """Receivables out of a French ledger export (fichier des écritures comptables)."""

    name: str
    kind: Literal["fec"]
    path: str
    full: bool = True
    terms: str | None = Field(
        default=None, description="A FEC has no due date; a debtor's own terms win."
    )
    lettered_later: Literal["settled", "open"] = Field(
        default="settled",
        description="Invoices lettered with payments of another file: settled, or treated as open.",
    )
    tolerance: Decimal = Field(
        default=Decimal("0.05"), description="Residue of a lettered group that closes it."
    )
    unterminated: Literal["refuse", "accept"] = "refuse"


Source = Annotated[CsvSource | FecSource, Field(discriminator="kind")]


class CustomersSource(Model):
    """The customers' file; its columns are those of the documentation unless mapped."""

    kind: Literal["csv"] = "csv"
    path: str
    columns: dict[str, str] = Field(default_factory=dict)
    encoding: str | None = None
    delimiter: str | None = None
    decimal: Literal[",", "."] | None = None
    dates: str | None = None
    unterminated: Literal["refuse", "accept"] = "refuse"


class Segment(Model):
    """A named class of debtors; the first that matches wins, the last has no `when`."""

    name: str
    procedure: str
    when: Condition | None = None


class ContactCap(Model):
    """At most `max` contacts of one debtor in any `days` days."""

    max: Annotated[int, Field(ge=1)]
    days: Annotated[int, Field(ge=1)]


class Limits(Model):
    """Caps and grace of the whole project."""

    contacts_per_debtor: ContactCap | None = None
    max_notices: Annotated[int, Field(ge=1)] = 500
    promise_grace: Annotated[int, Field(ge=0)] = Field(
        default=2, description="Days after a promised date before the promise counts as broken."
    )


class Charges(Model):
    """What a level claims beside the principal: `legal`, or nothing."""

    interest: Literal["legal"] | None = None
    compensation: Literal["legal"] | None = None
    fee: Annotated[Decimal, Field(ge=0)] | None = None


class Task(Model):
    """Work for a person; `subject` is a template."""

    kind: Literal["call", "check", "decide", "letter", "visit"] = "call"
    subject: str
    owner: str | None = None


class Level(Model):
    """A rung of a procedure. `days` count from the due date, negative before it.

    `channel` names one channel or several: the first that can reach the debtor. `all` names
    channels that are each used.
    """

    id: Annotated[str, Field(pattern="^[a-z0-9][a-z0-9_-]*$")]
    days: int
    channel: Texts = ()
    all: Texts = ()
    template: str | None = None
    tone: Tone = "neutral"
    task: Task | None = None
    when: Condition | None = None
    mandatory: bool = False
    approval: Literal["none", "required"] = "none"
    statement: bool = Field(
        default=True, description="Show the debtor's other open items and credits."
    )
    attach: tuple[Literal["letter"], ...] = Field(
        default=(), description="Documents that the message must carry: the letter as PDF."
    )
    charges: Charges = Charges()

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that the level names, in order."""
        return self.all or self.channel


class Procedure(Model):
    """A dunning procedure: the ladder and its rungs. Level numbers are 1-based positions."""

    name: Annotated[str, Field(pattern="^[a-z0-9][a-z0-9_-]*$")]
    title: dict[Language, str] = Field(default_factory=dict)
    description: str | None = None
    group: Grouping = "debtor"
    minimum: Annotated[Decimal, Field(ge=0)] = Decimal(0)
    interval: Annotated[int, Field(ge=0)] = 7
    catch_up: CatchUp = "next"
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]


class ChannelConfig(BaseModel):
    """A channel as the policy names it: its `kind` finds the adapter, which types the rest."""

    model_config = ConfigDict(frozen=True, extra="allow")
    kind: str


class Policy(Model):
    """All of relance.yaml, with the accounts and procedures that it names.

    `accounts` and `procedures` are filled by `read_policy`; `root` is the project directory.
    """

    creditor: Creditor
    accounts_file: Path = Field(default=Path("accounts.yaml"), alias="accounts")
    database: str = "sqlite:///relance.db"
    customers: CustomersSource | None = None
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    segments: Annotated[tuple[Segment, ...], Field(min_length=1)]
    channels: dict[str, ChannelConfig]
    limits: Limits = Limits()
    root: Path = Field(default=Path(), exclude=True)
    bank_accounts: tuple[Account, ...] = Field(default=(), exclude=True)
    procedures: dict[str, Procedure] = Field(default_factory=dict, exclude=True)

    def account_for(self, currency: str) -> Account | None:
        """Return the account to pay `currency` to: one of that currency, else one of any, else None."""
        of_currency = [a for a in self.bank_accounts if a.currency == currency]
        of_any = [a for a in self.bank_accounts if a.currency is None]
        return next(iter(of_currency + of_any), None)
