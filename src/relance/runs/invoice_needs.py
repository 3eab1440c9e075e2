"""What each open invoice lacks: rules over the frame of `dunning.standing`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import get_args

import polars as pl

from relance.diagnostics import Rule
from relance.dunning.conditions import holds
from relance.policy.model import EinvoiceSource, Need, Policy
from relance.runs import invoice_codes as codes

Lack = tuple[Rule, pl.Expr]
"""A rule, and where it is broken."""

_MENTIONS = (
    (codes.NO_PENALTY_RATE,
     r"(?i)\bPMD:|p[ée]nalit[ée]s?\b|int[ée]r[êe]ts? (de retard|moratoires?)"
     r"|late (payment )?(interest|penalt)|nalatigheidsint|verwijlint|verzugszins"),
    (codes.NO_LUMP_SUM,
     r"(?i)\bPMT:|\b40([.,]00)?\s*(€|eur)|(€|\beur)\s*40\b|quarante euros"),
    (codes.NO_DISCOUNT, r"(?i)\bAAB:|escompte|discount|korting|skonto"),
)  # fmt: skip
"""What tells that a mandatory mention is there; three letters are its subject in an e-invoice (BT-21,
codes of UNTDID 4451 that the French rules give to these mentions)."""


def lacks(policy: Policy) -> Iterator[Lack]:
    """Yield what an invoice may lack under `policy`, as expressions over open invoices.

    What a debtor requires (`requires`), what the policy does (`requirements`), what Chorus Pro
    needs of invoices to French public buyers, and the mentions of C. com. art. L441-9 where the
    source carries the text of the invoice.
    """
    chorus = _is_french_public(policy)
    for need, rule in codes.OF_NEED.items():
        wanted = _needs(need, policy)
        if need == "registration":
            wanted &= ~chorus  # the SIRET is asked for anyway
        yield rule, wanted & _is_empty(need)
    yield codes.NO_SIRET, chorus & ~_is_siret()
    yield codes.NO_ROUTING, chorus & _is_empty("service_code") & _is_empty("order_number")
    yield from _mentions(policy)


CHORUS = "chorus"
"""What French public buyers need: invoices come to them by Chorus Pro."""


def needs(policy: Policy) -> dict[str, pl.Expr]:
    """Return whether the debtor of an invoice needs it to carry something: words of `Need`, and CHORUS."""
    of_need = {need: _needs(need, policy) for need in get_args(Need)}
    return {**of_need, CHORUS: _is_french_public(policy)}


def _needs(need: str, policy: Policy) -> pl.Expr:
    own = pl.col("requires").list.contains(need).fill_null(False)
    rules = (holds(one.when) for one in policy.requirements if need in one.needs)
    return reduce(or_, rules, own)


def _is_empty(column: str) -> pl.Expr:
    return pl.col(column).is_null() | (pl.col(column) == "")


def _is_french_public(policy: Policy) -> pl.Expr:
    home = pl.lit(policy.creditor.country)
    french = pl.coalesce("country", home) == "FR"
    return ((pl.col("debtor_kind") == "public") & french).fill_null(False)


def _is_siret() -> pl.Expr:
    plain = pl.col("registration").str.replace_all(r"[\s.-]", "")
    return plain.str.contains(r"^[0-9]{14}$").fill_null(False)


def _mentions(policy: Policy) -> Iterator[Lack]:
    """Yield the mentions that lack where they are required and the text of the invoice is known."""
    asked = _needs("mentions", policy)
    carried = pl.col("notes").is_not_null()
    whole = [s.name for s in policy.sources if isinstance(s, EinvoiceSource)]
    professional = pl.col("debtor_kind").is_in(["business", "public"]).fill_null(False)
    by_law = pl.col("source").is_in(whole) & professional & (policy.creditor.country == "FR")
    yield codes.UNKNOWN_MENTIONS, asked & ~carried
    wanted = (asked | by_law) & carried
    yield codes.NO_PAYMENT_DATE, wanted & pl.col("due").is_null()
    for rule, sign in _MENTIONS:
        yield rule, wanted & ~pl.col("notes").str.contains(sign)
