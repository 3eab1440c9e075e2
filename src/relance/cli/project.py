"""Opens a project for a command: its policy, its history, its lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from relance.cli import output
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop, of_diagnostics
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.diagnostics import Diagnostic
    from relance.history.store import History
    from relance.policy.load import Reading
    from relance.policy.model import Policy
    from relance.runs.proposal import Proposal


def read(project: Path, today: date | None = None) -> Reading:
    """Return what was read of the policy in `project`, its channels checked; see `opening.check`."""
    from relance.runs.opening import check

    return check(project, today)


def policy_of(call: Call) -> Policy:
    """Return the policy of the project.

    Raises:
        Stop: when it has errors; they are shown.
    """
    if not (call.project / "relance.yaml").is_file():
        raise Stop(
            Exit.USAGE,
            _("{folder} is no project: it has no relance.yaml").format(
                folder=call.project.resolve()
            ),
            _("name a project with -C DIR, or begin one with `relance init DIR`"),
        )
    reading = read(call.project)
    if reading.policy is None:
        raise refusal(call, Exit.USAGE, reading.diagnostics)
    return reading.policy


def refusal(call: Call, code: Exit, found: list[Diagnostic], **beside: object) -> Stop:
    """Show `found` (in JSON on stdout too, if asked for); return the stop that ends the command.

    `beside` is what the JSON has more.
    """
    from relance.diagnostics import Severity

    if call.json:
        output.show_json(
            {
                "schema_version": 1,
                "exit": int(code),
                "diagnostics": [d.as_json(call.language) for d in found],
                **beside,
            }
        )
    output.report(call, [d for d in found if d.severity is not Severity.INFO])
    errors = [d for d in found if d.severity is Severity.ERROR]
    return Stop(code, _refused(code, errors).format(count=len(errors)))


def _refused(code: Exit, errors: list[Diagnostic]) -> str:
    """Return what is said after the errors, with a place for their number."""
    if any(error.code[0] in "PT" for error in errors):
        return _("errors in the policy: {count}; nothing was done")
    if code is Exit.REFUSED:
        return _("the input was refused, errors: {count}; nothing was sent")
    return _("errors: {count}; nothing was done")


def refused_by(call: Call, found: list[Diagnostic], **beside: object) -> Stop:
    """Return the stop for a command that `found` forbids, after showing it; see `refusal`."""
    return refusal(call, of_diagnostics(found), found, **beside)


@contextmanager
def history_of(policy: Policy, *, readonly: bool = True) -> Iterator[History]:
    """Yield the history of the project; read-only, it leaves the disk as it was."""
    from relance.runs.opening import open_history

    with open_history(policy, readonly=readonly) as history:
        yield history


@contextmanager
def locked(policy: Policy, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock of the project while it is written to."""
    from relance.history.lock import acquire
    from relance.runs.opening import database_url

    with acquire(policy.root, database_url(policy), wait):
        yield


def note_printed(call: Call, policy: Policy) -> None:
    """Record the letters that were printed since the last run; a run under way does so itself.

    Nothing is written where nothing was printed.
    """
    from relance.history.errors import AlreadyRunning, HistoryUnavailable
    from relance.runs.printed import note_printed as note
    from relance.runs.printed import trays

    today = call.today(policy)
    with history_of(policy) as history:
        if not any(tray.printed for tray in trays(policy, history, today)):
            return
    with (
        suppress(AlreadyRunning, HistoryUnavailable),
        locked(policy),
        history_of(policy, readonly=False) as history,
    ):
        note(policy, history, today)


def proposal_of(call: Call, policy: Policy, history: History) -> Proposal:
    """Return what a run would do; a file that is refused whole stops the command.

    Raises:
        Stop: when the input is refused; why is shown.
    """
    from relance.runs.proposal import propose

    with output.progress(call, _("reading and deciding")):
        proposal = propose(policy, call.today(policy), history)
    if proposal.refused:
        raise refusal(call, Exit.REFUSED, list(proposal.diagnostics))
    return proposal
