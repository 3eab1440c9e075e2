"""How a notice is to be paid: to which account, with which reference, by which link."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from relance.diagnostics import Diagnostic
from relance.dunning.plan import Notice
from relance.money import to_text
from relance.notices import codes
from relance.notices.codes import RenderError
from relance.notices.figures import iban
from relance.notices.qr import structured_reference
from relance.notices.stationery import Stationery
from relance.policy.model import Account

_PLACE = re.compile(r"\{(\w*)\}")
_NUMBERS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Payment:
    """How to pay.

    Attributes:
        account: None if none takes the currency.
        structured: compact reference for machines ("RF18…", 12 digits in Belgium), None if none.
        printed: the reference as the debtor copies it: "+++090/9337/55493+++", "RF18 5390 …", else
            the invoice numbers.
        link: address to pay online, "" if the creditor has none.
    """

    account: Account | None
    structured: str | None
    printed: str
    link: str


def payment_of(notice: Notice, stationery: Stationery) -> Payment:
    """Return how `notice` is to be paid; nothing at all where it claims nothing.

    The structured reference counts only when it stands for all that the notice claims.

    Raises:
        RenderError: if the creditor's payment link cannot be filled in.
    """
    references = {structured_reference(line.reference or "") for line in notice.receivables}
    structured = references.pop() if len(references) == 1 else None
    printed = print_reference(structured) if structured else free_reference(notice)
    if not notice.total_due:
        return Payment(None, None, "", "")
    template = stationery.creditor.payment_link
    link = fill_link(template, notice, structured or printed) if template else ""
    return Payment(stationery.account_for(notice.currency), structured, printed, link)


def print_reference(structured: str) -> str:
    """Return a structured reference as people read it."""
    if structured.isdigit():
        return f"+++{structured[:3]}/{structured[3:7]}/{structured[7:]}+++"
    return iban(structured)


def free_reference(notice: Notice) -> str:
    """Return what the debtor writes when there is no structured reference: numbers, or his own."""
    numbers = [line.number for line in notice.receivables]
    if len(numbers) <= _NUMBERS_SHOWN:
        return ", ".join(numbers)
    return f"{notice.debtor.id} {numbers[0]}"


def fill_link(template: str, notice: Notice, reference: str) -> str:
    """Return the payment link of `notice`, each value encoded for an address."""
    values = {
        "number": free_reference(notice),
        "amount": to_text(notice.total_due, notice.currency),
        "currency": notice.currency,
        "reference": reference,
        "debtor": notice.debtor.id,
    }
    unknown = set(_PLACE.findall(template)) - set(values)
    if unknown or not re.match(r"https://[\w.-]+", template):
        raise RenderError(Diagnostic(codes.PAYMENT_LINK, None, {"link": template}))
    return _PLACE.sub(lambda place: quote(values[place[1]], safe=""), template)
