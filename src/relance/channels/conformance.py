"""The conformance suite of channels: what every adapter must do, ours and a third party's.

Make a subclass with two fixtures of pytest: `channel`, open and ready to accept, and `arrived`, a
function that returns the contents that the next hop has taken, in order of arrival:

    class TestCarrier(Conformance):
        @pytest.fixture
        def channel(self, tmp_path):
            channel = opened(tmp_path, kind="carrier", folder="tray")
            yield channel
            channel.close()

        @pytest.fixture
        def arrived(self, tmp_path):
            return lambda: [path.read_bytes() for path in (tmp_path / "tray").glob("*.pdf")]

Import this module in tests only: it needs pytest, which relance does not.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from relance.channels.contract import Accepted, Capabilities, Channel, NotAccepted
from relance.channels.registry import open_channel
from relance.notices.message import Addressee, Message
from relance.policy.model import ChannelConfig

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
ADDRESSEE = Addressee(
    name="Garage de l'Étang SARL",
    street=("Bâtiment C", "12 rue du Port"),
    postcode="29200",
    city="Brest",
    country="FR",
    block=("Garage de l'Étang SARL", "BATIMENT C", "12 RUE DU PORT", "29200 BREST"),
    kind="business",
    email="achats@garage.example",
)
RECIPIENTS = {
    "email": "achats@garage.example",
    "letter": ADDRESSEE.line,
    "sms": "+33612345678",
    "task": "recouvrement",
}


def opened(root: Path, **config: object) -> Channel:
    """Return the channel that a policy describes by `config` (its `kind` and its settings)."""
    return open_channel("under test", ChannelConfig.model_validate(config), root)


def message(
    medium: str, key: str = KEY, recipient: str | None = None, to: str | None = None
) -> Message:
    """Return a message of `medium`; `to` is the medium whose address it goes to, if another."""
    return Message(
        key=key,
        medium=medium,
        recipient=RECIPIENTS[to or medium] if recipient is None else recipient,
        sender="compta@lenoir.example",
        subject="Rappel",
        content=CONTENTS[medium],
        message_id="<k@lenoir.example>" if medium == "email" else "",
        filename=f"2026-03-02-reminder-1-garage-{key[:8]}.pdf",
        addressee=ADDRESSEE if medium == "letter" else None,
    )


class Marks:
    """Counts the calls of `transmitting`, and what had arrived at that moment."""

    def __init__(self, arrived: Callable[[], list[bytes]]) -> None:
        self.arrived = arrived
        self.before: list[int] = []

    def __call__(self) -> None:
        """Note that it transmits."""
        self.before.append(len(self.arrived()))


Arrived = Callable[[], list[bytes]]


class Conformance:
    """Tests that every channel must pass."""

    carries = True
    """False for a channel after which nothing arrives anywhere (a task)."""

    @pytest.fixture
    def medium(self, channel: Channel) -> str:
        return channel.capabilities.media[0]

    def given(self, channel: Channel, medium: str, key: str = KEY) -> Message:
        return message(medium, key, to=channel.capabilities.address)

    def test_it_declares_what_it_can_do(self, channel: Channel) -> None:
        assert isinstance(channel.capabilities, Capabilities)
        assert channel.capabilities.media
        assert channel.settings.model_config.get("extra") == "forbid"

    def test_a_message_arrives_once_as_it_is(
        self, channel: Channel, arrived: Arrived, medium: str
    ) -> None:
        outcome = channel.send(self.given(channel, medium), KEY, Marks(arrived))
        assert isinstance(outcome, Accepted), outcome
        assert arrived() == [CONTENTS[medium]] * self.carries

    def test_it_says_once_that_it_transmits_and_before_anything_arrives(
        self, channel: Channel, arrived: Arrived, medium: str
    ) -> None:
        marks = Marks(arrived)
        channel.send(self.given(channel, medium), KEY, marks)
        assert marks.before == [0]

    def test_nothing_arrives_when_the_mark_fails(
        self, channel: Channel, arrived: Arrived, medium: str
    ) -> None:
        def failing() -> None:
            raise RuntimeError("the history is gone")

        with pytest.raises(RuntimeError, match="gone"):
            channel.send(self.given(channel, medium), KEY, failing)
        channel.close()
        assert arrived() == []

    def test_a_medium_that_it_does_not_carry_is_refused_without_a_mark(
        self, channel: Channel, arrived: Arrived
    ) -> None:
        if not self.carries:
            pytest.skip("it takes anything and carries nothing")
        for medium in set(CONTENTS) - set(channel.capabilities.media):
            marks = Marks(arrived)
            outcome = channel.send(message(medium), KEY, marks)
            assert isinstance(outcome, NotAccepted)
            assert (outcome.kind, outcome.scope, marks.before) == ("permanent", "recipient", [])

    def test_sending_twice_leaves_one_copy_if_it_says_so(
        self, channel: Channel, arrived: Arrived, medium: str
    ) -> None:
        if not channel.capabilities.idempotent:
            pytest.skip("not idempotent")
        for _ in range(2):
            outcome = channel.send(self.given(channel, medium), KEY, Marks(arrived))
            assert isinstance(outcome, Accepted), outcome
        assert len(arrived()) == self.carries

    def test_several_messages_arrive_each(
        self, channel: Channel, arrived: Arrived, medium: str
    ) -> None:
        for key in (f"{n:032x}"[::-1] for n in range(3)):
            outcome = channel.send(self.given(channel, medium, key), key, Marks(arrived))
            assert isinstance(outcome, Accepted), outcome
        assert len(arrived()) == 3 * self.carries

    def test_closing_twice_is_harmless(
        self, channel: Channel, arrived: Arrived, medium: str
    ) -> None:
        channel.send(self.given(channel, medium), KEY, Marks(arrived))
        channel.close()
        channel.close()
