"""Experiments of levels: shares, arms that differ, and no formal step among them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from relance.diagnostics import Diagnostic
from relance.policy.codes import experiments as codes
from relance.policy.document import Route
from relance.policy.draft import Ladder, Project
from relance.policy.model import Level

_FORMAL = "formal-notice"


def form_at(level: Level, index: int, place: int) -> Route:
    """Return where the form of a level in that place stands: a variant, an arm, or the level itself."""
    if level.experiment is not None and len(level.forms) != len(level.variants):
        return ("levels", index, "experiment", "arms", level.arms[place][0])
    return ("levels", index, *(("variants", place) if level.variants else ()))


def check_experiment(level: Level, index: int, ladder: Ladder) -> Iterator[Diagnostic]:
    """Yield the findings about the experiment of a level."""
    experiment, document = level.experiment, ladder.document
    if experiment is None:
        return
    at: Route = ("levels", index, "experiment")
    facts: dict[str, str | int] = {"level": level.id, "experiment": experiment.name}
    if level.mandatory or level.handover or any(f.template == _FORMAL for f in level.forms):
        yield Diagnostic(codes.FORMAL_EXPERIMENT, document.span(*at, key=True), facts)
        return
    if level.all:
        yield Diagnostic(codes.ALL_AND_EXPERIMENT, document.span(*at, key=True), facts)
    shares = sum(arm.share for arm in experiment.arms.values())
    if shares != 100:
        span = document.span(*at, "arms", key=True)
        yield Diagnostic(codes.SHARES, span, facts | {"sum": shares})
    if level.variants:
        plain = not any(arm.has_own for arm in experiment.arms.values())
        if not plain or len(level.variants) != len(experiment.arms):
            span = document.span(*at, "arms", key=True)
            told: dict[str, str | int] = {
                "arms": len(experiment.arms),
                "variants": len(level.variants),
            }
            yield Diagnostic(codes.ARMS_AND_VARIANTS, span, facts | told)
        return
    for (one, first), (other, second) in combinations(experiment.arms.items(), 2):
        if first.difference == second.difference:
            span = document.span(*at, "arms", other, key=True)
            yield Diagnostic(codes.ARMS_ALIKE, span, facts | {"one": one, "other": other})
    for name, arm in experiment.arms.items():
        if level.days < 0 <= level.days + arm.wait:
            span = document.span(*at, "arms", name, "wait")
            late: dict[str, str | int] = {"arm": name, "days": level.days + arm.wait}
            yield Diagnostic(codes.ARM_TOO_LATE, span, facts | late)


def check_experiments(project: Project) -> Iterator[Diagnostic]:
    """Yield where one experiment has other arms at another level: its debtors would be mixed up."""
    first: dict[str, tuple[dict[str, int], str]] = {}
    for ladder in project.ladders:
        for index, level in enumerate(ladder.procedure.levels):
            if level.experiment is None:
                continue
            shares = {name: arm.share for name, arm in level.experiment.arms.items()}
            before = first.setdefault(level.experiment.name, (shares, level.id))
            if before[0] != shares:
                span = ladder.document.span("levels", index, "experiment", "name")
                facts = {
                    "experiment": level.experiment.name,
                    "level": level.id,
                    "before": before[1],
                }
                yield Diagnostic(codes.OTHER_ARMS, span, facts)
