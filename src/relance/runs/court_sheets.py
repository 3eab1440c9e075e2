"""Data sheets of procedures: what is claimed, whether the law lets it, and what proves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from relance.diagnostics import Diagnostic, Phrase
from relance.dunning.disputes import contested
from relance.dunning.limitation import add_last_days
from relance.law.routes import ROUTES, Situation, accessories_in, bar
from relance.money import to_minor, to_text
from relance.policy.handovers import Handover
from relance.policy.model import Policy
from relance.runs import handover_codes as codes
from relance.runs.proposal import Proposal

Fields = dict[str, Any]


def default_sheet(step: Handover | None, policy: Policy) -> str | None:
    """Return the data sheet of `step`: its own; of one in court that of the country; else None."""
    if step is None or (step.sheet is None and not step.judicial):
        return None
    return step.sheet or {"FR": "fr-order", "BE": "be-undisputed"}.get(policy.governing_law)


def sheet_of(
    name: str, rows: pl.DataFrame, dossier: Mapping[str, Any], proposal: Proposal
) -> Fields | Diagnostic:
    """Return the data sheet `name` for `rows` as JSON, or why the law does not let it be made.

    Args:
        dossier: what `runs.dossier.facts_of` gives of the same rows.
    """
    limited = add_last_days(rows, proposal.portfolio.past, proposal.policy)
    last = limited["court_until"].drop_nulls()
    earliest: date | None = min(last) if len(last) else None
    reasons = [
        bar(ROUTES[name], _situation(c, rows, dossier, earliest, proposal), proposal.today)
        for c in dossier["claim"]["totals"]
    ]
    found = next((reason for reason in reasons if reason), None)
    if found:
        facts = {"sheet": name, "subject": dossier["debtor"]["id"], "why": Phrase(found[0]), "article": found[1]}  # fmt: skip
        return Diagnostic(codes.SHEET_BARRED, None, facts)
    formal = rows["formal_notice"].drop_nulls()
    return {
        "sheet": name,
        "date": proposal.today.isoformat(),
        "debtor": dossier["debtor"],
        "claim": dossier["claim"],
        "claimed": _claimed(name, dossier["claim"]["totals"]),
        "formal_notice": max(formal).isoformat() if len(formal) else None,
        "court_until": earliest.isoformat() if earliest else None,
        "notices": dossier["notices"],
        "proofs": [],
    }


def _situation(
    currency: str,
    rows: pl.DataFrame,
    dossier: Mapping[str, Any],
    last_day: date | None,
    proposal: Proposal,
) -> Situation:
    totals, debtor = dossier["claim"]["totals"][currency], dossier["debtor"]
    creditor = proposal.policy.creditor
    return Situation(
        principal=Decimal(totals["principal"]),
        interest=Decimal(totals["interest"]),
        currency=currency,
        home=creditor.country,
        country=debtor["country"],
        kind=debtor["kind"],
        ours=creditor.registration,
        theirs=debtor["registration"],
        disputed=bool(rows.select(contested().any()).item()),
        insolvent=bool(rows["insolvent"].any()),
        last_day=last_day,
        due=rows["due"].null_count() == 0 and bool((rows["due"] < proposal.today).all()),
    )


def _claimed(name: str, totals: Mapping[str, Mapping[str, str]]) -> Fields:
    """Return what is claimed beside the principal, within what the procedure allows."""
    [(currency, sums)] = totals.items()
    minor = {each: to_minor(Decimal(text), currency) for each, text in sums.items()}
    accessories = minor["interest"] + minor["compensation"]
    allowed = accessories_in(ROUTES[name], minor["principal"], accessories)
    shown = {
        "accessories": accessories,
        "accessories_claimed": allowed,
        "total": minor["principal"] + allowed,
    }
    return {
        "currency": currency,
        "limited": name == "be-undisputed",
        **{each: to_text(amount, currency) for each, amount in shown.items()},
    }


def with_proofs(sheet: Fields, files: Sequence[str]) -> Fields:
    """Return `sheet` with the files that prove the claim."""
    return {**sheet, "proofs": list(files)}
