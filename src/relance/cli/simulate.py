"""`relance simulate`: what procedures would send and ask for over a period."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli import files, output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.typed import day_of
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.policy.model import Policy
    from relance.runs.simulation import Named
    from relance.simulation.sides import Simulation
    from relance.simulation.story import Period

HELP = _(
    "Play the procedures over a period, day by day: notices, tasks and what they cost, for whom and by "
    "what. Nothing is sent or recorded.\n\n"
    "Up to today payments are those that came; after it they are drawn from how each debtor paid, by a "
    "seed. They do not depend on what is sent: what reminders bring in is not simulated.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance simulate                        the year to come, as things stand\n"
    "  relance simulate --from 2025-01-01 --to 2025-12-31\n"
    "  relance simulate --against gentle       all debtors under another procedure\n"
    "  relance simulate --against ../new -o sim.html\n"
    "  relance simulate --synthetic 10000 --seed 7"
)

YEAR = 365
MOST = 3 * 366 + 1
"""Days that may be played at once."""


def simulate(  # noqa: PLR0913, PLR0917 - a parameter is an option
    call: Call,
    first: Annotated[
        str | None,
        typer.Option("--from", metavar="YYYY-MM-DD", help=_("First day; today, if not given.")),
    ] = None,
    last: Annotated[
        str | None,
        typer.Option("--to", metavar="YYYY-MM-DD", help=_("Last day; a year later, if not given.")),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="DIR|PROCEDURE",
            help=_("Beside it the policy of another project directory, or one procedure for all."),
        ),
    ] = None,
    synthetic: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=1_000_000,
            metavar="N",
            help=_("Play N receivables that are made up, not those of the project."),
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(metavar="N", help=_("Another seed draws other payments."))
    ] = 1,
    page: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help=_("Write a page (HTML) to FILE.")),
    ] = None,
    csv: Annotated[
        bool, typer.Option("--csv", help=_("Write what was sent and given day by day, as CSV."))
    ] = False,
) -> int:
    """Show what the period came to."""
    policy = project.policy_of(call)
    period = _period(first, last, call.today(policy))
    policies: list[Named] = [(_("this project"), policy)]
    if against is not None:
        policies.append((against, _other(call, policy, against)))
    played = _play(call, period, seed, synthetic, policies)
    if page is not None:
        from relance.reports.simulation_page import simulation_page

        files.write(page, [simulation_page(played, call.language).encode()])
        output.tell(call, _("The page is in {file}.").format(file=page))
    _show(call, played, csv=csv, quiet=page is not None)
    return Exit.DONE


def _period(first: str | None, last: str | None, today: date) -> Period:
    from relance.simulation.story import Period

    begin = day_of(first, "--from") if first else today
    end = day_of(last, "--to") if last else begin + timedelta(days=YEAR - 1)
    if end < begin:
        raise Stop(Exit.USAGE, _("--to: {last} is before {first}").format(last=end, first=begin))
    if (end - begin).days >= MOST:
        raise Stop(Exit.USAGE, _("the period is longer than three years"))
    return Period(begin, end)


def _other(call: Call, policy: Policy, name: str) -> Policy:
    """Return the policy of another directory, or `policy` with one procedure for all."""
    from relance.runs.simulation import following

    folder = Path(name)
    if (folder / "relance.yaml").is_file():
        reading = project.read(folder)
        if reading.policy is None:
            raise project.refusal(call, Exit.USAGE, reading.diagnostics)
        return reading.policy
    if name not in policy.procedures:
        raise Stop(
            Exit.USAGE,
            _("--against: {name} is neither a project directory nor a procedure").format(name=name),
            _("procedures: {names}").format(names=", ".join(sorted(policy.procedures))),
        )
    lacking = {
        channel
        for level in policy.procedures[name].levels
        for channel in level.channels
        if channel not in policy.channels
    }
    if lacking:
        raise Stop(
            Exit.USAGE,
            _(
                "--against: procedure {name} needs channels that the project does not have: {channels}"
            ).format(name=name, channels=", ".join(sorted(lacking))),
        )
    return following(policy, name)


def _play(
    call: Call, period: Period, seed: int, synthetic: int | None, policies: list[Named]
) -> Simulation:
    from relance.runs.simulation import simulate as play
    from relance.runs.simulation import simulate_synthetic

    policy = policies[0][1]
    if synthetic is not None:
        with output.progress(call, _("playing")):
            return simulate_synthetic(synthetic, call.today(policy), period, seed, policies)
    with project.history_of(policy) as history:
        portfolio = project.proposal_of(call, policy, history).portfolio
        with output.progress(call, _("playing")):
            return play(portfolio, history, period, seed, policies)


def _show(call: Call, played: Simulation, *, csv: bool, quiet: bool) -> None:
    if call.json:
        from relance.reports.simulation_figures import simulation_json

        output.show_json(simulation_json(played))
    elif csv:
        from relance.reports.simulation_figures import simulation_csv

        output.show_text(simulation_csv(played).splitlines())
    elif not call.quiet and not quiet:
        from relance.reports.simulation_view import simulation_view

        output.show(simulation_view(played, call.language))
