"""A proposed payment plan, or an offer, as its letter prints it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.numbers import format_decimal

from relance.dunning.plan import Arrangement
from relance.notices import figures
from relance.notices.hand import Hand


@dataclass(frozen=True, slots=True)
class Date:
    """An instalment, ready to print: its number, its date short and in letters, its amount."""

    number: int
    due: str
    due_long: str
    amount: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """A proposed payment plan, or an offer of a reduction, ready to print.

    Attributes:
        number: by which the creditor names it. dates: its instalments, the first first.
        mode: "keep" or "waive" for `beside`, the interest and compensation, "" for nothing; of an
            offer "early" or "prompt", and `beside` is the reduction, `percent` of what is open.
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
    percent: str = ""
    is_offer: bool = False


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
        format_decimal(Decimal(plan.percent), locale=hand.locale) if plan.percent else "",
        plan.is_offer,
    )


def last_day(plan: Arrangement | None, locale: str) -> str:
    """Return the last day of an offer in letters, "" where `plan` is none."""
    return figures.date_long(plan.schedule[0][0], locale) if plan and plan.is_offer else ""


def reduction(plan: Arrangement | None) -> tuple[tuple[str, int], ...]:
    """Return label and minor units, below zero, of what an offer takes off; nothing without one."""
    return ((f"offer_{plan.mode}", -plan.beside),) if plan and plan.is_offer else ()
