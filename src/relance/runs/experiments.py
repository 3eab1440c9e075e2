"""The experiments of a project: who met them, who paid, and what that comes to."""

from __future__ import annotations

from datetime import date

import polars as pl

from relance.dunning.arms import levels_tried
from relance.dunning.habits import paid_receivables
from relance.history.store import History
from relance.indicators.experiments import MET, ExperimentResult, result_of
from relance.policy.model import Experiment, Policy
from relance.runs.observed import EXPOSED
from relance.runs.portfolio import Portfolio


def experiments_of(policy: Policy) -> dict[str, Experiment]:
    """Return the experiments of the policy by name, in order of name."""
    found = [level.experiment for _index, level in levels_tried(policy.procedures)]
    return {each.name: each for each in sorted((e for e in found if e), key=lambda e: e.name)}


def results_of(portfolio: Portfolio, history: History) -> list[ExperimentResult]:
    """Return what each experiment came to by the day of the portfolio: those of the policy, and those
    that the history knows besides, with the arms that it knows."""
    today = portfolio.today
    met = _met(history, today)
    paid = paid_receivables(portfolio.past.allocations)
    arms = {
        name: {arm: bool(way.wait) or not way.send for arm, way in experiment.arms.items()}
        for name, experiment in experiments_of(portfolio.policy).items()
    }
    for name in sorted(set(met["experiment"]) - set(arms)):
        own = met.filter(pl.col("experiment") == name)
        arms[name] = dict.fromkeys(sorted(set(own["arm"])), False)
    return [
        result_of(name, ways, met.filter(pl.col("experiment") == name), paid, today)
        for name, ways in arms.items()
    ]


def _met(history: History, today: date) -> pl.DataFrame:
    rows = [
        (told["code"], told["arm"], told["debtor"], told["item"], date.fromisoformat(told["date"]))
        for told in history.told((EXPOSED,))
        if told.get("arm") and told.get("item") and told["date"] <= today.isoformat()
    ]
    return pl.DataFrame(rows, schema=MET, orient="row")
