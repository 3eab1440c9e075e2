"""What follows a broken promise or plan or a rejected dispute, and how instalments are reminded of."""

from __future__ import annotations

from collections.abc import Iterator

from relance.diagnostics import Diagnostic, Rule
from relance.policy.codes import desk as codes
from relance.policy.draft import Project
from relance.policy.nearest import nearest

_FOLLOWING = (
    ("promises", "after_broken", codes.NO_SUCH_LEVEL),
    ("instalments", "after_broken", codes.NO_LEVEL_AFTER_PLAN),
    ("disputes", "after_rejected", codes.NO_LEVEL_AFTER_DISPUTE),
)


def check_desk(project: Project) -> Iterator[Diagnostic]:
    """Yield the findings about the levels that follow, and the channels of reminders."""
    for part, key, rule in _FOLLOWING:
        yield from _level_after((part, key), rule, project)
    yield from _reminders(project)


def _level_after(at: tuple[str, str], rule: Rule, project: Project) -> Iterator[Diagnostic]:
    level = project.main.get(*at)
    if not isinstance(level, str) or level == "next":
        return
    known = {
        each.id
        for ladder in project.ladders
        if project.used(ladder.procedure.name)
        for each in ladder.procedure.levels
    }
    if level not in known:
        span = project.main.span(*at)
        yield Diagnostic(rule, span, {"level": level, "names": nearest(level, known)})


def _reminders(project: Project) -> Iterator[Diagnostic]:
    main = project.main
    given = main.get("instalments", "channel")
    channels = [given] if isinstance(given, str) else given or []
    before = main.get("instalments", "remind_before")
    if before not in (None, "0", 0) and not channels:
        yield Diagnostic(codes.NO_CHANNEL_NAMED, main.span("instalments", "remind_before"))
    able = {name for name, one in project.draft.channels.items() if one.kind != "task"}
    for name in channels if isinstance(channels, list) else ():
        if isinstance(name, str) and project.draft.channels and name not in able:
            facts = {"channel": name, "names": nearest(name, able)}
            yield Diagnostic(
                codes.NO_CHANNEL_FOR_INSTALMENTS, main.span("instalments", "channel"), facts
            )
