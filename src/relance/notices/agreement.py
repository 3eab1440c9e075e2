"""A proposed payment plan as its letter prints it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from relance.dunning.plan import Arrangement
from relance.notices import figures


@dataclass(frozen=True, slots=True)
class Date:
    """An instalment, ready to print: its number, its date short and in letters, its amount."""

    number: int
    due: str
    due_long: str
    amount: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """A proposed payment plan, ready to print.

    Attributes:
        number: by which the creditor names it. dates: its instalments, the first first.
        mode: "keep" or "waive" for `beside`, the interest and compensation, "" for nothing.
        grace: days after a date before the plan is void. total: the sum of the instalments.
        held_until: in letters, "" where the proposal holds no dunning.
    """

    number: int
    dates: tuple[Date, ...]
    mode: str
    beside: str
    grace: int
    total: str
    held_until: str


class Hand(Protocol):
    """How amounts and days are written in a letter."""

    @property
    def locale(self) -> str:
        """Of figures and dates."""

    def money(self, minor: int) -> str:
        """Return minor units as an amount."""

    def day(self, day: date | None) -> str:
        """Return a day, short; "" for none."""


def agreement_of(plan: Arrangement | None, hand: Hand) -> Agreement | None:
    """Return `plan` ready to print; None if the letter proposes none."""
    if plan is None:
        return None

    def long(day: date) -> str:
        return figures.date_long(day, hand.locale)

    dates = tuple(
        Date(number, hand.day(due), long(due), hand.money(amount))
        for number, (due, amount) in enumerate(plan.schedule, start=1)
    )
    return Agreement(
        plan.number,
        dates,
        plan.mode,
        hand.money(plan.beside) if plan.beside else "",
        plan.grace,
        hand.money(sum(amount for _, amount in plan.schedule)),
        long(plan.held_until) if plan.held_until else "",
    )
