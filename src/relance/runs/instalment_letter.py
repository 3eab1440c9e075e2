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
    return letter_of(_notice(number, proposal, medium), proposal, history)


def letter_of(
    notice: Notice | Diagnostic, proposal: Proposal, history: History
) -> bytes | list[Diagnostic]:
    """Return the bytes of `notice`, or why there are none: the accounts changed, a template fails."""
    changed = changed_accounts(proposal.policy, history)
    if changed:
        return changed
    if isinstance(notice, Diagnostic):
        return [notice]
    moment = moment_of(notice.run_date, proposal.policy.creditor.timezone)
    try:
        return render(notice, Stationery.of(proposal.policy), moment).content
    except RenderError as error:
        return [error.diagnostic]


def _notice(number: int, proposal: Proposal, medium: str) -> Notice | Diagnostic:
    holds = proposal.portfolio.past.holds.filter(pl.col("type") == "instalments_proposed")
    found = holds.filter(pl.col("seq") == number)
    event = found.row(0, named=True) if found.height else {"lines": []}
    items = [line["item"] for line in event["lines"]]
    owed = proposal.facts.filter(pl.col("item").is_in(items))
    if owed.is_empty():
        return Diagnostic(own.NO_PLAN, None, {"subject": number})
    return _made(event, owed, proposal, medium)


def _made(event: Mapping[str, Any], owed: pl.DataFrame, proposal: Proposal, medium: str) -> Notice:
    policy = proposal.policy
    first = owed.row(0, named=True)
    party = party_of(first, policy)
    beside = sum(line["interest"] + line["compensation"] for line in event["lines"])
    return Notice(
        key=key_of([TEMPLATE, str(event["seq"])]),
        debtor=party,
        segment=first["segment"] or "",
        procedure=TEMPLATE,
        level="proposal",
        level_number=0,
        channel=channel_for(proposal, medium),
        part="",
        medium=medium,
        recipient=(party.email or "") if medium == "email" else "",
        template=TEMPLATE,
        tone="neutral",
        attach=("letter",) if medium == "email" else (),
        language=party.language,
        currency=first["currency"],
        receivables=_lines(event, owed),
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


def _lines(event: Mapping[str, Any], owed: pl.DataFrame) -> tuple[Line, ...]:
    """Return the receivables as they stood when the plan was proposed."""
    rows = {row["item"]: row for row in owed.iter_rows(named=True)}
    kept = event["code"] == "keep"
    return tuple(
        line_of(
            dict(rows[line["item"]]) | {"open": line["open"]},
            interest=line["interest"] if kept else 0,
            compensation=line["compensation"] if kept else 0,
        )
        for line in event["lines"]
        if line["item"] in rows
    )


def channel_for(proposal: Proposal, medium: str) -> str:
    """Return a channel of `medium`, whose looks the letter takes; "" if there is none."""
    reach = reach_of(proposal.policy)
    return next((name for name, way in sorted(reach.items()) if way.medium == medium), "")
