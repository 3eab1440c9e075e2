"""Sets a payment against what its payer owes: by amount, by sum, oldest first."""

from __future__ import annotations

from dataclasses import replace

from relance.lettering.evidence import CONFIDENCE
from relance.lettering.match import Book, Match, Part, Payment, in_order, whole
from relance.lettering.named_fit import discount_on, heard
from relance.lettering.outcome import Settings
from relance.lettering.sums import add_up


def fit_amount(payment: Payment, book: Book, settings: Settings) -> Match | None:
    """Return the match with the payer's only item of this amount, or of it less the discount."""
    if payment.settled or _names_more(payment):
        return None
    debtor = payment.payer or payment.namesake
    owed = book.of(debtor, payment)
    same = [o for o in owed if o.left == payment.left]
    evidence = _by(payment, "amount")
    if same and len({o.invoice for o in same}) == 1:
        return whole(same[:1], evidence)
    if same:
        return None
    kept = [(o, off) for o in owed if (off := discount_on(o, payment, settings))]
    reduced = [(o, off) for o, off in kept if o.left - off == payment.left]
    if len(reduced) != 1:
        return None
    item, off = reduced[0]
    parts = (Part(item, item.left - off), Part(item, off, "discount"))
    return Match(parts, evidence, CONFIDENCE[evidence])


def fit_all(payment: Payment, book: Book, _: Settings) -> Match | None:
    """Return the match with all that the payer owes, or all that is due, if that is the amount."""
    if payment.payer is None or payment.settled or _names_more(payment):
        return None
    owed = book.of(payment.payer, payment)
    due = [o for o in owed if o.due is not None and o.due <= payment.booked]
    for items in (owed, due):
        if len(items) > 1 and sum(o.left for o in items) == payment.left:
            return whole(items, "all_iban")
    return None


def fit_oldest(payment: Payment, book: Book, settings: Settings) -> Match | None:
    """Return the match with the payer's oldest receivables, where the policy says so."""
    if not settings.oldest_first or payment.payer is None or payment.settled:
        return None
    match = in_order(book.of(payment.payer, payment), payment.left, "oldest")
    return match if match.parts else None


def propose(payment: Payment, book: Book, settings: Settings) -> list[Match]:
    """Return likely matches with what the payer owes: of the same amount, then sums."""
    if payment.settled:
        return []
    debtor = payment.payer or payment.namesake
    owed = book.of(debtor, payment)
    same = [whole([o], "same_amount") for o in owed if o.left == payment.left]
    if same:
        return same
    sums = add_up(owed, payment.left, settings.most_items)
    evidence = "sum_iban" if payment.payer else "sum_name"
    found = [whole(list(items), evidence) for items in sums.found]
    if sums.only is None:
        found = [replace(match, confidence=match.confidence // 2) for match in found]
    if not found and payment.payer is None and owed:
        oldest = in_order(owed, payment.left, "name")
        found = [oldest] if oldest.parts else []
    return found


def _names_more(payment: Payment) -> bool:
    """Whether the payment names open items that did not fit: the amount alone says less."""
    return payment.left == payment.amount and any(h.open.left != 0 for h in heard(payment))


def _by(payment: Payment, what: str) -> str:
    if payment.payer is None:
        return f"{what}_name"
    return "amount_debtor" if payment.payer_by in ("past", "named") else f"{what}_iban"
