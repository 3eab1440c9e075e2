"""Movements of an MT940 statement: a field :61: with its :86:."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from relance.intake.bank import fixed_codes
from relance.intake.bank.fixed import end_to_end, is_number, tidy, year_first
from relance.intake.bank.mt940_information import Information, information
from relance.intake.bank.statement import OWN, Statement
from relance.intake.findings import Refusal, refuse, shown
from relance.money import digits

_FIGURES = 15
_MARKS = frozenset("CD")
_TAKEN_BACK = frozenset(("RTI",))


def minor_of(text: str, currency: str) -> int | None:
    """Return an amount with decimal comma in minor units of `currency`; None if it is none."""
    whole, _, part = text.strip().partition(",")
    return _minor(whole, part, digits(currency))


def _minor(whole: str, part: str, places: int) -> int | None:
    figures = whole + part
    if not whole or len(figures) > _FIGURES or not is_number(figures):
        return None
    if len(part) <= places:
        return int(figures) * int(10 ** (places - len(part)))
    minor, rest = divmod(int(figures), int(10 ** (len(part) - places)))
    return None if rest else minor


@lru_cache(maxsize=8192)
def _days(text: str) -> tuple[date, date] | None:
    """Return booking and value date of YYMMDD and MMDD of the year next to it, if given."""
    value = year_first(text[:6])
    entry = text[6:10]
    if value is None:
        return None
    if len(entry) < 4 or not is_number(entry):
        return value, value
    month = int(entry[:2])
    year = value.year + (value.month - month > 6) - (month - value.month > 6)
    return year_first(f"{year % 100:02d}{entry}") or value, value


class Movements:
    """Fills the movements of one statement, field by field."""

    def __init__(self, statement: Statement, name: str) -> None:
        self._name, self._places = name, digits(statement.currency)
        self._puts = [statement.movements[column].append for column in OWN]
        self._field, self._line = "", 0
        self._more: list[str] = []
        self._told: list[str] = []

    def begin(self, field: str, line: int) -> None:
        """Begin a movement with its field :61:."""
        self.finish()
        self._field, self._line = field, line

    def inform(self, text: str) -> None:
        """Add the first line of a field :86:, which tells about the movement begun last."""
        self._told.append(text)

    def go_on(self, text: str) -> None:
        """Add a line that goes on with the field before."""
        (self._told if self._told else self._more).append(text)

    def finish(self) -> None:
        """Put down the movement begun last, if any.

        Raises:
            Refusal: when its field :61: cannot be read.
        """
        field = self._field
        if field:
            days = _days(field[4:14])
            if days is None:
                raise self._unreadable(field)
            booked, value = days
            entry = field[10:14]
            at = 14 if (is_number(entry) or entry.isspace()) and len(field) > 14 else 10
            amount, reversal, rest = self._amount(field, at)
            said = information(self._told)
            reference, _, bank = rest[4:].partition("//")
            returned = reversal or said.returned or rest[1:4] in _TAKEN_BACK
            row = (
                self._line, booked, value, amount, _kind(amount, reversal, returned),
                said.name, said.account, said.reference, said.end_to_end or end_to_end(reference),
                self._text(said), bank.strip() or None, said.mandate, 1,
            )  # fmt: skip
            for put, cell in zip(self._puts, row, strict=True):
                put(cell)
        self._field = ""
        self._more.clear()
        self._told.clear()

    def _text(self, said: Information) -> str | None:
        if self._more:
            return tidy(" ".join([said.text or "", *self._more]))
        return said.text

    def _amount(self, field: str, at: int) -> tuple[int, bool, str]:
        """Return the signed amount from place `at`, whether a mark is reversed, and the rest."""
        field += "    "  # places can be asked for beyond the end of a line that is cut
        reversal = field[at] == "R"
        at += reversal
        mark = field[at]
        at += 1 + field[at + 1].isalpha()  # third letter of the currency, in some banks' files
        comma = field.find(",", at)
        end = comma + 1
        while field[end].isdecimal():
            end += 1
        amount = (
            _minor(field[at:comma], field[comma + 1 : end], self._places) if comma > 0 else None
        )
        if amount is None or mark not in _MARKS or not field[end].isalpha():
            raise self._unreadable(field)
        credit = (mark == "C") != reversal
        return (amount if credit else -amount), reversal, field[end:]

    def _unreadable(self, field: str) -> Refusal:
        return refuse(fixed_codes.BAD_LINE, self._name, self._line, value=shown(field.strip()))


def _kind(amount: int, reversal: bool, returned: bool) -> str:
    """Return the kind: a reversed debit is money of our own that came back, not a payment."""
    if amount < 0:
        return "return" if returned else "other"
    return "payment" if amount > 0 and not reversal else "other"
