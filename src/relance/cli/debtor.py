"""`relance debtor`: all that is known of one debtor; who is over the credit limit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from relance.cli import files, output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.people import operator_name
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.policy.model import Policy
    from relance.runs.hold_list import HoldList

HELP = _(
    "Show all that is known of a debtor: what is open and what comes next, how it pays, promises, "
    "disputes, notes, tasks, history; or who is over the credit limit, or pays badly.\n\n"
    "A list for the ERP is written after a person approved exactly that list, by name.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance debtor C12\n"
    "  relance debtor C12 --html C12.html         a page to read, print or pass on\n"
    "  relance debtor C12 --json\n"
    "  relance debtor --over-limit\n"
    "  relance debtor --over-limit --approve 5f0c2a91d3e8 -o hold.csv\n"
    "  relance debtor --terms                     stricter terms for bad payers\n"
    "  relance debtor --terms --approve 81cc20aa97f1 --except C7 -o terms.csv"
)


def debtor(  # noqa: PLR0913, PLR0917 - a parameter is an option
    call: Call,
    number: Annotated[
        str | None, typer.Argument(metavar="ID", help=_("Number of the debtor."))
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html", metavar="FILE", help=_("Write the sheet as one page for a browser.")
        ),
    ] = None,
    over_limit: Annotated[
        bool, typer.Option("--over-limit", help=_("Show who is over the credit limit."))
    ] = False,
    terms: Annotated[
        bool, typer.Option("--terms", help=_("Propose stricter terms for firms that pay badly."))
    ] = False,
    without: Annotated[
        list[str] | None,
        typer.Option(
            "--except", metavar="ID", help=_("With --terms --approve: not this debtor; repeatable.")
        ),
    ] = None,
    approve: Annotated[
        str | None,
        typer.Option("--approve", metavar="LIST", help=_("Answer for this list, by name.")),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help=_("CSV of the approved list.")),
    ] = None,
) -> int:
    """Show a debtor, or the hold list."""
    policy = project.policy_of(call)
    if without and not approve:
        raise Stop(
            Exit.USAGE,
            _("--except goes with --approve"),
            _("`relance debtor --terms --approve LIST --except ID`"),
        )
    if terms and number is None and html is None and not over_limit:
        from relance.cli.debtor_terms import stricter_terms

        return stricter_terms(call, policy, approve, without or [], to)
    if over_limit and number is None and html is None and not terms and not without:
        return _hold_list(call, policy, approve, to)
    if number is None or over_limit or terms or without or approve or to:
        raise Stop(
            Exit.USAGE,
            _(
                "a debtor's number, --over-limit or --terms: one of them; --approve and -o go with a list"
            ),
            _("`relance debtor C12`, `relance debtor --over-limit` or `relance debtor --terms`"),
        )
    return _sheet(call, policy, number, html)


def _sheet(call: Call, policy: Policy, number: str, html: Path | None) -> int:
    from relance.diagnostics import Diagnostic
    from relance.runs.debtor_sheet import sheet_of
    from relance.runs.notes import findings_of

    with project.history_of(policy) as history:
        proposal = project.proposal_of(call, policy, history)
        sheet = sheet_of(proposal, history, number, call.language)
    if isinstance(sheet, Diagnostic):
        raise project.refused_by(call, [sheet])
    if html is not None:
        _write_page(sheet, html, call)
    if call.json:
        output.show_json(sheet)
        return Exit.DONE
    output.report(call, findings_of(sheet["notes"]), "concise")
    if html is not None:
        output.tell(call, _("Written: {file}.").format(file=html))
        return Exit.DONE
    from relance.reports.debtor_view import debtor_view

    output.show(debtor_view(sheet, call.language))
    return Exit.DONE


def _write_page(sheet: dict[str, Any], file: Path, call: Call) -> None:
    from relance.reports.debtor_page import debtor_page

    files.write(file, [debtor_page(sheet, call.language).encode()])


def _hold_list(call: Call, policy: Policy, key: str | None, to: Path | None) -> int:
    from relance.runs.hold_list import approval_of, hold_list, not_approved
    from relance.runs.hold_list import approve as answer_for

    with project.history_of(policy, readonly=key is None) as history:
        proposal = project.proposal_of(call, policy, history)
        today = hold_list(proposal.facts, policy.creditor.currency, proposal.today)
        if key is not None:
            wrong = answer_for(today, key, operator_name(), to, history)
            if wrong:
                raise project.refused_by(call, wrong)
        approval = approval_of(today, history)
    if to is not None:
        if approval is None:
            raise project.refused_by(call, not_approved(today))
        _write_list(today, dict(approval), to)
    _show_list(call, today, dict(approval) if approval else None, to)
    return Exit.DONE


def _write_list(today: HoldList, approval: dict[str, Any], to: Path) -> None:
    from relance.runs.hold_list import for_the_erp

    files.write(to, [for_the_erp(today, approval).encode()])


def _show_list(
    call: Call, today: HoldList, approval: dict[str, Any] | None, to: Path | None
) -> None:
    from relance.reports.hold_table import hold_json, hold_table

    rows = [_fields(each) for each in today.rows]
    told = {
        "list": today.key,
        "run_date": today.today.isoformat(),
        "currency": today.currency,
        "without_limit": today.without,
        "approved_by": approval["by"] if approval else None,
        "approved_at": approval["at"] if approval else None,
        "file": str(to) if to else None,
    }
    if call.json:
        output.show_json(hold_json(rows, told))
    else:
        output.show(hold_table(rows, told, call.language))


def _fields(over: Any) -> dict[str, Any]:
    names = ("debtor", "name", "exposure", "limit", "overdue", "reason")
    return {name: getattr(over, name) for name in names}
