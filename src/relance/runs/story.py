"""A project's story for a replay: what is known until its day, and payments drawn after that."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import polars as pl

from relance.dunning.events import CYCLES, Past
from relance.history.store import History
from relance.ledger.build import IS_CREDIT
from relance.ledger.schema import ALLOCATIONS, ITEMS, conform
from relance.lettering.absorb import still_counted
from relance.runs.expectations import Expectations
from relance.runs.portfolio import Portfolio
from relance.simulation.chance import marks_of
from relance.simulation.draws import Draw, Habits, payment_days
from relance.simulation.sides import Untold
from relance.simulation.story import FLOWS, Period, Story

TERMS = 30
"""Days from issue to due date, where no receivable of the book tells any."""

_DRAWN = "drawn"
_OPEN = (pl.col("open") > 0) & ~IS_CREDIT


@dataclass(frozen=True)
class Told:
    """A story, and what it cannot tell."""

    story: Story
    untold: Untold = field(default_factory=Untold)


def story_of(portfolio: Portfolio, history: History, period: Period, seed: int) -> Told:
    """Return what happens to `portfolio` in `period`: what is known up to its day, drawn after it."""
    counted = still_counted(portfolio.past.allocations)
    there = portfolio.items.filter(~pl.col("missing"))
    gone = _gone(there, counted, portfolio.past.movements)
    items = pl.concat([_plain(there, portfolio, period), gone], how="diagonal_relaxed")
    known = _known_flows(gone, counted, period)
    told = Told(
        _story(items, known, portfolio, _past(portfolio, history, period), period),
        Untold(
            undated=_undated(there, counted) if period.first < portfolio.today else 0,
            missing=portfolio.items.filter(pl.col("missing") & (pl.col("open") != 0)).height,
            gone=gone.height,
        ),
    )
    return _with_draws(told, portfolio, period, seed)


def _plain(items: pl.DataFrame, portfolio: Portfolio, period: Period) -> pl.DataFrame:
    """Return `items` in the columns of ITEMS; what waits for a decision is of today only."""
    waits = "payment_pending" in items.columns and period.first >= portfolio.today
    columns = [column.name for column in ITEMS]
    return items.select(*columns, "missing", *(["payment_pending"] if waits else []))


def _gone(items: pl.DataFrame, counted: pl.DataFrame, movements: pl.DataFrame) -> pl.DataFrame:
    """Return the receivables of which only their payments are known any more, as columns of ITEMS."""
    paid = counted.join(items, on="item", how="anti").join(
        movements.select("movement", "currency").unique("movement"),
        on="movement",
        how="left",
        maintain_order="left",
    )
    by_item = paid.group_by("item", maintain_order=True).agg(
        pl.col("debtor", "due", "open_before", "currency").first(),
        pl.col("amount").sum().alias("taken"),
        pl.col("day").max().alias("last"),
    )
    parts = pl.col("item").str.split("|")
    usual = (items["due"] - items["issued"]).dt.total_days().median()
    terms = TERMS if usual is None else int(usual)  # type: ignore[arg-type]
    rows = by_item.filter(pl.col("open_before") > 0).with_columns(
        number=pl.when(parts.list.len() == 3)
        .then(parts.list.get(1, null_on_oob=True))
        .otherwise("item"),
        kind=pl.lit("invoice"),
        issued=pl.col("due") - pl.duration(days=terms),
        amount="open_before",
        open=pl.lit(0, pl.Int64),
        balance=pl.lit(0, pl.Int64),
        doubtful=pl.lit(value=False),
        rest=pl.col("open_before") - pl.col("taken"),
    )
    known = rows.drop_nulls("currency")
    return conform(known, ITEMS).with_columns(
        known["rest"], known["last"], missing=pl.lit(value=False)
    )


def _known_flows(gone: pl.DataFrame, counted: pl.DataFrame, period: Period) -> pl.DataFrame:
    """Return what came in the period; of what is gone the rest went with its last payment at the latest."""
    rest = gone.filter(pl.col("rest") != 0).select("item", day="last", amount="rest")
    both = pl.concat([conform(counted, FLOWS), conform(rest, FLOWS)])
    return both.filter(pl.col("day") >= period.first)


def _undated(items: pl.DataFrame, counted: pl.DataFrame) -> int:
    """Return how many receivables were paid, in part or whole, on days that nobody tells."""
    sums = counted.group_by("item").agg(pl.col("amount").sum().alias("taken"))
    debits = items.filter(~IS_CREDIT).join(sums, on="item", how="left")
    rest = pl.col("amount") - pl.col("open") - pl.col("taken").fill_null(0)
    return debits.filter(rest > 0).height


def _story(
    items: pl.DataFrame, flows: pl.DataFrame, portfolio: Portfolio, past: Past, period: Period
) -> Story:
    sums = flows.group_by("item").agg(pl.col("amount").sum().alias("taken"))
    begun = items.join(sums, on="item", how="left", maintain_order="left").with_columns(
        pl.col("open", "balance") + pl.col("taken").fill_null(0),
        appears=pl.when(pl.col("issued") > period.first).then("issued"),
    )
    begun = begun.drop("taken", "rest", "last", strict=False)
    return Story(begun, flows, portfolio.debtors, past)


def _past(portfolio: Portfolio, history: History, period: Period) -> Past:
    """Return the past as it was before the period."""
    past, first = portfolio.past, period.first
    if first > portfolio.today:
        return past
    levels = past.levels.filter(pl.col("date") < first)
    before = past.contacts.filter(pl.col("date") < first)
    tasks = frozenset(task.key for task in history.tasks_given() if task.given < first)
    thanked = past.thanked.filter(pl.col("date") < first)
    cycles = past.cycles
    if first < portfolio.today:
        cycles = conform(
            levels.group_by("item")
            .agg(pl.col("cycle").max())
            .with_columns(settled=pl.lit(value=False)),
            CYCLES,
        )
    return replace(
        past, levels=levels, contacts=before, tasks=tasks, thanked=thanked, cycles=cycles
    )


def _with_draws(told: Told, portfolio: Portfolio, period: Period, seed: int) -> Told:
    """Return `told` with a payment of what is open, after the portfolio's day."""
    today, story = portfolio.today, told.story
    if period.last <= today:
        return told
    # What is open today, not at the beginning: what is known to be paid until then is.
    owed = portfolio.items.filter(_OPEN & ~pl.col("missing"))
    habits = Habits.of(Expectations(portfolio).paid_by_firms)
    marked = owed.with_columns(marks_of(owed["debtor"], owed["item"]))
    drawn = marked.with_columns(payment_days(marked, habits, today, Draw(seed)))
    foreseen = drawn.drop_nulls("paid_on")
    flows = foreseen.filter(pl.col("paid_on") <= period.last).with_columns(
        day="paid_on", amount="open"
    )
    return replace(
        told,
        story=replace(
            story,
            flows=pl.concat([story.flows, conform(flows, FLOWS)]),
            past=_with_drawn(story.past, flows),
        ),
        untold=replace(
            told.untold,
            drawn=foreseen.height,
            unforeseen=drawn.height - foreseen.height,
            assumed=habits.assumed,
        ),
    )


def _with_drawn(past: Past, flows: pl.DataFrame) -> Past:
    """Return `past` with the payments drawn, where the project sees payments at all."""
    if past.allocations.is_empty():
        return past
    drawn = flows.with_columns(
        movement=pl.concat_str(pl.lit(_DRAWN), "item", separator=" "),
        kind=pl.lit("payment"),
        evidence=pl.lit(_DRAWN),
        confidence=pl.lit(10000, pl.Int32),
        open_before="open",
    )
    return replace(past, allocations=pl.concat([past.allocations, conform(drawn, ALLOCATIONS)]))
