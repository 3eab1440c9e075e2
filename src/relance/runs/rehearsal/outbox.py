"""What a test sends with: nothing leaves, nothing is written, no letter is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from relance.channels.contract import Accepted, Channel, Outcome
from relance.channels.registry import load
from relance.diagnostics import Diagnostic
from relance.dunning.plan import Notice
from relance.notices.codes import RenderError
from relance.notices.message import Message
from relance.notices.render import try_templates
from relance.notices.stationery import Stationery
from relance.policy.model import ChannelConfig


class Embedded:
    """A channel that counts what it is given, able to do what the one that it stands for can do."""

    def __init__(self, name: str, config: ChannelConfig, sent: set[str]) -> None:
        self.name = name
        kind = load(config.kind)
        self.settings = kind.settings
        self.capabilities = kind.capabilities
        self._sent = sent

    def send(self, message: Message, key: str, transmitting: Callable[[], None]) -> Outcome:
        """Take the message; tasks are not counted, they are sent to nobody."""
        transmitting()
        if message.medium != "task":
            self._sent.add(key)
        return Accepted("test")

    def close(self) -> None:
        """Nothing is held."""


def embedded(sent: set[str]) -> Callable[[str, ChannelConfig], Channel]:
    """Return what opens channels in a test: keys of what they are given are added to `sent`."""
    return lambda name, config: Embedded(name, config, sent)  # type: ignore[return-value]


def tried(
    notices: Iterable[Notice], stationery: Stationery, _moment: datetime
) -> Iterator[tuple[Notice, Message | Diagnostic]]:
    """Yield each notice with an empty message, its templates filled in all the same."""
    for notice in notices:
        try:
            try_templates(notice, stationery)
        except RenderError as error:
            yield notice, error.diagnostic
        else:
            yield notice, _empty(notice)


def _empty(notice: Notice) -> Message:
    name = f"{notice.run_date.isoformat()}-{notice.key[:8]}.txt"
    return Message(notice.key, notice.medium, notice.recipient, "", "", b"", "", name)
