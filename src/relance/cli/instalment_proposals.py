"""What `relance instalments propose` does: from the options to the schedule and its letter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from relance.cli import project
from relance.cli.agreements import Kind, medium_of, show_new, shown
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.people import operator_name
from relance.cli.typed import day_of, no_amount, number_of
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.policy.model import Policy
    from relance.runs.proposal import Proposal


def propose(
    call: Call,
    policy: Policy,
    named: list[str],
    asked: dict[str, Any],
    then: tuple[Path | None, bool],
) -> int:
    """Propose the plan that is `asked` for `named`; show it; return the exit code.

    `then`: the file of its letter, and whether nothing is to be recorded.

    Raises:
        Stop: when it cannot be arranged, or the letter not be written.
    """
    from relance.diagnostics import Diagnostic
    from relance.runs.instalments import draft, draft_fields, propose_plan

    out, dry_run = then
    medium_of(out)
    with project.history_of(policy, readonly=dry_run) as history:
        proposal = project.proposal_of(call, policy, history)
        wish = _wish(call, named, asked, proposal)
        plan = draft(wish, proposal)
        if isinstance(plan, Diagnostic):
            raise project.refused_by(call, [plan])
        if dry_run:
            return shown(call, plan_kind(), draft_fields(plan, proposal))
        number = propose_plan(plan, wish, proposal, history)
        said = _("Proposal {number} recorded.")
        return show_new(call, policy, plan_kind(), (number, said, out), history)


def plan_kind() -> Kind:
    """Return what payment plans are to `cli.agreements`."""
    from relance.reports.instalment_table import plan_dates_table, plans_table
    from relance.runs.instalment_letter import proposal_letter
    from relance.runs.instalment_list import find, listed

    none = _("No payment plan was proposed yet.")
    return Kind("plans", none, listed, find, proposal_letter, plans_table, plan_dates_table)


def _wish(call: Call, named: list[str], asked: dict[str, Any], proposal: Proposal) -> Any:
    from relance.dunning.schedules import Rhythm
    from relance.language import day_text
    from relance.runs.instalments import Wish

    if not asked["first"]:
        raise Stop(
            Exit.USAGE,
            _("from which day?"),
            _("give --first with the date of the first instalment"),
        )
    if (asked["count"] is None) == (asked["amount"] is None):
        raise Stop(
            Exit.USAGE, _("how many instalments, or of how much?"), _("give --count or --amount")
        )
    day = day_of(asked["first"], "--first")
    if day < proposal.today:
        raise Stop(
            Exit.USAGE,
            _("{date} is past: no instalment can be due on it").format(
                date=day_text(day, call.language)
            ),
            _("give a day that is still to come"),
        )
    rhythm = Rhythm(
        day,
        asked["every"],
        asked["count"],
        _minor(asked["amount"], "--amount", proposal),
        _minor(asked["first_amount"], "--first-amount", proposal),
    )
    return Wish(
        named,
        rhythm,
        asked["interest"],
        asked["not_due"],
        asked["debtor"],
        asked["reason"],
        operator_name(),
    )


def _minor(text: str | None, option: str, proposal: Proposal) -> int | None:
    from relance.money import digits, to_minor

    if text is None:
        return None
    amount, currency = number_of(text), proposal.policy.creditor.currency
    if not amount.is_finite() or -int(amount.as_tuple().exponent) > digits(currency):
        raise no_amount(text, option)
    return to_minor(amount, currency)
