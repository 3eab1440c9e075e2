"""`relance debtor --terms`: stricter terms for bad payers, proposed and approved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from relance.cli import files, output, project
from relance.cli.call import Call
from relance.cli.exits import Exit
from relance.cli.people import operator_name

if TYPE_CHECKING:
    from relance.policy.model import Policy


def stricter_terms(
    call: Call, policy: Policy, key: str | None, without: list[str], to: Path | None
) -> int:
    """Show today's list; with `key`, approve it but for `without`; with `to`, write what is approved."""
    from relance.reports.stricter_view import terms_csv, terms_json, terms_table
    from relance.runs.terms import approval_of, approve, not_approved, terms_list

    with project.history_of(policy, readonly=key is None) as history:
        today = terms_list(project.proposal_of(call, policy, history))
        if key is not None:
            wrong = approve(today, key, operator_name(), without, history)
            if wrong:
                raise project.refused_by(call, wrong)
        approval = approval_of(today, history)
    if to is not None and approval is None:
        raise project.refused_by(call, [not_approved(today)])
    rows = today.without(approval.get("without", ()) if approval else ())
    if to is not None and approval is not None:
        text = terms_csv(rows, approval, today.currency, policy.creditor.language)
        files.write(to, [text])
    told = {
        "list": today.key,
        "run_date": today.today.isoformat(),
        "currency": today.currency,
        "persons": today.persons,
        "without": list(approval.get("without", ())) if approval else [],
        "approved_by": approval["by"] if approval else None,
        "approved_at": approval["at"] if approval else None,
        "file": str(to) if to else None,
    }
    if call.json:
        output.show_json(terms_json(rows, told, call.language))
    else:
        output.show(terms_table(rows, told, call.language))
    return Exit.DONE
