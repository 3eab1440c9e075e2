"""Movements of a CFONB 120 statement: a record 04 with its records 05."""

from __future__ import annotations

import re
from datetime import date

from relance.intake.bank import fixed_codes
from relance.intake.bank.fixed import day_first, end_to_end, is_iban, tidy
from relance.intake.bank.statement import OWN, Statement
from relance.intake.findings import refuse, shown

_WORDS = frozenset(("LIB", "LCC", "LC2", "NPO", "NBU"))
"""Qualifiers whose text stands alone; of unknown ones the qualifier is kept with it."""

_BACK = re.compile(r"\b(?:IMPAYEE?S?|REJETE?E?S?|REJETS?|RETOURS?|CONTREPASSATION|ANNUL\w*)\b")
_FEES = re.compile(r"^F\b|\b(?:FRAIS|COMMISSIONS?|COTISATIONS?|AGIOS)\b")


class Movements:
    """Fills the movements of one statement, record by record."""

    def __init__(self, statement: Statement, name: str) -> None:
        self._name = name
        self._puts = [statement.movements[column].append for column in OWN]
        self._record, self._line, self._amount = "", 0, 0
        self._details: list[tuple[str, str]] = []

    def begin(self, record: str, line: int, amount: int) -> None:
        """Begin a movement of `amount` minor units with its record 04."""
        self.finish()
        self._record, self._line, self._amount = record, line, amount

    def add(self, record: str, line: int) -> None:
        """Add a record 05 to the movement begun last.

        Raises:
            Refusal: when there is none.
        """
        if not self._record:
            raise refuse(fixed_codes.OUT_OF_PLACE, self._name, line, record="05")
        self._details.append((record[45:48], record[48:118]))

    def finish(self) -> None:
        """Put down the movement begun last, if any.

        Raises:
            Refusal: when it has no date.
        """
        record = self._record
        if not record:
            return
        amount, label = self._amount, " ".join(record[48:79].split())
        booked, value = self._days()
        said = Details(label, self._details) if self._details else None
        bank = record[104:120].strip() or None
        kind = "payment" if amount > 0 else "other"
        if amount < 0 and is_returned(record[40:42], label, bool(said and said.returned)):
            kind = "return"
        row: tuple[object, ...]
        if said is None:
            row = (None, None, None, None, label or None, bank, None)
        else:
            row = said.cells(amount, bank)
        for put, cell in zip(
            self._puts, (self._line, booked, value, amount, kind, *row, 1), strict=True
        ):
            put(cell)
        self._record = ""
        self._details.clear()

    def _days(self) -> tuple[date, date]:
        """Return booking and value date; one stands for the other where it is blank."""
        texts = self._record[34:40], self._record[42:48]
        booked, value = day_first(texts[0]), day_first(texts[1])
        for text, found in zip(texts, (booked, value), strict=True):
            if found is None and text.strip("0 "):
                raise refuse(fixed_codes.BAD_DATE, self._name, self._line, value=shown(text))
        either = booked or value
        if either is None:
            raise refuse(fixed_codes.BAD_DATE, self._name, self._line, value=shown(texts[0]))
        return either, value or either


class Details:
    """What the records 05 of one movement say.

    Attributes:
        returned: whether they give the reason of a return (RET).
    """

    def __init__(self, label: str, details: list[tuple[str, str]]) -> None:
        words = [label] if label else []
        found: dict[str, str] = {}
        for kind, text in details:
            if not text.strip():
                continue
            if kind in _WORDS:
                words.append(text)
            elif kind in _PLACED:
                found.setdefault(kind, text)
            else:
                words.append(f"{kind} {text}" if kind.strip() else text)
        if purpose := found.get("RCN", "")[35:]:
            words.append(purpose)
        if reason := found.get("RET"):
            words.append(reason)
        self.returned = "RET" in found
        self._text = tidy(" ".join(words))
        self._found = found

    def cells(self, amount: int, bank: str | None) -> tuple[str | None, ...]:
        """Return the cells of OWN from the counterparty to the mandate.

        `amount` tells whose name is the other party's, `bank` is the reference in the record 04.
        """
        found = self._found
        payer, payee = found.get("NPY"), found.get("NBE")
        name = payer or (payee if amount < 0 else None)
        account = "".join(found.get("CBE", "").split()[:1]) if amount < 0 else ""
        return (
            tidy(name) if name else None,
            account if is_iban(account) else None,
            tidy(found.get("LCS", "")[:35]),
            end_to_end(found.get("RCN", "")[:35]),
            self._text,
            tidy(found.get("REF", "")) or bank,
            tidy(found.get("RUM", "")[:35]),
        )


_PLACED = frozenset(("NPY", "NBE", "CBE", "LCS", "RCN", "REF", "RUM", "RET"))


def is_returned(reason: str, label: str, told: bool) -> bool:
    """Return whether a debit takes back a payment: a cheque, direct debit or transfer unpaid.

    Either a detail has `told` it, or the record has a `reason` (places 41 and 42), or its label says
    so; fees about it are none.
    """
    if told:
        return True
    if _FEES.search(label):
        return False
    return bool(reason.strip("0 ")) or _BACK.search(label) is not None
