"""Segments: each debtor lands somewhere, and each segment can be reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from relance.diagnostics import Diagnostic
from relance.policy.checks.conditions import check_condition, implies, nested
from relance.policy.codes import segments as codes
from relance.policy.document import Route
from relance.policy.draft import Project
from relance.policy.model import DEBTOR_FIELDS, ITEM_FIELDS, Condition, Segment
from relance.policy.nearest import nearest

# What an item field most likely stood for, of the debtor.
_OF_DEBTOR = {
    "amount": "outstanding",
    "open": "outstanding",
    "days_past_due": "oldest_days_past_due",
    "currency": "country",
    "source": "sector",
}


def check_segments(project: Project) -> Iterator[Diagnostic]:
    """Yield the findings about the segments, in their order."""
    segments, main = project.draft.segments, project.main
    first: dict[str, int] = {}
    for index, segment in enumerate(segments):
        route = ("segments", index)
        if segment.procedure not in project.known:
            names = nearest(segment.procedure, project.known)
            facts = {"procedure": segment.procedure, "names": names}
            span = main.span(*route, "procedure")
            yield Diagnostic(codes.UNKNOWN_PROCEDURE, span, facts)
        if segment.name in first:
            related = (main.span("segments", first[segment.name], "name"),)
            facts = {"name": segment.name}
            yield Diagnostic(codes.DUPLICATE_SEGMENT, main.span(*route, "name"), facts, related)
        first.setdefault(segment.name, index)
        if segment.when is not None:
            yield from check_condition(segment.when, (*route, "when"), main, project)
            yield from check_debtor_fields(nested(segment.when, (*route, "when")), project)
        yield from _unreachable(index, segments, project)
    yield from _rest(segments, project)


def check_debtor_fields(
    conditions: Iterable[tuple[Condition, Route]], project: Project
) -> Iterator[Diagnostic]:
    """Yield the fields of items in conditions of relance.yaml that are about debtors."""
    for condition, route in conditions:
        for name in condition.fields():
            if name in ITEM_FIELDS:
                facts = {"field": name, "names": _OF_DEBTOR.get(name, ", ".join(DEBTOR_FIELDS))}
                span = project.main.span(*route, name, key=True)
                yield Diagnostic(codes.ITEM_FIELD, span, facts)


def _unreachable(
    index: int, segments: tuple[Segment, ...], project: Project
) -> Iterator[Diagnostic]:
    """Yield a finding when an earlier segment takes all that this one would."""
    segment = segments[index]
    for before, earlier in enumerate(segments[:index]):
        if earlier.when is None:
            rule = codes.AFTER_ALL
        elif segment.when is not None and implies(segment.when, earlier.when):
            rule = codes.COVERED
        else:
            continue
        span = project.main.span("segments", index, "name")
        related = (project.main.span("segments", before, "name"),)
        facts = {"name": segment.name, "earlier": earlier.name}
        yield Diagnostic(rule, span, facts, related)
        return


def _rest(segments: tuple[Segment, ...], project: Project) -> Iterator[Diagnostic]:
    """Yield a finding when no segment takes what is left."""
    written = project.main.get("segments")
    if segments and isinstance(written, list) and all(s.when is not None for s in segments):
        span = project.main.span("segments", len(segments) - 1, "when", key=True)
        yield Diagnostic(codes.LAST_WITH_CONDITION, span)
