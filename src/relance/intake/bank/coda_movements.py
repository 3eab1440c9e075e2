"""Movements of a CODA statement: records 21 to 33 put together, totals replaced by their details."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from relance.diagnostics import Diagnostic
from relance.intake.bank import fixed_codes
from relance.intake.bank.coda_codes import RETURNS, communication, taken_back, with_notes
from relance.intake.bank.fixed import day_first, end_to_end, finding, is_number, tidy
from relance.intake.bank.statement import OWN, Statement
from relance.intake.findings import Refusal, refuse, shown
from relance.money import digits, to_text

_MAIN, _TOTALS, _PARTS, _BELOW = "0123", "12", "567", "89"
_UNKNOWN_COUNT = 2


class Movements:
    """Fills the movements of one statement, record by record.

    The first figure of the transaction code is the level: 0 to 3 are movements of the account, 5 to
    7 the payments in a total (1, 2), 8 and 9 how a net amount came about (of 3 and 7).

    Attributes:
        debits, credits: sums of the movements so far, in thousandths, as the trailer counts them.
        findings: totals whose details do not add up.
    """

    def __init__(self, statement: Statement, name: str) -> None:
        self.debits = self.credits = 0
        self.findings: list[Diagnostic] = []
        self._statement, self._name = statement, name
        self._columns = [statement.movements[column] for column in OWN]
        self._puts = [column.append for column in self._columns]
        self._references = statement.movements["reference"]
        self._amounts = statement.movements["amount"]
        self._first = self._second = self._third = ""
        self._line = 0
        gap = digits(statement.currency) - 3
        self._times, self._unit = int(10 ** max(gap, 0)), int(10 ** max(-gap, 0))
        self._notes: list[str] = []
        self._level, self._total = "", -1

    def begin(self, record: str, line: int) -> None:
        """Begin a movement or detail with its record 21."""
        self.finish()
        self._first, self._line = record, line

    def add(self, record: str, line: int) -> None:
        """Add a record 22, 23 or 31 to 33 to the movement begun last.

        Raises:
            Refusal: when it belongs to another movement.
        """
        own, kind = self._first[2:10], record[1]
        if record[0] == "3":
            if not own or record[2:6] != own[:4]:
                raise self._misplaced(record, line)
            self._notes.append(record)
        elif not own or record[2:10] != own:
            raise self._misplaced(record, line)
        elif kind == "2":
            self._second = record
        else:
            self._third = record

    def _misplaced(self, record: str, line: int) -> Refusal:
        return refuse(fixed_codes.OUT_OF_PLACE, self._name, line, record=shown(record[:10]))

    def finish(self) -> None:
        """Put down the movement begun last, if any.

        Raises:
            Refusal: when its amount, date or level cannot be read.
        """
        first = self._first
        if not first:
            return
        level = first[53]
        if level in _MAIN:
            self.settle()
            self._level = level
            self._put(self._counted())
            if level in _TOTALS:
                self._total = len(self._amounts) - 1
        elif level in _PARTS and self._total >= 0:
            self._put(self._moved())
        elif (level in _PARTS or level in _BELOW) and self._level:
            self._refer()
        else:
            raise self._misplaced(first, self._line)
        self._first = self._second = self._third = ""
        self._notes.clear()

    def settle(self) -> None:
        """Replace the total put down last by its details, when they are there and add up."""
        at, self._total = self._total, -1
        if at < 0:
            return
        given = len(self._amounts) - at - 1
        found, told = sum(self._amounts[at + 1 :]), self._amounts[at]
        if given and found == told:
            for column in self._columns:
                del column[at]
            return
        self._statement.movements["parts"][at] = max(given, _UNKNOWN_COUNT)
        if given:
            self._keep_total(at, found, told)

    def _keep_total(self, at: int, found: int, told: int) -> None:
        for column in self._columns:
            del column[at + 1 :]
        currency = self._statement.currency
        facts = {"found": to_text(found, currency), "expected": to_text(told, currency)}
        line = self._statement.movements["line"][at]
        self.findings.append(finding(fixed_codes.DETAILS_DIFFER, self._name, line, **facts))

    def _moved(self) -> int:
        """Return the amount in thousandths, negative for a debit."""
        figures, sign = self._first[32:47], self._first[31]
        if not is_number(figures) or sign not in "01":
            value = shown(self._first[31:47])
            raise refuse(fixed_codes.BAD_AMOUNT, self._name, self._line, value=value)
        return -int(figures) if sign == "1" else int(figures)

    def _counted(self) -> int:
        moved = self._moved()
        if moved < 0:
            self.debits -= moved
        else:
            self.credits += moved
        return moved

    def _put(self, thousandths: int) -> None:
        """Put down the movement begun last, whose amount is `thousandths`."""
        first, second, third = self._first, self._second, self._third
        said = communication(first, second, third)
        returned = said.returned or first[54:58] in RETURNS or taken_back(second)
        name, text, account = tidy(third[47:82]), said.text, third[10:44].replace(" ", "")
        if self._notes:
            name, text = with_notes(name, text, self._notes)
        booked, value = self._days()
        amount = self._minor(thousandths)
        kind = "payment" if amount > 0 else "return" if returned and amount < 0 else "other"
        row = (
            self._line, booked, value, amount, kind, name,
            account if account.strip("0") else None,
            said.reference, end_to_end(second[63:98]), text, first[10:31].strip() or None,
            said.mandate, 1,
        )  # fmt: skip
        for put, cell in zip(self._puts, row, strict=True):
            put(cell)

    def _refer(self) -> None:
        """Take from a detail that is not counted the reference that its movement lacks."""
        if self._references[-1] is None and self._first[61] == "1":
            said = communication(self._first, self._second, self._third)
            self._references[-1] = said.reference

    def _days(self) -> tuple[date, date]:
        """Return booking and value date; one stands for the other where it is zero."""
        texts = self._first[115:121], self._first[47:53]
        booked, value = day_first(texts[0]), day_first(texts[1])
        if booked and value:
            return booked, value
        wrong = [text for text in texts if text.strip("0 ") and not day_first(text)]
        either = booked or value
        if wrong or not either:
            value_text = shown((wrong or texts)[0])
            raise refuse(fixed_codes.BAD_DATE, self._name, self._line, value=value_text)
        return either, either

    def _minor(self, thousandths: int) -> int:
        minor, rest = divmod(thousandths, self._unit)
        if rest:
            facts = {"value": Decimal(thousandths).scaleb(-3), "currency": self._statement.currency}
            raise refuse(fixed_codes.FINER, self._name, self._line, **facts)
        return minor * self._times
