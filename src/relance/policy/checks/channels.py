"""Channels: their kind exists, their settings are what it takes, and no secret is in clear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from relance.diagnostics import Diagnostic
from relance.policy.codes import channels as codes
from relance.policy.codes import ladder as ladder_codes
from relance.policy.document import Route, has_password, is_secret_name
from relance.policy.draft import Adapters, Project
from relance.policy.faults import explain
from relance.policy.model import ChannelConfig
from relance.policy.nearest import nearest
from relance.policy.secrets import is_reference, looks_like_reference

_FILLED_IN = re.compile(r"([A-Za-z]+ )?\{\w+\}")
"""A value that a channel fills in from its secrets, as in `Bearer {token}`."""

_SCHEMES = ("sqlite", "postgresql", "postgresql+psycopg")


def check_channels(project: Project, adapters: Adapters | None) -> Iterator[Diagnostic]:
    """Yield the findings about kinds, settings and secrets of the channels."""
    for name, config in project.draft.channels.items():
        if adapters is not None:
            yield from _settings(name, config, project, adapters)
    written = project.main.get("channels")
    yield from secrets_in(written, ("channels",), project)
    yield from _costs(project)


def _costs(project: Project) -> Iterator[Diagnostic]:
    """Yield a finding for each cost of a channel that there is not."""
    costs = project.draft.costs
    for name in costs.channels if costs and project.draft.channels else ():
        if name not in project.channel_names:
            facts = {"channel": name, "names": nearest(name, project.channel_names)}
            span = project.main.span("costs", "channels", name)
            yield Diagnostic(ladder_codes.UNKNOWN_CHANNEL, span, facts)


def _settings(
    name: str, config: ChannelConfig, project: Project, adapters: Adapters
) -> Iterator[Diagnostic]:
    if config.kind not in adapters:
        facts = {"kind": config.kind, "names": nearest(config.kind, adapters)}
        yield Diagnostic(codes.UNKNOWN_KIND, project.main.span("channels", name, "kind"), facts)
        return
    model = adapters[config.kind].settings
    given = dict(config.model_extra or {})
    if "kind" in model.model_fields:
        given["kind"] = config.kind
    try:
        model.model_validate(given)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        yield from explain(errors, project.main, model, ("channels", name))[0]


def secrets_in(value: Any, route: Route, project: Project) -> Iterator[Diagnostic]:
    """Yield a finding for each secret in clear, however deep it stands."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from secrets_in(inner, (*route, key), project)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from secrets_in(inner, (*route, index), project)
    elif isinstance(value, str):
        yield from _secret(value, route, project)


def _secret(value: str, route: Route, project: Project) -> Iterator[Diagnostic]:
    key = next((str(step) for step in reversed(route) if isinstance(step, str)), "")
    span = project.main.span(*route)
    if looks_like_reference(value):
        if not is_reference(value):
            yield Diagnostic(codes.BROKEN_REFERENCE, span, {"key": key})
    elif len(route) > 2 and is_secret_name(key) and not _FILLED_IN.fullmatch(value):
        yield Diagnostic(codes.SECRET_IN_CLEAR, span, {"key": key})
    elif has_password(value):
        yield Diagnostic(codes.PASSWORD_IN_URL, span, {"key": key})


def check_database(project: Project) -> Iterator[Diagnostic]:
    """Yield the findings about the database's URL."""
    url, span = project.draft.database, project.main.span("database")
    if url is None:
        return
    if looks_like_reference(url):
        if not is_reference(url):
            yield Diagnostic(codes.BROKEN_REFERENCE, span, {"key": "database"})
        return
    if has_password(url):
        yield Diagnostic(codes.PASSWORD_IN_URL, span, {"key": "database"})
    scheme = re.split("://", url)[0] if "://" in url else url
    if scheme not in _SCHEMES:
        shown = scheme if re.fullmatch(r"[\w+.-]{1,40}", scheme) else "…"
        yield Diagnostic(codes.UNKNOWN_DATABASE, span, {"scheme": shown})
