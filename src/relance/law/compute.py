"""What a claim comes to: its interest line by line, and the compensation for recovery costs."""

from __future__ import annotations

from relance.language import N_
from relance.law.account import Account, settle
from relance.law.claim import Claim, Computation
from relance.law.compensation import FORTY, scaled
from relance.law.rates import Rates
from relance.law.regimes import WITHHELD_LETTER, Regime, regime_of
from relance.law.schedule import ONE_DAY
from relance.law.terms import NO_CLAUSE, NO_FIRST_REMINDER, terms_of

UNCONFIRMED = N_(
    "Rates marked * were derived by the law's formula, or not seen in their publication: check them "
    "before going to court."
)
IN_EUROS = N_(
    "The compensation is fixed in another currency than this claim's; it was not converted, and is "
    "left out."
)
PRINCIPAL_FIRST = N_(
    "Payments were set against the principal first; where nothing else was agreed, the law mostly lets "
    "them pay the interest first."
)


def compute(claim: Claim, rates: Rates) -> Computation:
    """Return what `claim` comes to beside its principal, by the law of its country.

    Days are those after the due date up to and with `until`; a year has 365. Each line is rounded
    half up, and the interest is the sum of the lines. Lines end with a period of the rate and with a
    payment. Nothing is owed beside the principal when it was paid on the due date or before.

    Raises:
        NoRegime: when no rule is known for the country and kind of debtor.
        RateUnknown: when a day bears interest at a rate that is not known.
    """
    regime = regime_of(claim.country, claim.kind)
    if not _is_late(claim):
        left = max(
            0, claim.principal - sum(p.amount for p in claim.payments if p.day <= claim.until)
        )
        return Computation((), 0, 0, 0 if claim.paid else left, 0, ())
    terms = terms_of(claim, regime, rates)
    schedule = terms.schedule
    if regime.fixed and not terms.agreed and terms.first is not None:
        schedule = schedule.held(terms.first)
    account = settle(claim, schedule, terms.first, regime.compounds)
    compensation, remarks = _compensation(claim, regime, account)
    return Computation(
        lines=tuple(account.lines),
        interest=sum(line.amount for line in account.lines),
        compensation=compensation,
        principal_left=0 if claim.paid else account.principal,
        interest_left=account.interest,
        legal_basis=_articles(regime, account, compensation),
        remarks=_distinct(*terms.remarks, *regime.remarks, *remarks, *_notes(claim, account)),
    )


def _is_late(claim: Claim) -> bool:
    """Return whether part of the principal was unpaid on the evening of the due date, and later."""
    in_time = sum(payment.amount for payment in claim.payments if payment.day <= claim.due)
    return claim.until > claim.due and in_time < claim.principal


def _compensation(claim: Claim, regime: Regime, account: Account) -> tuple[int, tuple[str, ...]]:
    """Return the compensation, and what is to be said of it."""
    rule = regime.compensation
    if rule == "none":
        return 0, ()
    if claim.currency != ("GBP" if rule == "uk" else "EUR"):
        return 0, (IN_EUROS,)
    if rule == "forty":
        return FORTY, ()
    if rule in {"uk", "nl_bik"}:
        unpaid = account.principal_before(claim.due + ONE_DAY, claim.principal)
        return scaled("uk" if rule == "uk" else "nl_bik", unpaid), ()
    return _after_waiting(claim, regime, account)


def _after_waiting(claim: Claim, regime: Regime, account: Account) -> tuple[int, tuple[str, ...]]:
    """Return the compensation that is due only once a reminder's waiting time has passed."""
    belgian = regime.compensation == "be_consumer"
    if belgian and not claim.agreed.consumer_clause:
        return 0, (NO_CLAUSE,)
    if claim.costs_from is None:
        return 0, (NO_FIRST_REMINDER if belgian else WITHHELD_LETTER,)
    if claim.until < claim.costs_from:
        return 0, ()
    unpaid = account.principal_before(claim.costs_from, claim.principal)
    return scaled("be_consumer" if belgian else "nl_bik", unpaid), ()


def _articles(regime: Regime, account: Account, compensation: int) -> tuple[str, ...]:
    """Return the articles that what is owed rests on."""
    interest = regime.interest_articles if account.lines else ()
    return _distinct(*interest, *(regime.compensation_articles if compensation else ()))


def _notes(claim: Claim, account: Account) -> tuple[str, ...]:
    """Return what is to be said of the lines themselves."""
    unconfirmed = any(not line.confirmed for line in account.lines)
    paid_late = any(p.day > claim.due and not p.credit_note for p in claim.payments)
    chosen = paid_late and account.lines and claim.agreed.imputation == "principal"
    return (*((UNCONFIRMED,) if unconfirmed else ()), *((PRINCIPAL_FIRST,) if chosen else ()))


def _distinct(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
