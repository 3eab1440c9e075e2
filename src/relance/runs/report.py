"""What a run did."""

from __future__ import annotations

from dataclasses import dataclass, field

from relance.diagnostics import Diagnostic
from relance.dunning.plan import Notice
from relance.runs.delivery import Delivery
from relance.runs.proposal import Proposal


@dataclass
class RunReport:
    """What a run did.

    Attributes:
        run: number of the run in the history; None for a dry one.
        proposal: what it set out to do.
        deliveries: what became of each notice and task.
        repeated: what an interrupted run had begun and this one finished.
        faults: notices that could not be rendered.
        awaiting: notices that wait for approval.
        stopped: why nothing was sent, None if nothing stopped it.
    """

    proposal: Proposal
    run: int | None = None
    deliveries: list[Delivery] = field(default_factory=list)
    repeated: list[Delivery] = field(default_factory=list)
    faults: list[Diagnostic] = field(default_factory=list)
    awaiting: list[Notice] = field(default_factory=list)
    stopped: Diagnostic | None = None

    @property
    def notices_done(self) -> list[Delivery]:
        """What became of the notices, without the tasks."""
        tasks = {task.key for task in self.proposal.plan.tasks}
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
            "repeated": len(self.repeated),
            "faults": len(self.faults),
            "awaiting": len(self.awaiting),
            "stopped": self.stopped.code if self.stopped else None,
        }
