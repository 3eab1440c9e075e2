"""Conditions: values that can match, and which condition takes all that another takes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from relance.diagnostics import Diagnostic
from relance.policy.codes import segments as codes
from relance.policy.document import Document, Route
from relance.policy.draft import Project
from relance.policy.model import Bounds, Condition, Wanted
from relance.policy.nearest import nearest

_FORMS = {
    "country": (re.compile("[A-Z]{2}"), "FR (ISO 3166)"),
    "language": (re.compile("fr|nl|de|en"), "fr, nl, de, en"),
    "currency": (re.compile("[A-Z]{3}"), "EUR (ISO 4217)"),
}


def nested(condition: Condition, route: Route) -> Iterator[tuple[Condition, Route]]:
    """Yield `condition` and all conditions inside it, each with its route."""
    yield condition, route
    for name in ("all", "any"):
        for index, inner in enumerate(getattr(condition, name) or ()):
            yield from nested(inner, (*route, name, index))
    if condition.not_ is not None:
        yield from nested(condition.not_, (*route, "not"))


def check_condition(
    when: Condition, at: Route, document: Document, project: Project
) -> Iterator[Diagnostic]:
    """Yield findings about values of the condition that nothing can have."""
    for condition, route in nested(when, at):
        for name, wanted in condition.fields().items():
            if isinstance(wanted, tuple):
                for index, value in enumerate(wanted):
                    yield from _value(name, value, (*route, name, index), document, project)


def _value(
    name: str, value: str, route: Route, document: Document, project: Project
) -> Iterator[Diagnostic]:
    if name in _FORMS and not _FORMS[name][0].fullmatch(value):
        facts = {"field": name, "value": value, "form": _FORMS[name][1]}
        yield Diagnostic(codes.NEVER_MATCHES, document.span(*route), facts)
    sources = [source.name for source in project.draft.sources]
    if name == "source" and sources and value not in sources:
        facts = {"source": value, "names": nearest(value, sources)}
        yield Diagnostic(codes.UNKNOWN_SOURCE, document.span(*route), facts)


def implies(narrow: Condition, wide: Condition) -> bool:
    """Return whether all that `narrow` takes is taken by `wide` too, as far as can be told.

    True is certain; False may mean that it cannot be told.
    """
    if narrow.any and all(implies(_joined(narrow, one), wide) for one in narrow.any):
        return True
    parts = [narrow, *(narrow.all or ())]
    return (
        all(_asks_no_more(parts, name, wanted) for name, wanted in wide.fields().items())
        and all(implies(narrow, one) for one in wide.all or ())
        and (wide.any is None or any(implies(narrow, one) for one in wide.any))
        and (wide.not_ is None or any(_excludes(part, wide.not_) for part in parts))
    )


def _joined(condition: Condition, alternative: Condition) -> Condition:
    """Return `condition` with one of its alternatives in the place of all of them."""
    return condition.model_copy(update={"any": None, "all": (*(condition.all or ()), alternative)})


def _asks_no_more(parts: list[Condition], name: str, wanted: Wanted) -> bool:
    return any(_within(part.fields().get(name), wanted) for part in parts)


def _within(narrow: Wanted | None, wide: Wanted) -> bool:
    if isinstance(narrow, tuple) and isinstance(wide, tuple):
        return set(narrow) <= set(wide)
    if isinstance(narrow, Bounds) and isinstance(wide, Bounds):
        low = wide.min is None or (narrow.min is not None and narrow.min >= wide.min)
        high = wide.max is None or (narrow.max is not None and narrow.max <= wide.max)
        return low and high
    return False


def _excludes(part: Condition, other: Condition) -> bool:
    """Return whether nothing that `part` takes can be `other`."""
    return part.not_ is not None and implies(other, part.not_)
