"""Limitation: after how long a claim is barred, and from when it counts.

Counted from the due date, on which the claim becomes exigible. A formal notice does not interrupt
it, not even by registered letter (Cass. com. 18/5/2022, 20-23.204); an acknowledgement, a claim in
court or an act of enforcement does (C. civ. 2240, 2241, 2244), and the same period begins anew
(C. civ. 2231).
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relance.law.claim import Kind

WARNINGS = (6, 3, 1)
"""Months before the end at which a person is told."""


@dataclass(frozen=True, slots=True)
class Period:
    """A period of limitation.

    Attributes:
        months: its length.
        article: where it stands; "relance.yaml" for one that the policy gives.
        from_year_end: whether it begins on the 1 January after the claim arose.
    """

    months: int
    article: str
    from_year_end: bool = False


_KNOWN: dict[tuple[str, str], Period] = {
    ("FR", "business"): Period(60, "C. com. art. L110-4"),
    ("FR", "consumer"): Period(24, "C. conso. art. L218-2"),
    ("FR", "public"): Period(48, "loi n° 68-1250 art. 1", from_year_end=True),
}


def period_of(country: str, kind: Kind, months: int | None = None) -> Period | None:
    """Return the period for claims under the law of `country` on debtors of `kind`.

    `months` is what the policy gives, and wins; None where neither says anything.
    """
    if months is not None:
        return Period(months, "relance.yaml, law.limitation")
    return _KNOWN.get((country, kind))


def last_day(due: date, period: Period, arose: date | None = None) -> date:
    """Return the last day on which the claim can be taken to court.

    `arose` is the day from whose year a period `from_year_end` counts, the date of the invoice;
    without it the due date.
    """
    start = date((arose or due).year, 12, 31) if period.from_year_end else due
    return months_after(start, period.months)


def stage(end: date, today: date) -> int | None:
    """Return which warning holds `today` for a claim that ends on `end`.

    The months of the nearest one of WARNINGS that is reached, 0 once it is barred, None before all.
    """
    if today > end:
        return 0
    return next((m for m in sorted(WARNINGS) if today >= months_after(end, -m)), None)


def months_after(day: date, months: int) -> date:
    """Return the same day so many calendar months later (earlier if negative), or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
