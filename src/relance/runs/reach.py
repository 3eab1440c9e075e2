"""Which medium each channel of a policy carries."""

from __future__ import annotations

from relance.channels.registry import capabilities
from relance.dunning.reach import Reach
from relance.policy.model import ChannelConfig, Policy

_LETTERS = ("registered", "recommande", "aangetekend", "post")


def reach_of(policy: Policy) -> Reach:
    """Return the medium of each channel, by name.

    A channel says `medium:`, or is named after one (`email`, `letter`, `sms`; `registered` and
    `post` are letters), or carries the first that its adapter has.
    """
    return {name: _medium(name, config) for name, config in policy.channels.items()}


def _medium(name: str, config: ChannelConfig) -> str:
    media = capabilities(config.kind).media
    asked = (config.model_extra or {}).get("medium")
    named = "letter" if name.startswith(_LETTERS) else name.split("-", maxsplit=1)[0]
    return next((m for m in (asked, named) if m in media), media[0])
