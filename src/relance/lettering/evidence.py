"""What speaks for an allocation, from the strongest to the weakest."""

from __future__ import annotations

from dataclasses import dataclass

from relance.language import N_

CERTAIN = 10_000


@dataclass(frozen=True, slots=True)
class Evidence:
    """A kind of evidence.

    Attributes:
        name: as in the column `evidence`.
        confidence: in ten thousandths; CERTAIN lets relance allocate by itself.
        says: English template of the explanation, also the key of its translation.
    """

    name: str
    confidence: int
    says: str

    @property
    def certain(self) -> bool:
        """Whether an allocation on this evidence needs no person."""
        return self.confidence >= CERTAIN


EVIDENCE: tuple[Evidence, ...] = (
    Evidence("reference", CERTAIN, N_("the structured reference is that of the item")),
    Evidence("virtual_iban", CERTAIN, N_("paid to the account that belongs to it alone")),
    Evidence(
        "number", CERTAIN, N_("its number is in the text of the payment, and sum or payer fit")
    ),
    Evidence("amount_iban", CERTAIN, N_("the only item of this amount of the account's holder")),
    Evidence("amount_debtor", CERTAIN, N_("the only item of this amount of the debtor who paid")),
    Evidence("all_iban", CERTAIN, N_("all that the account's holder owes, to the cent")),
    Evidence("amount_name", CERTAIN, N_("the only item of this amount of the debtor of this name")),
    Evidence("oldest", CERTAIN, N_("oldest first, as the policy says")),
    Evidence("sum_iban", 9_500, N_("items of the account's holder that add up to the payment")),
    Evidence("booked", 9_000, N_("named, but what the books have as paid is just this amount")),
    Evidence("number_only", 8_500, N_("its number is in the text, but amount or payer differ")),
    Evidence("same_amount", 8_000, N_("one of several items of this amount of the debtor")),
    Evidence("near_number", 8_000, N_("a number in the text is nearly that of the item")),
    Evidence("near_name", 7_500, N_("an item of this amount of a debtor of nearly this name")),
    Evidence("sum_name", 7_000, N_("items of a debtor of this name that add up to the payment")),
    Evidence("name", 5_000, N_("oldest items of the debtor of this name")),
)
"""Every kind, each with its confidence when nothing speaks against it."""

BY_HAND = {
    "hand": N_("a person said so"),
    "return": N_("the bank took the payment back"),
    "undo": N_("undone by a person"),
}
"""What else stands in the column `evidence`, with what it says."""

CONFIDENCE = {evidence.name: evidence.confidence for evidence in EVIDENCE}
"""Confidence by name of evidence."""


def explain(name: str) -> str:
    """Return the English template of what the evidence `name` says; the name if it is unknown."""
    says = {evidence.name: evidence.says for evidence in EVIDENCE} | BY_HAND
    return says.get(name, name)
