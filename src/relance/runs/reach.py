"""How each channel of a policy reaches debtors."""

from __future__ import annotations

from relance.channels.registry import abilities
from relance.dunning.reach import Reach, Way
from relance.policy.model import ChannelConfig, Policy

_LETTERS = ("registered", "recommande", "aangetekend", "post")


def reach_of(policy: Policy) -> Reach:
    """Return how each channel reaches debtors, by name.

    A channel says `medium:`, or is named after one (`email`, `letter`, `sms`; `registered` and
    `post` are letters), or carries the first that its adapter has. `consent:` is the tag of the
    debtors who agreed to what only professionals need not agree to.
    """
    return {name: _way(name, config) for name, config in policy.channels.items()}


def _way(name: str, config: ChannelConfig) -> Way:
    able, given = abilities(config), config.model_extra or {}
    named = "letter" if name.startswith(_LETTERS) else name.split("-", maxsplit=1)[0]
    medium = next((m for m in (given.get("medium"), named) if m in able.media), able.media[0])
    agreed = given.get("consent") if able.consent else ""
    return Way(medium, able.address or medium, able.consent, str(agreed or ""))
