"""Variants, tones and links of levels: none of them weakens a formal step."""

from __future__ import annotations

from collections.abc import Iterator

from relance.diagnostics import Diagnostic
from relance.policy.checks.conditions import check_condition, nested
from relance.policy.checks.segments import check_debtor_fields
from relance.policy.codes import variety as codes
from relance.policy.document import Route
from relance.policy.draft import Ladder, Project
from relance.policy.links import OF_CUSTOMER, PLACES, is_template
from relance.policy.model import Level

_FORMAL = "formal-notice"


def check_variety(level: Level, index: int, ladder: Ladder) -> Iterator[Diagnostic]:
    """Yield the findings about the variants, the tones and the links of a level."""
    document, facts = ladder.document, {"level": level.id}
    formal = level.mandatory or any(form.template == _FORMAL for form in level.forms)
    if level.variants and formal:
        span = document.span("levels", index, "variants", key=True)
        yield Diagnostic(codes.FORMAL_VARIANTS, span, facts)
    if level.variants and level.all:
        span = document.span("levels", index, "variants", key=True)
        yield Diagnostic(codes.ALL_AND_VARIANTS, span, facts)
    places: list[tuple[Route, str, str | None]] = [
        (("levels", index), level.tone, level.link),
        *(
            (("levels", index, "variants", n), variant.tone or "", variant.link)
            for n, variant in enumerate(level.variants)
        ),
    ]
    for route, tone, link in places:
        if tone == "auto" and formal:
            yield Diagnostic(codes.FORMAL_TONE, document.span(*route, "tone"), facts)
        if link is not None and link != OF_CUSTOMER and not is_template(link):
            names = ", ".join(f"{{{name}}}" for name in PLACES)
            told = {"link": link, "places": names}
            yield Diagnostic(codes.BAD_LINK, document.span(*route, "link"), told)


def check_addressees(
    level: Level, index: int, ladder: Ladder, project: Project
) -> Iterator[Diagnostic]:
    """Yield that a level is addressed to people whom no file can name."""
    if level.to and project.draft.customers is None and "customers" not in project.main.value:
        span = ladder.document.span("levels", index, "to")
        yield Diagnostic(codes.NO_PEOPLE, span, {"level": level.id, "role": level.to[0]})


def check_tones(project: Project) -> Iterator[Diagnostic]:
    """Yield the findings about `tones`: conditions on debtors, each rule within reach."""
    main = project.main
    taken = False
    for index, rule in enumerate(project.draft.tones):
        if taken:
            yield Diagnostic(codes.TONE_AFTER_ALL, main.span("tones", index))
        taken = taken or rule.when is None
        if rule.when is not None:
            at: Route = ("tones", index, "when")
            yield from check_condition(rule.when, at, main, project)
            yield from check_debtor_fields(nested(rule.when, at), project)
