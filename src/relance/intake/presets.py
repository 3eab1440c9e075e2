"""Exports of known programs: the headers that give them away and how their columns are read.

A preset may have several variants (languages, choices of columns); the first whose signature is
in the file is taken. What a variant does not name is found by synonyms. Quadra has no headers:
see `quadra`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from relance.intake.synonyms import key

_DRAFTS = ("draft", "brouillon", "concept", "cancel", "cancelled", "canceled", "annulé", "annulée",
           "abandoned", "abandonnée", "voided", "deleted", "geannuleerd")  # fmt: skip


@dataclass(frozen=True)
class Preset:
    """How one program's export is read.

    Attributes:
        name: as in `preset:`.
        signature: headers that must all be there.
        columns: for each column the headers it is read from, first one that is not empty.
        blanks: cells of a column that stand for an empty one.
        kinds: kinds by cell of the kind column, beside the general synonyms.
        keep: by header, the beginnings of the cells of rows that are receivables.
        drafts: by header, the cells of rows that are drafts, cancelled or paid.
        ignored: columns that synonyms must not find, because their header means something else.
        dates: order of the dates, None to detect it.
        by_line: a row per line of an invoice: the invoice is read once.
        sales: beginnings of the books whose credits are credit notes; others are payments.
    """

    name: str
    signature: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    blanks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    keep: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    drafts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    dates: Literal["dmy", "mdy", "ymd"] | None = None
    by_line: bool = False
    sales: tuple[str, ...] = ("v", "sal")

    def fits(self, headers: Collection[str]) -> bool:
        """Return whether the compared forms `headers` hold the signature."""
        return all(key(header) in headers for header in self.signature)


_PAID = ("1", "oui", "yes", "ja")

_ODOO_DRAFTS = {"Status": _DRAFTS, "Statut": _DRAFTS, "État": _DRAFTS, "Number": ("/", "draft")}
_ODOO_COMMON = {
    "debtor_name": ("Invoice Partner Display Name", "Partner"),
    "issued": ("Invoice/Bill Date", "Invoice Date"),
    "due": ("Due Date",),
    "reference": ("Payment Reference",),
    "order_number": ("Reference",),
    "kind": ("Type",),
}
_DOLIBARR_KINDS = {"0": "invoice", "1": "invoice", "2": "credit_note", "3": "invoice",
                   "standard": "invoice", "remplacement": "invoice", "replacement": "invoice",
                   "acompte": "invoice", "deposit": "invoice"}  # fmt: skip
_LEDGER_ACCOUNTS = ("411", "416")

PRESETS: tuple[Preset, ...] = (
    Preset(
        # Amounts in the invoice's own currency, the only ones that belong to its Currency.
        "odoo",
        ("Number", "Invoice Partner Display Name", "Total in Currency Signed", "Amount Due"),
        {
            "number": ("Number",),
            "amount": ("Total in Currency Signed",),
            "open": ("Amount Due",),
            "currency": ("Currency",),
            **_ODOO_COMMON,
        },
        drafts=_ODOO_DRAFTS,
    ),
    Preset(
        # "... Signed" amounts are in the currency of the company, whatever Currency says.
        "odoo",
        ("Number", "Invoice Partner Display Name", "Amount Due Signed"),
        {
            "number": ("Number",),
            "amount": ("Total Signed", "Amount Due Signed"),
            "open": ("Amount Due Signed",),
            **_ODOO_COMMON,
        },
        drafts=_ODOO_DRAFTS,
        ignored=("currency",),
    ),
    Preset(
        "odoo",
        ("Numéro", "Nom d'affichage du partenaire de la facture", "Montant dû signé"),
        {
            "number": ("Numéro",),
            "debtor_name": ("Nom d'affichage du partenaire de la facture",),
            "issued": ("Date de facturation", "Date de facture"),
            "due": ("Date d'échéance",),
            "amount": ("Total signé", "Montant dû signé"),
            "open": ("Montant dû signé",),
            "reference": ("Référence de paiement",),
            "order_number": ("Référence",),
        },
        drafts={**_ODOO_DRAFTS, "Numéro": ("/", "brouillon")},
        ignored=("currency",),
    ),
    Preset(
        "dolibarr",
        ("InvoiceRef", "DateInvoice", "TotalTTC"),
        {
            "number": ("InvoiceRef",),
            "debtor": ("CustomerCode", "code_client"),
            "debtor_name": ("CompanyName",),
            "issued": ("DateInvoice",),
            "due": ("DateDue",),
            "amount": ("TotalTTC",),
            "open": ("Rest",),
            "kind": ("Type",),
            "order_number": ("RefCustomer",),
            "email": ("Email",),
        },
        kinds=_DOLIBARR_KINDS,
        drafts={
            "Status": ("0", "3", *_DRAFTS),
            "InvoiceStatus": ("0", "3", *_DRAFTS),
            "InvoicePaidCompletely": _PAID,
        },
    ),
    Preset(
        "dolibarr",
        ("f.ref", "f.datef", "f.total_ttc"),
        {
            "number": ("f.ref",),
            "debtor": ("s.code_client", "s.nom"),
            "debtor_name": ("s.nom",),
            "issued": ("f.datef",),
            "due": ("f.date_lim_reglement",),
            "amount": ("f.total_ttc",),
            "open": ("none.rest",),
            "kind": ("f.type",),
            "order_number": ("f.ref_client",),
            "email": ("s.email",),
        },
        kinds=_DOLIBARR_KINDS,
        drafts={"f.fk_statut": ("0", "3", *_DRAFTS), "f.paye": _PAID},
    ),
    Preset(
        "dolibarr",
        ("Réf. facture", "Date facturation", "Montant TTC", "Code client"),
        {
            "number": ("Réf. facture",),
            "debtor": ("Code client",),
            "debtor_name": ("Nom société", "Nom", "Tiers"),
            "issued": ("Date facturation",),
            "due": ("Date limite règlement", "Date échéance", "Date d'échéance"),
            "amount": ("Montant TTC",),
            "open": ("Reste à payer", "Reste à encaisser"),
            "kind": ("Type",),
            "order_number": ("Réf. client", "Réf. facture client"),
        },
        kinds=_DOLIBARR_KINDS,
        drafts={
            "État": ("0", "3", *_DRAFTS),
            "Statut": ("0", "3", *_DRAFTS),
            "Facture payée": _PAID,
            "Facture réglée": _PAID,
        },
    ),
    Preset(
        "xero",
        ("ContactName", "InvoiceNumber", "InvoiceAmountDue"),
        {
            "number": ("InvoiceNumber",),
            "debtor_name": ("ContactName",),
            "issued": ("InvoiceDate",),
            "due": ("DueDate",),
            "amount": ("Total", "InvoiceAmountDue"),
            "open": ("InvoiceAmountDue",),
            "currency": ("Currency",),
            "email": ("EmailAddress",),
            "order_number": ("Reference",),
            "kind": ("Type",),
        },
        drafts={"Status": _DRAFTS},
        ignored=("reference", "debtor"),
        by_line=True,
    ),
    Preset(
        "quickbooks",
        ("Transaction type", "Num", "Open balance"),
        {
            "number": ("Num",),
            "debtor_name": ("Customer", "Customer full name", "Name"),
            "issued": ("Date",),
            "due": ("Due date",),
            "amount": ("Amount", "Open balance"),
            "open": ("Open balance",),
            "kind": ("Transaction type",),
        },
        ignored=("debtor",),
    ),
    Preset(
        "exact-online",
        ("AccountCode", "AccountName", "EntryNumber", "InvoiceNumber", "DueDate"),
        {
            "number": ("InvoiceNumber", "EntryNumber"),
            "debtor": ("AccountCode",),
            "debtor_name": ("AccountName",),
            "issued": ("InvoiceDate",),
            "due": ("DueDate",),
            "amount": ("Amount",),
            "currency": ("CurrencyCode",),
            "order_number": ("YourRef",),
        },
        blanks={"number": ("0",)},
    ),
    Preset(
        "winbooks",
        ("DOCTYPE", "DOCNUMBER", "ACCOUNTRP", "AMOUNTEUR"),
        {
            "number": ("DOCNUMBER",),
            "debtor": ("ACCOUNTRP",),
            "issued": ("DATEDOC", "DATE"),
            "due": ("DUEDATE",),
            "amount": ("AMOUNTEUR",),
            "letter": ("MATCHNO",),
            "journal": ("DBKTYPE",),
        },
        keep={"DOCTYPE": ("1",)},
        ignored=("currency", "kind", "open", "reference", "order_number", "debtor_name"),
        sales=("2", "3"),
    ),
    Preset(
        "sage-100",
        ("Jou", "Date", "Général", "Tiers", "Débit", "Crédit"),
        {
            "number": ("N°", "N° pièce"),
            "debtor": ("Tiers",),
            "issued": ("Date",),
            "due": ("Echéance",),
            "debit": ("Débit",),
            "credit": ("Crédit",),
            "journal": ("Jou",),
            "letter": ("Lettrage",),
        },
        keep={"Général": _LEDGER_ACCOUNTS},
        ignored=("kind", "open", "amount", "debtor_name"),
        dates="dmy",
    ),
    Preset(
        "sage-100",
        ("N° Compte", "N° Compte Auxiliaire", "N° de pièce", "Montant Débit", "Montant Crédit"),
        {
            "number": ("N° de pièce",),
            "debtor": ("N° Compte Auxiliaire", "N° Compte"),
            "debtor_name": ("Libellé du compte",),
            "issued": ("Date",),
            "debit": ("Montant Débit",),
            "credit": ("Montant Crédit",),
            "journal": ("Journal",),
            "letter": ("Lettrage",),
        },
        keep={"N° Compte": _LEDGER_ACCOUNTS},
        ignored=("kind", "open", "amount"),
        dates="dmy",
    ),
)  # fmt: skip


def recognised(headers: Collection[str], name: str | None = None) -> Preset | None:
    """Return the first preset that fits the compared forms `headers`, of one `name` if given."""
    candidates = (p for p in PRESETS if name in (None, p.name))
    return next((preset for preset in candidates if preset.fits(headers)), None)


def wanted(name: str) -> tuple[str, ...]:
    """Return the signature of the first variant of preset `name`, for messages."""
    return next(preset.signature for preset in PRESETS if preset.name == name)
