"""Payments, open items and matches as objects: for the few that a join does not settle."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from relance.lettering.evidence import CERTAIN, CONFIDENCE

_FAR = date.max


@dataclass(slots=True, eq=False)
class Open:
    """An item that a payment may be set against; `left` falls as it is paid.

    Attributes:
        row: its row in the frame of items.
        unexplained: minor units that the books have as paid, and no allocation explains.
    """

    row: int
    item: str
    debtor: str
    currency: str
    number: str
    amount: int
    left: int
    unexplained: int
    issued: date | None
    due: date | None
    debtor_key: str | None = None

    @property
    def invoice(self) -> str:
        """Its identity without the mark of an instalment."""
        return self.item.partition("@")[0].partition("#")[0]

    @property
    def age(self) -> tuple[date, date, str]:
        """What items are sorted by, oldest first."""
        return (self.due or _FAR, self.issued or _FAR, self.item)


@dataclass(slots=True, eq=False)
class Hit:
    """An item that the payment names.

    Attributes:
        evidence: reference, virtual_iban or number.
        checked: whether check digits or an account of its own exclude a slip.
        strong: whether the number has letters, or six digits in one piece.
        shared: whether items of other debtors have the same number.
        agrees: whether account or name of the payer are those of the item's debtor.
    """

    open: Open
    evidence: str
    checked: bool
    strong: bool
    shared: bool
    agrees: bool


@dataclass(slots=True, eq=False)
class Payment:
    """A payment to letter; `left` falls as it is allocated.

    Attributes:
        row: its row in the frame of movements.
        payer: debtor who paid, where that is certain; `payer_by` says why (virtual_iban, iban,
            past or named); None else.
        namesake: the only debtor of exactly this name; None if none or several.
        settled: it names what is paid already: what is left of it is a credit.
        answered: row of the item by which the books have it already.
        alike: items of any debtor of just its amount, for near misses.
        heard: the hits that count, once they were looked at.
    """

    row: int
    movement: str
    currency: str
    amount: int
    left: int
    booked: date
    day: date
    text: str
    name: str | None
    payer: str | None
    payer_by: str | None
    namesake: str | None
    hits: list[Hit] = field(default_factory=list)
    forbidden: frozenset[str] = frozenset()
    settled: bool = False
    answered: int | None = None
    alike: list[Open] = field(default_factory=list)
    heard: list[Hit] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What a match takes off an item: minor units, negative where a credit is used up."""

    open: Open
    amount: int
    kind: str = "payment"


@dataclass(frozen=True, slots=True)
class Match:
    """A way to set a payment against items, and what speaks for it."""

    parts: tuple[Part, ...]
    evidence: str
    confidence: int

    @property
    def certain(self) -> bool:
        """Whether it needs no person."""
        return self.confidence >= CERTAIN

    @property
    def money(self) -> int:
        """Minor units of the payment that it uses."""
        return sum(part.amount for part in self.parts if part.kind == "payment")


def whole(items: list[Open], evidence: str) -> Match:
    """Return the match that settles all `items`."""
    return Match(tuple(Part(o, o.left) for o in items), evidence, CONFIDENCE[evidence])


def in_order(items: list[Open], amount: int, evidence: str) -> Match:
    """Return the match of `amount` with the receivables of `items`, oldest first, in part at the end."""
    parts = []
    for item in sorted((o for o in items if o.left > 0), key=lambda o: o.age):
        if amount <= 0:
            break
        parts.append(Part(item, min(amount, item.left)))
        amount -= item.left
    return Match(tuple(parts), evidence, CONFIDENCE[evidence])


class Book:
    """The items that payments may be set against, given oldest first; by row and by debtor."""

    def __init__(self, items: list[Open]) -> None:
        self.rows = {item.row: item for item in items}
        self._of: dict[tuple[str, str], list[Open]] = {}
        for item in items:
            self._of.setdefault((item.debtor, item.currency), []).append(item)

    def of(self, debtor: str | None, payment: Payment) -> list[Open]:
        """Return what is open of `debtor` in the payment's currency, oldest first; not the rejected."""
        if debtor is None:
            return []
        found = self._of.get((debtor, payment.currency), [])
        return [o for o in found if o.left != 0 and o.item not in payment.forbidden]

    def take(self, payment: Payment, match: Match) -> None:
        """Lower what is left of the items and of the payment by `match`."""
        for part in match.parts:
            part.open.left -= part.amount
        payment.left -= match.money
