"""Letters the payments that a join does not settle, stage by stage, from the strongest evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from relance.lettering import named_fit, near, payer_fit
from relance.lettering.match import Book, Hit, Match, Payment
from relance.lettering.outcome import Settings

MOST_CANDIDATES = 5

Stage = Callable[[Payment, Book, Settings], Match | None]
STAGES: tuple[tuple[bool, Stage], ...] = (
    (True, named_fit.fit_exactly),
    (True, named_fit.fit_nearly),
    (False, payer_fit.fit_amount),
    (False, payer_fit.fit_all),
    (False, payer_fit.fit_oldest),
)
"""In order of evidence, and whether it is about what payments name: every payment goes through one
stage before any goes through the next."""


Taken = list[tuple[Payment, Match]]
Likely = list[tuple[Payment, list[Match]]]


def take_certain(payments: Iterable[Payment], book: Book, settings: Settings) -> Taken:
    """Return the certain matches of `payments` with the items of `book`; both are lowered.

    Payments take their turn by booking date, then by identity.
    """
    waiting = sorted(payments, key=lambda p: (p.booked, p.movement))
    taken: Taken = []
    for payment in waiting:
        _answer(payment)
    for named, stage in STAGES:
        waiting = [p for p in waiting if p.left > 0 and p.answered is None]
        for payment in waiting:
            if not named:
                _note_settled(payment)
            match = stage(payment, book, settings)
            if match is not None and match.certain and match.money <= payment.left:
                _take(payment, match, book, taken)
    return taken


def find_likely(payments: Iterable[Payment], book: Book, settings: Settings) -> Likely:
    """Return the candidates of each of `payments` that has any, the likeliest first."""
    asked = [(payment, _likely(payment, book, settings)) for payment in payments]
    return [(payment, matches) for payment, matches in asked if matches]


def _take(payment: Payment, match: Match, book: Book, taken: Taken) -> None:
    book.take(payment, match)
    taken.append((payment, match))
    debtors = {part.open.debtor for part in match.parts}
    if payment.left > 0 and len(debtors) == 1:
        payment.payer, payment.payer_by = debtors.pop(), "named"


def _answer(payment: Payment) -> None:
    """Mark a payment that names only what the books have as paid by at least as much.

    So is one of which a person said that it does not pay what the books have as paid by just as
    much: it is in the books already.
    """
    if payment.left != payment.amount:
        return
    heard = named_fit.heard(payment)
    settled = bool(heard) and all(h.open.left == 0 and _is_trusted(h, payment) for h in heard)
    for hit in payment.hits:
        item = hit.open
        refused = item.item in payment.forbidden and item.unexplained == payment.amount
        if refused or (settled and hit in heard and item.unexplained >= payment.amount):
            item.unexplained -= payment.amount
            payment.answered = item.row
            return


def _is_trusted(hit: Hit, payment: Payment) -> bool:
    clear = hit.strong and not hit.shared and hit.open.unexplained == payment.amount
    return hit.checked or hit.agrees or clear


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
        found += near.propose(payment)
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
