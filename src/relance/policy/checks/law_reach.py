"""Whom a procedure reaches: which kinds of debtors, of which countries, its segments can hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from relance.diagnostics import Span
from relance.policy.checks.conditions import nested
from relance.policy.draft import Ladder, Project
from relance.policy.model import Condition, Level, Segment

Reached = Literal["no", "some", "only"]
"""Whether a procedure takes none of some debtors, may take them among others, or takes only them."""


@dataclass(frozen=True, slots=True)
class Debtors:
    """Debtors of a kind and a country; everything else about them is open."""

    kind: str
    country: str

    @property
    def facts(self) -> dict[str, str]:
        """What is known of them, by field."""
        return {"kind": self.kind, "country": self.country}


@dataclass(frozen=True, slots=True)
class Use:
    """A procedure and one class of debtors that it reaches.

    Attributes:
        segment: the first segment that can bring them.
        certain: whether the procedure is for them alone.
    """

    ladder: Ladder
    debtors: Debtors
    segment: Segment
    certain: bool


def uses(project: Project, kind: str, countries: tuple[str, ...]) -> Iterator[Use]:
    """Yield how the procedures in use reach debtors of `kind` in each of `countries`."""
    for country in countries:
        debtors = Debtors(kind, country)
        for ladder in project.ladders:
            bringing = _bringing(ladder.procedure.name, debtors, project)
            if bringing:
                certain = all(_holds_only(segment, debtors, project) for segment in bringing)
                yield Use(ladder, debtors, bringing[0], certain)


def countries_of(project: Project, *countries: str) -> tuple[str, ...]:
    """Return those of `countries` whose law matters here: the governing one, and those named by segments."""
    named = {home_of(project)}
    for segment in project.draft.segments:
        if segment.when is not None:
            for condition, _ in nested(segment.when, ()):
                named |= set(condition.country or ())
    return tuple(country for country in countries if country in named)


def home_of(project: Project) -> str:
    """Return the country whose law governs; "" when the creditor could not be read."""
    creditor = project.draft.creditor
    return project.draft.law.country or (creditor.country if creditor else "")


def takes(when: Condition | None, debtors: Debtors | dict[str, str]) -> bool | None:
    """Return whether `when` holds for such debtors; None when it depends on what is open."""
    if when is None:
        return True
    known = debtors.facts if isinstance(debtors, Debtors) else debtors
    parts: list[bool | None] = [
        known[name] in wanted if isinstance(wanted, tuple) and name in known else None
        for name, wanted in when.fields().items()
    ]
    parts += [takes(inner, known) for inner in when.all or ()]
    if when.any is not None:
        parts.append(_any([takes(inner, known) for inner in when.any]))
    if when.not_ is not None:
        held = takes(when.not_, known)
        parts.append(None if held is None else not held)
    return _all(parts)


def _all(parts: list[bool | None]) -> bool | None:
    if any(part is False for part in parts):
        return False
    return None if None in parts else True


def _any(parts: list[bool | None]) -> bool | None:
    if any(part is True for part in parts):
        return True
    return None if None in parts else False


def _bringing(procedure: str, debtors: Debtors, project: Project) -> list[Segment]:
    """Return the segments of `procedure` that can hold such debtors: the first match wins."""
    found = []
    for segment in project.draft.segments:
        held = takes(segment.when, debtors)
        if held is not False and segment.procedure == procedure:
            found.append(segment)
        if held:
            break
    return found


def _holds_only(segment: Segment, debtors: Debtors, project: Project) -> bool:
    """Return whether no debtor of another kind, or under another law, can be in `segment`."""
    others = [{"kind": k} for k in ("business", "consumer", "public") if k != debtors.kind]
    if debtors.country != home_of(project):
        others.append({"kind": debtors.kind, "country": home_of(project)})
    return all(takes(segment.when, other) is False for other in others)


def acting(use: Use) -> list[tuple[int, Level]]:
    """Return the notices of the procedure that such debtors can get, each with its index."""
    return [
        (index, level)
        for index, level in enumerate(use.ladder.procedure.levels)
        if level.task is None and takes(level.when, use.debtors) is not False
    ]


def place(ladder: Ladder, project: Project, *route: str | int, key: bool = False) -> Span:
    """Return the place of `route` in the procedure; a shipped one stands at the segment that uses it."""
    if not ladder.shipped:
        return ladder.document.span(*route, key=key)
    name = ladder.procedure.name
    users = [i for i, s in enumerate(project.draft.segments) if s.procedure == name]
    return project.main.span("segments", users[0] if users else 0, "procedure")
