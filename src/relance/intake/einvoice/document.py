"""An e-invoice as its file spells it: the terms of EN 16931 that a claim needs, still as text."""

from __future__ import annotations

from dataclasses import dataclass

Identifier = tuple[str, str]
"""A scheme (ISO 6523, "EM" for e-mail, "" if none is given) and a number in it."""


@dataclass(frozen=True, slots=True)
class Party:
    """The seller or the buyer (BG-4, BG-7); what the file does not give is empty.

    Attributes:
        name: legal name (BT-27, BT-44), else the trading name.
        identifiers: numbers that others gave it, legal registration (BT-30, BT-47) first, then
            BT-29 and BT-46, then the electronic address (BT-34, BT-49).
        vat: VAT number (BT-31, BT-48).
        email: of its contact (BT-43, BT-58).
        phone: of its contact (BT-42, BT-57).
        lines: street and further lines of the address.
        country: ISO 3166, as the file spells it.
    """

    name: str = ""
    identifiers: tuple[Identifier, ...] = ()
    vat: str = ""
    email: str = ""
    phone: str = ""
    lines: tuple[str, ...] = ()
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice or credit note; what the file does not give is empty.

    Attributes:
        syntax: "UBL" or "CII".
        line: 1-based line of its number; None where it is not known.
        number, issued, type, currency: BT-1, BT-2, BT-3, BT-5.
        credit: the root says that it is a credit note (UBL).
        due: due dates (BT-9); several where payment is split.
        terms: BT-20.
        buyer_reference: BT-10: the service code of a French public buyer.
        contract: BT-12: the number of the public contract.
        order: BT-13.
        preceding: numbers of earlier invoices (BT-25).
        notes: BT-22, each with its subject ("PMT: …") where it has one.
        payment_reference: BT-83.
        accounts: BT-84.
        total: BT-112.
        payable: BT-115.
    """

    syntax: str
    line: int | None
    number: str
    issued: str
    type: str
    credit: bool
    currency: str
    due: tuple[str, ...]
    terms: str
    buyer_reference: str
    contract: str
    order: str
    preceding: tuple[str, ...]
    notes: tuple[str, ...]
    payment_reference: str
    accounts: tuple[str, ...]
    total: str
    payable: str
    seller: Party
    buyer: Party
