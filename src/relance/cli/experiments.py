"""`relance experiments`: what the arms of experiments came to."""

from __future__ import annotations

from typing import Annotated

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.words import _

HELP = _(
    "Show what experiments came to: of each arm how many debtors paid within 7, 14 and 30 days after the "
    "day of the level, and the differences with their intervals. Below 200 debtors in each arm nothing is "
    "compared.\n\n"
    "Paid after a reminder is not because of it: only an arm that waits or gets nothing shows what "
    "reminders do.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance experiments\n"
    "  relance experiments tone-2027\n"
    "  relance experiments --json"
)


def experiments(
    call: Call,
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help=_("Name of the experiment."))
    ] = None,
) -> int:
    """Show the experiments of the project."""
    policy = project.policy_of(call)
    from relance.reports.experiments_view import experiment_json, experiment_view
    from relance.reports.tables import stacked
    from relance.runs.experiments import results_of

    with project.history_of(policy) as history:
        portfolio = project.proposal_of(call, policy, history).portfolio
        found = results_of(portfolio, history)
    if name is not None:
        known = [each.name for each in found]
        found = [each for each in found if each.name == name]
        if not found:
            raise Stop(
                Exit.USAGE,
                _("there is no experiment {name}").format(name=name),
                _("known: {names}").format(names=", ".join(known) or "–"),
            )
    if call.json:
        told = [experiment_json(each) for each in found]
        day = portfolio.today.isoformat()
        output.show_json({"schema_version": 1, "run_date": day, "experiments": told})
    elif not found:
        output.tell(call, _("There is no experiment: write `experiment:` at a level."))
    else:
        output.show(stacked([experiment_view(each, call.language) for each in found]))
    return Exit.DONE
