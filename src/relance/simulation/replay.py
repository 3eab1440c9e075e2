"""Days replayed: what runs would have sent and asked people to do, day after day.

    story = Story(items, flows, debtors, past)          # see `story`; `runs` makes one of a project
    played = replay(story, policy, reach, Period(first, last))
    played.notices                                      # columns of NOTICES

The decision is the product's own: each sending day `standing` and `decide` are asked about the debtors of
whom something could change (see `looks`), and what they let act counts as sent the same day. Everything
is accepted: nothing bounces, what wants an approval has it, no brake stops a day, and people do nothing but
what the story says. Nothing here is drawn: payments are in the story, and do not depend on what is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from relance.dunning.decide import decide
from relance.dunning.events import PAST_LEVELS
from relance.dunning.instalment_reminders import add_instalment_reminders
from relance.dunning.levels import rungs
from relance.dunning.plan import Notice, Plan, Task
from relance.dunning.planning import acting_of, tasks_of
from relance.dunning.reach import Reach
from relance.dunning.standing import standing
from relance.dunning.writing import Occasion
from relance.ledger.schema import Column, conform, empty
from relance.policy.desk import THANKS
from relance.policy.model import Policy
from relance.simulation.looks import Watch
from relance.simulation.state import State
from relance.simulation.story import Period, Story

NOTICES = (
    Column("day", pl.Date, "run date"),
    Column("debtor", pl.String, "who is written to"),
    Column("currency", pl.String, "ISO 4217"),
    Column("segment", pl.String, "segment of the debtor"),
    Column(
        "procedure", pl.String, "procedure; `thanks` or `instalments` for what is no level of one"
    ),
    Column("level", pl.String, "level of the notice: the highest of its receivables"),
    Column("number", pl.Int32, "1-based position of the level; 0 for what is no level"),
    Column("channel", pl.String, "channel of the policy that it goes by"),
    Column("medium", pl.String, "email, letter, sms or task"),
    Column("owner", pl.String, "who follows the debtor; null if nobody"),
    Column("contact", pl.Boolean, "whether it counts as a contact of the debtor"),
    Column("receivables", pl.Int32, "how many it claims"),
    Column("open", pl.Int64, "what it claims, minor units, without interest and costs"),
    Column("items", pl.List(pl.String), "identities of what it claims, sorted"),
)
"""Messages: a level that uses two channels at once is two."""

TASKS = (
    Column("day", pl.Date, "run date"),
    Column("debtor", pl.String, "whom it is about"),
    Column("kind", pl.String, "as `plan.Task.kind`"),
    Column("owner", pl.String, "who does it; null if nobody is named"),
    Column("segment", pl.String, "segment of the debtor; null where no level asks for it"),
    Column("procedure", pl.String, "procedure of its level; null as above"),
    Column("level", pl.String, "level that asks for it; null as above"),
    Column("number", pl.Int32, "1-based position of the level; null as above"),
    Column("channel", pl.String, "channel of the level; null as above"),
    Column("receivables", pl.Int32, "how many it is about"),
)
"""Work for people, on the day on which it is given."""

STEPS = (
    Column("day", pl.Date, "run date"),
    Column("item", pl.String, "identity of the receivable"),
    Column("debtor", pl.String, "its debtor"),
    Column("due", pl.Date, "its due date"),
    Column("procedure", pl.String, "procedure of the level"),
    Column("level", pl.String, "level reached by the receivable itself"),
    Column("number", pl.Int32, "1-based position of the level in its procedure"),
    Column("is_task", pl.Boolean, "whether it was a task, and no notice"),
)
"""Levels reached, one row per receivable and level."""


@dataclass(frozen=True)
class Replay:
    """What a period came to.

    Attributes:
        period: the days played; `days` are the sending days among them.
        notices, tasks, steps: columns of NOTICES, TASKS and STEPS, by day.
        items: `item, debtor, currency, kind, due, appears, open`: open at the end, in minor units.
        decided: how many receivables were decided, each day anew: the work that it took.
    """

    period: Period
    days: tuple[date, ...]
    notices: pl.DataFrame
    tasks: pl.DataFrame
    steps: pl.DataFrame
    items: pl.DataFrame
    decided: int


def replay(
    story: Story, policy: Policy, reach: Reach, period: Period, *, every_day: bool = False
) -> Replay:
    """Return what runs on each sending day of `period` would do.

    Args:
        reach: how each channel of the policy reaches debtors.
        every_day: decide every debtor on every day; slow, and the same.
    """
    days = list(_days(story, policy, reach, period, every_day=every_day))
    return Replay(
        period=period,
        days=tuple(day.day for day in days),
        notices=_joined(NOTICES, [day.notices for day in days]),
        tasks=_joined(TASKS, [day.tasks for day in days]),
        steps=_joined(STEPS, [day.steps for day in days]),
        items=days[-1].state.at_the_end() if days else State.of(story, policy).at_the_end(),
        decided=sum(day.decided for day in days),
    )


def in_use(policy: Policy, debtors: pl.DataFrame) -> Policy:
    """Return `policy` without the procedures that no debtor can follow: all that is shipped is in it."""
    chosen = {*debtors["procedure"].drop_nulls(), *(s.procedure for s in policy.segments), THANKS}
    kept = {name: one for name, one in policy.procedures.items() if name in chosen}
    return policy.model_copy(update={"procedures": kept})


@dataclass(frozen=True)
class Day:
    """What one sending day came to: frames as those of `Replay`."""

    day: date
    notices: pl.DataFrame
    tasks: pl.DataFrame
    steps: pl.DataFrame
    decided: int
    state: State


def _days(
    story: Story, policy: Policy, reach: Reach, period: Period, *, every_day: bool
) -> Iterator[Day]:
    policy = in_use(policy, story.debtors)
    ladder = rungs(policy.procedures)
    watch = Watch.of(policy, ladder)
    state = State.of(story, policy, restless=every_day or watch.of_sums or watch.paying)
    for today in period.sending_days(policy.creditor.country):
        state.arrive(today)
        items = state.looked_at(today, every_day=every_day)
        past = state.past_of(items, today, watch)
        if items.is_empty():
            yield Day(today, empty(NOTICES), empty(TASKS), empty(STEPS), 0, state)
            continue
        facts = standing(items, state.debtors_of(items), past, policy, today)
        decided = decide(facts, policy, today, reach)
        occasion = Occasion(policy, today, reach, ladder, past)
        acting = acting_of(decided, occasion)
        messages = acting.filter(~pl.col("is_task"))
        reminders = reminders_of(decided, messages, occasion)
        notices = pl.concat([_notices(messages, occasion), _reminders(reminders, today)])
        asked = tasks_of(messages, decided, occasion)
        tasks = pl.concat([_level_tasks(acting, occasion), _other_tasks(asked, today)])
        steps = _steps(acting, today)
        levels = pl.concat([_levels(steps, notices, acting), _reminded(reminders, today)])
        state.remember(levels, notices, (task.key for task in asked))
        state.look_again(watch.next_looks(decided, today, past))
        yield Day(today, notices, tasks, steps, items.height, state)


def _joined(columns: tuple[Column, ...], frames: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat([empty(columns), *frames])


def _notices(messages: pl.DataFrame, occasion: Occasion) -> pl.DataFrame:
    """Return the messages of the rows of `acting_of`: a row for each channel that is used."""
    ladder, reach = occasion.ladder, occasion.reach
    each = pl.Series([bool(rung.level.all) for rung in ladder], dtype=pl.Boolean)
    names = pl.Series([rung.level.id for rung in ladder], dtype=pl.String)
    numbers = pl.Series([rung.number for rung in ladder], dtype=pl.Int32)
    media = {name: way.medium for name, way in reach.items()}
    grouped = messages.group_by("group", maintain_order=True).agg(
        pl.col(
            "debtor", "currency", "segment", "procedure", "top_rung", "channels", "owner"
        ).first(),
        pl.len().cast(pl.Int32).alias("receivables"),
        pl.col("open").sum(),
        pl.col("item").sort().alias("items"),
    )
    channels = pl.col("channels")
    used = (
        pl.when(pl.lit(each).gather(pl.col("top_rung")))
        .then(channels)
        .otherwise(channels.list.head(1))
    )
    thanks = pl.col("procedure") == THANKS
    rows = grouped.with_columns(
        pl.lit(occasion.today).alias("day"),
        pl.lit(names).gather(pl.col("top_rung")).alias("level"),
        pl.when(thanks)
        .then(0)
        .otherwise(pl.lit(numbers).gather(pl.col("top_rung")))
        .alias("number"),
        used.alias("channel"),
    ).explode("channel")
    medium = pl.col("channel").replace_strict(media, default=None, return_dtype=pl.String)
    rows = rows.with_columns(
        medium.alias("medium"), (~thanks & (medium != "task")).alias("contact")
    )
    return conform(rows, NOTICES)


def _level_tasks(acting: pl.DataFrame, occasion: Occasion) -> pl.DataFrame:
    """Return the tasks that levels ask for; see `planning`, which makes the whole of each."""
    tasks = [rung.level.task for rung in occasion.ladder]
    kinds = pl.Series([task.kind if task else None for task in tasks], dtype=pl.String)
    owners = pl.Series([task.owner if task else None for task in tasks], dtype=pl.String)
    levels = pl.Series([rung.level.id for rung in occasion.ladder], dtype=pl.String)
    numbers = pl.Series([rung.number for rung in occasion.ladder], dtype=pl.Int32)
    grouped = (
        acting.filter("is_task")
        .group_by("group", maintain_order=True)
        .agg(
            pl.col("debtor", "owner", "segment", "procedure", "top_rung", "channels").first(),
            pl.len().cast(pl.Int32).alias("receivables"),
        )
    )
    top = pl.col("top_rung")
    rows = grouped.with_columns(
        pl.lit(occasion.today).alias("day"),
        pl.lit(kinds).gather(top).alias("kind"),
        pl.coalesce(pl.lit(owners).gather(top), "owner").alias("owner"),
        pl.lit(levels).gather(top).alias("level"),
        pl.lit(numbers).gather(top).alias("number"),
        pl.col("channels").list.first().alias("channel"),
    )
    return conform(rows.drop_nulls("kind"), TASKS)


def _other_tasks(tasks: tuple[Task, ...], today: date) -> pl.DataFrame:
    rows = [
        {
            "day": today,
            "debtor": task.debtor.id,
            "kind": task.kind,
            "owner": task.owner,
            "receivables": len(task.receivables),
        }
        for task in tasks
    ]
    return conform(pl.DataFrame(rows), TASKS) if rows else empty(TASKS)


def reminders_of(
    decided: pl.DataFrame, messages: pl.DataFrame, occasion: Occasion
) -> tuple[Notice, ...]:
    """Return today's reminders of instalments; see `instalment_reminders`."""
    if not occasion.policy.instalments.remind_before or occasion.past.holds.is_empty():
        return ()
    plan = Plan(
        run_date=occasion.today,
        creditor="",
        acting=messages,
        decided=decided,
        tasks=(),
        summary={},
        plan_hash="",
        write=lambda _rows: (),
    )
    return add_instalment_reminders(plan, occasion.policy, occasion.past, occasion.reach).reminders


def _reminders(notices: tuple[Notice, ...], today: date) -> pl.DataFrame:
    rows = [
        {
            "day": today,
            "debtor": notice.debtor.id,
            "currency": notice.currency,
            "segment": notice.segment,
            "procedure": notice.procedure,
            "level": notice.level,
            "number": notice.level_number,
            "channel": notice.channel,
            "medium": notice.medium,
            "owner": notice.debtor.owner,
            "contact": True,
            "receivables": len(notice.receivables),
            "open": notice.total_open,
            "items": sorted(line.item for line in notice.receivables),
        }
        for notice in notices
    ]
    return conform(pl.DataFrame(rows), NOTICES) if rows else empty(NOTICES)


def _reminded(notices: tuple[Notice, ...], today: date) -> pl.DataFrame:
    rows = [
        {
            "item": line.item,
            "procedure": notice.procedure,
            "level": line.level,
            "level_number": line.level_number,
            "cycle": line.cycle,
            "date": today,
            "state": "sent",
            "dispatch": notice.key,
            "medium": notice.medium,
        }
        for notice in notices
        for line in notice.receivables
    ]
    return conform(pl.DataFrame(rows), PAST_LEVELS) if rows else empty(PAST_LEVELS)


def _levels(steps: pl.DataFrame, notices: pl.DataFrame, acting: pl.DataFrame) -> pl.DataFrame:
    """Return the levels that are reached, as the history tells them: a row for each channel used."""
    sent = notices.filter(pl.col("number") > 0).select(pl.col("items").alias("item"), "medium")
    done = steps.filter("is_task").select("item", medium=pl.lit("task"))
    by_item = pl.concat([sent.explode("item"), done])
    cycles = acting.select("item", "cycle").unique("item")
    rows = (
        steps.join(by_item, on="item")
        .join(cycles, on="item")
        .with_columns(
            pl.col("day").alias("date"),
            pl.col("number").alias("level_number"),
            pl.lit("sent").alias("state"),
            pl.lit("").alias("dispatch"),
        )
    )
    return conform(rows.sort("item"), PAST_LEVELS)


def _steps(acting: pl.DataFrame, today: date) -> pl.DataFrame:
    rows = acting.filter(pl.col("procedure") != THANKS).with_columns(
        pl.lit(today).alias("day"),
        pl.col("next_level").alias("level"),
        pl.col("next_number").alias("number"),
    )
    return conform(rows, STEPS)
