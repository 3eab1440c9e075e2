"""The letter that proposes a payment plan: as a PDF, or as an e-mail with that PDF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
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
    beside = sum(line["interest"] + line["compensation"] for line in event["lines"])
    arrangement = Arrangement(
        event["seq"],
        tuple((each["due"], each["amount"]) for each in event["schedule"]),
        event["code"],
        beside,
        Rules.of(proposal.policy).grace,
        event["until"],
    )
    form = Form(TEMPLATE, "proposal", "neutral", event["date"], arrangement)
    return notice_of(form, owed.row(0, named=True), _lines(event, owed), (proposal, medium))


@dataclass(frozen=True, slots=True)
class Form:
    """What an arrangement is written with; `made` is the day of the letter."""

    template: str
    level: str
    tone: str
    made: date
    arrangement: Arrangement


def notice_of(
    form: Form, row: Mapping[str, Any], lines: tuple[Line, ...], where: tuple[Proposal, str]
) -> Notice:
    """Return the notice that proposes an arrangement about `lines` to the debtor of `row`."""
    proposal, medium = where
    party = party_of(row, proposal.policy)
    by_mail = medium == "email"
    return Notice(
        key=key_of([form.template, str(form.arrangement.number)]),
        debtor=party,
        segment=row["segment"] or "",
        procedure=form.template,
        level=form.level,
        level_number=0,
        channel=_channel_for(proposal, medium),
        part="",
        medium=medium,
        recipient=(party.email or "") if by_mail else "",
        template=form.template,
        tone=form.tone,
        attach=("letter",) if by_mail else (),
        language=party.language,
        currency=row["currency"],
        receivables=lines,
        other_open=(),
        credits=(),
        approval="none",
        run_date=form.made,
        arrangement=form.arrangement,
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


def _channel_for(proposal: Proposal, medium: str) -> str:
    """Return a channel of `medium`, whose looks the letter takes; "" if there is none."""
    reach = reach_of(proposal.policy)
    return next((name for name, way in sorted(reach.items()) if way.medium == medium), "")
