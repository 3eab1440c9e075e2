"""Channels to which consumers must have agreed: electronic registered mail."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError

from relance.diagnostics import Diagnostic
from relance.policy.checks.law_reach import acting, home_of, place, uses
from relance.policy.codes import channels as codes
from relance.policy.draft import Abilities, Adapters, Project
from relance.policy.model import ChannelConfig


def check_consent(project: Project, adapters: Adapters | None) -> Iterator[Diagnostic]:
    """Yield the levels that consumers get by a channel of which nothing says who agreed to it."""
    silent = {
        name
        for name, config in project.draft.channels.items()
        if adapters is not None and _asks_in_vain(config, adapters)
    }
    if not silent:
        return
    for use in uses(project, "consumer", (home_of(project),)):
        for index, level in acting(use):
            field = "all" if level.all else "channel"
            for channel in level.channels:
                if channel in silent:
                    span = place(use.ladder, project, "levels", index, field)
                    yield Diagnostic(
                        codes.NO_CONSENT, span, {"level": level.id, "channel": channel}
                    )


def _asks_in_vain(config: ChannelConfig, adapters: Adapters) -> bool:
    """Return whether the channel needs consent, and names no tag of who gave it."""
    if config.kind not in adapters or (config.model_extra or {}).get("consent"):
        return False
    able = _abilities(config, adapters)
    return able is not None and able.consent


def _abilities(config: ChannelConfig, adapters: Adapters) -> Abilities | None:
    """Return what a channel with these settings can do; None where they have findings of their own."""
    adapter = adapters[config.kind]
    of_settings = getattr(adapter, "able", None)
    if of_settings is None:
        return adapter.capabilities
    try:
        found: Abilities = of_settings(adapter.settings.model_validate(config.model_extra or {}))
    except ValidationError:
        return None
    return found
