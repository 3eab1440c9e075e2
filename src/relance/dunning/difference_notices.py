"""How the notices of two plans differ, notice by notice: the same receivables, other words or sums."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

import polars as pl

from relance.dunning.levels import Rung, rungs
from relance.dunning.plan import Notice, Plan
from relance.policy.model import Policy


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A notice, by all the channels that its level uses at once: it claims its amounts once.

    Attributes:
        notice: the first of its parts.
        channels, recipients: of all parts, in order.
    """

    notice: Notice
    channels: tuple[str, ...]
    recipients: tuple[str, ...]

    @property
    def items(self) -> tuple[str, ...]:
        """The items that it claims."""
        return tuple(line.item for line in self.notice.receivables)


@dataclass(frozen=True, slots=True)
class Instead:
    """What a plan does with an item that the other one writes about.

    Attributes:
        verdict: its verdict; "" where the plan does not know the item.
        until: the day on which that could change, None where no day does.
        is_task: it is due, as work for a person.
    """

    verdict: str
    until: date | None
    is_task: bool


@dataclass(frozen=True, slots=True)
class NoticeChange:
    """A notice that one plan has more, or has otherwise.

    Attributes:
        old, new: the notice in either plan; None where there is none.
        fields: of a changed one, what it was and what it is, by name; amounts in minor units.
        instead: of an added or removed one, what the other plan does with its first item.
    """

    old: Outgoing | None
    new: Outgoing | None
    fields: Mapping[str, tuple[object, object]]
    instead: Instead | None = None

    @property
    def what(self) -> Literal["added", "removed", "changed"]:
        """What became of it."""
        if self.old is None:
            return "added"
        return "removed" if self.new is None else "changed"

    @property
    def outgoing(self) -> Outgoing:
        """The notice as it is, or as it was where it is no more."""
        one = self.new or self.old
        assert one is not None
        return one


def notice_changes(
    old: Plan, new: Plan, old_policy: Policy, new_policy: Policy
) -> tuple[NoticeChange, ...]:
    """Return how the notices of `new` differ from those of `old`, by debtor.

    Both plans are of the same items, history and day. A notice has one counterpart at most: that with
    which it has most items in common. So the notices of `new` are those of `old`, less the removed, with the added.
    """
    before, after = _written(old, new, old_policy, new_policy)
    pairs = _paired(before, after)
    changes = [
        NoticeChange(one, other, fields)
        for one, other in pairs
        if (fields := _fields(one, other)) or one is None or other is None
    ]
    told = [
        _instead(new, [c.old for c in changes if c.new is None and c.old]),
        _instead(old, [c.new for c in changes if c.old is None and c.new]),
    ]
    whole = (_with_instead(change, *told) for change in changes)
    return tuple(sorted(whole, key=_place))


def _place(change: NoticeChange) -> tuple[str, str, int, tuple[str, ...]]:
    notice = change.outgoing.notice
    return (notice.debtor.id, notice.currency, -notice.level_number, change.outgoing.items)


def _written(
    old: Plan, new: Plan, old_policy: Policy, new_policy: Policy
) -> tuple[list[Outgoing], list[Outgoing]]:
    """Return the notices of both plans that may differ: the others are never written."""
    if _common(old_policy) == _common(new_policy):
        before, after = _signed(old, old_policy), _signed(new, new_policy)
        rows = [
            plan.acting.join(
                mine.join(theirs, on="signature", how="anti"), on="group", how="semi",
                maintain_order="left",
            )
            for plan, mine, theirs in ((old, before, after), (new, after, before))
        ]  # fmt: skip
    else:
        rows = [old.acting, new.acting]
    return (
        _outgoing((*old.write(rows[0]), *old.reminders)),
        _outgoing((*new.write(rows[1]), *new.reminders)),
    )


def _common(policy: Policy) -> str:
    """Return what all notices of a policy depend on, beside their levels: the law, the channels, …"""
    return policy.model_dump_json(exclude={"segments"})


def _signed(plan: Plan, policy: Policy) -> pl.DataFrame:
    """Return for each group of the plan (`group`) what makes its notices what they are (`signature`)."""
    ladder = rungs(policy.procedures)
    forms = pl.Series([_form(rung, ladder) for rung in ladder], dtype=pl.String)
    said = pl.concat_str(
        "item", "next_level", pl.col("cycle").cast(pl.String), pl.lit(forms).gather("top_rung"),
        pl.col("tone_rule").cast(pl.String).fill_null(""), pl.col("channels").list.join(","),
        separator="\x1f",
    )  # fmt: skip
    rows = plan.acting.select("group", said.alias("said"))
    return rows.group_by("group").agg(pl.col("said").sort().str.join("\x1e").alias("signature"))


def _form(rung: Rung, ladder: Sequence[Rung]) -> str:
    """Return all that a notice takes from its level, and the level after it, which it may name."""
    levels = rung.procedure.levels
    after = ladder[rung.base + 1].level if rung.number < len(levels) else None
    says = [rung.procedure.name, rung.number, rung.variant, after and [after.id, after.days]]
    return json.dumps(says) + rung.level.model_dump_json()


def _outgoing(notices: Iterable[Notice]) -> list[Outgoing]:
    """Return notices with the parts of each together; parts follow one another."""

    def whole(notice: Notice) -> tuple[object, ...]:
        items = tuple(line.item for line in notice.receivables)
        return (notice.debtor.id, notice.level, bool(notice.part), items or notice.key)

    found = []
    for _, group in groupby(notices, key=whole):
        parts = list(group)
        channels, recipients = (n.channel for n in parts), (n.recipient for n in parts)
        found.append(Outgoing(parts[0], tuple(channels), tuple(recipients)))
    return found


def _paired(
    before: Sequence[Outgoing], after: Sequence[Outgoing]
) -> list[tuple[Outgoing | None, Outgoing | None]]:
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(before):
        for item in one.items:
            holders[item].append(place)
    taken: set[int] = set()
    pairs: list[tuple[Outgoing | None, Outgoing | None]] = []
    for other in after:
        shared = Counter(p for item in other.items for p in holders[item] if p not in taken)
        mine = (other.notice.procedure, other.notice.level)
        best = max(
            shared,
            key=lambda p: (
                shared[p],
                (before[p].notice.procedure, before[p].notice.level) == mine,
                -p,
            ),
            default=None,
        )
        if best is not None:
            taken.add(best)
        pairs.append((None if best is None else before[best], other))
    return pairs + [(one, None) for place, one in enumerate(before) if place not in taken]


def _fields(old: Outgoing | None, new: Outgoing | None) -> dict[str, tuple[object, object]]:
    if old is None or new is None:
        return {}
    then, now = _said(old), _said(new)
    told = {name: (then[name], now[name]) for name in then if then[name] != now[name]}
    if "receivables" in told:  # then other items stand in the statement, too
        told.pop("statement", None)
    return told


def _said(one: Outgoing) -> dict[str, object]:
    """Return what a notice says and to whom, by name, as it is compared."""
    notice = one.notice
    return {
        "procedure": notice.procedure,
        "level": notice.level,
        "channel": ", ".join(one.channels),
        "recipient": "; ".join(one.recipients),
        "to": notice.debtor.role,
        "language": notice.language,
        "template": notice.template,
        "tone": notice.tone,
        "variant": notice.variant,
        "link": notice.link,
        "attach": ", ".join(notice.attach),
        "approval": notice.approval,
        "receivables": tuple(line.number for line in notice.receivables),
        "levels": tuple(sorted({line.level or "" for line in notice.receivables})),
        "open": notice.total_open,
        "interest": notice.interest,
        "compensation": notice.compensation,
        "fee": notice.fee,
        "paid_late": tuple(line.number for line in notice.paid_late),
        "statement": tuple(line.number for line in (*notice.other_open, *notice.credits)),
        "next_level": notice.next_level_id,
        "next_level_days": notice.next_level_days,
    }


def _instead(plan: Plan, others: Sequence[Outgoing]) -> dict[str, Instead]:
    """Return what `plan` does with the first item of each of `others`, by item."""
    asked = pl.Series("item", [one.items[0] for one in others if one.items], dtype=pl.String)
    rows = plan.decided.join(asked.unique().to_frame(), on="item", how="semi")
    told = rows.select("item", "verdict", "until", pl.col("is_task").fill_null(value=False))
    return {
        item: Instead(verdict, until, verdict == "act" and task)
        for item, verdict, until, task in told.iter_rows()
    }


def _with_instead(
    change: NoticeChange, now: Mapping[str, Instead], then: Mapping[str, Instead]
) -> NoticeChange:
    if change.what == "changed" or not change.outgoing.items:
        return change
    known = then if change.old is None else now
    nothing = Instead("", None, is_task=False)
    told = known.get(change.outgoing.items[0], nothing)
    return NoticeChange(change.old, change.new, change.fields, told)
