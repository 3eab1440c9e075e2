"""`relance inbox`: answers and bounces that came in by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.history.store import History
    from relance.policy.inbox import Inbox
    from relance.policy.model import Policy
    from relance.runs.inbox import Intake

HELP = _(
    "Read the mailbox that debtors answer to: a notice that came back is void as a level, an answer "
    "holds the debtor's next levels and becomes a task. Each mail is taken once; the mailbox stays "
    "as it was.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance inbox\n"
    "  relance inbox --dry-run           say what it understands, record nothing\n"
    "  relance inbox && relance run      what cron does"
)


def inbox(
    call: Call,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Say what is understood; record nothing."))
    ] = False,
    wait: Annotated[
        bool, typer.Option("--wait", help=_("Wait for a run that is under way."))
    ] = False,
) -> int:
    """Read the mailbox."""
    policy = project.policy_of(call)
    if policy.inbox is None:
        raise Stop(
            Exit.USAGE,
            _("there is no mailbox in relance.yaml"),
            _("add `inbox:`: docs/inbox.md says how"),
        )
    intake = _looked(call, policy, policy.inbox)
    if dry_run:
        with project.history_of(policy) as history:
            _understand(call, policy, intake, history)
    else:
        _recorded(call, policy, intake, wait=wait)
    _show(call, intake, dry_run=dry_run)
    return Exit.DONE


def _looked(call: Call, policy: Policy, mailbox: Inbox) -> Intake:
    from relance.runs.inbox import look

    with (
        output.progress(call, _("reading the mailbox")),
        project.history_of(policy) as history,
    ):
        return look(policy, mailbox, call.today(policy), history)


def _understand(
    call: Call, policy: Policy, intake: Intake, history: History, *, recording: bool = False
) -> None:
    from relance.runs.inbox import understand
    from relance.runs.understanding import InputRefused

    try:
        understand(intake, policy, call.today(policy), history, recording=recording)
    except InputRefused as refused:
        raise project.refused_by(call, refused.diagnostics) from None


def _recorded(call: Call, policy: Policy, intake: Intake, *, wait: bool) -> None:
    from relance.runs.inbox import file

    if intake.fetched:
        with (
            project.locked(policy, wait=wait),
            project.history_of(policy, readonly=False) as history,
        ):
            _understand(call, policy, intake, history, recording=True)
    file(intake, policy)


def _show(call: Call, intake: Intake, *, dry_run: bool) -> None:
    from relance.reports.inbox_table import inbox_line, inbox_table, mail_fields

    output.report(call, intake.findings)
    if call.json:
        output.show_json(
            _fields(call, intake, dry_run) | {"mails": [mail_fields(m) for m in intake.understood]}
        )
        return
    told = [entry for entry in intake.understood if entry.mail is not None]
    if told and not call.quiet:
        output.show(inbox_table(told, call.language))
    output.tell(call, inbox_line(intake.counts(), call.language))
    if dry_run:
        output.tell(call, _("A dry run: nothing was recorded."))


def _fields(call: Call, intake: Intake, dry_run: bool) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "dry_run": dry_run,
        "counts": intake.counts(),
        "left": intake.left,
        "diagnostics": [d.as_json(call.language) for d in intake.findings],
    }
