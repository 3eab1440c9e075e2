"""`relance dashboard`: the state of the book as one page for a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from relance.cli import files, output, project
from relance.cli.call import Call
from relance.cli.exits import Exit
from relance.cli.words import _

HELP = _(
    "Write one page for a browser with the figures, charts and lists of the day: who owes what, "
    "what is overdue, what runs today.\n\n"
    "The page is one file that loads nothing: it opens from a disk, can be printed, and its lists "
    "sort and filter.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance dashboard                        writes dashboard.html into the project\n"
    "  relance dashboard -o /srv/reports/debtors.html --lang nl\n"
    "  relance dashboard --no-names             pseudonyms instead of names"
)


def dashboard(
    call: Call,
    to: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help=_("The page to write.")),
    ] = None,
    no_names: Annotated[
        bool,
        typer.Option("--no-names", help=_("Leave out all personal data: pseudonyms, no names.")),
    ] = False,
) -> int:
    """Write the page."""
    from relance.reports.dashboard.page import dashboard_page
    from relance.reports.dashboard.privacy import without_names
    from relance.runs.dashboard import pseudonym_key, view_of
    from relance.runs.indicators import Asked, report_of

    language = call.asked or call.language
    policy = project.policy_of(call)
    with project.history_of(policy) as history:
        proposal = project.proposal_of(call, policy, history)
        report, _portfolio = report_of(policy, history, Asked(proposal.today))
    view = view_of(proposal, report)
    if no_names:
        view = without_names(view, pseudonym_key(policy))
    page = dashboard_page(view, language)
    to = to or policy.root / "dashboard.html"
    files.write(to, [page], private=not no_names)
    output.brief(call, proposal.diagnostics)
    if call.json:
        fields = {"page": str(to), "bytes": len(page), "language": language, "names": not no_names}
        output.show_json({"schema_version": 1, "run_date": proposal.today.isoformat(), **fields})
    elif not call.quiet:
        output.show_text([str(to)])
    return Exit.DONE
