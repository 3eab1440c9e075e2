"""Who is told of runs: a channel that carries mail, an address that nobody can listen to."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from relance.diagnostics import Diagnostic
from relance.policy.checks.delivery import media_of
from relance.policy.codes import monitoring as codes
from relance.policy.draft import Adapters, Project
from relance.policy.nearest import nearest
from relance.policy.secrets import looks_like_reference

_HERE = ("localhost", "127.0.0.1", "::1")


def check_monitoring(project: Project, adapters: Adapters | None) -> Iterator[Diagnostic]:
    """Yield the findings about `monitoring`."""
    monitoring = project.draft.monitoring
    if monitoring.summary is not None:
        yield from _channel(monitoring.summary.channel, project, adapters)
    if monitoring.ping is not None and not looks_like_reference(monitoring.ping):
        yield from _address(monitoring.ping, project)


def _channel(channel: str, project: Project, adapters: Adapters | None) -> Iterator[Diagnostic]:
    span = project.main.span("monitoring", "summary", "channel")
    if channel not in project.channel_names:
        facts = {"channel": channel, "names": nearest(channel, project.channel_names)}
        yield Diagnostic(codes.NO_SUCH_CHANNEL, span, facts)
        return
    media = media_of(channel, project, adapters)
    if media is not None and "email" not in media:
        yield Diagnostic(codes.NO_MAIL, span, {"channel": channel})


def _address(url: str, project: Project) -> Iterator[Diagnostic]:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if host and (parts.scheme == "https" or (parts.scheme == "http" and host in _HERE)):
        return
    yield Diagnostic(codes.PLAIN_PING, project.main.span("monitoring", "ping"))
