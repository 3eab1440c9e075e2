"""UBL 2.1 invoices and credit notes (OASIS), as Peppol BIS 3 and EN 16931 use them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from relance.intake.einvoice.document import Document, Party
from relance.intake.einvoice.markup import identifiers_at, line_of, name_of, text_at, texts_at

if TYPE_CHECKING:
    from lxml.etree import _Element

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
NAMES = {"cac": f"{_UBL}CommonAggregateComponents-2", "cbc": f"{_UBL}CommonBasicComponents-2"}
ROOTS = (f"{{{_UBL}Invoice-2}}Invoice", f"{{{_UBL}CreditNote-2}}CreditNote")

_SUBJECT = re.compile(r"^#([A-Z]{3})#\s*")
_NO_ORDER = ("na", "n/a")
"""What stands for an order number where only the seller's own order is known (Peppol BIS 3)."""


def read(root: _Element) -> Document:
    """Return what the UBL document `root` says; its tag is one of ROOTS."""
    credit = name_of(root) == "CreditNote"
    means = "cac:PaymentMeans/"
    due = _texts(root, "cbc:DueDate") or _texts(root, means + "cbc:PaymentDueDate")
    order = _text(root, "cac:OrderReference/cbc:ID")
    number = root.find("cbc:ID", NAMES)
    return Document(
        syntax="UBL",
        line=line_of(number, root),
        number=_text(root, "cbc:ID"),
        issued=_text(root, "cbc:IssueDate"),
        type=_text(root, "cbc:CreditNoteTypeCode" if credit else "cbc:InvoiceTypeCode"),
        credit=credit,
        currency=_text(root, "cbc:DocumentCurrencyCode"),
        due=due or _texts(root, "cac:PaymentTerms/cbc:PaymentDueDate"),
        terms=" ".join(_texts(root, "cac:PaymentTerms/cbc:Note")),
        buyer_reference=_text(root, "cbc:BuyerReference"),
        contract=_text(root, "cac:ContractDocumentReference/cbc:ID"),
        order="" if order.casefold() in _NO_ORDER else order,
        preceding=_texts(root, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"),
        notes=tuple(_SUBJECT.sub(r"\1: ", note) for note in _texts(root, "cbc:Note")),
        payment_reference=_text(root, means + "cbc:PaymentID"),
        accounts=_texts(root, means + "cac:PayeeFinancialAccount/cbc:ID"),
        total=_text(root, "cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount"),
        payable=_text(root, "cac:LegalMonetaryTotal/cbc:PayableAmount"),
        seller=_party(root.find("cac:AccountingSupplierParty/cac:Party", NAMES)),
        buyer=_party(root.find("cac:AccountingCustomerParty/cac:Party", NAMES)),
    )


def _text(root: _Element | None, path: str) -> str:
    return text_at(root, path, NAMES)


def _texts(root: _Element | None, path: str) -> tuple[str, ...]:
    return texts_at(root, path, NAMES)


def _party(party: _Element | None) -> Party:
    if party is None:
        return Party()
    address = "cac:PostalAddress/"
    streets = ("cbc:StreetName", "cbc:AdditionalStreetName", "cac:AddressLine/cbc:Line")
    return Party(
        name=_text(party, "cac:PartyLegalEntity/cbc:RegistrationName")
        or _text(party, "cac:PartyName/cbc:Name"),
        identifiers=tuple(
            one
            for path in ("cac:PartyLegalEntity/cbc:CompanyID", "cac:PartyIdentification/cbc:ID",
                         "cbc:EndpointID")
            for one in identifiers_at(party, path, NAMES)
        ),
        vat=_vat(party),
        email=_text(party, "cac:Contact/cbc:ElectronicMail"),
        phone=_text(party, "cac:Contact/cbc:Telephone"),
        lines=tuple(line for path in streets for line in _texts(party, address + path)),
        postcode=_text(party, address + "cbc:PostalZone"),
        city=_text(party, address + "cbc:CityName"),
        region=_text(party, address + "cbc:CountrySubentity"),
        country=_text(party, address + "cac:Country/cbc:IdentificationCode"),
    )  # fmt: skip


def _vat(party: _Element) -> str:
    for scheme in party.iterfind("cac:PartyTaxScheme", NAMES):
        if _text(scheme, "cac:TaxScheme/cbc:ID").upper() == "VAT":
            return _text(scheme, "cbc:CompanyID")
    return ""
