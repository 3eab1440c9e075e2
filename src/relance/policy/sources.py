"""Where receivables and customers come from, as the policy names it."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from relance.policy.values import Currency, Flag, Model, NonEmpty, PositiveAmount

RECEIVABLE_COLUMNS = (
    "number", "debtor", "issued", "due", "amount", "open", "currency", "kind", "reference",
    "debtor_name", "email", "order_number",
)  # fmt: skip
CUSTOMER_COLUMNS = (
    "id", "name", "kind", "country", "language", "email", "phone", "mobile", "address",
    "postcode", "city", "region", "registration", "vat", "sector", "tags", "owner", "since",
    "terms", "credit_limit", "segment", "procedure", "iban",
)  # fmt: skip

Preset = Literal[
    "odoo", "dolibarr", "xero", "quickbooks", "exact-online", "winbooks", "sage-100", "quadra"
]
Unterminated = Literal["refuse", "accept"]
DecimalMark = Literal[",", "."]


def _character(value: Any) -> Any:
    """A tab is hard to see in YAML: its name stands for it."""
    return "\t" if value in ("tab", "\\t") else value


Delimiter = Annotated[str, BeforeValidator(_character)]

_PATH = "File or pattern (*), relative to the project."
_COLUMNS = "Canonical column: name in the file; what is not mapped is found by synonyms."
_UNTERMINATED = "What to do with a file whose last line has no end: it may be half written."
_DATES = "dmy, mdy, ymd or a strptime format."


class CsvSource(Model):
    """Receivables as rows of a CSV file; what is not given is detected and echoed."""

    name: NonEmpty = Field(description="Name of the source, shown beside its items.")
    kind: Literal["csv"] = Field(description="csv: receivables as rows.")
    path: NonEmpty = Field(description=_PATH)
    full: Flag = Field(default=False, description="Each export holds all open items.")
    files: Literal["newest", "all"] | None = Field(
        default=None,
        description="Which files of a pattern are read: the newest of a full export, else all.",
    )
    preset: Preset | None = Field(default=None, description="Columns as this program exports them.")
    columns: dict[str, NonEmpty] = Field(default_factory=dict, description=_COLUMNS)
    decimal: DecimalMark | None = Field(default=None, description="Decimal mark of amounts.")
    dates: NonEmpty | None = Field(default=None, description=_DATES)
    encoding: NonEmpty | None = Field(default=None, description="utf-8, cp1252, …")
    delimiter: Delimiter | None = Field(default=None, description="One character, or tab.")
    currency: Currency | None = Field(
        default=None, description="Currency of rows that name none; else the creditor's."
    )
    terms: NonEmpty | None = Field(
        default=None, description="Terms of payment of rows without due date; a debtor's own win."
    )
    unterminated: Unterminated = Field(default="refuse", description=_UNTERMINATED)


class FecSource(Model):
    """Receivables out of a French ledger export (fichier des écritures comptables)."""

    name: NonEmpty = Field(description="Name of the source, shown beside its items.")
    kind: Literal["fec"] = Field(description="fec: a French ledger export.")
    path: NonEmpty = Field(description=_PATH)
    full: Flag = Field(default=True, description="Each export holds all open items.")
    terms: NonEmpty | None = Field(
        default=None, description="A FEC has no due date; a debtor's own terms win."
    )
    lettered_later: Literal["settled", "open"] = Field(
        default="settled",
        description="Invoices lettered with payments of another file: settled, or treated as open.",
    )
    tolerance: PositiveAmount = Field(
        default=Decimal("0.05"), description="Residue of a lettered group that closes it."
    )
    unterminated: Unterminated = Field(default="refuse", description=_UNTERMINATED)


Source = Annotated[CsvSource | FecSource, Field(discriminator="kind")]


class CustomersSource(Model):
    """The customers' file; its columns are those of the documentation unless mapped."""

    kind: Literal["csv"] = Field(default="csv", description="csv: customers as rows.")
    path: NonEmpty = Field(description="File, relative to the project.")
    columns: dict[str, NonEmpty] = Field(default_factory=dict, description=_COLUMNS)
    encoding: NonEmpty | None = Field(default=None, description="utf-8, cp1252, …")
    delimiter: Delimiter | None = Field(default=None, description="One character, or tab.")
    decimal: DecimalMark | None = Field(default=None, description="Decimal mark of amounts.")
    dates: NonEmpty | None = Field(default=None, description=_DATES)
    unterminated: Unterminated = Field(default="refuse", description=_UNTERMINATED)
