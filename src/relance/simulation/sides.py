"""Procedures played side by side over one story: what is shown of a simulation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from relance.simulation.outcome import Outcome
from relance.simulation.replay import Replay
from relance.simulation.story import Period


@dataclass(frozen=True, slots=True)
class Untold:
    """What a story cannot tell, in receivables.

    Attributes:
        undated: paid, in part or whole, nobody knows when: played as what is open of them today.
        missing: gone from their export, nobody knows why: left out.
        gone: paid, and in no source any more: put together from their payments.
        drawn, unforeseen: open, with a payment that is drawn, and without one that is foreseen.
        assumed: too few payments are known: they are drawn from an assumption.
    """

    undated: int = 0
    missing: int = 0
    gone: int = 0
    drawn: int = 0
    unforeseen: int = 0
    assumed: bool = False


@dataclass(frozen=True)
class Side:
    """One policy of a simulation: what it is called, what its runs did, what that came to."""

    name: str
    played: Replay
    outcome: Outcome


@dataclass(frozen=True)
class Simulation:
    """What was played.

    Attributes:
        creditor: name of the creditor.
        today: up to this day facts are known; payments are drawn after it.
        seed: of what is drawn.
        synthetic: whether the portfolio is made up.
        untold: what the story cannot tell.
        sides: the project's own policy first; at most one other.
    """

    creditor: str
    today: date
    period: Period
    seed: int
    synthetic: bool
    untold: Untold
    sides: tuple[Side, ...]

    @property
    def drawn(self) -> bool:
        """Whether any payment is drawn."""
        return self.synthetic or self.period.last > self.today
