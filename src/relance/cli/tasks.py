"""`relance tasks`: who does what next, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli import files, output, project, task_changes
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.task_desk import Asked, Desk
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.dunning.worklist import Work

HELP = _(
    "Show what there is to do, first what is worth most; enter what came of it. An outcome is an "
    "event of the history and changes the verdict: who promises to pay is left alone until then.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance tasks --owner paul\n"
    "  relance tasks show 214\n"
    "  relance tasks --by expected                first what is expected last\n"
    "  relance tasks done 214 --outcome promised --until 2026-04-30\n"
    '  relance tasks done 214 --outcome no_answer --note "voice mail"\n'
    '  relance tasks add F-2026-042 "Send the slip" --due 2026-04-12 --owner paul\n'
    "  relance tasks move 214 215 --owner anne --due 2026-04-14\n"
    "  relance tasks import outcomes.csv          number,outcome,until,amount,note\n"
    "  relance tasks -o worklist.xlsx             or .csv, or .ics for a calendar"
)


class Order(StrEnum):
    """What the list is sorted by, after the deadlines of the law."""

    WORTH = "worth"
    EXPECTED = "expected"
    DUE = "due"


class Action(StrEnum):
    """What to do with tasks."""

    LIST = "list"
    SHOW = "show"
    ADD = "add"
    DONE = "done"
    MOVE = "move"
    REOPEN = "reopen"
    IMPORT = "import"


def tasks(  # noqa: PLR0913, PLR0917 - a parameter is an option
    call: Call,
    action: Annotated[
        Action, typer.Argument(help=_("list, show, add, done, move, reopen, import."))
    ] = Action.LIST,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NUMBER...",
            help=_("Numbers of tasks; for `add` an invoice and a subject; for `import` a file."),
        ),
    ] = None,
    owner: Annotated[
        str | None, typer.Option("--owner", metavar="NAME", help=_("Whose tasks; who does them."))
    ] = None,
    debtor: Annotated[
        str | None, typer.Option("--debtor", metavar="ID", help=_("Of this debtor only."))
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option("--kind", metavar="KIND", help=_("Of this kind only: call, check, …")),
    ] = None,
    outcome: Annotated[
        str,
        typer.Option(
            "--outcome",
            metavar="OUTCOME",
            help=_(
                "What came of it: done, promised, paid, disputed, not_received, not_approved, approved, on_portal, no_answer, refused, wrong_person."
            ),
        ),
    ] = "done",
    until: Annotated[
        str | None,
        typer.Option(
            "--until", metavar="YYYY-MM-DD", help=_("Date promised; day of the next call.")
        ),
    ] = None,
    due: Annotated[
        str | None, typer.Option("--due", metavar="YYYY-MM-DD", help=_("When it is to be done."))
    ] = None,
    amount: Annotated[
        str | None, typer.Option("--amount", metavar="AMOUNT", help=_("Amount promised."))
    ] = None,
    note: Annotated[
        str | None, typer.Option("--note", metavar="TEXT", help=_("What there is to remember."))
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help=_("Also those that are done or paid meanwhile."))
    ] = False,
    by: Annotated[
        Order,
        typer.Option(
            "--by",
            help=_("First what is worth most, what is expected last, or what is due first."),
        ),
    ] = Order.WORTH,
    file: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help=_("Write the list: .xlsx, .csv or .ics.")
        ),
    ] = None,
) -> int:
    """Show or change the worklist."""
    asked = Asked(
        tuple(words or ()), owner, debtor, kind, outcome, until, due, amount, note, everything,
        file, by.value,
    )  # fmt: skip
    policy = project.policy_of(call)
    with project.history_of(policy, readonly=action in (Action.LIST, Action.SHOW)) as history:
        desk = Desk(call, asked, policy, history, project.proposal_of(call, policy, history))
        return _DOES[action](desk)


def _list(desk: Desk) -> int:
    from relance.reports.worklist_table import work_fields, worklist_table
    from relance.runs.worklist import OUTCOMES

    asked = desk.asked
    works = [
        work
        for work in desk.works
        if (asked.everything or work.state == "open")
        and asked.owner in (None, work.owner)
        and asked.debtor in (None, work.debtor)
        and asked.kind in (None, work.kind)
    ]
    if asked.file is not None:
        return _write(desk, works, asked.file)
    if desk.call.json:
        output.show_json({"schema_version": 1, "tasks": [work_fields(work) for work in works]})
    elif not works:
        output.tell(desk.call, _("Nothing is to be done."))
    else:
        output.show(worklist_table(works, OUTCOMES, desk.call.language, asked.by))
    return Exit.DONE


def _write(desk: Desk, works: list[Work], file: Path) -> int:
    from relance.reports.calendar import calendar
    from relance.reports.workbook import for_excel, workbook
    from relance.reports.worklist_table import sheet_rows

    language = desk.call.language
    creditor = desk.policy.creditor
    makers: dict[str, Callable[[], bytes]] = {
        ".xlsx": lambda: workbook(_("Worklist"), sheet_rows(works, language)),
        ".csv": lambda: for_excel(sheet_rows(works, language)),
        ".ics": lambda: calendar(
            works, creditor.registration or creditor.name, desk.history.now()
        ).encode(),
    }
    if file.suffix.lower() not in makers:
        raise Stop(
            Exit.USAGE,
            _("{file}: of what kind?").format(file=file),
            _("end its name in .xlsx, .csv or .ics"),
        )
    files.write(file, [makers[file.suffix.lower()]()])
    output.tell(desk.call, _("Written: {file}.").format(file=file))
    return Exit.DONE


def _show(desk: Desk) -> int:
    from relance.reports.call_sheet import sheet_lines
    from relance.reports.worklist_table import work_fields, work_view
    from relance.runs.call_sheet import call_sheet

    works = desk.named("")
    sheets = [call_sheet(work, desk.proposal) for work in works]
    if desk.call.json:
        told = [
            work_fields(work) | {"sheet": sheet} for work, sheet in zip(works, sheets, strict=True)
        ]
        output.show_json({"schema_version": 1, "tasks": told})
    else:
        for work, sheet in zip(works, sheets, strict=True):
            output.show(work_view(work, desk.call.language, sheet_lines(sheet, desk.call.language)))
    return Exit.DONE


_DOES: dict[Action, Callable[[Desk], int]] = {
    Action.LIST: _list,
    Action.SHOW: _show,
    Action.ADD: task_changes.add,
    Action.DONE: task_changes.done,
    Action.MOVE: task_changes.move,
    Action.REOPEN: task_changes.reopen,
    Action.IMPORT: task_changes.import_,
}
