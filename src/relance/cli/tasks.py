"""`relance tasks`: who does what next, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.people import operator_name
from relance.cli.typed import day_of
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.cli.task_outcomes import Given
    from relance.dunning.worklist import Work
    from relance.history.store import History
    from relance.policy.model import Policy
    from relance.runs.proposal import Proposal

HELP = _(
    "Show what there is to do, first what is worth most; enter what came of it. An outcome is an "
    "event of the history and changes the verdict: who promises to pay is left alone until then.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance tasks --owner paul\n"
    "  relance tasks show 214\n"
    "  relance tasks done 214 --outcome promised --until 2026-04-30\n"
    '  relance tasks done 214 --outcome no_answer --note "voice mail"\n'
    '  relance tasks add F-2026-042 "Send the slip" --due 2026-04-12 --owner paul\n'
    "  relance tasks move 214 215 --owner anne --due 2026-04-14\n"
    "  relance tasks import outcomes.csv          number,outcome,until,amount,note\n"
    "  relance tasks -o worklist.xlsx             or .csv, or .ics for a calendar"
)


class Action(StrEnum):
    """What to do with tasks."""

    LIST = "list"
    SHOW = "show"
    ADD = "add"
    DONE = "done"
    MOVE = "move"
    REOPEN = "reopen"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class _Asked:
    """The words and options of a call, as they were typed."""

    words: tuple[str, ...]
    owner: str | None
    debtor: str | None
    kind: str | None
    outcome: str
    until: str | None
    due: str | None
    amount: str | None
    note: str | None
    everything: bool
    file: Path | None


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
                "What came of it: done, promised, paid, disputed, not_received, no_answer, refused, approved, wrong_person."
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
    file: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help=_("Write the list: .xlsx, .csv or .ics.")
        ),
    ] = None,
) -> int:
    """Show or change the worklist."""
    asked = _Asked(
        tuple(words or ()), owner, debtor, kind, outcome, until, due, amount, note, everything, file
    )
    policy = project.policy_of(call)
    with project.history_of(policy, readonly=action in (Action.LIST, Action.SHOW)) as history:
        desk = _Desk(call, asked, policy, history, project.proposal_of(call, policy, history))
        return _DOES[action](desk)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What an action needs."""

    call: Call
    asked: _Asked
    policy: Policy
    history: History
    proposal: Proposal

    @property
    def works(self) -> list[Work]:
        from relance.runs.worklist import works_of

        return works_of(self.proposal, self.history)

    def named(self, state: str = "open") -> list[Work]:
        """Return the tasks whose numbers were given; each must be in `state` ("" for any).

        Raises:
            Stop: if no number was given, or one is of no such task.
        """
        if not self.asked.words:
            raise Stop(Exit.USAGE, _("which task?"), _("`relance tasks` shows the numbers"))
        works = {str(work.number): work for work in self.works}
        return [_one(word, works, state) for word in dict.fromkeys(self.asked.words)]

    def told(self, works: list[Work], what: str) -> int:
        """Say that `works` were changed; `what` is the word for JSON."""
        numbers = [work.number for work in works]
        if self.call.json:
            output.show_json({"schema_version": 1, "tasks": numbers, "as": what})
        else:
            listed = ", ".join(map(str, numbers))
            output.tell(
                self.call, _("Recorded: {event}, {subject}.").format(event=what, subject=listed)
            )
        return Exit.DONE


def _one(word: str, works: dict[str, Work], state: str) -> Work:
    work = works.get(word)
    if work is None:
        raise Stop(
            Exit.USAGE,
            _("there is no task {number}").format(number=word),
            _("`relance tasks --all` shows all numbers"),
        )
    if state == "open" and work.state == "done":
        raise Stop(
            Exit.USAGE,
            _("task {number} was done on {date} by {by}: {outcome}").format(
                number=word, date=work.ended, by=work.by or "?", outcome=work.outcome
            ),
            _("`relance tasks reopen {number}` takes that back").format(number=word),
        )
    if state == "done" and work.state != "done":
        raise Stop(Exit.USAGE, _("task {number} is open").format(number=word))
    return work


def _list(desk: _Desk) -> int:
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
        output.show(worklist_table(works, OUTCOMES, desk.call.language))
    return Exit.DONE


def _write(desk: _Desk, works: list[Work], file: Path) -> int:
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
    file.write_bytes(makers[file.suffix.lower()]())
    output.tell(desk.call, _("Written: {file}.").format(file=file))
    return Exit.DONE


def _show(desk: _Desk) -> int:
    from relance.reports.worklist_table import work_fields, work_view

    works = desk.named("")
    if desk.call.json:
        output.show_json({"schema_version": 1, "tasks": [work_fields(work) for work in works]})
    else:
        for work in works:
            output.show(work_view(work, desk.call.language))
    return Exit.DONE


def _add(desk: _Desk) -> int:
    from relance.history.values import Record
    from relance.runs.subjects import rows_about
    from relance.runs.worklist import add

    asked = desk.asked
    number, subject = _subject_words(asked)
    rows = rows_about(desk.proposal.facts, number, asked.debtor)
    if rows.is_empty() or (number is not None and rows.height > 1):
        raise Stop(
            Exit.USAGE,
            _("{subject} is not one invoice or debtor").format(subject=number or asked.debtor),
            _("give the number of an invoice, with --debtor if several use it, or --debtor alone"),
        )
    first = rows.row(0, named=True)
    record = Record(
        "task_added", desk.proposal.today, first["debtor"], first["item"] if number else None,
        day_of(asked.due, "--due") if asked.due else desk.proposal.today, reason=subject,
        by=operator_name(), code=asked.kind or "other", owner=asked.owner or first["owner"],
    )  # fmt: skip
    given = add(record, desk.history)
    if desk.call.json:
        output.show_json({"schema_version": 1, "tasks": [given], "as": "added"})
    else:
        output.tell(desk.call, _("Task {number} is on the list.").format(number=given))
    return Exit.DONE


def _subject_words(asked: _Asked) -> tuple[str | None, str]:
    """Return the invoice (None with --debtor alone) and the subject that were given."""
    words = asked.words
    if len(words) == 2:
        return words[0], words[1]
    if len(words) == 1 and asked.debtor:
        return None, words[0]
    raise Stop(
        Exit.USAGE,
        _("what is to be done, and about which invoice?"),
        _('write `relance tasks add F-2026-042 "Send the signed slip"`'),
    )


def _done(desk: _Desk) -> int:
    from relance.cli.task_outcomes import Given

    asked = desk.asked
    told = (asked.outcome, asked.until or "", asked.amount or "", asked.note or "")
    desk.named()  # refuses no numbers at all
    return _close(desk, [Given(word, *told) for word in dict.fromkeys(asked.words)])


def _import(desk: _Desk) -> int:
    from relance.cli.task_outcomes import read_outcomes

    if len(desk.asked.words) != 1:
        raise Stop(Exit.USAGE, _("which file?"), _("`relance tasks import outcomes.csv`"))
    return _close(desk, read_outcomes(Path(desk.asked.words[0])))


def _close(desk: _Desk, told: list[Given]) -> int:
    """Record all that was told, or nothing of it: what is wrong is shown, each with its place."""
    from relance.cli.task_outcomes import outcome_of
    from relance.runs.worklist import close

    works = {str(work.number): work for work in desk.works}
    closed, wrong = {}, []
    for given in told:
        try:
            work = _one(given.number, works, "open")
            closed[work.number] = (work, outcome_of(given, desk.proposal.today, operator_name()))
        except Stop as stop:
            wrong.append((given, stop))
    if wrong:
        raise _all_wrong(wrong)
    faults = close(list(closed.values()), desk.proposal, desk.history)
    if faults:
        raise project.refused_by(desk.call, faults)
    kinds = {outcome.code for _work, outcome in closed.values()}
    return desk.told([work for work, _outcome in closed.values()], ", ".join(sorted(kinds)))


def _all_wrong(wrong: list[tuple[Given, Stop]]) -> Stop:
    """Return one stop that tells all that is wrong; nothing was recorded."""
    first = wrong[0][1]
    lines = [f"{given.place}: {stop}" if given.place else str(stop) for given, stop in wrong]
    return Stop(first.code, "\n".join(lines), first.hint)


def _move(desk: _Desk) -> int:
    from relance.history.values import Record
    from relance.runs.worklist import record_each

    asked = desk.asked
    due = day_of(asked.due, "--due") if asked.due else None
    if due is None and asked.owner is None:
        raise Stop(Exit.USAGE, _("to when, or to whom?"), _("give --due, --owner or both"))
    works = desk.named()
    moved = Record(
        "task_moved", desk.proposal.today, until=due, owner=asked.owner, by=operator_name()
    )
    record_each(works, moved, desk.history)
    return desk.told(works, "moved")


def _reopen(desk: _Desk) -> int:
    from relance.history.values import Record
    from relance.runs.worklist import record_each

    works = desk.named("done")
    reopened = Record("task_reopened", desk.proposal.today, by=operator_name())
    record_each(works, reopened, desk.history)
    return desk.told(works, "reopened")


_DOES: dict[Action, Callable[[_Desk], int]] = {
    Action.LIST: _list,
    Action.SHOW: _show,
    Action.ADD: _add,
    Action.DONE: _done,
    Action.MOVE: _move,
    Action.REOPEN: _reopen,
    Action.IMPORT: _import,
}
