"""CII invoices (UN/CEFACT Cross Industry Invoice D16B and later), as Factur-X and ZUGFeRD 2 use them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relance.intake.einvoice.document import Document, Party
from relance.intake.einvoice.markup import identifiers_at, line_of, text_at, texts_at

if TYPE_CHECKING:
    from lxml.etree import _Element

_CII = "urn:un:unece:uncefact:data:standard:"
NAMES = {
    "rsm": f"{_CII}CrossIndustryInvoice:100",
    "ram": f"{_CII}ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_CII}UnqualifiedDataType:100",
}
ROOTS = (f"{{{NAMES['rsm']}}}CrossIndustryInvoice",)

_TRADE = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTrade"
_DAY = "/udt:DateTimeString"


def read(root: _Element) -> Document:
    """Return what the CII document `root` says; its tag is one of ROOTS."""
    head = root.find("rsm:ExchangedDocument", NAMES)
    agreed = root.find(f"{_TRADE}Agreement", NAMES)
    settled = root.find(f"{_TRADE}Settlement", NAMES)
    number = head.find("ram:ID", NAMES) if head is not None else None
    sums = "ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:"
    account = "ram:SpecifiedTradeSettlementPaymentMeans/ram:PayeePartyCreditorFinancialAccount/ram:"
    return Document(
        syntax="CII",
        line=line_of(number, root),
        number=_text(head, "ram:ID"),
        issued=_text(head, "ram:IssueDateTime" + _DAY),
        type=_text(head, "ram:TypeCode"),
        credit=False,
        currency=_text(settled, "ram:InvoiceCurrencyCode"),
        due=_texts(settled, "ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime" + _DAY),
        terms=" ".join(_texts(settled, "ram:SpecifiedTradePaymentTerms/ram:Description")),
        buyer_reference=_text(agreed, "ram:BuyerReference"),
        contract=_text(agreed, "ram:ContractReferencedDocument/ram:IssuerAssignedID"),
        order=_text(agreed, "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID"),
        preceding=_texts(settled, "ram:InvoiceReferencedDocument/ram:IssuerAssignedID"),
        notes=_notes(head),
        payment_reference=_text(settled, "ram:PaymentReference"),
        accounts=_texts(settled, account + "IBANID") or _texts(settled, account + "ProprietaryID"),
        total=_text(settled, sums + "GrandTotalAmount"),
        payable=_text(settled, sums + "DuePayableAmount"),
        seller=_party(agreed, "ram:SellerTradeParty"),
        buyer=_party(agreed, "ram:BuyerTradeParty"),
    )


def _text(root: _Element | None, path: str) -> str:
    return text_at(root, path, NAMES)


def _texts(root: _Element | None, path: str) -> tuple[str, ...]:
    return texts_at(root, path, NAMES)


def _notes(head: _Element | None) -> tuple[str, ...]:
    if head is None:
        return ()
    notes = []
    for note in head.iterfind("ram:IncludedNote", NAMES):
        subject, content = _text(note, "ram:SubjectCode"), _text(note, "ram:Content")
        if content:
            notes.append(f"{subject}: {content}" if subject else content)
    return tuple(notes)


def _party(agreed: _Element | None, path: str) -> Party:
    party = agreed.find(path, NAMES) if agreed is not None else None
    if party is None:
        return Party()
    legal, contact = "ram:SpecifiedLegalOrganization/ram:", "ram:DefinedTradeContact/ram:"
    address = "ram:PostalTradeAddress/ram:"
    taxed = identifiers_at(party, "ram:SpecifiedTaxRegistration/ram:ID", NAMES)
    return Party(
        name=_text(party, "ram:Name") or _text(party, legal + "TradingBusinessName"),
        identifiers=tuple(
            one
            for where in (legal + "ID", "ram:GlobalID", "ram:ID",
                          "ram:URIUniversalCommunication/ram:URIID")
            for one in identifiers_at(party, where, NAMES)
        ),
        vat=next((number for scheme, number in taxed if scheme == "VA"), ""),
        email=_text(party, contact + "EmailURIUniversalCommunication/ram:URIID"),
        phone=_text(party, contact + "TelephoneUniversalCommunication/ram:CompleteNumber"),
        lines=tuple(
            line
            for name in ("LineOne", "LineTwo", "LineThree")
            for line in _texts(party, address + name)
        ),
        postcode=_text(party, address + "PostcodeCode"),
        city=_text(party, address + "CityName"),
        region=_text(party, address + "CountrySubDivisionName"),
        country=_text(party, address + "CountryID"),
    )  # fmt: skip
