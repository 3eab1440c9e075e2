"""The letter that proposes a payment plan: as a PDF, or as an e-mail with that PDF."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from relance.clock import moment_of
from relance.diagnostics import Diagnostic
from relance.dunning.instalments import Rules
from relance.dunning.keys import key_of
from relance.dunning.plan import Arrangement, Line, Notice
from relance.dunning.writing import line_of, party_of
from relance.history.store import History
from relance.notices.codes import RenderError
from relance.notices.render import render
from relance.notices.stationery import Stationery
from relance.runs import instalment_codes as own
from relance.runs.accounts import changed_accounts
from relance.runs.proposal import Proposal
from relance.runs.reach import reach_of

TEMPLATE = "instalments"


def proposal_letter(
    number: int, proposal: Proposal, history: History, medium: str
) -> bytes | list[Diagnostic]:
    """Return the letter of proposal `number` as `medium` carries it, or why there is none.

    "letter": a PDF; "email": a message with the PDF, to the debtor's address. While the bank
    accounts are not those that were pinned there is none: it would print them.
    """
    changed = changed_accounts(proposal.policy, history)
    if changed:
        return changed
    notice = _notice(number, proposal, history, medium)
    if isinstance(notice, Diagnostic):
        return [notice]
    moment = moment_of(notice.run_date, proposal.policy.creditor.timezone)
    try:
        return render(notice, Stationery.of(proposal.policy), moment).content
    except RenderError as error:
        return [error.diagnostic]


def _notice(number: int, proposal: Proposal, history: History, medium: str) -> Notice | Diagnostic:
    holds = proposal.portfolio.past.holds.filter(pl.col("type") == "instalments_proposed")
    rows = holds.filter(pl.col("seq") == number)
    told = _told(number, holds, history)
    owed = proposal.facts.filter(pl.col("item").is_in([line[0] for line in told.get("lines", [])]))
    if rows.is_empty() or owed.is_empty():
        return Diagnostic(own.NO_PLAN, None, {"subject": number})
    return _made(rows.row(0, named=True), told, owed, (proposal, medium))


def _told(number: int, holds: pl.DataFrame, history: History) -> Mapping[str, Any]:
    """Return what the event `number` told beside what is in HOLDS: both are in the order of recording."""
    events = [e for e in history.entries(1_000_000) if e["type"] == "instalments_proposed"]
    numbers = holds["seq"].sort().to_list()
    told: dict[int, Mapping[str, Any]] = dict(
        zip(reversed(numbers), reversed(events), strict=False)
    )
    return told.get(number, {})


def _made(
    event: Mapping[str, Any],
    told: Mapping[str, Any],
    owed: pl.DataFrame,
    given: tuple[Proposal, str],
) -> Notice:
    proposal, medium = given
    policy = proposal.policy
    first = owed.row(0, named=True)
    party = party_of(first, policy)
    lines = _lines(event, told, owed)
    beside = sum(interest + compensation for _, _, interest, compensation in told["lines"])
    return Notice(
        key=key_of([TEMPLATE, str(event["seq"])]),
        debtor=party,
        segment=first["segment"] or "",
        procedure=TEMPLATE,
        level="proposal",
        level_number=0,
        channel=_channel(proposal, medium),
        part="",
        medium=medium,
        recipient=(party.email or "") if medium == "email" else "",
        template=TEMPLATE,
        tone="neutral",
        attach=("letter",) if medium == "email" else (),
        language=party.language,
        currency=told["currency"],
        receivables=lines,
        other_open=(),
        credits=(),
        approval="none",
        run_date=event["date"],
        arrangement=Arrangement(
            event["seq"],
            tuple((each["due"], each["amount"]) for each in event["schedule"]),
            event["code"],
            beside,
            Rules.of(policy).grace,
            event["until"],
        ),
    )


def _lines(
    event: Mapping[str, Any], told: Mapping[str, Any], owed: pl.DataFrame
) -> tuple[Line, ...]:
    """Return the receivables as they stood when the plan was proposed."""
    rows = {row["item"]: row for row in owed.iter_rows(named=True)}
    kept = event["code"] == "keep"
    return tuple(
        line_of(
            dict(rows[item]) | {"open": open_},
            interest=interest if kept else 0,
            compensation=compensation if kept else 0,
        )
        for item, open_, interest, compensation in told["lines"]
        if item in rows
    )


def _channel(proposal: Proposal, medium: str) -> str:
    reach = reach_of(proposal.policy)
    return next((name for name, way in sorted(reach.items()) if way.medium == medium), "")
