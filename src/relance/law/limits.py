"""The longest terms of payment that the law lets parties agree, per country, kind and sector.

Terms are counted from the date of the invoice, which is all that is known of a receivable; where
the law counts from delivery or from the receipt of the invoice, the date of the invoice stands for
it. Sources: C. com. L441-10, L441-11 and D441-5-1 (France), law of 2 August 2002 (Belgium),
directive 2011/7/EU art. 3 and 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from relance.language import N_
from relance.ledger.terms import MonthEnd, Terms, due_date

if TYPE_CHECKING:
    from relance.law.claim import Kind


@dataclass(frozen=True, slots=True)
class Limit:
    """The longest terms that may be agreed.

    Attributes:
        alternatives: the latest of their due dates is the latest lawful one.
        said: English template of what it is; also the key of its translation.
        article: where it stands.
        derogable: whether the parties may agree more, expressly and fairly.
    """

    alternatives: tuple[Terms, ...]
    said: str
    article: str
    derogable: bool = False

    def latest(self, issued: date) -> date:
        """Return the latest lawful due date of an invoice `issued` then."""
        return max(due_date(issued, terms) for terms in self.alternatives)


def _end_of_month(days: int) -> tuple[Terms, Terms]:
    """Return both lawful readings of "so many days end of month": the contract chooses."""
    return Terms(days, month_end=MonthEnd.AFTER), Terms(days, month_end=MonthEnd.BEFORE)


_SECTOR = "C. com. art. L441-11, D441-5-1"
_ORDINARY = Limit(
    (Terms(60), *_end_of_month(45)),
    N_("60 days from the invoice, or 45 days end of month"),
    "C. com. art. L441-10, I",
)
_PERIODIC = Limit(
    (Terms(45),), N_("45 days from the invoice, for periodic invoices"), "C. com. art. L441-10, I"
)
_FRENCH_SECTORS = {
    "perishable": Limit((Terms(30),), N_("30 days after delivery"), _SECTOR),
    "meat": Limit((Terms(20),), N_("20 days after the day of delivery"), _SECTOR),
    "alcohol": Limit(
        (Terms(30, month_end=MonthEnd.BEFORE),),
        N_("30 days after the end of the month of delivery"),
        _SECTOR,
    ),
    "wine": Limit(
        (Terms(60), *_end_of_month(45)),
        N_("60 days from the invoice, or 45 days end of month"),
        _SECTOR,
    ),
    "transport": Limit((Terms(30),), N_("30 days from the invoice"), _SECTOR),
    "agricultural-machinery": Limit(_end_of_month(110), N_("110 days end of month"), _SECTOR),
    "garden-machinery": Limit(_end_of_month(55), N_("55 days end of month"), _SECTOR),
    "winter-sports": Limit(
        (Terms(90), *_end_of_month(75)),
        N_("30 days more than usual, for deliveries before the season"),
        _SECTOR,
    ),
    "leather": Limit(_end_of_month(54), N_("54 days end of month"), _SECTOR),
    "jewellery": Limit(
        (Terms(74), *_end_of_month(59)),
        N_("74 days from the invoice, or 59 days end of month"),
        _SECTOR,
    ),
}
_TOYS_BEFORE_OCTOBER = Limit(
    (Terms(95),), N_("95 days from the invoice, from January to September"), _SECTOR
)
_TOYS_FROM_OCTOBER = Limit(
    (Terms(75),), N_("75 days from the invoice, from October to December"), _SECTOR
)
_PUBLIC = {
    "FR": Limit(
        (Terms(30),), N_("30 days from the request for payment"), "CCP art. L2192-10, R2192-10"
    ),
    "BE": Limit((Terms(30),), N_("30 days from the invoice"), "directive 2011/7/UE art. 4"),
}
_PUBLIC_SECTORS = {
    "hospital": (50, "CCP art. R2192-11"),
    "public-undertaking": (60, "CCP art. R2192-11"),
}
_BELGIAN = Limit((Terms(60),), N_("60 days from the receipt of the invoice"), "loi du 2 août 2002 art. 4")  # fmt: skip
_EUROPEAN = Limit(
    (Terms(60),), N_("60 days, unless expressly agreed and fair"), "directive 2011/7/UE art. 3", derogable=True
)  # fmt: skip
_UNION = frozenset(
    ("AT", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "GR", "HR", "HU", "IE", "IT", "LT",
     "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK")
)  # fmt: skip


def sectors(country: str) -> tuple[str, ...]:
    """Return the names of the sectors whose longest terms are known in `country`, sorted."""
    return tuple(sorted((*_FRENCH_SECTORS, "toys"))) if country == "FR" else ()


def limit_of(
    country: str,
    sector: str | None = None,
    kind: Kind = "business",
    *,
    issued: date | None = None,
    periodic: bool = False,
) -> Limit | None:
    """Return the limit on terms under the law of `country`; None where it is not known or none.

    Args:
        sector: one of `sectors`, of the creditor; for a public buyer in France "hospital" or
            "public-undertaking". Others count as none.
        issued: date of the invoice, where the limit depends on the season.
        periodic: whether the invoice sums up the deliveries of a month (CGI art. 289 I 3).
    """
    if kind == "consumer":
        return None
    if kind == "public":
        return _public(country, sector)
    if country == "FR":
        if sector == "toys":
            late = issued is not None and issued.month >= 10
            return _TOYS_FROM_OCTOBER if late else _TOYS_BEFORE_OCTOBER
        return _FRENCH_SECTORS.get(sector or "") or (_PERIODIC if periodic else _ORDINARY)
    if country == "BE":
        return _BELGIAN
    return _EUROPEAN if country in _UNION else None


def _public(country: str, sector: str | None) -> Limit | None:
    if country == "FR" and sector in _PUBLIC_SECTORS:
        days, article = _PUBLIC_SECTORS[sector]
        return Limit((Terms(days),), N_("longer than usual, for this kind of buyer"), article)
    if country in _PUBLIC:
        return _PUBLIC[country]
    if country in _UNION:
        return Limit((Terms(30),), N_("30 days from the invoice"), "directive 2011/7/UE art. 4")
    return None


def terms_limit(
    country: str,
    sector: str | None,
    issued: date,
    kind: Kind = "business",
    *,
    periodic: bool = False,
) -> date | None:
    """Return the latest lawful due date of an invoice; None where no limit is known.

    The arguments are those of `limit_of`. Never earlier than what any lawful reading gives: a due
    date after it is too late under each.
    """
    limit = limit_of(country, sector, kind, issued=issued, periodic=periodic)
    return limit.latest(issued) if limit else None


def excess(terms: Terms, country: str, sector: str | None = None) -> tuple[int, int]:
    """Return on how many days out of 365 `terms` go beyond the limit, and by how many days at most.

    Both are 0 where the terms are lawful whatever the date of the invoice, or no limit is known.
    An end of month counts only where the terms state one: the law wants it stipulated.
    """
    first = date(2025, 1, 1)
    limits = {limit_of(country, sector, issued=first.replace(month=m)) for m in (1, 10)}
    if None in limits or all(limit and _plainly_within(terms, limit) for limit in limits):
        return 0, 0
    over = [_over(terms, country, sector, first + timedelta(n)) for n in range(365)]
    return sum(days > 0 for days in over), max(0, *over)


def _plainly_within(terms: Terms, limit: Limit) -> bool:
    """Return whether `terms` can be seen to be lawful without counting days."""
    if terms in limit.alternatives:
        return True
    counted = terms.months or terms.day or terms.month_end is not MonthEnd.NONE
    return not counted and terms.days <= max((one.days for one in _net(limit)), default=0)


def _net(limit: Limit) -> tuple[Terms, ...]:
    """Return the alternatives without an end of month; all, where each has one."""
    plain = tuple(one for one in limit.alternatives if one.month_end is MonthEnd.NONE)
    return plain or limit.alternatives


def _over(terms: Terms, country: str, sector: str | None, issued: date) -> int:
    limit = limit_of(country, sector, issued=issued)
    if limit is None:
        return 0
    stated = terms.month_end is not MonthEnd.NONE
    allowed = limit.alternatives if stated else _net(limit)
    latest = max(due_date(issued, one) for one in allowed)
    return (due_date(issued, terms) - latest).days
