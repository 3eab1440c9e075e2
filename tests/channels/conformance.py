"""The conformance suite of channels: what every adapter must do, ours and a third party's.

Make a subclass with a fixture `channel` (open and ready to accept) and a fixture `arrived` that
returns the contents that the next hop has taken, in order of arrival.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from relance.channels.contract import Accepted, Capabilities, Channel, NotAccepted
from relance.notices.message import Message

KEY = "0123456789abcdef0123456789abcdef"
MAIL = (
    b"From: compta@lenoir.example\r\nTo: achats@garage.example\r\nSubject: Rappel\r\n"
    b"Message-ID: <k@lenoir.example>\r\n\r\nBonjour,\r\n.\r\n..et fin\r\n"
)
CONTENTS = {
    "email": MAIL,
    "letter": b"%PDF-1.7\n\xff\x00",
    "sms": "Dû : 12 €".encode(),
    "task": b"Appeler",
}
RECIPIENTS = {
    "email": "achats@garage.example",
    "letter": "1 rue du Four, 69001 Lyon",
    "sms": "+33612345678",
    "task": "marie",
}


class Marks:
    """Counts the calls of `transmitting`, and what had arrived at that moment."""

    def __init__(self, arrived: Callable[[], list[bytes]]) -> None:
        self.arrived = arrived
        self.before: list[int] = []

    def __call__(self) -> None:
        self.before.append(len(self.arrived()))


def message(medium: str, key: str = KEY, recipient: str | None = None) -> Message:
    return Message(
        key=key,
        medium=medium,
        recipient=RECIPIENTS[medium] if recipient is None else recipient,
        sender="compta@lenoir.example",
        subject="Rappel",
        content=CONTENTS[medium],
        message_id="<k@lenoir.example>" if medium == "email" else "",
        filename=f"2026-03-02-reminder-1-garage-{key[:8]}.pdf",
    )


class Conformance:
    """Tests that every channel must pass."""

    carries = True
    """False for a channel after which nothing arrives anywhere (a task)."""

    @pytest.fixture
    def medium(self, channel: Channel) -> str:
        return channel.capabilities.media[0]

    def test_it_declares_what_it_can_do(self, channel):
        assert isinstance(channel.capabilities, Capabilities)
        assert channel.capabilities.media
        assert channel.settings.model_config.get("extra") == "forbid"

    def test_a_message_arrives_once_as_it_is(self, channel, arrived, medium):
        outcome = channel.send(message(medium), KEY, Marks(arrived))
        assert isinstance(outcome, Accepted)
        assert arrived() == [CONTENTS[medium]] * self.carries

    def test_it_says_once_that_it_transmits_and_before_anything_arrives(
        self, channel, arrived, medium
    ):
        marks = Marks(arrived)
        channel.send(message(medium), KEY, marks)
        assert marks.before == [0]

    def test_nothing_arrives_when_the_mark_fails(self, channel, arrived, medium):
        def failing() -> None:
            raise RuntimeError("the history is gone")

        with pytest.raises(RuntimeError, match="gone"):
            channel.send(message(medium), KEY, failing)
        channel.close()
        assert arrived() == []

    def test_a_medium_that_it_does_not_carry_is_refused_without_a_mark(self, channel, arrived):
        others = set(CONTENTS) - set(channel.capabilities.media)
        if not self.carries:
            pytest.skip("it takes anything and carries nothing")
        for medium in others:
            marks = Marks(arrived)
            outcome = channel.send(message(medium), KEY, marks)
            assert isinstance(outcome, NotAccepted)
            assert (outcome.kind, outcome.scope, marks.before) == ("permanent", "recipient", [])

    def test_sending_twice_leaves_one_copy_if_it_says_so(self, channel, arrived, medium):
        if not channel.capabilities.idempotent:
            pytest.skip("not idempotent")
        for _ in range(2):
            assert isinstance(channel.send(message(medium), KEY, Marks(arrived)), Accepted)
        assert len(arrived()) == self.carries

    def test_several_messages_arrive_each(self, channel, arrived, medium):
        keys = [f"{n:032x}" for n in range(3)]
        keys = [key[::-1] for key in keys]
        for key in keys:
            assert isinstance(channel.send(message(medium, key), key, Marks(arrived)), Accepted)
        assert len(arrived()) == 3 * self.carries

    def test_closing_twice_is_harmless(self, channel, arrived, medium):
        channel.send(message(medium), KEY, Marks(arrived))
        channel.close()
        channel.close()
