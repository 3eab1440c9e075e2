"""`relance score evaluate`: how good the late-payment estimate is on the user's own past."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit
from relance.cli.words import _

HELP = _(
    "Try the late-payment estimate on what happened: each receivable that was paid is judged with "
    "what was known 30 days before its due date. Consumers are left out.\n\n"
    "The estimate orders lists; no level is sent or withheld because of it.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance score evaluate\n"
    "  relance score evaluate --json"
)


class Action(StrEnum):
    """What to do with the estimate."""

    EVALUATE = "evaluate"


def score(
    call: Call,
    action: Annotated[  # noqa: ARG001 - the command reads as a sentence
        Action, typer.Argument(help=_("evaluate."))
    ] = Action.EVALUATE,
) -> int:
    """Do what is asked; to evaluate is all there is."""
    from relance.diagnostics import Diagnostic
    from relance.reports.score_view import score_json, score_view
    from relance.runs.score import evaluated

    policy = project.policy_of(call)
    with project.history_of(policy) as history:
        portfolio = project.proposal_of(call, policy, history).portfolio
    found = evaluated(portfolio)
    if isinstance(found, Diagnostic):
        raise project.refused_by(call, [found])
    if call.json:
        output.show_json(
            {"schema_version": 1, "run_date": portfolio.today.isoformat(), **score_json(found)}
        )
    else:
        output.show(score_view(found, call.language))
    return Exit.DONE
