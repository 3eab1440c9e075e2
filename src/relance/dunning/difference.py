"""How two plans of the same items, history and day differ: what a change of the policy does today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import polars as pl

from relance.dunning.difference_notices import NoticeChange, Outgoing, notice_changes
from relance.dunning.levels import rungs
from relance.dunning.plan import Plan, Task
from relance.policy.model import Policy

Key = tuple[str, str, str, str]
"""Segment, procedure, level and currency."""


@dataclass(frozen=True, slots=True)
class Sums:
    """How many notices and items there are, and their principal in minor units."""

    notices: int = 0
    items: int = 0
    open: int = 0


@dataclass(frozen=True, slots=True)
class LevelChange:
    """What changes at a level, for a segment and a currency.

    Attributes:
        old, new: all its notices in either plan.
        added, removed, changed: those that differ; a changed one counts where it is now.
        claimed: by how much more is claimed, with interest, compensation and fees; minor units.
    """

    segment: str
    procedure: str
    level: str
    currency: str
    old: Sums = field(default_factory=Sums)
    new: Sums = field(default_factory=Sums)
    added: int = 0
    removed: int = 0
    changed: int = 0
    claimed: int = 0


@dataclass(frozen=True, slots=True)
class TaskChange:
    """A task that one plan has more, or has otherwise; `fields` as of a notice."""

    old: Task | None
    new: Task | None
    fields: Mapping[str, tuple[object, object]] = field(default_factory=dict)

    @property
    def what(self) -> Literal["added", "removed", "changed"]:
        """What became of it."""
        if self.old is None:
            return "added"
        return "removed" if self.new is None else "changed"

    @property
    def task(self) -> Task:
        """The task as it is, or as it was where it is no more."""
        one = self.new or self.old
        assert one is not None
        return one


@dataclass(frozen=True)
class Differences:
    """All in which two plans differ.

    Attributes:
        levels: by segment and level, those where anything differs.
        held: items that neither plan acts on, whose verdict, day or next level differ: `item`, `number`, `debtor`,
            `name`, `segment`, `currency`, `balance`, and of either plan `verdict`, `until`, `next_level`, those
            of the new one with `_new`.
        segments: debtors who are in another segment: `segment`, `segment_new`, `debtors`, `items`.
    """

    old: Plan
    new: Plan
    levels: tuple[LevelChange, ...]
    notices: tuple[NoticeChange, ...]
    tasks: tuple[TaskChange, ...]
    held: pl.DataFrame
    segments: pl.DataFrame

    @property
    def any(self) -> bool:
        """Whether there is any."""
        frames = self.held.height or self.segments.height
        return bool(self.notices or self.tasks or frames)

    def count(self, kind: Literal["notices", "tasks"], what: str) -> int:
        """Return how many notices or tasks were `what`: added, removed or changed."""
        changes: Sequence[NoticeChange | TaskChange] = getattr(self, kind)
        return sum(change.what == what for change in changes)


def differences(old: Plan, new: Plan, old_policy: Policy, new_policy: Policy) -> Differences:
    """Return how `new` differs from `old`, two plans of the same items, history and day."""
    notices = notice_changes(old, new, old_policy, new_policy)
    sums = _sums(old, old_policy), _sums(new, new_policy)
    both = _both(old, new)
    return Differences(
        old, new, _levels(*sums, notices), notices, _tasks(old.tasks, new.tasks),
        _held(both), _moved(both),
    )  # fmt: skip


def _sums(plan: Plan, policy: Policy) -> dict[Key, Sums]:
    """Return the notices of each level, by segment and currency, in the order of the levels."""
    ladder = rungs(policy.procedures)

    def gathered(values: list[str] | list[int]) -> pl.Expr:
        return pl.lit(pl.Series(values)).gather("top_rung")

    rows = (
        plan.acting.with_columns(
            level=gathered([rung.level.id for rung in ladder]),
            place=gathered([rung.number for rung in ladder]),
        )
        .group_by("segment", "procedure", "level", "place", "currency")
        .agg(pl.col("group").n_unique().alias("notices"), pl.len(), pl.col("open").sum())
        .sort("segment", "procedure", "place", "currency")
        .select("segment", "procedure", "level", "currency", "notices", "len", "open")
    )
    sums: dict[Key, Sums] = {row[:4]: Sums(*row[4:]) for row in rows.iter_rows()}
    for notice in plan.reminders:
        key = (notice.segment, notice.procedure, notice.level, notice.currency)
        had, count = sums.get(key, Sums()), len(notice.receivables)
        sums[key] = Sums(had.notices + 1, had.items + count, had.open + notice.total_open)
    return sums


def _levels(
    old: Mapping[Key, Sums], new: Mapping[Key, Sums], notices: Sequence[NoticeChange]
) -> tuple[LevelChange, ...]:
    rows = {
        key: LevelChange(*key, old=old.get(key, Sums()), new=new.get(key, Sums()))
        for key in {**new, **old}
    }
    for change in notices:
        for one, sign in ((change.old, -1), (change.new, 1)):
            if one is not None:
                row = rows[_key(one)]
                claimed = row.claimed + sign * one.notice.total_due
                rows[_key(one)] = replace(row, claimed=claimed)
        key = _key(change.outgoing)
        row = rows[key]
        rows[key] = replace(row, **{change.what: getattr(row, change.what) + 1})
    return tuple(row for row in rows.values() if _differs(row))


def _key(one: Outgoing) -> Key:
    notice = one.notice
    return (notice.segment, notice.procedure, notice.level, notice.currency)


def _differs(row: LevelChange) -> bool:
    return bool(row.added or row.removed or row.changed or row.claimed or row.old != row.new)


def _tasks(old: Sequence[Task], new: Sequence[Task]) -> tuple[TaskChange, ...]:
    then, now = {task.key: task for task in old}, {task.key: task for task in new}
    changes = (
        TaskChange(then.get(key), now.get(key), _fields(then.get(key), now.get(key)))
        for key in {**then, **now}
    )
    real = [c for c in changes if c.fields or c.old is None or c.new is None]
    return tuple(sorted(real, key=lambda c: (c.task.debtor.id, c.task.key, c.what)))


_LOOKED_AT = ("kind", "subject", "owner", "due", "procedure", "level", "channel", "text")


def _fields(old: Task | None, new: Task | None) -> dict[str, tuple[object, object]]:
    if old is None or new is None:
        return {}
    found = {
        name: (then, now)
        for name in _LOOKED_AT
        if (then := getattr(old, name)) != (now := getattr(new, name))
    }
    numbers = [tuple(line.number for line in task.receivables) for task in (old, new)]
    return found | ({"receivables": (numbers[0], numbers[1])} if numbers[0] != numbers[1] else {})


def _both(old: Plan, new: Plan) -> pl.DataFrame:
    """Return each item with what either plan decides of it."""
    name = pl.coalesce("party_name", "debtor_name", "debtor").alias("name")
    decided = ["segment", "verdict", "until", "next_level"]
    then = old.decided.select("item", "number", "debtor", name, "currency", "balance", *decided)
    return then.join(new.decided.select("item", *decided), on="item", suffix="_new")


_NEVER_DUNNED = ("settled", "credit", "missing")
"""Verdicts of items that wait for no level."""


def _held(both: pl.DataFrame) -> pl.DataFrame:
    def differs(name: str) -> pl.Expr:
        return pl.col(name).ne_missing(pl.col(f"{name}_new"))

    here = (pl.col("verdict") != "act") & (pl.col("verdict_new") != "act")
    level = differs("next_level") & ~pl.col("verdict_new").is_in(_NEVER_DUNNED)
    return both.filter(here & (differs("verdict") | differs("until") | level)).sort(
        "debtor", "number", "item"
    )


def _moved(both: pl.DataFrame) -> pl.DataFrame:
    return (
        both.filter(pl.col("segment").ne_missing(pl.col("segment_new")))
        .group_by("segment", "segment_new")
        .agg(pl.col("debtor").n_unique().alias("debtors"), pl.len().alias("items"))
        .sort("segment", "segment_new", nulls_last=True)
    )
