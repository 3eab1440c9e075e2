"""Procedures played over a period: a project's own, and others on the same receivables and payments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from relance.history.store import History
from relance.policy.desk import THANKS
from relance.policy.model import Policy
from relance.runs.portfolio import Portfolio
from relance.runs.reach import reach_of
from relance.runs.story import Told, story_of
from relance.simulation.outcome import outcome_of
from relance.simulation.replay import replay
from relance.simulation.sides import Side, Simulation
from relance.simulation.story import Period, Story
from relance.simulation.synthetic import synthetic_story

Named = tuple[str, Policy]
"""A policy and what it is called."""


def simulate(
    portfolio: Portfolio, history: History, period: Period, seed: int, policies: Sequence[Named]
) -> Simulation:
    """Return `period` of `portfolio` under each of `policies`, the first of them the project's own."""
    told = story_of(portfolio, history, period, seed)
    return _played(told, (portfolio.today, period, seed), policies, synthetic=False)


def simulate_synthetic(
    count: int, today: date, period: Period, seed: int, policies: Sequence[Named]
) -> Simulation:
    """Return `period` of a made-up portfolio of `count` receivables under each of `policies`."""
    creditor = policies[0][1].creditor
    story = synthetic_story(count, period, seed, (creditor.currency, creditor.country))
    return _played(Told(story), (today, period, seed), policies, synthetic=True)


def _played(
    told: Told, when: tuple[date, Period, int], policies: Sequence[Named], *, synthetic: bool
) -> Simulation:
    today, period, seed = when
    sides = tuple(_side(name, policy, told.story, period) for name, policy in policies)
    creditor = policies[0][1].creditor.name
    return Simulation(creditor, today, period, seed, synthetic, told.untold, sides)


def _side(name: str, policy: Policy, story: Story, period: Period) -> Side:
    played = replay(story, policy, reach_of(policy), period)
    return Side(name, played, outcome_of(played, policy, _dunned(story)))


def _dunned(story: Story) -> pl.Series:
    return story.past.levels["item"].unique()


def following(policy: Policy, procedure: str) -> Policy:
    """Return `policy` with one procedure for all debtors, also for those to whom another was given by hand."""
    segments = tuple(each.model_copy(update={"procedure": procedure}) for each in policy.segments)
    kept = {procedure: policy.procedures[procedure]}
    if policy.thanks is not None:
        kept[THANKS] = policy.procedures[THANKS]
    return policy.model_copy(update={"segments": segments, "procedures": kept})
