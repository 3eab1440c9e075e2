"""Which levels and segments tests come to, and which they never reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from relance.policy.model import Policy
from relance.runs.rehearsal.results import Reached


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of a policy tests come to.

    Attributes:
        levels: all levels as (procedure, level), in order: of the procedures that segments name.
        segments: all segments, in order.
        reached: what tests came to.
    """

    levels: tuple[tuple[str, str], ...]
    segments: tuple[str, ...]
    reached: Reached

    @property
    def missing_levels(self) -> tuple[tuple[str, str], ...]:
        """The levels that no test reaches, in order."""
        return tuple(one for one in self.levels if one not in self.reached.levels)

    @property
    def missing_segments(self) -> tuple[str, ...]:
        """The segments of which no test has a debtor who owes, in order."""
        return tuple(one for one in self.segments if one not in self.reached.segments)

    @property
    def percent(self) -> int:
        """How much of levels and segments together is reached, rounded down: 100 is all."""
        whole = len(self.levels) + len(self.segments)
        missing = len(self.missing_levels) + len(self.missing_segments)
        return 100 * (whole - missing) // whole


def coverage(policy: Policy, reached: Iterable[Reached]) -> Coverage:
    """Return what of `policy` was reached."""
    used = dict.fromkeys(s.procedure for s in policy.segments if s.procedure in policy.procedures)
    levels = tuple((name, level.id) for name in used for level in policy.procedures[name].levels)
    together = Reached()
    for one in reached:
        together |= one
    return Coverage(levels, tuple(s.name for s in policy.segments), together)
