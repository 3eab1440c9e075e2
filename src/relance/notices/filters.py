"""What templates can do to a value: amounts, dates, accounts, and the aligned lines of plain text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from relance.notices import figures
from relance.notices.plaintext import fill, items_table, pairs

if TYPE_CHECKING:
    from relance.notices.context import Row

_NUMBERS_KEPT = 20


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


def _unbroken(text: str, rows: Sequence[Row]) -> Markup:
    """`text` as HTML, in which the numbers of `rows` are not broken at their hyphens."""
    markup = str(escape(text))
    numbers = {re.escape(str(escape(row.number))) for row in rows[:_NUMBERS_KEPT]}
    found = "|".join(sorted(numbers, key=len, reverse=True))
    kept = r'<span style="white-space:nowrap">\1</span>'
    return Markup(re.sub(rf"(?<![\w-])({found})(?![\w-])", kept, markup))


FILTERS: dict[str, Callable[..., Any]] = {
    "money": _money,
    "date_long": _date_long,
    "date_short": _date_short,
    "days_later": _days_later,
    "iban": figures.iban,
    "fill": fill,
    "pairs": pairs,
    "table": items_table,
    "unbroken": _unbroken,
}
