"""Typed rows out of documents; what a document lacks or spells wrongly leaves it out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from relance.diagnostics import Diagnostic, Phrase, Span
from relance.intake import einvoice_codes as codes
from relance.intake.einvoice.document import Document
from relance.intake.einvoice.kinds import CORRECTED, kind_of
from relance.intake.einvoice.parties import debtor_row, identity_of, is_creditor, own_id
from relance.intake.findings import shown
from relance.intake.values import currency_of
from relance.language import N_
from relance.ledger.terms import parse_terms
from relance.money import digits, to_minor
from relance.policy.model import Creditor
from relance.policy.numbers import compact

_AMOUNT = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]*)?|[+-]?\.[0-9]+")
_DAY = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:[T+Zz-].*|[0-9]{4,6})?")
_LONGEST = 4000
"""Most characters kept of the notes of one invoice."""


@dataclass(slots=True)
class Taken:
    """What one document gave.

    Attributes:
        item: columns of `ledger.schema.ITEMS`, and `form`, `corrects` and `accounts`; None if it
            was left out.
        debtor: columns of `ledger.schema.DEBTORS`, and `numbers`: what the seller calls it.
        findings: what is said of it.
    """

    item: dict[str, Any] | None = None
    debtor: dict[str, Any] | None = None
    findings: list[Diagnostic] = field(default_factory=list)


def taken(document: Document, file: str, form: str, creditor: Creditor) -> Taken:
    """Return the item and the debtor of `document`, or why it gives none.

    `form` is UBL, CII or PDF.
    """
    span = Span(file, document.line)
    number = shown(document.number)
    if not is_creditor(document.seller, creditor):
        seller = identity_of(document.seller)
        facts = {"number": number, "seller": shown(document.seller.name),
                 "id": shown(seller.legal or seller.vat)}  # fmt: skip
        return Taken(findings=[Diagnostic(codes.OTHER_SELLER, span, facts)])
    kind = kind_of(document)
    if kind is None:
        facts = {"number": number, "type": shown(document.type) or "–"}
        return Taken(findings=[Diagnostic(codes.NOT_CLAIMED, span, facts)])
    identity = identity_of(document.buyer)
    debtor = own_id(document.buyer, identity)
    cells = _Cells(document, span)
    item = {**cells.texts(), **cells.values(), "debtor": debtor, "file": file, "form": form}
    if not debtor:
        cells.lacks(N_("buyer"), "BT-44")
    if cells.faulty:
        return Taken(findings=cells.findings)
    numbers = [number for scheme, number in document.buyer.identifiers if not scheme]
    party: dict[str, Any] = {
        **debtor_row(document.buyer, identity), "debtor": debtor, "file": file, "numbers": numbers,
        "line": document.line, "issued": item["issued"], "legal": identity.legal,
    }  # fmt: skip
    item |= {"debtor_name": party["name"], "debtor_email": party["email"], "line": document.line}
    return Taken(_signed(item, kind), party, cells.findings)


def _signed(item: dict[str, Any], kind: str) -> dict[str, Any]:
    """Give the amounts the sign of relance: a credit note has positive totals in its file."""
    if kind == "credit_note":
        return {**item, "kind": kind, "amount": -abs(item["amount"]), "open": -abs(item["open"])}
    if item["amount"] < 0 or item["open"] < 0:
        return {**item, "kind": "credit_note"}
    return {**item, "kind": kind}


class _Cells:
    """The fields of one document as values; what cannot be read is kept as findings."""

    def __init__(self, document: Document, span: Span) -> None:
        self.document = document
        self.span = span
        self.findings: list[Diagnostic] = []
        self.faulty = False

    def texts(self) -> dict[str, Any]:
        """Return the columns of text, and what else is known by its text."""
        said = self.document
        if not said.number:
            self.lacks(N_("number"), "BT-1")
        notes = "\n".join((*said.notes, *filter(None, [said.terms])))
        corrects = said.preceding if said.type in CORRECTED else ()
        return {
            "number": said.number,
            "terms": said.terms if said.terms and parse_terms(said.terms) else None,
            "reference": structured(said.payment_reference) or None,
            "order_number": said.order or None,
            "market_number": said.contract or None,
            "service_code": said.buyer_reference or None,
            "notes": notes[:_LONGEST] or None,
            "corrects": list(corrects),
            "accounts": [compact(account) for account in said.accounts],
        }

    def values(self) -> dict[str, Any]:
        """Return dates, currency and amounts in minor units, still without the sign of a credit."""
        said = self.document
        currency = currency_of(said.currency) if said.currency else None
        if currency is None:
            self._unread(N_("currency"), "BT-5", said.currency)
        amount = self._amount(N_("amount"), "BT-112", said.total or said.payable, currency)
        opened = (
            self._amount(N_("amount due"), "BT-115", said.payable, currency)
            if said.payable
            else amount
        )
        return {
            "issued": self._day(N_("date of issue"), "BT-2", said.issued),
            "due": self._due(),
            "currency": currency,
            "amount": amount,
            "open": opened,
        }

    def _due(self) -> date | None:
        days = [self._day(N_("due date"), "BT-9", text) for text in self.document.due]
        known = sorted({day for day in days if day is not None})
        if len(known) > 1:
            facts = {"number": shown(self.document.number), "dates": ", ".join(map(str, known))}
            self.findings.append(Diagnostic(codes.SEVERAL_DUE, self.span, facts))
        return known[-1] if known else None

    def _day(self, name: str, term: str, text: str) -> date | None:
        found = _DAY.fullmatch(text)
        try:
            day = date(int(found[1]), int(found[2]), int(found[3])) if found else None
        except ValueError:
            day = None
        if day is None or not 1970 <= day.year <= 2100:
            self._unread(name, term, text)
            return None
        return day

    def _amount(self, name: str, term: str, text: str, currency: str | None) -> int:
        if not _AMOUNT.fullmatch(text):
            self._unread(name, term, text)
            return 0
        exact = Decimal(text)
        if currency is None or -int(exact.normalize().as_tuple().exponent) > digits(currency):
            self._unread(name, term, f"{text} {self.document.currency}")
            return 0
        return to_minor(exact, currency)

    def _unread(self, name: str, term: str, text: str) -> None:
        if not text.strip():
            self.lacks(name, term)
            return
        facts = {"field": Phrase(name), "term": term, "text": shown(text)}
        self.findings.append(Diagnostic(codes.BAD_FIELD, self.span, facts))
        self.faulty = True

    def lacks(self, name: str, term: str) -> None:
        """Keep that the document has no field `name`."""
        facts = {"field": Phrase(name), "term": term}
        self.findings.append(Diagnostic(codes.LACKS, self.span, facts))
        self.faulty = True


def structured(text: str) -> str:
    """Return a payment reference as people read it: a Belgian one with its marks, RF without spaces."""
    plain = compact(text.replace("+", "").replace("*", "").replace("/", ""))
    if re.fullmatch("[0-9]{12}", plain) and int(plain[-2:]) == (int(plain[:10]) % 97 or 97):
        return f"+++{plain[:3]}/{plain[3:7]}/{plain[7:]}+++"
    return plain if re.fullmatch("RF[0-9]{2}[A-Z0-9]{1,21}", plain) else text.strip()
