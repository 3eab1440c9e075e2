"""Letters the payments that a join does not settle, stage by stage, from the strongest evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from relance.lettering import named_fit, near, payer_fit
from relance.lettering.match import Book, Match, Payment
from relance.lettering.outcome import Settings

MOST_CANDIDATES = 5

Stage = Callable[[Payment, Book, Settings], Match | None]
STAGES: tuple[Stage, ...] = (
    named_fit.fit_exactly,
    named_fit.fit_nearly,
    payer_fit.fit_amount,
    payer_fit.fit_all,
    payer_fit.fit_oldest,
)
"""In order of evidence: every payment goes through one before any goes through the next."""


@dataclass(slots=True)
class Resolved:
    """What was found: matches taken, and what is likely of the payments that something is left of."""

    taken: list[tuple[Payment, Match]] = field(default_factory=list)
    likely: list[tuple[Payment, list[Match]]] = field(default_factory=list)


def resolve(payments: Iterable[Payment], book: Book, settings: Settings) -> Resolved:
    """Return the matches of `payments` with the items of `book`, whose `left` are lowered.

    Payments take their turn by booking date, then by identity.
    """
    waiting = sorted(payments, key=lambda p: (p.booked, p.movement))
    found = Resolved()
    for payment in waiting:
        _answer(payment)
    for stage in STAGES:
        waiting = [p for p in waiting if p.left > 0 and p.answered is None]
        for payment in waiting:
            match = stage(payment, book, settings)
            if match is not None and match.certain and match.money <= payment.left:
                _take(payment, match, book, found)
            _note_settled(payment)
    for payment in waiting:
        if payment.left > 0:
            likely = _likely(payment, book, settings)
            if likely:
                found.likely.append((payment, likely))
    return found


def _take(payment: Payment, match: Match, book: Book, found: Resolved) -> None:
    book.take(payment, match)
    found.taken.append((payment, match))
    debtors = {part.open.debtor for part in match.parts}
    if payment.left > 0 and len(debtors) == 1:
        payment.payer, payment.payer_by = debtors.pop(), "named"


def _answer(payment: Payment) -> None:
    """Mark a payment whose named items the books have as paid by just as much."""
    for hit in payment.hits:
        item = hit.open
        refused = item.item in payment.forbidden and item.unexplained == payment.amount
        paid = item.left == 0 and 0 < payment.amount <= item.unexplained
        if (paid or refused) and payment.left == payment.amount:
            item.unexplained -= payment.amount
            payment.answered = item.row
            return


def _note_settled(payment: Payment) -> None:
    """Mark a payment that names only what is paid already: it is not looked for elsewhere."""
    hits = named_fit.heard(payment)
    if not hits or payment.settled or payment.left != payment.amount:
        return
    if all(h.open.left == 0 for h in hits) and all(h.checked or h.agrees for h in hits):
        payment.settled = True
        payment.payer, payment.payer_by = hits[0].open.debtor, "named"


def _likely(payment: Payment, book: Book, settings: Settings) -> list[Match]:
    """Candidates in order of confidence, each set of items once."""
    found = [
        match
        for fit in (named_fit.fit_exactly, named_fit.fit_nearly)
        if (match := fit(payment, book, settings)) is not None
    ]
    if not payment.settled:
        found += named_fit.any_named(payment)
        found += payer_fit.propose(payment, book, settings)
        found += near.propose(payment, book)
    best: dict[frozenset[int], Match] = {}
    for match in found:
        rows = frozenset(part.open.row for part in match.parts)
        if (
            rows
            and match.money <= payment.left
            and (rows not in best or best[rows].confidence < match.confidence)
        ):
            best[rows] = match
    ranked = sorted(best.values(), key=lambda m: (-m.confidence, [p.open.age for p in m.parts]))
    return ranked[:MOST_CANDIDATES]
