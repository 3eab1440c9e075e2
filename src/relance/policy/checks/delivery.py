"""How a level leaves: channels that exist, that fit the level, and that carry what it must."""

from __future__ import annotations

from collections.abc import Iterator

from relance.diagnostics import Diagnostic, Rule
from relance.policy.codes import ladder as codes
from relance.policy.document import Route
from relance.policy.draft import Adapters, Ladder, Project
from relance.policy.model import Level
from relance.policy.nearest import nearest


def media_of(channel: str, project: Project, adapters: Adapters | None) -> tuple[str, ...] | None:
    """Return the media of a channel by its name, preferred first; None when not known."""
    config = project.draft.channels.get(channel)
    if config is None:
        return None
    if adapters is not None and config.kind in adapters:
        return adapters[config.kind].capabilities.media
    return ("task",) if config.kind == "task" else None


def check_channels_of_level(
    level: Level, route: Route, ladder: Ladder, project: Project, adapters: Adapters | None
) -> Iterator[Diagnostic]:
    """Yield the findings about the channels that a level at `route`, or a variant, names."""
    document = ladder.document
    if not level.channels:
        facts = {"level": level.id, "names": ", ".join(sorted(project.channel_names)) or "…"}
        yield Diagnostic(codes.NO_CHANNEL, document.span(*route), facts)
    if level.channel and level.all:
        span = document.span(*route, "all", key=True)
        yield Diagnostic(codes.CHANNEL_AND_ALL, span, {"level": level.id})
    field = "all" if level.all else "channel"
    for place, channel in enumerate(level.channels):
        if channel not in project.channel_names:
            if not isinstance(project.main.get("channels"), dict):
                continue  # that `channels` cannot be read has its own finding
            yield _unknown(channel, (*route, field, place), ladder, project)
            continue
        media = media_of(channel, project, adapters)
        if (rule := _misfit(level, media)) is not None:
            span = document.span(*route, field, place)
            yield Diagnostic(rule, span, {"level": level.id, "channel": channel})
    yield from _attachments(level, route, ladder, project, adapters)


def _unknown(
    channel: str, route: tuple[str | int, ...], ladder: Ladder, project: Project
) -> Diagnostic:
    """A shipped procedure cannot be edited: the finding stands at the segment that uses it."""
    if not ladder.shipped:
        facts = {"channel": channel, "names": nearest(channel, project.channel_names)}
        return Diagnostic(codes.UNKNOWN_CHANNEL, ladder.document.span(*route), facts)
    name = ladder.procedure.name
    users = [i for i, s in enumerate(project.draft.segments) if s.procedure == name]
    span = project.main.span("segments", users[0], "procedure")
    facts = {"procedure": name, "channel": channel}
    return Diagnostic(codes.SHIPPED_NEEDS_CHANNEL, span, facts)


def _misfit(level: Level, media: tuple[str, ...] | None) -> Rule | None:
    """Return the rule that a channel of these `media` breaks for this level."""
    if media is None or (level.task is not None and level.template is not None):
        return None
    if level.task is not None and "task" not in media:
        return codes.TASK_BY_NOTICE_CHANNEL
    if level.template is not None and media == ("task",):
        return codes.NOTICE_BY_TASK_CHANNEL
    return None


def _attachments(
    level: Level, route: Route, ladder: Ladder, project: Project, adapters: Adapters | None
) -> Iterator[Diagnostic]:
    if adapters is None or not level.attach:
        return
    known = [c for c in level.channels if media_of(c, project, adapters) is not None]
    without = [c for c in known if not _carries(c, project, adapters)]
    if not without:
        return
    rule = codes.NO_ATTACHMENTS if without == known else codes.SOME_WITHOUT_ATTACHMENTS
    span = ladder.document.span(*route, "attach", key=True)
    facts = {"level": level.id, "document": level.attach[0], "names": ", ".join(without)}
    yield Diagnostic(rule, span, facts)


def _carries(channel: str, project: Project, adapters: Adapters) -> bool:
    """Return whether the channel carries a letter: as a document, or because it is one."""
    kind = project.draft.channels[channel].kind
    if kind not in adapters:
        return True  # an unknown kind has its own finding
    abilities = adapters[kind].capabilities
    return abilities.attachments or abilities.media[:1] == ("letter",)
