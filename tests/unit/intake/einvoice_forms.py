"""E-invoices made for the tests: UBL and CII with the fields that a test needs, and no others."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

SELLER = {"registration": "732829320", "vat": "FR44732829320"}

_UBL = (
    'xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" '
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
_CII = (
    'xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" '
    'xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" '
    'xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"'
)


def _tag(name: str, text: object, **attributes: str) -> str:
    marks = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return "" if text in (None, "") else f"<{name}{marks}>{escape(str(text))}</{name}>"


def _ids(name: str, around: str, ids: list[tuple[str, str]]) -> str:
    made = []
    for scheme, number in ids:
        one = _tag(name, number, **({"schemeID": scheme} if scheme else {}))
        made.append(f"<{around}>{one}</{around}>" if around else one)
    return "".join(made)


def ubl_party(role: str, **of: Any) -> str:
    address = (
        _tag("cbc:StreetName", of.get("street"))
        + _tag("cbc:CityName", of.get("city"))
        + _tag("cbc:PostalZone", of.get("postcode"))
        + f"<cac:Country>{_tag('cbc:IdentificationCode', of.get('country', 'FR'))}</cac:Country>"
    )
    vat = of.get("vat")
    scheme = of.get("scheme", "0002")
    return (
        f"<cac:{role}><cac:Party>"
        + _ids("cbc:EndpointID", "", of.get("endpoint", []))
        + _ids("cbc:ID", "cac:PartyIdentification", of.get("ids", []))
        + f"<cac:PostalAddress>{address}</cac:PostalAddress>"
        + (
            f"<cac:PartyTaxScheme>{_tag('cbc:CompanyID', vat)}<cac:TaxScheme><cbc:ID>VAT</cbc:ID>"
            "</cac:TaxScheme></cac:PartyTaxScheme>"
            if vat
            else ""
        )
        + f"<cac:PartyLegalEntity>{_tag('cbc:RegistrationName', of.get('name'))}"
        + _tag("cbc:CompanyID", of.get("registration"), **({"schemeID": scheme} if scheme else {}))
        + "</cac:PartyLegalEntity>"
        + f"<cac:Contact>{_tag('cbc:ElectronicMail', of.get('email'))}</cac:Contact>"
        + f"</cac:Party></cac:{role}>"
    )


BUYER: dict[str, Any] = {
    "name": "Hôtel du Parc SAS", "registration": "404833048", "email": "compta@parc.example",
    "street": "3 rue du Parc", "postcode": "69006", "city": "Lyon",
}  # fmt: skip


def ubl(number: str = "F1", **of: Any) -> bytes:
    """A UBL invoice of 120.00 due on 2026-03-31; a credit note with `root="CreditNote"`."""
    root = of.get("root", "Invoice")
    credit = root == "CreditNote"
    due = of.get("due", "2026-03-31")
    total = of.get("total", "120.00")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} {_UBL.format(root=root)}>\n'
        + _tag("cbc:CustomizationID", "urn:cen.eu:en16931:2017")
        + _tag("cbc:ID", number)
        + "\n"
        + _tag("cbc:IssueDate", of.get("issued", "2026-03-01"))
        + ("" if credit else _tag("cbc:DueDate", due))
        + _tag(f"cbc:{root}TypeCode", of.get("type", "381" if credit else "380"))
        + "".join(_tag("cbc:Note", note) for note in of.get("notes", ()))
        + _tag("cbc:DocumentCurrencyCode", of.get("currency", "EUR"))
        + _tag("cbc:BuyerReference", of.get("service"))
        + (
            f"<cac:OrderReference>{_tag('cbc:ID', of['order'])}</cac:OrderReference>"
            if of.get("order")
            else ""
        )
        + "".join(
            f"<cac:BillingReference><cac:InvoiceDocumentReference>{_tag('cbc:ID', one)}"
            "</cac:InvoiceDocumentReference></cac:BillingReference>"
            for one in of.get("preceding", ())
        )
        + (
            f"<cac:ContractDocumentReference>{_tag('cbc:ID', of['contract'])}</cac:ContractDocumentReference>"
            if of.get("contract")
            else ""
        )
        + ubl_party(
            "AccountingSupplierParty", name="Menuiserie Lenoir SARL", **of.get("seller", SELLER)
        )
        + ubl_party("AccountingCustomerParty", **of.get("buyer", BUYER))
        + "<cac:PaymentMeans>"
        + (_tag("cbc:PaymentDueDate", due) if credit else "")
        + _tag("cbc:PaymentID", of.get("reference"))
        + "".join(
            f"<cac:PayeeFinancialAccount>{_tag('cbc:ID', iban)}</cac:PayeeFinancialAccount>"
            for iban in of.get("ibans", ())
        )
        + "</cac:PaymentMeans>"
        + f"<cac:PaymentTerms>{_tag('cbc:Note', of.get('terms'))}</cac:PaymentTerms>"
        + f"<cac:LegalMonetaryTotal>{_tag('cbc:TaxInclusiveAmount', total, currencyID='EUR')}"
        + _tag("cbc:PayableAmount", of.get("payable", total), currencyID="EUR")
        + f"</cac:LegalMonetaryTotal></{root}>\n"
    ).encode()


def cii(number: str = "F1", **of: Any) -> bytes:
    """A CII invoice of 120.00 due on 2026-03-31."""
    buyer = of.get("buyer", BUYER)
    seller = of.get("seller", SELLER)

    def party(role: str, one: dict[str, Any]) -> str:
        return (
            f"<ram:{role}>{_tag('ram:Name', one.get('name'))}<ram:SpecifiedLegalOrganization>"
            + _tag("ram:ID", one.get("registration"), schemeID="0002")
            + "</ram:SpecifiedLegalOrganization><ram:DefinedTradeContact><ram:EmailURIUniversalCommunication>"
            + _tag("ram:URIID", one.get("email"))
            + "</ram:EmailURIUniversalCommunication></ram:DefinedTradeContact><ram:PostalTradeAddress>"
            + _tag("ram:PostcodeCode", one.get("postcode"))
            + _tag("ram:LineOne", one.get("street"))
            + _tag("ram:CityName", one.get("city"))
            + _tag("ram:CountryID", "FR")
            + "</ram:PostalTradeAddress>"
            + (
                f"<ram:SpecifiedTaxRegistration>{_tag('ram:ID', one['vat'], schemeID='VA')}"
                "</ram:SpecifiedTaxRegistration>"
                if one.get("vat")
                else ""
            )
            + f"</ram:{role}>"
        )

    def day(text: str) -> str:
        return _tag("udt:DateTimeString", text.replace("-", ""), format="102")

    terms = "".join(
        f"<ram:SpecifiedTradePaymentTerms>{_tag('ram:Description', of.get('terms'))}"
        f"<ram:DueDateDateTime>{day(due)}</ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>"
        for due in of.get("dues", ("2026-03-31",))
    )
    total = of.get("total", "120.00")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rsm:CrossIndustryInvoice {_CII}>'
        "<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>"
        "<ram:ID>urn:cen.eu:en16931:2017</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter>"
        "</rsm:ExchangedDocumentContext>"
        f"<rsm:ExchangedDocument>{_tag('ram:ID', number)}{_tag('ram:TypeCode', of.get('type', '380'))}"
        f"<ram:IssueDateTime>{day(of.get('issued', '2026-03-01'))}</ram:IssueDateTime>"
        + "".join(
            f"<ram:IncludedNote>{_tag('ram:Content', text)}{_tag('ram:SubjectCode', subject)}</ram:IncludedNote>"
            for subject, text in of.get("notes", ())
        )
        + "</rsm:ExchangedDocument><rsm:SupplyChainTradeTransaction><ram:ApplicableHeaderTradeAgreement>"
        + _tag("ram:BuyerReference", of.get("service"))
        + party("SellerTradeParty", {"name": "Menuiserie Lenoir SARL", **seller})
        + party("BuyerTradeParty", buyer)
        + (
            f"<ram:BuyerOrderReferencedDocument>{_tag('ram:IssuerAssignedID', of['order'])}"
            "</ram:BuyerOrderReferencedDocument>"
            if of.get("order")
            else ""
        )
        + "</ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeDelivery/>"
        + "<ram:ApplicableHeaderTradeSettlement>"
        + _tag("ram:PaymentReference", of.get("reference"))
        + _tag("ram:InvoiceCurrencyCode", of.get("currency", "EUR"))
        + terms
        + "<ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
        + _tag("ram:TaxBasisTotalAmount", "100.00")
        + _tag("ram:TaxTotalAmount", "20.00", currencyID="EUR")
        + _tag("ram:GrandTotalAmount", total)
        + _tag("ram:DuePayableAmount", of.get("payable", total))
        + "</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>"
        + "</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>\n"
    ).encode()
