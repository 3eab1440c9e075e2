"""The levels of a procedure: their order, what they do and by which channels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from relance.diagnostics import Diagnostic, Span
from relance.policy.checks.conditions import check_condition, nested
from relance.policy.checks.delivery import check_channels_of_level
from relance.policy.checks.experiments import check_experiment, form_at
from relance.policy.checks.templates import check_template
from relance.policy.checks.variety import check_addressees, check_variety
from relance.policy.codes import ladder as codes
from relance.policy.codes import segments as segment_codes
from relance.policy.document import Route
from relance.policy.draft import Adapters, Ladder, Project
from relance.policy.model import Condition, Level
from relance.policy.nearest import nearest

# Plain variables need no template engine to be understood.
_VARIABLE = re.compile(r"\{\{ *([a-z_]+)(?:\.[a-z_]+)* *\}\}")
SUBJECT_VARIABLES = ("debtor", "numbers", "total", "level", "days_past_due", "count")


def check_ladder(
    ladder: Ladder, project: Project, adapters: Adapters | None
) -> Iterator[Diagnostic]:
    """Yield the findings about the levels of a procedure."""
    yield from _order(ladder)
    yield from _intervals(ladder)
    for index, level in enumerate(ladder.procedure.levels):
        yield from _level(level, index, ladder)
        yield from check_variety(level, index, ladder)
        yield from check_addressees(level, index, ladder, project)
        yield from check_experiment(level, index, ladder)
        if level.when is not None:
            route = ("levels", index, "when")
            yield from check_condition(level.when, route, ladder.document, project)
            yield from _scored(level, level.when, route, ladder)
        for place, form in enumerate(level.forms):
            at = form_at(level, index, place)
            yield from _work(form, at, ladder)
            yield from check_channels_of_level(form, at, ladder, project, adapters)
            if form.template is not None:
                yield from check_template(form, at, ladder, project, adapters)


def _scored(level: Level, when: Condition, at: Route, ladder: Ladder) -> Iterator[Diagnostic]:
    """Yield where a score decides a level of legal weight."""
    charges = level.charges
    weighty = level.mandatory or level.approval == "required"
    if not (weighty or charges.interest or charges.compensation or charges.fee):
        return
    for condition, route in nested(when, at):
        if condition.score is not None:
            span = ladder.document.span(*route, "score")
            yield Diagnostic(segment_codes.SCORED_LEVEL, span, {"level": level.id})


def _order(ladder: Ladder) -> Iterator[Diagnostic]:
    document, levels = ladder.document, ladder.procedure.levels
    first: dict[str, int] = {}
    for index, level in enumerate(levels):
        if level.id in first:
            related = (document.span("levels", first[level.id], "id"),)
            span = document.span("levels", index, "id")
            yield Diagnostic(codes.DUPLICATE_LEVEL, span, {"level": level.id}, related)
        first.setdefault(level.id, index)
    for index in range(1, len(levels)):
        before, level = levels[index - 1], levels[index]
        if level.days < before.days or (
            level.days == before.days and not (before.when or level.when)
        ):
            facts = {"level": level.id, "days": level.days}
            facts |= {"before": before.id, "days_before": before.days}
            span = document.span("levels", index, "days")
            yield Diagnostic(codes.DAYS_DECREASE, span, facts)


def _intervals(ladder: Ladder) -> Iterator[Diagnostic]:
    """Yield a warning for each notice that the interval moves past its own day."""
    procedure = ladder.procedure
    last: int | None = None
    for index, level in enumerate(procedure.levels):
        if level.task is not None or level.when is not None:
            continue
        later = None if last is None else last + procedure.interval
        if later is not None and last is not None and last < level.days < later:
            facts = {"level": level.id, "days": level.days}
            facts |= {"later": later, "interval": procedure.interval}
            span = ladder.document.span("levels", index, "days")
            yield Diagnostic(codes.INTERVAL_DELAYS, span, facts)
        last = level.days


def _level(level: Level, index: int, ladder: Ladder) -> Iterator[Diagnostic]:
    if level.mandatory and level.days < 0:
        span = ladder.document.span("levels", index, "mandatory", key=True)
        yield Diagnostic(codes.MANDATORY_BEFORE_DUE, span, {"level": level.id})


def _work(level: Level, route: Route, ladder: Ladder) -> Iterator[Diagnostic]:
    """Yield the findings about what a level, or a variant, does: a notice, or work for a person."""
    document, facts = ladder.document, {"level": level.id}
    if level.template is None and level.task is None:
        yield Diagnostic(codes.NOTHING_TO_DO, document.span(*route), facts)
    if level.template is not None and level.task is not None:
        key = "handover" if level.handover else "task"
        yield Diagnostic(codes.TEMPLATE_AND_TASK, document.span(*route, key, key=True), facts)
    if level.task is not None:
        for language, subject in level.task.subjects.items():
            where = ("task", "subject", language) if language else ("task", "subject")
            yield from _subject(subject, document.span(*route, *where))


def _subject(subject: str, span: Span) -> Iterator[Diagnostic]:
    if (problem := _template_problem(subject)) is not None:
        yield Diagnostic(codes.BROKEN_SUBJECT, span, {"problem": problem})
    for name in _VARIABLE.findall(subject):
        if name not in SUBJECT_VARIABLES:
            facts = {"variable": name, "names": nearest(name, SUBJECT_VARIABLES)}
            yield Diagnostic(codes.UNKNOWN_VARIABLE, span, facts)


def _template_problem(text: str) -> str | None:
    """Return what is wrong with `text` as a template, None when nothing is."""
    rest = _VARIABLE.sub("", text)
    if not re.search(r"\{[{%#]|[}%#]\}", rest):
        return None
    from jinja2 import TemplateSyntaxError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    try:
        ImmutableSandboxedEnvironment().parse(text)
    except TemplateSyntaxError as error:
        return str(error.message).rstrip(".")
    return "}}" if "{{" not in rest and "}}" in rest else None
