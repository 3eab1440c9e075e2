"""The letter of an offer: as a PDF, or as an e-mail with that PDF."""

from __future__ import annotations

from typing import Any

import polars as pl

from relance.diagnostics import Diagnostic
from relance.dunning.offers import Offer
from relance.dunning.plan import Arrangement, Notice
from relance.dunning.writing import line_of
from relance.history.store import History
from relance.runs import instalment_codes as own
from relance.runs.instalment_letter import Form, letter_of, notice_of
from relance.runs.offers import offers, terms_of
from relance.runs.proposal import Proposal

TEMPLATE = "offer"


def offer_letter(
    number: int, proposal: Proposal, history: History, medium: str
) -> bytes | list[Diagnostic]:
    """Return the letter of offer `number` as `medium` carries it, or why there is none.

    "letter": a PDF; "email": a message with the PDF, to the debtor's address.
    """
    return letter_of(_notice(number, proposal, medium), proposal, history)


def _notice(number: int, proposal: Proposal, medium: str) -> Notice | Diagnostic:
    offer = next((o for o in offers(proposal) if o.number == number), None)
    items = {each.item: each for each in offer.items} if offer else {}
    owed = proposal.facts.filter(pl.col("item").is_in(list(items))).sort("due", "number", "item")
    if offer is None or owed.height < len(items):
        return Diagnostic(own.NO_OFFER, None, {"subject": number})
    rows = [row | {"open": items[row["item"]].owed} for row in owed.iter_rows(named=True)]
    return _made(offer, rows, proposal, medium)


def _made(offer: Offer, rows: list[dict[str, Any]], proposal: Proposal, medium: str) -> Notice:
    arrangement = Arrangement(
        offer.number,
        ((offer.until, offer.owed - offer.less),),
        terms_of(rows, offer.until),
        offer.less,
        0,
        percent=offer.percent or "",
    )
    form = Form(TEMPLATE, "offer", "friendly", offer.made, arrangement)
    return notice_of(form, rows[0], tuple(line_of(row) for row in rows), (proposal, medium))
