"""A claim as the law sees it, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

Kind = Literal["business", "consumer", "public"]


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came, or a credit note that took effect, on `day`: minor units, positive.

    A credit note reduces the principal, whatever the order of imputation.
    """

    day: date
    amount: int
    credit_note: bool = False


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the creditor's terms of sale agree; the meaning of each is that of `policy.Law`."""

    contract_rate: Decimal | None = None
    imputation: Literal["principal", "interest"] = "principal"
    consumer_clause: bool = False
    consumer_rate: Decimal | None = None
    small_creditor: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """One receivable whose interest and compensation are asked for.

    Attributes:
        principal: minor units of `currency` that were due on `due`, payments not taken off.
        until: last day that bears interest: the day of payment, or the day of the claim.
        country: whose law governs, ISO 3166 alpha-2.
        kind: of the debtor.
        payments: part payments and credit notes, in any order; those after `until` do not count.
        notice: day from which the law lets interest run where it wants a notice first (the
            consumer's receipt of the formal notice in France, the start of the 14 days in
            Belgium); None when there was none.
        costs_from: first day on which the compensation is due where the law has a waiting time;
            None when it has not begun.
        agreed: what the terms of sale agree.
        paid: whether all that was left of the principal was paid on `until`.
    """

    principal: int
    currency: str
    due: date
    until: date
    country: str
    kind: Kind
    payments: tuple[Payment, ...] = ()
    notice: date | None = None
    costs_from: date | None = None
    agreed: Agreed = field(default_factory=Agreed)
    paid: bool = False


@dataclass(frozen=True, slots=True)
class InterestLine:
    """One period of one rate and one principal, as it is printed.

    Attributes:
        start, end: first and last day that bear interest, both counted.
        days: their number.
        rate: yearly rate in percent.
        principal, amount: minor units; `amount` is rounded half up to one of them.
        source: where the rate is published.
        confirmed: whether the rate was read there; else it is derived and marked as such.
    """

    start: date
    end: date
    days: int
    rate: Decimal
    principal: int
    amount: int
    source: str
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Computation:
    """What a claim comes to beside its principal.

    Attributes:
        lines: periods, oldest first; `interest` is the sum of their rounded amounts.
        interest, compensation: minor units.
        principal_left, interest_left: what payments have not paid of the principal and the interest,
            in the order of imputation; no principal is left of a claim that is `paid`.
        legal_basis: articles, as they are printed.
        remarks: English templates of what a person should know; also keys of their translation.
    """

    lines: tuple[InterestLine, ...]
    interest: int
    compensation: int
    principal_left: int
    interest_left: int
    legal_basis: tuple[str, ...]
    remarks: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """Interest and compensation, minor units."""
        return self.interest + self.compensation
