"""The other party of a movement in a camt message."""

from __future__ import annotations

from dataclasses import dataclass

from relance.intake.bank.camt_tree import Node, child, fields, path


@dataclass(frozen=True, slots=True)
class Party:
    """Who paid, or was paid.

    Attributes:
        name: None if not given.
        account: IBAN, or number; None if not given.
        ultimate: who it was paid for, where that is another; None else.
    """

    name: str | None = None
    account: str | None = None
    ultimate: str | None = None


def party_of(detail: dict[str, Node], amount: int, kind: str, own: str) -> Party:
    """Return the other party of the transaction `detail` (children by name).

    Money received comes from the debtor of the payment, and so does money that is taken back: a
    return keeps the roles of what it returns. Banks that turn them round show the account `own`.
    """
    parties = fields(detail.get("RltdPties"))
    if kind == "return":
        given = [_party(parties, role) for role in ("Dbtr", "Cdtr")]
        return next((p for p in given if p.account != own and (p.name or p.account)), Party())
    party = _party(parties, "Dbtr" if amount > 0 else "Cdtr")
    return Party() if party.account == own else party


def credited_of(detail: dict[str, Node], kind: str, own: str) -> str | None:
    """Return the IBAN that a payment was sent to, if it is another than `own`: a virtual one."""
    if kind != "payment" or not detail:
        return None
    iban = path(fields(detail.get("RltdPties")).get("CdtrAcct"), "Id", "IBAN")
    plain = "".join(iban.split()).upper() if iban else own
    return plain if plain != own else None


def _party(parties: dict[str, Node], role: str) -> Party:
    name = _name(parties.get(role))
    ultimate = _name(parties.get(f"Ultmt{role}"))
    holder = child(parties.get(f"{role}Acct"), "Id")
    account = path(holder, "IBAN") or path(holder, "Othr", "Id")
    return Party(
        name or ultimate,
        "".join(account.split()).upper() if account else None,
        ultimate if name and ultimate != name else None,
    )


def _name(node: Node | None) -> str | None:
    """Return the name of a party: directly below it up to version 7, below `Pty` from version 8."""
    return path(node, "Nm") or path(node, "Pty", "Nm")
