"""What every action on tasks has before it: what was typed, and the tasks that it names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from relance.cli import output
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.dunning.worklist import Order, Work
    from relance.history.store import History
    from relance.policy.model import Policy
    from relance.runs.proposal import Proposal


@dataclass(frozen=True, slots=True)
class Asked:
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
    by: Order = "worth"


@dataclass(frozen=True)
class Desk:
    """What an action needs."""

    call: Call
    asked: Asked
    policy: Policy
    history: History
    proposal: Proposal

    @cached_property
    def works(self) -> list[Work]:
        """All tasks that were ever given, in their order."""
        from relance.runs.worklist import works_of

        return works_of(self.proposal, self.history, self.asked.by)

    def named(self, state: str = "open") -> list[Work]:
        """Return the tasks whose numbers were given; each must be in `state` ("" for any).

        Raises:
            Stop: if no number was given, or one is of no such task.
        """
        works = {str(work.number): work for work in self.works}
        return [one(word, works, state) for word in self.numbers()]

    def numbers(self) -> list[str]:
        """Return the numbers of tasks that were given, each once.

        Raises:
            Stop: if none was.
        """
        if not self.asked.words:
            raise Stop(Exit.USAGE, _("which task?"), _("`relance tasks` shows the numbers"))
        return list(dict.fromkeys(self.asked.words))

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


def one(word: str, works: dict[str, Work], state: str) -> Work:
    """Return the task of that number; it must be in `state` ("open", "done", "" for any).

    Raises:
        Stop: if there is no such task, or it is in another state.
    """
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
