"""Disputes as an operator opens, accepts, rejects and closes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from relance.diagnostics import Diagnostic
from relance.dunning.disputes import open_disputes
from relance.dunning.rejections import REJECTED
from relance.history.store import History
from relance.history.values import Record
from relance.money import digits, to_minor, to_text
from relance.runs import codes, desk_codes
from relance.runs.proposal import Proposal
from relance.runs.recording import Entry
from relance.runs.recording import record as enter


def open_dispute(entry: Entry, proposal: Proposal, history: History) -> list[Diagnostic]:
    """Record the dispute `entry`, by default with the policy's deadline; return what is wrong."""
    return enter(dated(entry, proposal), proposal, history)


def dated(entry: Entry, proposal: Proposal) -> Entry:
    """Return `entry` with the policy's deadline where it has none."""
    days = timedelta(days=proposal.policy.disputes.days)
    return replace(entry, until=entry.until or proposal.today + days)


def disputes(proposal: Proposal) -> list[dict[str, Any]]:
    """Return the open disputes as JSON, the nearest deadline first."""
    found = open_disputes(proposal.portfolio.past.holds, proposal.facts, proposal.today)
    return [_fields(dispute) for dispute in found]


def _number(dispute: Mapping[str, Any]) -> int:
    """Return the number under which a dispute was opened, whatever came of it since."""
    about, seq = dispute["about"], int(dispute["seq"])
    return int(about) if dispute["accepted"] and about is not None else seq


def _fields(dispute: Mapping[str, Any]) -> dict[str, Any]:
    rows = dispute["rows"]
    first = rows[0]
    ours = [row for row in rows if row["currency"] == first["currency"]]
    return {
        "number": _number(dispute),
        "debtor": dispute["debtor"],
        "debtor_name": first["party_name"] or first["debtor_name"],
        "invoices": [row["number"] for row in rows],
        "state": "accepted" if dispute["accepted"] else "open",
        "code": dispute["code"],
        "reason": dispute["reason"],
        "currency": first["currency"],
        "disputed": to_text(dispute["disputed"], first["currency"]),
        "open": to_text(sum(row["open"] for row in ours), first["currency"]),
        "owner": dispute["owner"],
        "opened": dispute["opened"].isoformat(),
        "until": dispute["until"].isoformat() if dispute["until"] else None,
        "late": dispute["late"],
        "by": dispute["by"],
    }


@dataclass(frozen=True, slots=True)
class Ruling:
    """What became of a dispute: `outcome` accepted, rejected or closed.

    `subject` is its number, its invoice or its debtor. `until` and `amount` (of the credit note)
    are of an accepted one; without them the policy's days, and all that is in dispute.
    """

    outcome: str
    subject: str
    until: date | None = None
    amount: Decimal | None = None
    reason: str | None = None
    by: str | None = None


def rule_on(ruling: Ruling, proposal: Proposal, history: History) -> int | Diagnostic:
    """Record `ruling`; return the number of its dispute, or what is wrong."""
    found = open_disputes(proposal.portfolio.past.holds, proposal.facts, proposal.today)
    dispute = next((each for each in found if _is(each, ruling.subject)), None)
    if dispute is None:
        return Diagnostic(desk_codes.NO_DISPUTE, None, {"subject": ruling.subject})
    number = _number(dispute)
    if ruling.outcome != "accepted":
        event = _event("dispute_settled", dispute, ruling, proposal.today)
        history.record([event])
        return number
    if dispute["accepted"]:
        return Diagnostic(desk_codes.IS_ACCEPTED, None, {"number": number})
    accepted = _accepted(dispute, ruling, proposal)
    if isinstance(accepted, Diagnostic):
        return accepted
    history.record([accepted])
    return number


def _is(dispute: Mapping[str, Any], subject: str) -> bool:
    plain = "".join(subject.split()).upper()
    names = {"".join(row["number"].split()).upper() for row in dispute["rows"]}
    own = names if dispute["item"] else {dispute["debtor"].upper()}
    return plain == str(_number(dispute)) or plain in own


def _event(
    kind: str, dispute: Mapping[str, Any], ruling: Ruling, today: date, **more: Any
) -> Record:
    code = dispute["code"] if kind == "dispute_accepted" else ruling.outcome
    # The debtor is told why it was rejected: never what he said himself, in its place.
    said = ruling.reason or (None if code == REJECTED else dispute["reason"])
    return Record(
        kind,
        today,
        dispute["debtor"],
        dispute["item"],
        reason=said,
        by=ruling.by,
        code=code,
        owner=dispute["owner"],
        about=_number(dispute),
        **more,
    )


def _accepted(
    dispute: Mapping[str, Any], ruling: Ruling, proposal: Proposal
) -> Record | Diagnostic:
    row = dispute["rows"][0]
    currency, amount = row["currency"], dispute["amount"]
    if ruling.amount is not None:
        facts = {"event": "dispute", "amount": str(ruling.amount), "currency": currency}
        if -int(ruling.amount.as_tuple().exponent) > digits(currency):
            return Diagnostic(codes.NO_AMOUNT, None, facts)
        if not dispute["item"]:
            return Diagnostic(desk_codes.AMOUNT_OF_DEBTOR, None, facts)
        amount = to_minor(ruling.amount, currency)
        if amount > row["open"]:
            facts["open"] = to_text(row["open"], currency)
            return Diagnostic(desk_codes.MORE_THAN_OWED, None, facts)
    until = ruling.until or proposal.today + timedelta(days=proposal.policy.disputes.days)
    facts = {"open": row["open"]} if dispute["item"] else {}
    return _event(
        "dispute_accepted",
        dispute,
        ruling,
        proposal.today,
        until=until,
        amount=amount,
        facts=facts,
    )
