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
    Evidence("number", CERTAIN, N_("its number is in the text of the payment, and the sum fits")),
    Evidence("amount_iban", CERTAIN, N_("the only item of this amount of the account's holder")),
    Evidence("sum_iban", 9_500, N_("items of the account's holder that add up to the payment")),
    Evidence("amount_name", 9_000, N_("the only item of this amount of a debtor of this name")),
    Evidence("near_number", 8_000, N_("a number in the text is nearly that of the item")),
    Evidence("sum_name", 7_000, N_("items of a debtor of this name that add up to the payment")),
    Evidence("oldest", CERTAIN, N_("oldest first, as the policy says")),
)
