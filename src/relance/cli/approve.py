"""`relance approve`: releases what waits for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.people import operator_name
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.history.values import Approval
    from relance.runs.proposal import Proposal

HELP = _(
    "Approve today's plan by its hash, or one notice by its key; the next run sends what was "
    "approved. The beginning of a hash or key is enough. The approval of a plan holds for that plan "
    "only: another day or other data make another plan.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance approve 3fa9c1d2e4b7     the plan, with all its notices that wait\n"
    "  relance approve 81c0ffee12ab     one notice\n"
    "  relance approve --list           what was approved, by whom and when"
)
_SHORTEST = 8
SHOWN = 50
"""Approvals that are listed, the last ones."""


def approve(
    call: Call,
    keys: Annotated[
        list[str] | None,
        typer.Argument(metavar="HASH...", help=_("Hash of the plan, or keys of notices.")),
    ] = None,
    listing: Annotated[
        bool, typer.Option("--list", help=_("List what was approved, by whom and when."))
    ] = False,
) -> int:
    """Approve, or list approvals."""
    policy = project.policy_of(call)
    if listing:
        with project.history_of(policy) as history:
            _show(call, history.approved())
        return Exit.DONE
    if not keys:
        raise Stop(Exit.USAGE, _("approve what?"), _("`relance plan` shows the hash of the plan"))
    with project.history_of(policy, readonly=False) as history:
        proposal = project.proposal_of(call, policy, history)
        found = [_whole(key, proposal) for key in keys]
        history.approve(found, operator_name(), _facts(found, proposal))
    if call.json:
        output.show_json({"schema_version": 1, "approved": found})
    else:
        output.tell(call, _("Approved: {keys}.").format(keys=", ".join(key[:12] for key in found)))
    return Exit.DONE


def _whole(key: str, proposal: Proposal) -> str:
    """Return the hash or key that `key` begins, of today's plan."""
    known = [proposal.plan.plan_hash, *(notice.key for notice in proposal.plan.notices)]
    found = {name for name in known if name.startswith(key)} if len(key) >= _SHORTEST else set()
    if len(found) == 1:
        return found.pop()
    raise Stop(
        Exit.USAGE,
        _("{key} is neither the hash of today's plan nor the key of one of its notices").format(
            key=key
        ),
        _("`relance plan` shows the hash; it changes when the data or the date does"),
    )


def _facts(keys: list[str], proposal: Proposal) -> dict[str, dict[str, Any]]:
    """Return what is approved, as it is now, by key."""
    from relance.runs.approvals import facts_of_notice, facts_of_plan

    plan = proposal.plan
    facts = {notice.key: facts_of_notice(notice) for notice in plan.notices if notice.key in keys}
    return facts | ({plan.plan_hash: facts_of_plan(proposal)} if plan.plan_hash in keys else {})


def _show(call: Call, given: list[Approval]) -> None:
    if call.json:
        output.show_json({"schema_version": 1, "approvals": [_fields(one) for one in given]})
        return
    if not given:
        output.tell(call, _("Nothing was approved."))
        return
    from relance.reports.figures import safe
    from relance.reports.tables import Column, Table

    rows = [
        [f"{one.at:%Y-%m-%d %H:%M} UTC", safe(one.by), _what(one), one.key[:12]]
        for one in given[-SHOWN:][::-1]
    ]
    columns = [Column(_("When")), Column(_("Who"), fit="cut"), Column(_("What")), Column(_("Key"))]
    left = len(given) - len(rows)
    note = _("… and {count} earlier ones: --json has them all").format(count=left) if left else ""
    output.show(Table(_("Approvals"), columns, rows, note=note))


def _fields(one: Approval) -> dict[str, Any]:
    kind = "plan" if "date" in one.facts else "notice"
    return {"key": one.key, "kind": kind, "at": one.at.isoformat(), "by": one.by,
            "run_date": one.facts.get("date"), "notices": len(one.facts.get("notices", ()))}  # fmt: skip


def _what(one: Approval) -> str:
    if "date" not in one.facts:
        return _("a notice")
    count = len(one.facts["notices"])
    return _("plan of {day}, notices: {count}").format(day=one.facts["date"], count=count)
