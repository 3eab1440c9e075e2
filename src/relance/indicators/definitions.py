"""What each figure is: its name, formula and perimeter, as they stand beside it everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from relance.indicators.figure import Definition, Figure
from relance.language import N_

_OPEN = N_("what is open on the day; disputed, doubtful and handed over receivables included")
_NET = N_("receivables less credits on the day; sales are invoices less credit notes")

DEFINITIONS: Mapping[str, Definition] = {
    "receivables": Definition(
        N_("Receivables"), "money", N_("sum of what is open of receivables"), _OPEN, additive=True
    ),
    "credits": Definition(
        N_("Credits and payments on account"),
        "money",
        N_("sum of what is left of credit notes, payments and advances of debtors"),
        N_("never set off against a bucket of the ageing"),
        additive=True,
    ),
    "overdue": Definition(
        N_("Past due"), "money", N_("receivables whose due date is before the day"), _OPEN, additive=True
    ),
    "overdue_share": Definition(
        N_("Share past due"), "percent", N_("past due / receivables x 100"), _OPEN
    ),
    "dso": Definition(
        N_("DSO, counted back"),
        "days",
        N_("from the day back, each month's sales are taken off what is owed and its days counted; the last month in proportion"),
        _NET,
    ),
    "dso_simple": Definition(
        N_("DSO, simple"), "days", N_("receivables less credits / sales of the period x days of the period"), _NET
    ),
}  # fmt: skip


def figure(  # noqa: PLR0913
    key: str,
    value: int | Decimal | None,
    currency: str | None = None,
    *,
    missing: str = "",
    over: bool = False,
    parts: Mapping[str, int | Decimal | str] | None = None,
) -> Figure:
    """Return the figure of `key`; `missing` says what would be needed where it has no value."""
    return Figure(
        key, value, DEFINITIONS[key], currency, "over" if over else "", parts or {},
        missing if value is None else "",
    )  # fmt: skip
