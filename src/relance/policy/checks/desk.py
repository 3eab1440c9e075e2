"""What follows a broken promise: a level that a procedure has."""

from __future__ import annotations

from collections.abc import Iterator

from relance.diagnostics import Diagnostic
from relance.policy.codes import desk as codes
from relance.policy.draft import Project
from relance.policy.nearest import nearest


def check_desk(project: Project) -> Iterator[Diagnostic]:
    """Yield the finding about the level that is to follow a broken promise."""
    level = project.main.get("promises", "after_broken")
    if not isinstance(level, str) or level == "next":
        return
    known = {
        each.id
        for ladder in project.ladders
        if project.used(ladder.procedure.name)
        for each in ladder.procedure.levels
    }
    if level not in known:
        span = project.main.span("promises", "after_broken")
        facts = {"level": level, "names": nearest(level, known)}
        yield Diagnostic(codes.NO_SUCH_LEVEL, span, facts)
