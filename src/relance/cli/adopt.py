"""`relance adopt`: where an old book starts, set without sending anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.people import operator_name
from relance.cli.words import _

if TYPE_CHECKING:
    import polars as pl

    from relance.policy.model import Policy

HELP = _(
    "Set where an old book starts, without sending anything: each open item that was never dunned "
    "is set to the highest level whose day is reached. Without --yes it only shows them.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance adopt                          what would be set\n"
    "  relance adopt --yes                    set it\n"
    "  relance adopt --level reminder-1 --yes     all of them at that level"
)


def adopt(
    call: Call,
    level: Annotated[
        str | None, typer.Option("--level", metavar="ID", help=_("The level to set, for all."))
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help=_("Record it, not only show it."))] = False,
) -> int:
    """Show or record the levels."""
    from relance.runs import adoption

    policy = project.policy_of(call)
    if level is not None:
        _check_level(level, policy)
    if not yes:
        with project.history_of(policy) as history:
            levels = adoption.adoptable(project.proposal_of(call, policy, history), level)
        _show(call, levels, done=None)
        return Exit.DONE
    with project.locked(policy), project.history_of(policy, readonly=False) as history:
        levels = adoption.adoptable(project.proposal_of(call, policy, history), level)
        done = adoption.adopt(levels, history, operator_name())
    _show(call, levels, done)
    return Exit.DONE


def _check_level(level: str, policy: Policy) -> None:
    known = sorted({rung.id for p in policy.procedures.values() for rung in p.levels})
    if level not in known:
        raise Stop(
            Exit.USAGE,
            _("--level: no procedure has a level {level}").format(level=level),
            _("one of {levels}").format(levels=", ".join(known)),
        )


def _show(call: Call, levels: pl.DataFrame, done: int | None) -> None:
    if call.json:
        output.show_json(_fields(levels, done))
        return
    if call.quiet:
        return
    from relance.reports.adoption_table import adoption_table

    output.show(adoption_table(levels, call.language))
    if done is None and levels.height:
        output.tell(call, _("Nothing was recorded: `relance adopt --yes` does it."))
    elif done is not None:
        output.tell(call, _("Recorded: {count}.").format(count=done))


def _fields(levels: pl.DataFrame, done: int | None) -> dict[str, Any]:
    from relance.money import to_text

    return {
        "schema_version": 1,
        "recorded": done or 0,
        "levels": [
            {
                "number": row["number"],
                "debtor": row["debtor"],
                "procedure": row["procedure"],
                "level": row["level"],
                "open": to_text(row["open"], row["currency"]),
            }
            for row in levels.iter_rows(named=True)
        ],
    }
