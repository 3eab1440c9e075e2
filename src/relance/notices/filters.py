"""What templates can do to a value: amounts, dates, accounts, and the aligned lines of plain text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from relance.notices import figures
from relance.notices.plaintext import fill, items_table, pairs


@pass_context
def _money(context: Context, amount: int | Decimal | str) -> str:
    """Minor units of the notice's currency, or a Decimal; what is text already stays."""
    if isinstance(amount, str):
        return amount
    return figures.money(amount, context["notice"].currency, context["locale"])


@pass_context
def _date_long(context: Context, day: date | str | None) -> str:
    return figures.date_long(day, context["locale"]) if isinstance(day, date) else day or ""


@pass_context
def _date_short(context: Context, day: date | str | None) -> str:
    return figures.date_short(day, context["locale"]) if isinstance(day, date) else day or ""


def _days_later(day: date, days: int) -> date:
    return day + timedelta(days=days)


FILTERS: dict[str, Callable[..., Any]] = {
    "money": _money,
    "date_long": _date_long,
    "date_short": _date_short,
    "days_later": _days_later,
    "iban": figures.iban,
    "fill": fill,
    "pairs": pairs,
    "table": items_table,
}
