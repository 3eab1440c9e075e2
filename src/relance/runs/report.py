"""What a run did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from relance.diagnostics import Diagnostic
from relance.dunning.plan import Notice, Task
from relance.runs.consignment import Delivery
from relance.runs.hindsight import Hindsight
from relance.runs.proposal import Proposal
from relance.runs.reviewed import Change


@dataclass
class RunReport:
    """What a run did.

    Attributes:
        run: number of the run in the history; None for a dry one.
        proposal: what it set out to do.
        deliveries: what became of each notice and task.
        instead: notices by the next channel, of those that were rejected by the one before.
        opened: tasks for notices that could not be delivered.
        repeated: what an interrupted run had begun and this one finished.
        faults: notices that could not be rendered.
        awaiting: notices that wait for approval.
        stops: all that kept it from sending anything; empty if nothing did.
        imports: figures of what was imported, for the next run to compare with.
        changes: how the plan differs from the one that was reviewed, where that stopped it.
        hindsight: what the history tells at the end; None before it, and of a dry run.
        head: the last event of the record then, as SEQ:HASH; kept elsewhere, it vouches for all.
    """

    proposal: Proposal
    run: int | None = None
    deliveries: list[Delivery] = field(default_factory=list)
    instead: list[Notice] = field(default_factory=list)
    opened: list[Task] = field(default_factory=list)
    repeated: list[Delivery] = field(default_factory=list)
    faults: list[Diagnostic] = field(default_factory=list)
    awaiting: list[Notice] = field(default_factory=list)
    stops: list[Diagnostic] = field(default_factory=list)
    imports: Mapping[str, object] | None = None
    changes: Sequence[Change] = ()
    hindsight: Hindsight | None = None
    head: str | None = None

    @property
    def stopped(self) -> Diagnostic | None:
        """The first reason why nothing was sent; None if nothing stopped it."""
        return self.stops[0] if self.stops else None

    @property
    def notices(self) -> tuple[Notice, ...]:
        """The notices of the plan, and those that took the place of rejected ones."""
        return (*self.proposal.plan.notices, *self.instead)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks of the plan, and those for notices that could not be delivered."""
        return (*self.proposal.plan.tasks, *self.opened)

    @property
    def held_back(self) -> str:
        """Why nothing was sent any more from some notice on; "" if all could go."""
        return next((done.detail for done in self.deliveries if done.state == "held_back"), "")

    @property
    def notices_done(self) -> list[Delivery]:
        """What became of the notices, without the tasks."""
        tasks = {task.key for task in self.tasks}
        return [done for done in self.deliveries if done.key not in tasks]

    def count(self, *states: str) -> int:
        """Return how many notices (not tasks) of this run ended in one of `states`."""
        return sum(done.state in states for done in self.notices_done)

    def summary(self) -> dict[str, object]:
        """Return what the history keeps of the run."""
        states: dict[str, int] = {}
        for done in self.deliveries:
            states[done.state] = states.get(done.state, 0) + 1
        return {
            "plan_hash": self.proposal.plan.plan_hash,
            "verdicts": self.proposal.plan.summary,
            "deliveries": states,
            "sent": self.count("sent", "resolved_sent"),
            "due": self.proposal.plan.notice_count,
            "repeated": len(self.repeated),
            "faults": len(self.faults),
            "awaiting": len(self.awaiting),
            "stopped": self.stopped.code if self.stopped else None,
            "stops": [found.code for found in self.stops] or None,
            "imports": self.imports,
        }
