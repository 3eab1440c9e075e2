"""Statements while they are read: amounts, days and rows checked on the way in."""

from __future__ import annotations

from datetime import date
from typing import Any

from relance.intake.bank import codes
from relance.intake.bank.statement import OWN, Statement
from relance.intake.findings import refuse, shown
from relance.intake.iso import CURRENCIES
from relance.money import digits

LONGEST = 18
"""Most digits of an amount in minor units."""


class Sheet:
    """A statement to which rows are added; entries of another currency get a statement beside it.

    Attributes:
        file: path for the refusals.
        statement: the statement of the account's own currency.
        others: statements of the same account by other currency; they have no balances.
    """

    def __init__(self, file: str, statement: Statement) -> None:
        self.file = file
        self.statement = statement
        self.others: dict[str, Statement] = {}
        self._days: dict[str, date] = {}
        self._append = _appenders(statement)
        self._currency = statement.currency
        self._decimals = digits(statement.currency)

    def add(self, currency: str, row: tuple[Any, ...], credited: str | None = None) -> None:
        """Add `row`, the values of OWN in order, in `currency`; `credited` as in `Statement`."""
        if currency == self._currency:
            if credited is not None:
                self.statement.credited[len(self.statement.movements["amount"])] = credited
            for append, value in zip(self._append, row, strict=True):
                append(value)
            return
        other = self._other(currency, row[0])
        for name, value in zip(OWN, row, strict=True):
            other.movements[name].append(value)

    def _other(self, currency: str, line: int | None) -> Statement:
        if currency not in self.others:
            known(currency, self.file, line)
            whole = self.statement
            self.others[currency] = Statement(
                whole.account, currency, number=whole.number, line=whole.line
            )
        return self.others[currency]

    def minor(self, text: str, currency: str, line: int | None) -> int:
        """Return the amount `text` ("12.50", "18.150") in minor units of `currency`.

        Raises:
            Refusal: if it is none, or has more decimals than the currency.
        """
        decimals = self._decimals if currency == self._currency else digits(currency)
        amount = exact(text, decimals)
        if amount is None:
            raise refuse(codes.BAD_AMOUNT, self.file, line, text=shown(text), currency=currency)
        return amount

    def day(self, text: str, line: int | None) -> date:
        """Return the date that `text` begins with ("2026-11-22", "20261122…").

        Raises:
            Refusal: if it is none.
        """
        found = self._days.get(text)
        if found is None:
            found = self._days[text] = self._read_day(text, line)
        return found

    def _read_day(self, text: str, line: int | None) -> date:
        day = day_of(text)
        if day is None:
            raise refuse(codes.BAD_DAY, self.file, line, text=shown(text) or "–")
        return day

    def all(self) -> list[Statement]:
        """Return the statement and those beside it."""
        return [self.statement, *self.others.values()]


def _appenders(statement: Statement) -> list[Any]:
    return [statement.movements[name].append for name in OWN]


def exact(text: str, decimals: int) -> int | None:
    """Return `text` (digits, at most one point) in units of 10^-decimals; None if it is not exact."""
    whole, _, rest = text.partition(".")
    if len(rest) != decimals:
        rest = rest.rstrip("0")
        if len(rest) > decimals:
            return None
        rest = rest.ljust(decimals, "0")
    figures = whole + rest
    if not (figures.isdigit() and figures.isascii()) or len(figures.lstrip("0")) > LONGEST:
        return None
    return int(figures) if whole else None


def day_of(text: str) -> date | None:
    """Return the date that `text` begins with, with or without hyphens; None if it is none."""
    head = text[:10]
    plain = head.replace("-", "") if len(head) > 4 and head[4] == "-" else head[:8]
    if len(plain) != 8 or not (plain.isdigit() and plain.isascii()):
        return None
    try:
        day = date(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
    except ValueError:
        return None
    return day if 1970 <= day.year <= 2100 else None


def known(currency: str, file: str, line: int | None) -> str:
    """Return `currency` if it is one.

    Raises:
        Refusal: if it is not a code of ISO 4217.
    """
    if currency not in CURRENCIES:
        raise refuse(codes.BAD_CURRENCY, file, line, text=shown(currency) or "–")
    return currency
