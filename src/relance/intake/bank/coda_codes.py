"""What CODA says in codes: structured communications, and operations that take a payment back.

Source: Febelfin, Coded statement of account (CODA) 2.6, annexes II and III.
"""

from __future__ import annotations

from typing import NamedTuple

from relance.intake.bank.fixed import is_number, tidy

RETURNS = frozenset(
    [
        "0149",
        "0309",
        "0338",
        "0349",
        "0503",
        "0505",
        "0549",
        "0705",
        "0707",
        "0739",
        "0749",
        "4149",
        "4307",
        "4349",
        "4705",
        "4707",
        "4749",
    ]
)
"""Family and operation of debits that take back what was credited: unpaid cheques, vouchers and
bills (0309, 0338, 0705, 0707, 0739, 43, 47), direct debits unpaid or refunded (0503, 0505), and
corrections (49)."""


class Communication(NamedTuple):
    """What a communication says.

    Attributes:
        reference: 12 digits of an OGM, or RF…; None if none.
        text: free text; None if none.
        mandate: of a direct debit; None if none.
        returned: whether it tells of a direct debit that was not paid or taken back.
    """

    reference: str | None = None
    text: str | None = None
    mandate: str | None = None
    returned: bool = False


# Reject, return, refund, reversal and cancellation of a SEPA payment.
_R_TRANSACTIONS = frozenset("12345")


def taken_back(second: str) -> bool:
    """Return whether record 22 names an R-transaction.

    The blanks before it are looked at too: files of before 2011 have a reference of the bank there.
    """
    return second[112:113] in _R_TRANSACTIONS and second[109:112] == "   "


_NOTHING = Communication()


def communication(first: str, second: str, third: str) -> Communication:
    """Return what the records 21, 22 and 23 of a movement say; the last two may be empty."""
    text = first[62:115] + second[10:63] + third[82:125]
    if first[61] == "1":
        return _structured(text)
    found = tidy(text)
    return Communication(text=found) if found else _NOTHING


def with_notes(
    name: str | None, text: str | None, records: list[str]
) -> tuple[str | None, str | None]:
    """Return name and text with what the records 31 to 33 add: the whole name, words of the bank.

    Banks on the way, addresses and forms of securities are left out.
    """
    words = [text] if text else []
    told = False
    for record in records:
        if record[:2] == "31":
            kind = record[40:43] if record[39] == "1" else ""
            if kind == _COUNTERPARTY:
                name = tidy(record[43:113]) or name
            told = not kind or kind in _TOLD
            said = tidy(record[43:113] if kind else record[40:113])
        else:
            said = tidy(record[10:115] if record[:2] == "32" else record[10:100])
        if told and said:
            words.append(said)
    return name, " ".join(words) or None


_COUNTERPARTY = "001"
_TOLD = frozenset(("002", "006", "008", "009", "010", "011"))


def _structured(communication: str) -> Communication:
    """Return what a structured communication says: its type in three digits, then its content.

    Types whose content has no place of its own (cards, fees, bills) are text.
    """
    body = communication[3:]
    match communication[:3]:
        case "100":
            return Communication(reference=body[:25].replace(" ", "") or None)
        case "101" | "102":
            return Communication(reference=_ogm(body[:12]))
        case "105":
            return Communication(reference=_ogm(body[45:57]))
        case "127":
            return _direct_debit(body)
    return Communication(text=tidy(body))


def _direct_debit(body: str) -> Communication:
    """Return what type 127 says.

    Date 6, type, scheme, 1 for paid or why not, creditor 35, mandate 35, text 62, R-transaction.
    """
    returned = body[8:9] in _UNPAID or body[141:142] in _R_TRANSACTIONS
    return Communication(text=tidy(body[79:141]), mandate=tidy(body[44:79]), returned=returned)


_UNPAID = frozenset("1234")


def _ogm(text: str) -> str | None:
    return text if is_number(text) and text.strip("0") else None
