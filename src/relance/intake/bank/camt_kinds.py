"""What an entry of a camt message is: money received, money taken back, or neither.

Codes are those of the external bank transaction codes of ISO 20022 (family and subfamily).
"""

from __future__ import annotations

from relance.intake.bank.camt_tree import Node, path

_RETURNS = frozenset(
    {"RRTN", "UPDD", "PRDD", "RCDD", "UPCQ", "CQRV", "RPCR", "UPCT", "RRCT", "ARET"}
)
_RECEIVED = frozenset({"RCDT", "IDDT", "RRCT"})
_CHARGES = frozenset({"CHRG", "FEES", "COMM", "COME", "COMI", "COMT", "INTR", "TAXE", "ADJT"})


def kind_of(amount: int, returned: bool, *codes: Node | None) -> str:
    """Return the kind of a movement: payment, return or other.

    Args:
        amount: signed.
        returned: the entry is marked as a reversal, or says why it was returned.
        codes: its BkTxCd elements, the nearest first; None where there is none.
    """
    families, names = _codes(codes)
    if names & _CHARGES:
        return "other"
    returned = returned or bool(names & _RETURNS)
    if amount > 0:  # what comes back of our own payments pays no invoice
        return "other" if returned else "payment"
    return "return" if returned or families & _RECEIVED else "other"


def _codes(nodes: tuple[Node | None, ...]) -> tuple[frozenset[str], frozenset[str]]:
    for node in nodes:
        family = path(node, "Domn", "Fmly", "Cd")
        name = path(node, "Domn", "Fmly", "SubFmlyCd")
        if family or name:
            return frozenset({family or ""}), frozenset({name or ""})
    return frozenset(), frozenset()
