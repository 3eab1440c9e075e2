"""A claim over time: its principal, its interest, and the payments that pay them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from relance.law.claim import Claim, InterestLine, Payment
from relance.law.schedule import ONE_DAY, Period, Schedule


@dataclass(slots=True)
class Account:
    """What is owed so far; minor units.

    Attributes:
        principal, interest: not yet paid.
        bearing: the part of `interest` that bears interest itself.
        lines: the interest that came to be, oldest first.
        steps: the principal after each day of payment, oldest first.
    """

    principal: int
    interest: int = 0
    bearing: int = 0
    lines: list[InterestLine] = field(default_factory=list)
    steps: list[tuple[date, int]] = field(default_factory=list)

    def take(self, payment: Payment, interest_first: bool) -> None:
        """Set `payment` against the principal and the interest; what is over pays nothing.

        A credit note reduces the principal only.
        """
        left = payment.amount
        if interest_first and not payment.credit_note:
            left = self._pay_interest(left)
        part = min(left, self.principal)
        self.principal -= part
        if not payment.credit_note:
            self._pay_interest(left - part)
        self.steps.append((payment.day, self.principal))

    def _pay_interest(self, amount: int) -> int:
        part = min(amount, self.interest)
        self.interest -= part
        self.bearing = max(0, self.bearing - part)
        return amount - part

    def accrue(self, schedule: Schedule, start: date, end: date) -> None:
        """Add the interest of the days from `start` to `end`, a line for each rate."""
        principal = self.principal + self.bearing
        if principal <= 0 or start > end:
            return
        for period, first, last in schedule.between(start, end):
            line = _line(period, first, last, principal)
            self.lines.append(line)
            self.interest += line.amount

    def principal_before(self, day: date, at_first: int) -> int:
        """Return the principal that the payments before `day` left of `at_first`."""
        return next((left for paid, left in reversed(self.steps) if paid < day), at_first)


def _line(period: Period, start: date, end: date, principal: int) -> InterestLine:
    """Return the interest of one period: exact, then rounded half up to the minor unit."""
    days = (end - start).days + 1
    numerator, denominator = period.ratio
    whole = denominator * 36500
    amount = (2 * principal * days * numerator + whole) // (2 * whole)
    return InterestLine(
        start, end, days, period.percent, principal, amount, period.source, period.confirmed
    )


def settle(claim: Claim, schedule: Schedule, first: date | None, compounds: bool) -> Account:
    """Return the account of `claim` on the evening of `until`.

    Interest runs from `first`, and never when it is None. A day of payment still bears interest on
    what is paid that day. Where interest `compounds`, what is unpaid of a full year's bears interest
    from the next day.
    """
    account = Account(claim.principal)
    if first is not None and not claim.payments and not compounds:  # most claims by far
        account.accrue(schedule, first, claim.until)
        return account
    payments = sorted(
        (payment for payment in claim.payments if payment.day <= claim.until),
        key=lambda payment: (payment.day, not payment.credit_note),
    )
    interest_first = claim.agreed.imputation == "interest"
    start = first if first is not None and first <= claim.until else claim.until + ONE_DAY
    years = _year_ends(start, claim.until) if compounds else ()
    stops = sorted(
        {*(max(payment.day, start - ONE_DAY) for payment in payments), *years, claim.until}
    )
    waiting = iter(payments)
    payment = next(waiting, None)
    for stop in stops:
        account.accrue(schedule, start, stop)
        while payment is not None and payment.day <= stop:
            account.take(payment, interest_first)
            payment = next(waiting, None)
        if stop in years:
            account.bearing = account.interest
        start = max(start, stop + ONE_DAY)
    return account


def _year_ends(first: date, until: date) -> tuple[date, ...]:
    """Return the last days of the full years that begin on `first`, up to `until`."""
    ends = []
    for year in range(first.year + 1, until.year + 1):
        leap_day = first.month == 2 and first.day == 29
        day = date(year, 3, 1) if leap_day else first.replace(year=year)
        if day - ONE_DAY <= until:
            ends.append(day - ONE_DAY)
    return tuple(ends)
