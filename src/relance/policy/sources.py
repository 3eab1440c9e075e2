"""Where receivables and customers come from, as the policy names it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from relance.policy.values import Currency, Flag, Model, NonEmpty, PositiveAmount

RECEIVABLE_COLUMNS = (
    "number", "debtor", "issued", "due", "amount", "open", "currency", "kind", "reference",
    "debtor_name", "email", "order_number", "market_number", "service_code", "virtual_iban", "notes",
    "settled_on",
)  # fmt: skip
CUSTOMER_COLUMNS = (
    "id", "name", "kind", "country", "language", "email", "phone", "mobile", "address",
    "postcode", "city", "region", "registration", "vat", "sector", "tags", "owner", "since",
    "terms", "credit_limit", "score", "segment", "procedure", "iban", "virtual_iban", "requires",
    "portal", "link", "accounts_name", "accounts_email", "accounts_phone", "accounts_language", "buyer_name",
    "buyer_email", "buyer_phone", "buyer_language", "management_name", "management_email",
    "management_phone", "management_language",
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
_FILES = "Which files of a pattern are read: the newest of a full export, else all."
_PRESET = "Columns as this program exports them."
_CURRENCY = "Currency of rows that name none; else the creditor's."
_TERMS = "Terms of payment of rows without due date; a debtor's own win."
_DATES = "dmy, mdy, ymd or a strptime format."


class CsvSource(Model):
    """Receivables as rows of a CSV file; what is not given is detected and echoed."""

    name: NonEmpty = Field(description="Name of the source, shown beside its items.")
    kind: Literal["csv"] = Field(description="csv: receivables as rows.")
    path: NonEmpty = Field(description=_PATH)
    full: Flag = Field(default=False, description="Each export holds all open items.")
    files: Literal["newest", "all"] | None = Field(default=None, description=_FILES)
    preset: Preset | None = Field(default=None, description=_PRESET)
    columns: dict[str, NonEmpty] = Field(default_factory=dict, description=_COLUMNS)
    decimal: DecimalMark | None = Field(default=None, description="Decimal mark of amounts.")
    dates: NonEmpty | None = Field(default=None, description=_DATES)
    encoding: NonEmpty | None = Field(default=None, description="utf-8, cp1252, …")
    delimiter: Delimiter | None = Field(default=None, description="One character, or tab.")
    currency: Currency | None = Field(default=None, description=_CURRENCY)
    terms: NonEmpty | None = Field(default=None, description=_TERMS)
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


class XlsxSource(Model):
    """Receivables as rows of a sheet of an Excel workbook; read like a CSV file."""

    name: NonEmpty = Field(description="Name of the source, shown beside its items.")
    kind: Literal["xlsx"] = Field(description="xlsx: receivables as rows of an Excel workbook.")
    path: NonEmpty = Field(description=_PATH)
    sheet: NonEmpty | None = Field(default=None, description="Name of the sheet; else the first.")
    full: Flag = Field(default=False, description="Each export holds all open items.")
    files: Literal["newest", "all"] | None = Field(default=None, description=_FILES)
    preset: Preset | None = Field(default=None, description=_PRESET)
    columns: dict[str, NonEmpty] = Field(default_factory=dict, description=_COLUMNS)
    decimal: DecimalMark | None = Field(default=None, description="Decimal mark of amounts.")
    dates: NonEmpty | None = Field(default=None, description=_DATES)
    currency: Currency | None = Field(default=None, description=_CURRENCY)
    terms: NonEmpty | None = Field(default=None, description=_TERMS)


class EinvoiceSource(Model):
    """Receivables out of e-invoices: UBL or CII in XML, Factur-X in PDF, one invoice per file."""

    name: NonEmpty = Field(description="Name of the source, shown beside its items.")
    kind: Literal["einvoice"] = Field(description="einvoice: UBL, CII or Factur-X files.")
    path: NonEmpty = Field(description="Folder or pattern (*), relative to the project.")
    full: Flag = Field(default=False, description="The folder holds all open items.")
    terms: NonEmpty | None = Field(default=None, description=_TERMS)


class BankSource(Model):
    """Movements of the creditor's bank accounts; the form of each file is recognised."""

    name: NonEmpty = Field(description="Name of the source, shown beside its payments.")
    kind: Literal["bank"] = Field(description="bank: statements of the creditor's accounts.")
    path: NonEmpty = Field(description=_PATH)
    format: Literal["camt", "coda", "cfonb", "mt940", "ofx", "csv"] | None = Field(
        default=None, description="Form of the files; recognised without it."
    )
    since: date | None = Field(
        default=None,
        description="Earlier movements are not lettered: the exports have them already.",
    )
    account: NonEmpty | None = Field(
        default=None, description="IBAN of the account, for a CSV file that does not name it."
    )
    currency: Currency | None = Field(default=None, description=_CURRENCY)
    columns: dict[str, NonEmpty] = Field(default_factory=dict, description=_COLUMNS)
    decimal: DecimalMark | None = Field(default=None, description="Decimal mark of amounts.")
    dates: NonEmpty | None = Field(default=None, description=_DATES)
    encoding: NonEmpty | None = Field(default=None, description="utf-8, cp1252, …")
    delimiter: Delimiter | None = Field(default=None, description="One character, or tab.")
    unterminated: Unterminated = Field(default="refuse", description=_UNTERMINATED)


ItemSource = CsvSource | XlsxSource | FecSource | EinvoiceSource
"""Sources that hold receivables."""

Source = Annotated[
    CsvSource | XlsxSource | FecSource | EinvoiceSource | BankSource, Field(discriminator="kind")
]


BANK_COLUMNS = (
    "booked", "value", "amount", "debit", "credit", "direction", "currency", "counterparty", "counterparty_iban",
    "reference", "end_to_end", "text", "bank_reference", "account", "balance",
)  # fmt: skip
"""Columns of a bank's CSV file: `amount` (unsigned with `direction`), or `debit` and `credit`."""


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
