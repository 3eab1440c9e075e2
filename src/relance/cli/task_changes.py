"""What people change on the worklist: a task more, what came of one, another day or owner."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from relance.cli import output, project
from relance.cli.exits import Exit, Stop
from relance.cli.people import operator_name
from relance.cli.task_desk import Asked, Desk, one
from relance.cli.typed import day_of
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.cli.task_outcomes import Given
    from relance.dunning.worklist import Work
    from relance.runs.worklist import Outcome


def add(desk: Desk) -> int:
    """Put a task on the list that no run gave."""
    from relance.history.values import Record
    from relance.runs.subjects import rows_about
    from relance.runs.worklist import add as add_task

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
    given = add_task(record, desk.history)
    if desk.call.json:
        output.show_json({"schema_version": 1, "tasks": [given], "as": "added"})
    else:
        output.tell(desk.call, _("Task {number} is on the list.").format(number=given))
    return Exit.DONE


def _subject_words(asked: Asked) -> tuple[str | None, str]:
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


def done(desk: Desk) -> int:
    """Enter what came of the tasks that were named: of all the same."""
    from relance.cli.task_outcomes import Given

    asked = desk.asked
    told = (asked.outcome, asked.until or "", asked.amount or "", asked.note or "")
    return _close(desk, [Given(word, *told) for word in desk.numbers()])


def import_(desk: Desk) -> int:
    """Enter what came of the tasks that a file lists."""
    from relance.cli.task_outcomes import read_outcomes

    if len(desk.asked.words) != 1:
        raise Stop(Exit.USAGE, _("which file?"), _("`relance tasks import outcomes.csv`"))
    return _close(desk, read_outcomes(Path(desk.asked.words[0])))


def _close(desk: Desk, told: list[Given]) -> int:
    """Record all that was told, or nothing of it: what is wrong is shown, each with its place."""
    from relance.cli.task_outcomes import outcome_of
    from relance.runs.worklist import close

    works = {str(work.number): work for work in desk.works}
    closed: dict[int, tuple[Work, Outcome]] = {}
    wrong = []
    for given in told:
        try:
            work = one(given.number, works, "open")
            if work.number in closed:
                raise Stop(Exit.USAGE, _("task {number} stands twice").format(number=given.number))
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
    lines = [_placed(given, str(stop)) for given, stop in wrong]
    return Stop(first.code, "\n".join(lines), first.hint)


def _placed(given: Given, text: str) -> str:
    place = given.place
    return f"{place.file}:{place.line}: {text}" if place else text


def move(desk: Desk) -> int:
    """Give the tasks that were named another day, another owner, or both."""
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


def reopen(desk: Desk) -> int:
    """Take back what came of the tasks that were named."""
    from relance.history.values import Record
    from relance.runs.worklist import record_each

    works = desk.named("done")
    reopened = Record("task_reopened", desk.proposal.today, by=operator_name())
    record_each(works, reopened, desk.history)
    return desk.told(works, "reopened")
