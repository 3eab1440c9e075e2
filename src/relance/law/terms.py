"""Which rate a claim bears, and from which day: the agreement where it counts, else the law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from relance.diagnostics import Diagnostic
from relance.language import N_
from relance.law.claim import Claim
from relance.law.rate_codes import TOO_OLD
from relance.law.rates import Rates, RateUnknown
from relance.law.regimes import BE_CONSUMER, FR_BUSINESS, NoRegime, Regime
from relance.law.schedule import ONE_DAY, Schedule, capped, flat

CONTRACT = "contract"
"""The source of a line whose rate was agreed."""

NO_CLAUSE = N_(
    "Nothing may be claimed from a Belgian consumer without a penalty clause that holds for both sides "
    "(CDE art. XIX.4); interest at the legal rate after a formal notice is not computed here."
)
NO_FIRST_REMINDER = N_(
    "Nothing may be claimed from a Belgian consumer before 14 days have passed since the first, free "
    "reminder (CDE art. XIX.2)."
)
NO_AGREED_RATE = N_(
    "The terms agree on no rate with consumers: the civil legal rate was taken (`consumer_rate` sets "
    "another)."
)
ABOVE_CAP = N_(
    "The agreed rate is above the highest one lawful with consumers: it was cut to that. A judge may "
    "hold the whole clause void (CDE art. XIX.4)."
)
BELOW_FLOOR = N_(
    "The agreed rate is below three times the legal rate, which is the least that terms may fix "
    "(C. com. art. L441-10 II). It was taken as it is; what replaces such a clause is not settled."
)
FLOOR_UNKNOWN = N_(
    "The legal rate of part of the time is not known yet: whether the agreed rate reaches three times "
    "of it was not compared."
)
RATE_NOT_TAKEN = N_("The agreed rate was not taken: for public buyers the law fixes the rate.")


@dataclass(frozen=True, slots=True)
class Terms:
    """The interest of one claim.

    Attributes:
        first: first day that may bear interest; None when none may.
        schedule: rates by day; it may not know them all.
        agreed: whether the rate was agreed.
        remarks: templates of what a person should know.
    """

    first: date | None
    schedule: Schedule
    agreed: bool
    remarks: tuple[str, ...] = ()


def terms_of(claim: Claim, regime: Regime, rates: Rates) -> Terms:
    """Return which rate the claim bears under `regime`, and from which day."""
    agreed = _agreed_rate(claim)
    first = first_day(claim, regime)
    if regime is BE_CONSUMER:
        return _book_xix(claim, first, agreed, rates)
    none = (regime.unless_notice,) if regime.unless_notice and claim.notice is None else ()
    if agreed is not None and regime.agreed:
        floor = _floor_remarks(claim, regime, agreed, rates)
        return Terms(first, flat(agreed, CONTRACT), True, none + floor)
    ignored = (RATE_NOT_TAKEN,) if agreed is not None else ()
    schedule = _statutory(claim, regime, rates, first)
    return Terms(first, schedule, False, none + ignored + regime.rate_remarks)


def first_day(claim: Claim, regime: Regime) -> date | None:
    """Return the first day that may bear interest; None when none may.

    It is the day after the due date, or the day after the notice. For Belgian consumers it is the
    day that `notice` (creditors that are SMEs) or `costs_from` names.
    """
    after_due = claim.due + ONE_DAY
    if regime.begin == "waiting":
        day = claim.notice if claim.agreed.small_creditor and claim.notice else claim.costs_from
        return max(after_due, day) if day else None
    if regime.begin == "due" or (claim.notice is None and regime.begin == "either"):
        return after_due
    return max(after_due, claim.notice + ONE_DAY) if claim.notice else None


def _agreed_rate(claim: Claim) -> Decimal | None:
    agreed = claim.agreed
    return agreed.consumer_rate if claim.kind == "consumer" else agreed.contract_rate


def _statutory(claim: Claim, regime: Regime, rates: Rates, first: date | None) -> Schedule:
    if not regime.table:
        return flat(regime.margin, regime.interest_articles[0])
    if regime.since and first and first < regime.since:
        facts = {
            "kind": claim.kind, "country": claim.country, "since": regime.since, "day": first
        }  # fmt: skip
        raise NoRegime(Diagnostic(TOO_OLD, facts=facts))
    return rates.schedule(regime.table, regime.margin)


def _book_xix(claim: Claim, first: date | None, agreed: Decimal | None, rates: Rates) -> Terms:
    """Return the terms of a claim on a Belgian consumer: a clause, the free reminder, the cap."""
    civil = rates.schedule("be_civil")
    if not claim.agreed.consumer_clause:
        return Terms(None, civil, False, (NO_CLAUSE,))
    remarks = () if first else (NO_FIRST_REMINDER,)
    if agreed is None:
        return Terms(first, civil, False, remarks or (NO_AGREED_RATE,))
    cap = rates.schedule("be_b2b")
    cut = bool(first) and any(
        period.percent < agreed
        for period in cap.periods
        if first and period.start <= claim.until and period.end >= first
    )
    schedule = capped(agreed, CONTRACT, cap)
    return Terms(first, schedule, True, remarks + ((ABOVE_CAP,) if cut else ()))


def _floor_remarks(claim: Claim, regime: Regime, agreed: Decimal, rates: Rates) -> tuple[str, ...]:
    """Return what is to be said of an agreed rate beside three times the French legal rate."""
    first = claim.due + ONE_DAY
    if regime is not FR_BUSINESS or first > claim.until:
        return ()
    try:
        legal = rates.schedule("fr_legal").between(first, claim.until)
    except RateUnknown:
        return (FLOOR_UNKNOWN,)
    return (BELOW_FLOOR,) if any(agreed < 3 * period.percent for period, _, _ in legal) else ()
