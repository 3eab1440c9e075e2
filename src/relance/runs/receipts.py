"""Proofs of sending that came back, recorded on the letters that they are about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from relance.channels import post_codes
from relance.diagnostics import Diagnostic
from relance.history.posted import Letter
from relance.history.store import History
from relance.ledger.build import number_in
from relance.policy.model import Policy

_KEY = re.compile(r"[0-9a-f]{8,32}")


@dataclass(frozen=True, slots=True)
class Receipt:
    """A proof that came back.

    Attributes:
        subject: number of an invoice that the letter is about, or the beginning of its key.
        day: what the proof says, or the day on which it came.
        reference: number of the registered item; None if not given.
        remark: what else it says (refused, not called for); None if nothing.
    """

    subject: str
    day: date
    debtor: str | None = None
    reference: str | None = None
    remark: str | None = None
    by: str | None = None


def record_receipt(receipt: Receipt, policy: Policy, history: History) -> list[Diagnostic]:
    """Record the proof on its letter; return what is wrong with it instead, if anything is.

    Of several letters about an invoice, it is the last one by a channel that gives a proof; where
    none does, the last one.
    """
    letters = [
        letter
        for letter in _letters(receipt.subject, history)
        if receipt.debtor in (None, letter.debtor)
    ]
    debtors = sorted({letter.debtor for letter in letters})
    if not letters:
        return [Diagnostic(post_codes.NO_LETTER, facts={"subject": receipt.subject})]
    if len(debtors) > 1:
        facts = {"subject": receipt.subject, "names": ", ".join(debtors[:5])}
        return [Diagnostic(post_codes.WHICH_LETTER, facts=facts)]
    proving = [letter for letter in letters if _proves(letter.channel, policy)]
    letter = (proving or letters)[-1]
    history.note(letter.key, "receipt", _told(receipt))
    return []


def _told(receipt: Receipt) -> dict[str, str | None]:
    return {
        "date": receipt.day.isoformat(),
        "reference": receipt.reference,
        "reason": receipt.remark,
        "by": receipt.by,
    }


def _letters(subject: str, history: History) -> list[Letter]:
    wanted = "".join(subject.split()).upper()
    items = [i for i in history.receivables_in_letters(wanted) if wanted in (i, number_in(i))]
    if items:
        return history.letters_about(items)
    return history.letters_by_key(subject) if _KEY.fullmatch(subject) else []


def _proves(channel: str, policy: Policy) -> bool:
    config = policy.channels.get(channel)
    return config is not None and bool((config.model_extra or {}).get("proof"))
