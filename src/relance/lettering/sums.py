"""Items that add up to a payment: a bounded search."""

from __future__ import annotations

from dataclasses import dataclass

from relance.lettering.match import Open

POOL = 40
"""Most items, oldest first, that are looked at."""

STEPS = 2_000
"""Most combinations that are looked at: what takes longer is not unique enough to be of use."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Sets of two or more items that add up, and whether every set was looked at."""

    found: tuple[tuple[Open, ...], ...]
    complete: bool

    @property
    def only(self) -> tuple[Open, ...] | None:
        """The one set that adds up; None if there are more, or may be."""
        return self.found[0] if self.complete and len(self.found) == 1 else None


def add_up(items: list[Open], target: int, most: int, *, limit: int = 5) -> Sums:
    """Return the sets of 2 to `most` of `items` whose `left` add up to `target`, up to `limit`.

    Credits count as they are, negative. At least one receivable is in each set.
    """
    pool = sorted(items, key=lambda o: (-abs(o.left), o.age))[:POOL]
    rising, falling = [0], [0]
    for item in reversed(pool):
        rising.append(rising[-1] + max(item.left, 0))
        falling.append(falling[-1] + min(item.left, 0))
    search = _Search(pool, rising[::-1], falling[::-1], most, limit)
    search.go(0, target, ())
    complete = len(items) <= POOL and search.steps <= STEPS and len(search.found) < limit
    by_age = sorted(search.found, key=lambda found: (len(found), [o.age for o in found]))
    return Sums(tuple(by_age), complete)


@dataclass(slots=True)
class _Search:
    pool: list[Open]
    rising: list[int]
    falling: list[int]
    most: int
    limit: int
    steps: int = 0

    found: list[tuple[Open, ...]] = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        self.found = []

    def go(self, start: int, missing: int, chosen: tuple[Open, ...]) -> None:
        """Try each item from `start` on; what is left cannot reach further than all the rest."""
        for at in range(start, len(self.pool)):
            if not self.falling[at] <= missing <= self.rising[at] or len(self.found) >= self.limit:
                return
            self.steps += 1
            if self.steps > STEPS:
                return
            rest = missing - self.pool[at].left
            now = (*chosen, self.pool[at])
            if rest == 0 and len(now) > 1 and any(o.left > 0 for o in now):
                self.found.append(tuple(sorted(now, key=lambda o: o.age)))
            if len(now) < self.most:
                self.go(at + 1, rest, now)
