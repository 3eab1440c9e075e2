"""Sets a payment against the items that it names."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from relance.lettering.evidence import CERTAIN, CONFIDENCE
from relance.lettering.match import Book, Hit, Match, Open, Part, Payment, in_order, whole
from relance.lettering.outcome import Settings
from relance.lettering.sums import add_up

_RANK = {"reference": 0, "virtual_iban": 1, "number": 2}


def heard(payment: Payment) -> list[Hit]:
    """Return the hits that count: checked ones before others, the payer's before strangers'."""
    if payment.heard is None:
        payment.heard = _heard([h for h in payment.hits if h.open.item not in payment.forbidden])
    return payment.heard


def _heard(hits: list[Hit]) -> list[Hit]:
    checked = {h.open.debtor for h in hits if h.checked}
    if checked:
        hits = [h for h in hits if h.open.debtor in checked]
    if any(h.agrees for h in hits):
        hits = [h for h in hits if h.agrees or h.checked]
    if any(h.strong and not h.shared for h in hits):
        hits = [h for h in hits if (h.strong and not h.shared) or h.agrees]
    return hits


def fit_exactly(payment: Payment, book: Book, _: Settings) -> Match | None:
    """Return the match of a payment with named items that it settles to the cent; None if none."""
    hits = [h for h in heard(payment) if h.open.left != 0]
    chosen = _exact(payment, hits)
    if not chosen:
        return None
    items = [h.open for h in chosen]
    match = whole(items, _evidence(chosen))
    trusted = all(h.checked or h.agrees or (h.strong and not h.shared) for h in chosen)
    if all(h.checked for h in chosen):
        return _unless_booked(payment, match)
    if not trusted or speaks_against(payment, items, book):
        return replace(match, evidence="number_only", confidence=CONFIDENCE["number_only"])
    return _unless_booked(payment, match)


def _exact(payment: Payment, hits: list[Hit]) -> list[Hit]:
    """Hits that come to the payment: all of them, one instalment, or those of one debtor."""
    if not hits:
        return []
    if sum(h.open.left for h in hits) == payment.left:
        return hits
    if len({h.open.invoice for h in hits}) == 1 or all(h.checked for h in hits):
        same = sorted((h for h in hits if h.open.left == payment.left), key=lambda h: h.open.age)
        if same and (len(same) == 1 or len({h.open.invoice for h in hits}) == 1):
            return same[:1]
    for debtor in sorted({h.open.debtor for h in hits}):
        his = [h for h in hits if h.open.debtor == debtor]
        if len(his) < len(hits) and sum(h.open.left for h in his) == payment.left:
            return his
    return []


def fit_nearly(payment: Payment, book: Book, settings: Settings) -> Match | None:
    """Return the match of a payment with named items that it does not come to; None if unclear.

    In this order: discount kept, credit notes deducted, bank charges withheld, part payment,
    payment of too much.
    """
    hits = [h for h in heard(payment) if h.open.left != 0]
    items = [h.open for h in hits]
    if not items or len({o.debtor for o in items}) > 1:
        return None
    evidence = _evidence(hits)
    sure = all(h.checked or h.agrees for h in hits)
    trusted = sure or all(h.strong and not h.shared for h in hits)
    close = (
        _with_discount(payment, items, evidence, settings)
        or _with_credits(payment, items, evidence, book, settings)
        or _with_charges(payment, items, evidence, settings)
    )
    if close is not None:
        against = not all(h.checked for h in hits) and speaks_against(payment, items, book)
        return close if trusted and close.certain and not against else _doubt(close)
    loose = _part_or_more(payment, items, evidence)
    if loose is None:
        return None
    clear = all(h.checked for h in hits) or not _fits_elsewhere(payment, items, book)
    return _unless_booked(payment, loose) if sure and clear else _doubt(loose)


def _evidence(hits: list[Hit]) -> str:
    return max((h.evidence for h in hits), key=_RANK.__getitem__)


def _doubt(match: Match) -> Match:
    return replace(match, evidence="number_only", confidence=CONFIDENCE["number_only"])


def _unless_booked(payment: Payment, match: Match) -> Match:
    """The match, but a question where the books have just this amount as paid already."""
    booked = [part.open.unexplained for part in match.parts]
    if payment.left == payment.amount == sum(booked) and all(part > 0 for part in booked):
        return replace(match, evidence="booked", confidence=CONFIDENCE["booked"])
    return match


def speaks_against(payment: Payment, items: list[Open], book: Book) -> bool:
    """Return whether the payer is another debtor who owes an item of just this amount."""
    debtors = {o.debtor for o in items}
    others = {payment.payer, payment.namesake} - debtors - {None}
    return any(o.left == payment.left for other in others for o in book.of(other, payment))


def _fits_elsewhere(payment: Payment, items: list[Open], book: Book) -> bool:
    """Whether the debtor owes another item of just this amount: a slip in the number is likelier."""
    return any(o.left == payment.left and o not in items for o in book.of(items[0].debtor, payment))


def _with_charges(payment: Payment, items: list[Open], by: str, settings: Settings) -> Match | None:
    short = sum(o.left for o in items) - payment.left
    if not 0 < short <= settings.bank_charges.get(payment.currency, 0):
        return None
    items = sorted(items, key=lambda o: o.age)
    largest = max(items, key=lambda o: o.left)
    if largest.left <= short:
        return None
    parts = [Part(o, o.left - (short if o is largest else 0)) for o in items]
    parts.append(Part(largest, short, "bank_charge"))
    return Match(tuple(parts), by, CERTAIN)


def _with_discount(
    payment: Payment, items: list[Open], by: str, settings: Settings
) -> Match | None:
    kept = [discount_on(o, payment, settings) for o in items]
    if not all(kept) or sum(o.left for o in items) - sum(kept) != payment.left:
        return None
    parts = [Part(o, o.left - off) for o, off in zip(items, kept, strict=True)]
    parts += [Part(o, off, "discount") for o, off in zip(items, kept, strict=True)]
    return Match(tuple(parts), by, CERTAIN)


def discount_on(item: Open, payment: Payment, settings: Settings) -> int:
    """Return the minor units that the debtor may keep of `item`: 0 when late, half of a cent up."""
    if settings.discount is None or item.issued is None or item.left != item.amount:
        return 0
    percent, days = settings.discount
    if item.left <= 0 or min(payment.booked, payment.day) > item.issued + timedelta(days=days):
        return 0
    exact = Decimal(item.left) * Decimal(percent) / 100
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def _with_credits(
    payment: Payment, items: list[Open], by: str, book: Book, settings: Settings
) -> Match | None:
    """All named items less credit notes of the debtor that make up the difference.

    Only proposed where there is more than one way.
    """
    over = payment.left - sum(o.left for o in items)
    notes = [o for o in book.of(items[0].debtor, payment) if o.left < 0 and o not in items]
    if over >= 0 or not notes:
        return None
    ways: list[tuple[Open, ...]] = [(o,) for o in notes if o.left == over]
    if not ways:
        ways = list(add_up(notes, over, settings.most_items).found)
    if not ways:
        return None
    match = whole([*items, *ways[0]], by)
    return match if len(ways) == 1 else _doubt(match)


def _part_or_more(payment: Payment, items: list[Open], by: str) -> Match | None:
    """A part of one invoice, or all that is named when more was paid."""
    due = sum(o.left for o in items)
    if payment.left > due > 0:
        return whole(items, by)
    if len({o.invoice for o in items}) == 1 and 0 < payment.left < due:
        return in_order(items, payment.left, by)
    return None


def any_named(payment: Payment) -> list[Match]:
    """Return a doubtful match for each debtor whose open items are named, oldest first."""
    hits = [h for h in payment.hits if h.open.left > 0 and h.open.item not in payment.forbidden]
    found = []
    for debtor in sorted({h.open.debtor for h in hits}):
        items = [h.open for h in hits if h.open.debtor == debtor]
        found.append(_doubt(in_order(items, payment.left, "number")))
    return found
