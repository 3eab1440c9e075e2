"""`relance forecast`: the coming weeks: the cash that is expected, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli import files, output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.policy.model import Policy
    from relance.reports.workbook import Cell
    from relance.simulation.forecasts import CashForecast

HELP = _(
    "Show the cash of the coming weeks: what falls due, and what is expected, with the sums that are "
    "undercut in one week of ten, in half of them and in nine of ten (P10, P50, P90).\n\n"
    "It is drawn from how each debtor paid before, and widened by how often it was wrong on your own "
    "past. Nothing is sent and nothing recorded.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance forecast\n"
    "  relance forecast --weeks 13\n"
    "  relance forecast --backtest           how often it would have been right\n"
    "  relance forecast --calendar           what will be sent and done, week by week\n"
    "  relance forecast -o cash.xlsx         or .csv"
)
MOST_WEEKS = 26


def forecast(  # noqa: PLR0913, PLR0917 - a parameter is an option
    call: Call,
    weeks: Annotated[
        int, typer.Option("--weeks", metavar="N", help=_("How many weeks, this one included."))
    ] = 8,
    backtest: Annotated[
        bool, typer.Option("--backtest", help=_("Show how good it would have been on the past."))
    ] = False,
    calendar: Annotated[
        bool,
        typer.Option(
            "--calendar", help=_("Show what is to be sent and done, instead of the cash.")
        ),
    ] = False,
    seed: Annotated[
        str,
        typer.Option(
            "--seed", metavar="TEXT", help=_("Draw otherwise; the same seed draws the same.")
        ),
    ] = "relance",
    file: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help=_("Write it: .xlsx or .csv.")),
    ] = None,
) -> int:
    """Show the coming weeks."""
    if not 1 <= weeks <= MOST_WEEKS:
        raise Stop(
            Exit.USAGE,
            _("--weeks: {count} is not between 1 and {most}").format(count=weeks, most=MOST_WEEKS),
        )
    if calendar and backtest:
        raise Stop(Exit.USAGE, _("--calendar and --backtest: one of them"))
    policy = project.policy_of(call)
    if calendar:
        return _calendar(call, policy, (weeks, seed), file)
    from relance.runs.forecast import forecast_cash

    with project.history_of(policy) as history:
        proposal = project.proposal_of(call, policy, history)
        with output.progress(call, _("drawing the weeks")):
            found = forecast_cash(proposal, weeks, seed)
    if file is not None:
        from relance.reports.forecast_json import cash_rows

        _write(call, _("Cash expected"), cash_rows(found, call.language), file)
    elif call.json:
        _show_json(found, backtest=backtest)
    else:
        from relance.reports.forecast_view import cash_view, trial_view

        view = trial_view if backtest else cash_view
        output.show(view(found, call.language))
    return Exit.DONE


def _show_json(found: CashForecast, *, backtest: bool) -> None:
    from relance.reports.forecast_json import cash_json, judged_json

    told = {"schema_version": 1, "run_date": found.today.isoformat(), **cash_json(found)}
    if backtest and found.trial is not None:
        told["judged"] = judged_json(found.trial)
    output.show_json(told)


def _calendar(call: Call, policy: Policy, asked: tuple[int, str], file: Path | None) -> int:
    from relance.reports.calendar_forecast_view import calendar_json, calendar_rows, calendar_view
    from relance.runs.sending_calendar import forecast_calendar
    from relance.simulation.forecasts import weeks_from

    with project.history_of(policy) as history:
        proposal = project.proposal_of(call, policy, history)
        weeks = weeks_from(proposal.today, asked[0])
        with output.progress(call, _("playing the days")):
            found = forecast_calendar(proposal, weeks, asked[1])
    if file is not None:
        rows = calendar_rows(found, call.language)
        _write(call, _("What is to be sent and done"), rows, file)
    elif call.json:
        day = proposal.today.isoformat()
        told = {"schema_version": 1, "run_date": day, "calendar": calendar_json(found)}
        output.show_json(told)
    else:
        output.show(calendar_view(found, weeks, call.language))
    return Exit.DONE


def _write(call: Call, title: str, rows: list[list[Cell]], file: Path) -> None:
    from relance.reports.workbook import for_excel, workbook

    makers: dict[str, Callable[[], bytes]] = {
        ".xlsx": lambda: workbook(title, rows),
        ".csv": lambda: for_excel(rows),
    }
    if file.suffix.lower() not in makers:
        raise Stop(
            Exit.USAGE,
            _("{file}: of what kind?").format(file=file),
            _("end its name in .xlsx or .csv"),
        )
    files.write(file, [makers[file.suffix.lower()]()])
    output.tell(call, _("Written: {file}.").format(file=file))
