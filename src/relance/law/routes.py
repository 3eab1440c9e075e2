"""Simple procedures to a title for an undisputed claim: whom they are open to, and their ceilings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from relance.language import N_

SMALL_CLAIMS = Decimal(5000)
"""France, CPCE art. L125-1 and R125-1: principal and interest, in euros."""

ACCESSORIES = Decimal("0.10")
"""Belgium, C. jud. art. 1394/20: interest and penalties come to a tenth of the principal at most."""


@dataclass(frozen=True, slots=True)
class Route:
    """A procedure: `title` is what it is called; `articles` where it stands; `country` whose it is."""

    name: str
    title: str
    country: str
    articles: str


ROUTES = {
    route.name: route
    for route in (
        Route("fr-order", N_("Order for payment (requête en injonction de payer)"), "FR", "CPC art. 1405-1425"),
        Route("fr-small-claims", N_("Simplified recovery of small claims (petites créances)"), "FR", "CPCE art. L125-1, R125-1"),
        Route("be-undisputed", N_("Recovery of undisputed debts (RCI, IOS)"), "BE", "C. jud. art. 1394/20"),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Situation:
    """What the law asks of a claim before it opens a procedure.

    Attributes:
        principal, interest: in units of `currency`.
        ours, theirs: registration numbers of creditor and debtor; None if not known.
        home: country of the creditor.
        last_day: the earliest last day to go to court of its items; None if not known.
        due: whether all of it has fallen due.
    """

    principal: Decimal
    interest: Decimal
    currency: str
    home: str
    country: str | None
    kind: str | None
    ours: str | None
    theirs: str | None
    disputed: bool
    insolvent: bool
    last_day: date | None
    due: bool


Reason = tuple[str, str]
"""Why a procedure is not open, and the article that says so."""


def bar(route: Route, claim: Situation, today: date) -> Reason | None:
    """Return why `claim` cannot take `route` today, the weightiest reason first; None if it can."""
    common: tuple[tuple[bool, Reason], ...] = (
        (claim.insolvent, (N_("collective proceedings bar it: declare the claim instead"), _INSOLVENT[route.country])),
        (claim.disputed, (N_("a part of it is disputed: only an ordinary action decides that"), route.articles)),
        (not claim.due, (N_("a part of it has not fallen due"), route.articles)),
        (claim.last_day is not None and claim.last_day < today, (N_("the limitation period is over"), _LIMITATION[route.country])),
        (claim.country != route.country, (N_("the debtor is not in that country, or the country is not known"), route.articles)),
    )  # fmt: skip
    own = _belgian(claim, route) if route.country == "BE" else _french(claim, route)
    return next((reason for holds, reason in (*common, *own) if holds), None)


_INSOLVENT = {"FR": "C. com. art. L622-21", "BE": "CDE livre XX"}
_LIMITATION = {"FR": "C. com. art. L110-4, C. conso. art. L218-2", "BE": "C. civ. art. 2262bis"}


def _french(claim: Situation, route: Route) -> tuple[tuple[bool, Reason], ...]:
    public = (N_("the debtor is a public body: another court decides"), route.articles)
    if route.name != "fr-small-claims":
        return ((claim.kind == "public", public),)
    euros = (N_("its ceiling is in euros, and the claim is not"), route.articles)
    above = (N_("principal and interest come to more than 5,000 EUR"), route.articles)
    total = claim.principal + claim.interest
    return (
        (claim.kind == "public", public),
        (claim.currency != "EUR", euros),
        (total > SMALL_CLAIMS, above),
    )


def _belgian(claim: Situation, route: Route) -> tuple[tuple[bool, Reason], ...]:
    firms = (N_("it is for claims between firms, and the debtor is none or may be none"), route.articles)  # fmt: skip
    numbers = (N_("both must be registered in the BCE, and a number is not known"), route.articles)
    registered = claim.ours is not None and claim.theirs is not None and claim.home == "BE"
    return ((claim.kind != "business", firms), (not registered, numbers))


def accessories_in(route: Route, principal: int, accessories: int) -> int:
    """Return how much of `accessories` the procedure lets claim; all in minor units."""
    if route.name != "be-undisputed":
        return accessories
    return min(accessories, int(principal * ACCESSORIES))
