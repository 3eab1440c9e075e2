"""`relance status`: the aged balance and where the items stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit
from relance.cli.words import _

if TYPE_CHECKING:
    from rich.console import RenderableType

    from relance.runs.proposal import Proposal

HELP = _(
    "Show the aged balance per currency, and how many items have each verdict.\n\n"
    "The net balance is that of the accounts which the sources describe.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance status\n"
    "  relance status --date 2026-03-31 --json"
)


def status(call: Call) -> int:
    """Show the status."""
    from relance.runs.brakes import paused

    policy = project.policy_of(call)
    project.note_printed(call, policy)
    with project.history_of(policy) as history:
        proposal = project.proposal_of(call, policy, history)
        pauses = paused(policy, history)
    home = policy.creditor.currency
    output.report(call, pauses, "concise")
    if call.json:
        from relance.reports.accessories_table import accessories_json
        from relance.reports.status import status_json
        from relance.runs.payment_facts import sums

        summary, unallocated = proposal.plan.summary, sums(proposal.portfolio)
        fields = status_json(proposal.facts, proposal.today, summary, home, unallocated)
        fields |= {"accessories": accessories_json(proposal.accessories), "paused": bool(pauses)}
        output.show_json(fields)
    else:
        output.brief(call, proposal.diagnostics)
        _show(call, proposal)
    return Exit.DONE


def _show(call: Call, proposal: Proposal) -> None:
    from rich.text import Text

    from relance.reports import status as report
    from relance.reports.accessories_table import accessories_table
    from relance.reports.figures import long_date_text, safe
    from relance.reports.tables import stacked
    from relance.runs.payment_facts import sums

    day = long_date_text(proposal.today, call.language)
    name = safe(proposal.policy.creditor.name)
    parts: list[RenderableType] = [Text(f"{name} · {day}", style="bold")]
    home = proposal.policy.creditor.currency
    for row in report.balances(proposal.facts, home).iter_rows(named=True):
        parts.append(report.ageing_table(row, call.language))
    if proposal.facts.height:
        parts.append(report.verdicts_table(proposal.facts, call.language))
    payments = report.payments_table(sums(proposal.portfolio), call.language)
    if payments.rows:
        parts.append(payments)
    left = proposal.accessories
    if not left.is_empty():
        parts.append(accessories_table(left, call.language))
    output.show(stacked(parts))
