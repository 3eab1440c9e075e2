"""What there is to have at hand for a call: whom to ask for, what invoices need to be paid, what was said."""

from __future__ import annotations

from typing import Any

import polars as pl

from relance.dunning.verified import verified_of
from relance.dunning.worklist import Work
from relance.ledger.build import number_in
from relance.runs.invoice_needs import CHORUS, lacks, needs
from relance.runs.proposal import Proposal

Fields = dict[str, Any]


def call_sheet(work: Work, proposal: Proposal) -> Fields:
    """Return, as JSON, whom to call about a task, and what its debtor needs to pay.

    `phone`, `mobile`, `email`, `people` (role, name, email, phone, language), and the fields of
    `billing_of`, `verified` (number, code, date) of the task's receivables.
    """
    debtors = proposal.portfolio.debtors.filter(pl.col("debtor") == work.debtor)
    own = debtors.row(0, named=True) if debtors.height else {}
    told = verified_of(proposal.portfolio.past.holds, proposal.today)
    return {
        **{name: own.get(name) for name in ("phone", "mobile", "email")},
        "people": list(own.get("people") or ()),
        **billing_of(work.debtor, proposal, work.items),
        "verified": [
            {"number": number_in(item), "code": told[item].code, "date": told[item].on.isoformat()}
            for item in work.items
            if item in told
        ],
    }


def billing_of(debtor: str, proposal: Proposal, items: tuple[str, ...] = ()) -> Fields:
    """Return what a debtor's invoices must carry to be paid, and where they are handed in.

    `needs`: words of `policy.Need`, and `chorus` for Chorus Pro. `portal`: as the customers' file
    says. `lacks`: numbers of open invoices, of `items` alone where given, with the needs that each
    has not met.
    """
    debtors = proposal.portfolio.debtors.filter(pl.col("debtor") == debtor)
    own = debtors.row(0, named=True) if debtors.height else {}
    open_ = (pl.col("open") > 0) & ~pl.col("credit") & ~pl.col("missing")
    rows = proposal.facts.filter((pl.col("debtor") == debtor) & open_).sort("due", "item")
    asked = rows.select(wanted.any().alias(need) for need, wanted in needs(proposal.policy).items())
    found = [need for need in asked.columns if rows.height and asked[need][0]]
    if items:
        rows = rows.filter(pl.col("item").is_in(items))
    missing = [
        {"number": number, "code": rule.code}
        for rule, lacking in lacks(proposal.policy)
        for number in rows.filter(lacking)["number"].to_list()
    ]
    return {
        "needs": found or list(own.get("requires") or ()),
        "portal": own.get("portal") or ("Chorus Pro" if CHORUS in found else None),
        "lacks": missing,
    }
