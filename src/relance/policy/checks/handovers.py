"""The cascade of handovers: steps that exist, out of court first, each by a channel that can."""

from __future__ import annotations

from collections.abc import Iterator

from relance.diagnostics import Diagnostic, Span
from relance.policy.checks.conditions import check_condition
from relance.policy.checks.delivery import media_of
from relance.policy.codes import handovers as codes
from relance.policy.codes import segments as segment_codes
from relance.policy.draft import Adapters, Ladder, Project
from relance.policy.handovers import Handover, cascade
from relance.policy.nearest import nearest


def check_handovers(project: Project, adapters: Adapters | None) -> Iterator[Diagnostic]:
    """Yield the findings about `handovers`, and about the levels that name them."""
    steps = project.draft.handovers
    for index, step in enumerate(steps):
        route = ("handovers", index)
        if step.id in [before.id for before in steps[:index]]:
            yield _twice(step.id, project.main.span(*route, "id"))
        if step.next is not None:
            yield from _following(step, steps, project.main.span(*route, "next"))
        if step.when is not None:
            yield from check_condition(step.when, (*route, "when"), project.main, project)
        known = [segment.name for segment in project.draft.segments]
        for place, name in enumerate(step.segments):
            if name not in known:
                facts = {"field": "segments", "value": name, "form": nearest(name, known)}
                span = project.main.span(*route, "segments", place)
                yield Diagnostic(segment_codes.NEVER_MATCHES, span, facts)
        if step.channel is not None and not _carries(step, project, adapters):
            span = project.main.span(*route, "channel")
            facts = {"channel": step.channel, "name": step.id}
            yield Diagnostic(codes.HANDOVER_CHANNEL, span, facts)
    for ladder in project.ladders:
        if not ladder.shipped or project.used(ladder.procedure.name):
            yield from _levels(ladder, steps)


def _following(step: Handover, steps: tuple[Handover, ...], span: Span) -> Iterator[Diagnostic]:
    known = {each.id: each for each in reversed(steps)}
    after = known.get(step.next or "")
    if after is None:
        yield _unknown(step.next or "", steps, span)
    elif step in cascade(steps, after.id):
        yield _twice(step.id, span)
    elif step.judicial and not after.judicial:
        facts = {"name": after.id, "before": step.id}
        yield Diagnostic(codes.AMICABLE_LATE, span, facts)


def _levels(ladder: Ladder, steps: tuple[Handover, ...]) -> Iterator[Diagnostic]:
    known = {each.id: each for each in reversed(steps)}
    formal = False
    for index, level in enumerate(ladder.procedure.levels):
        formal = formal or (level.mandatory and level.template is not None)
        if level.handover is None:
            continue
        span = ladder.document.span("levels", index, "handover")
        step = known.get(level.handover)
        if step is None:
            yield _unknown(level.handover, steps, span)
        elif step.judicial and not formal:
            yield Diagnostic(codes.COURT_EARLY, span, {"level": level.id, "name": step.id})


def _carries(step: Handover, project: Project, adapters: Adapters | None) -> bool:
    name = step.channel or ""
    if name not in project.channel_names or step.email is None:
        return False
    media = media_of(name, project, adapters)
    if media is None:
        return True  # that the channel cannot be read has its own finding
    kind = project.draft.channels[name].kind
    able = adapters is None or kind not in adapters or adapters[kind].capabilities.attachments
    return "email" in media and able


def _unknown(name: str, steps: tuple[Handover, ...], span: Span) -> Diagnostic:
    known = [step.id for step in steps]
    return Diagnostic(codes.UNKNOWN_HANDOVER, span, {"name": name, "names": nearest(name, known)})


def _twice(name: str, span: Span) -> Diagnostic:
    return Diagnostic(codes.HANDOVER_TWICE, span, {"name": name})
