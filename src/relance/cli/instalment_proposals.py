"""What `relance instalments propose` does: from the options to the schedule and its letter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.people import operator_name
from relance.cli.typed import day_of, no_amount, number_of
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.diagnostics import Diagnostic
    from relance.history.store import History
    from relance.policy.model import Policy
    from relance.runs.instalments import Draft
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
    from relance.runs.instalment_list import find
    from relance.runs.instalments import draft, propose_plan

    out, dry_run = then
    medium_of(out)
    with project.history_of(policy, readonly=dry_run) as history:
        proposal = project.proposal_of(call, policy, history)
        wish = _wish(call, named, asked, proposal)
        plan = draft(wish, proposal)
        if isinstance(plan, Diagnostic):
            raise project.refused_by(call, [plan])
        if dry_run:
            return shown(call, _fields_of(plan, proposal))
        number = propose_plan(plan, wish, proposal, history)
        proposal = project.proposal_of(call, policy, history)
        found = find(str(number), proposal)
        if isinstance(found, Diagnostic):
            raise project.refused_by(call, [found])
        if out is not None:
            write_letter(call, (number, out), proposal, history)
    shown(call, found)
    if not call.json:
        output.tell(call, _("Proposal {number} recorded.").format(number=number))
        if out is not None:
            output.tell(call, _("Written: {file}.").format(file=out))
    return Exit.DONE


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


def _fields_of(plan: Draft, proposal: Proposal) -> dict[str, Any]:
    from relance.runs.instalments import draft_fields

    return draft_fields(plan, proposal)


def medium_of(out: Path | None) -> str:
    """Return what `out` is to be, by its end.

    Raises:
        Stop: when it is neither a PDF nor an e-mail.
    """
    suffix = out.suffix.lower() if out else ".pdf"
    if suffix not in (".pdf", ".eml"):
        raise Stop(
            Exit.USAGE,
            _("{file} is neither a PDF nor an e-mail").format(file=out),
            _("give a name that ends in .pdf or .eml"),
        )
    return "letter" if suffix == ".pdf" else "email"


def write_letter(call: Call, what: tuple[int, Path], proposal: Proposal, history: History) -> None:
    """Write the letter of the proposal with this number to this file, which must be new.

    Raises:
        Stop: when it cannot be made or written.
    """
    from relance.runs.instalment_letter import proposal_letter

    number, file = what
    write_bytes(call, file, proposal_letter(number, proposal, history, medium_of(file)))


def write_bytes(call: Call, file: Path, made: bytes | list[Diagnostic]) -> None:
    """Write `made` to `file`, which must be new.

    Raises:
        Stop: when nothing was made, or it cannot be written.
    """
    if not isinstance(made, bytes):
        raise project.refused_by(call, made)
    try:
        with file.open("xb") as target:
            target.write(made)
    except FileExistsError:
        raise Stop(
            Exit.USAGE,
            _("there is a file {file} already").format(file=file),
            _("give another name: nothing is written over"),
        ) from None
    except OSError as error:
        raise Stop(
            Exit.USAGE,
            _("{file} cannot be written: {problem}").format(file=file, problem=error.strerror),
            _("give a file in a folder that exists"),
        ) from None


def shown(call: Call, plan: dict[str, Any]) -> int:
    """Show `plan`, an entry of the list; return the exit code."""
    if call.json:
        output.show_json({"schema_version": 1, **plan})
    else:
        from relance.reports.instalment_table import plan_dates_table

        output.show(plan_dates_table(plan, call.language))
    return Exit.DONE
