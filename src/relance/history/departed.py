"""What left before the database was restored: proposed again, it is put in doubt, never sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from sqlalchemy import Connection, select

from relance.history import claiming, covering, dispatches, schema
from relance.history.claiming import Proposal
from relance.history.events import Mark
from relance.history.quick import Quick
from relance.history.values import Claim, ClaimAnswer, Claimed, Ending, GivenUp

LOST = "it left before the database was restored from a backup"
"""Why it is in doubt."""

_table = schema.departed
_AT_ONCE = 1000
_ANY = Quick(select(_table).limit(1))


def claim(connection: Connection, mark: Mark, proposal: Proposal) -> ClaimAnswer:
    """Return what `claiming.claim` does, unless part of it is known to have left.

    That part is claimed under the key under which it left, and in doubt; the rest can be claimed
    by a later run.
    """
    known = _known(connection, proposal)
    if not known:
        return claiming.claim(connection, mark, proposal)
    key = min(known.values())
    claims = tuple(each for each, dispatch in known.items() if dispatch == key)
    answer = claiming.claim(connection, mark, _under(key, claims, proposal))
    _forget(connection, [_digest(each, proposal) for each in claims])
    if not isinstance(answer, Claimed):
        return answer
    dispatches.settle(connection, mark, key, Ending("unknown", LOST))
    return GivenUp("in_doubt", LOST)


def _known(connection: Connection, proposal: Proposal) -> dict[Claim, str]:
    """Return the claims that are known to have left, with the key under which they did."""
    if _ANY.first(connection) is None:
        return {}
    digests = {_digest(each, proposal): each for each in proposal.claims}
    found: dict[Claim, str] = {}
    every = iter(digests)
    while part := list(islice(every, _AT_ONCE)):
        rows = connection.execute(select(_table).where(_table.c.claim.in_(part)))
        found |= {digests[row.claim]: row.dispatch for row in rows}
    return found


def _under(key: str, claims: Sequence[Claim], proposal: Proposal) -> Proposal:
    return replace(
        proposal,
        dispatch=replace(proposal.dispatch, key=key),
        claims=claims,
        message=replace(proposal.message, key=key),
    )


def _digest(claim: Claim, proposal: Proposal) -> str:
    names = covering.CLAIM[1:]
    row = {name: getattr(claim, name) for name in names}
    return covering.claim_digest({"creditor": proposal.creditor, **row})


def _forget(connection: Connection, digests: Sequence[str]) -> None:
    every = iter(digests)
    while part := list(islice(every, _AT_ONCE)):
        connection.execute(_table.delete().where(_table.c.claim.in_(part)))
