"""`relance score`: the scores of others, and how good our own estimate is."""

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
    "what was known 30 days before its due date. Show the scores of others, and ask for new ones. "
    "Natural persons are left out of all of it.\n\n"
    "A score and the estimate order lists; no level is sent or withheld because of them.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance score evaluate\n"
    "  relance score evaluate --models      needs relance[score]\n"
    "  relance score list                   which score counts, and how old it is\n"
    "  relance score fetch --dry-run        whom the services would be asked about\n"
    "  relance score fetch --quiet          for cron, after the run"
)


class Action(StrEnum):
    """What to do with scores."""

    EVALUATE = "evaluate"
    LIST = "list"
    FETCH = "fetch"


def score(
    call: Call,
    action: Annotated[Action, typer.Argument(help=_("evaluate, list, fetch."))] = Action.EVALUATE,
    models: Annotated[
        bool, typer.Option("--models", help=_("With evaluate: try a model beside the ratio."))
    ] = False,
    dry: Annotated[
        bool, typer.Option("--dry-run", help=_("With fetch: ask nobody, say whom about."))
    ] = False,
) -> int:
    """Do what is asked."""
    if action is Action.EVALUATE:
        return _try_models(call) if models else _evaluate(call)
    if action is Action.LIST:
        return _list(call)
    return _fetch(call, dry=dry)


def _evaluate(call: Call) -> int:
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


def _try_models(call: Call) -> int:
    from relance.cli.people import operator_name
    from relance.diagnostics import Diagnostic
    from relance.reports.models_view import models_json, models_view
    from relance.runs.score_model import compared, keep

    policy = project.policy_of(call)
    with project.history_of(policy, readonly=False) as history:
        portfolio = project.proposal_of(call, policy, history).portfolio
        with output.progress(call, _("trying the model")):
            found = compared(portfolio)
        if isinstance(found, Diagnostic):
            raise project.refused_by(call, [found])
        keep(found, portfolio.today, operator_name(), history)
    if call.json:
        day = portfolio.today.isoformat()
        output.show_json({"schema_version": 1, "run_date": day, **models_json(found)})
    else:
        output.show(models_view(found, call.language))
    return Exit.DONE


def _list(call: Call) -> int:
    from relance.reports.scores_table import scores_json, scores_table
    from relance.runs.scores import scores_of

    policy = project.policy_of(call)
    with project.history_of(policy) as history:
        portfolio = project.proposal_of(call, policy, history).portfolio
        known = scores_of(portfolio, history)
    if call.json:
        said = [d.as_json(call.language) for d in known.diagnostics]
        rows = scores_json(known.counting)
        output.show_json({"schema_version": 1, "scores": rows, "diagnostics": said})
        return Exit.DONE
    output.report(call, list(known.diagnostics))
    if known.counting.is_empty():
        output.tell(call, _("No score counts."))
    else:
        output.show(scores_table(known.counting, call.language))
    return Exit.DONE


def _fetch(call: Call, *, dry: bool) -> int:
    from relance import clock
    from relance.reports.scores_table import fetched_json, fetched_table
    from relance.runs.scores import fetch, to_ask

    policy = project.policy_of(call)
    with project.history_of(policy, readonly=dry) as history:
        portfolio = project.proposal_of(call, policy, history).portfolio
        asked = to_ask(portfolio, history)
        if not asked:
            from relance.diagnostics import Diagnostic
            from relance.runs.score_codes import NO_SERVICE

            raise project.refused_by(call, [Diagnostic(NO_SERVICE, None, {})])
        with output.progress(call, _("asking")):
            told = asked if dry else list(fetch(portfolio, history, clock.wait))
    said = [diagnostic for each in told for diagnostic in each.diagnostics]
    if call.json:
        found = [d.as_json(call.language) for d in said]
        output.show_json({**fetched_json(told, dry=dry), "diagnostics": found})
    else:
        output.report(call, said)
        if not call.quiet:
            output.show(fetched_table(told, call.language))
    return Exit.PARTLY if said else Exit.DONE
