"""`environment: test`: every message goes to the people of the test, or nowhere.

A test is kept apart three times: the plan is made for its recipients, each channel is guarded just
before it sends, and its history is pinned so that it is never mixed with one of production.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from relance.channels.contract import Channel, NotAccepted, Outcome
from relance.channels.registry import abilities
from relance.diagnostics import Diagnostic
from relance.dunning.plan import Notice
from relance.history.store import History
from relance.notices.message import Message
from relance.policy.model import Policy
from relance.runs import brake_codes as codes

PIN = "environment"
"""Name of the pin in the history."""


def for_test(notices: Iterable[Notice], policy: Policy) -> tuple[Notice, ...]:
    """Return `notices` for the recipients of the test; as they are in production.

    An address on the list stays; others become the first of their kind on it. What nobody of the test can
    receive has no recipient any more, unless its channel stays on this machine.
    """
    if policy.environment != "test":
        return tuple(notices)
    return tuple(_redirected(notice, policy) for notice in notices)


def _redirected(notice: Notice, policy: Policy) -> Notice:
    if _listed(notice.recipient, policy):
        return notice
    form = _form(notice.recipient)
    fitting = [one for one in policy.test_recipients if _form(one) == form]
    if not fitting and _is_local(policy, notice.channel) and policy.test_recipients:
        return notice
    return replace(notice, recipient=next(iter(fitting), ""), meant_for=notice.recipient)


def not_allowed(notice: Notice) -> Diagnostic | None:
    """Return why a test does not send `notice`; None if it may go."""
    if notice.recipient or notice.meant_for is None:
        return None
    facts = {"key": notice.key[:12], "channel": notice.channel, "medium": notice.medium}
    return Diagnostic(codes.NOT_ALLOWED, None, facts)


def guarded(channel: Channel, name: str, policy: Policy) -> Channel:
    """Return `channel`, in a test with the last guard before it: it refuses who is not on the list."""
    if policy.environment != "test":
        return channel
    return Guarded(channel, policy, local=_is_local(policy, name))  # type: ignore[return-value]


@dataclass
class Guarded:
    """A channel that looks at each recipient once more, just before it sends."""

    channel: Channel
    policy: Policy
    local: bool

    def send(self, message: Message, key: str, transmitting: Callable[[], None]) -> Outcome:
        """Send `message` if its recipient is one of the test; else refuse it."""
        listed = _listed(message.recipient, self.policy)
        if listed or message.medium == "task" or (self.local and self.policy.test_recipients):
            return self.channel.send(message, key, transmitting)
        return NotAccepted("permanent", "channel", "environment: test: not in test_recipients")

    def __getattr__(self, name: str) -> Any:
        """Leave all else to the channel."""
        return getattr(self.channel, name)


def without_recipients(policy: Policy) -> list[Diagnostic]:
    """Return that a test has nobody to write to: an empty list denies all."""
    if policy.environment != "test" or policy.test_recipients:
        return []
    return [Diagnostic(codes.NOBODY_ALLOWED)]


def other_environment(policy: Policy, history: History) -> list[Diagnostic]:
    """Return that the history was made in the other environment.

    One that has runs and no pin is of before there were pins: of production.
    """
    pin = history.pinned(PIN)
    made_in = pin.value if pin else _unpinned(history)
    if made_in in (None, policy.environment):
        return []
    facts = {"pinned": made_in, "now": policy.environment}
    return [Diagnostic(codes.OTHER_ENVIRONMENT, None, facts)]


def _unpinned(history: History) -> str | None:
    return "production" if history.last_completed_run() is not None else None


def pin_environment(policy: Policy, history: History) -> None:
    """Pin the history to the environment of its first run."""
    if history.pinned(PIN) is None:
        history.pin(PIN, policy.environment)


def _is_local(policy: Policy, channel: str) -> bool:
    config = policy.channels.get(channel)
    return config is None or abilities(config).local


def _listed(recipient: str, policy: Policy) -> bool:
    return _plain(recipient) in {_plain(one) for one in policy.test_recipients}


def _form(recipient: str) -> str:
    """Return what kind of address it is: an e-mail, a telephone number, or postal."""
    if "@" in recipient:
        return "email"
    return "sms" if re.fullmatch(r"\+?[\d\s().-]{6,}", recipient) else "letter"


def _plain(recipient: str) -> str:
    """Return an address as it is compared: case and spaces do not count, nor do signs in numbers."""
    if _form(recipient) == "sms":
        return re.sub(r"[^\d+]", "", recipient)
    return " ".join(recipient.casefold().split())
