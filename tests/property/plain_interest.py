"""Late-payment interest, day by day: slow, and plain enough to be believed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from relance.law.claim import Claim
from relance.law.tables import known_rows

TABLES = {"FR": "fr_default", "BE": "be_b2b", "NL": "nl_handelsrente"}


@dataclass
class Book:
    """What is owed; a line is the exact interest of days that are printed together."""

    principal: int
    interest: int = 0
    capitalised: int = 0
    total: int = 0
    line: Fraction = Fraction(0)
    printed: list[int] = field(default_factory=list)

    def close_line(self) -> None:
        if self.line:
            cents = floor(self.line + Fraction(1, 2))
            self.printed.append(cents)
            self.interest += cents
            self.total += cents
        self.line = Fraction(0)


def rate_of(claim: Claim, day: date) -> Fraction:
    if claim.agreed.contract_rate is not None:
        return Fraction(claim.agreed.contract_rate)
    [row] = [r for r in known_rows(TABLES[claim.country]) if r.start <= day <= r.until]
    return Fraction(row.percent)


def pay(book: Book, claim: Claim, day: date) -> None:
    """Let the day's credit notes, then its money, pay in the agreed order."""
    for notes in (True, False):
        for payment in claim.payments:
            if payment.day == day and payment.credit_note == notes:
                left = payment.amount
                if claim.agreed.imputation == "interest" and not notes:
                    left = pay_interest(book, left)
                part = min(left, book.principal)
                book.principal -= part
                if not notes:
                    pay_interest(book, left - part)


def pay_interest(book: Book, amount: int) -> int:
    part = min(amount, book.interest)
    book.interest -= part
    book.capitalised = max(0, book.capitalised - part)
    return amount - part


def owed(claim: Claim) -> Book:
    """Return the book on the evening of `until`; a claim that begins on 29 February is not for it."""
    book = Book(claim.principal)
    first = claim.due + timedelta(days=1)
    day = min([claim.due, *(p.day for p in claim.payments)])
    while day <= claim.until:
        new_period = (day.month, day.day) in ((1, 1), (7, 1)) and not claim.agreed.contract_rate
        if new_period:
            book.close_line()
        if day >= first:
            base = book.principal + book.capitalised
            book.line += Fraction(base) * rate_of(claim, day) / 100 / 365
        tomorrow = day + timedelta(days=1)
        anniversary = (tomorrow.month, tomorrow.day) == (first.month, first.day)
        if any(p.day == day for p in claim.payments):
            book.close_line()
            pay(book, claim, day)
        if claim.country == "NL" and anniversary and day >= first:
            book.close_line()
            book.capitalised = book.interest
        day = tomorrow
    book.close_line()
    return book
