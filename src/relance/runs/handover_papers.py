"""Dossiers and data sheets to look at: nothing is handed over by them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from relance.diagnostics import Diagnostic
from relance.dunning.handovers import step_of
from relance.history.store import History
from relance.notices.court_sheet import sheet_pdf
from relance.runs import handover_codes as codes
from relance.runs.court_sheets import default_sheet, sheet_of, with_proofs
from relance.runs.dossier import facts_of, make_dossier
from relance.runs.handovers import Asked, rows_of
from relance.runs.proposal import Proposal

Fields = dict[str, Any]
Paper = tuple[bytes, Fields, Sequence[Diagnostic]]
"""The file, what it tells as JSON, and what was left out of it."""


def dossier_about(asked: Asked, proposal: Proposal, history: History) -> Paper | list[Diagnostic]:
    """Return the dossier about what is open and late of a debtor, or about an invoice."""
    rows, step = rows_of(asked, None, proposal), step_of(asked.to, proposal.policy)
    wrong = _wrong(asked, rows, proposal)
    if wrong:
        return wrong
    made = make_dossier(rows, step, proposal, history)
    if isinstance(made, Diagnostic):
        return [made]
    told = {
        "debtor": made.facts["debtor"]["id"],
        "sha256": made.sha256,
        "bytes": len(made.content),
        "claim": made.facts["claim"]["totals"],
        "parts": list(made.parts),
    }
    return made.content, told, made.findings


def sheet_about(
    asked: Asked, name: str | None, proposal: Proposal, history: History
) -> Paper | list[Diagnostic]:
    """Return the data sheet of the procedure `name`, else of that of the country; or why it is barred."""
    rows, step = rows_of(asked, None, proposal), step_of(asked.to, proposal.policy)
    wrong = _wrong(asked, rows, proposal)
    if wrong:
        return wrong
    law = {"FR": "fr-order", "BE": "be-undisputed"}.get(proposal.policy.governing_law, "fr-order")
    facts = facts_of(rows, step, proposal, history)
    chosen = str(name or default_sheet(step, proposal.policy) or law)
    sheet = sheet_of(chosen, rows, facts, proposal)
    if isinstance(sheet, Diagnostic):
        return [sheet]
    proofs = ["statement.pdf", "interest.pdf", "notices.csv", "history.csv"]
    made = sheet_pdf(with_proofs(sheet, proofs), proposal.policy.creditor)
    return [made] if isinstance(made, Diagnostic) else (made, sheet, ())


def _wrong(asked: Asked, rows: pl.DataFrame, proposal: Proposal) -> list[Diagnostic]:
    if rows.is_empty():
        return [Diagnostic(codes.NOTHING_LEFT, None, {"subject": asked.subject})]
    if asked.to is not None and step_of(asked.to, proposal.policy) is None:
        names = ", ".join(each.id for each in proposal.policy.handovers) or "–"
        facts = {"subject": asked.subject, "to": asked.to, "names": names}
        return [Diagnostic(codes.NO_STEP, None, facts)]
    return []
