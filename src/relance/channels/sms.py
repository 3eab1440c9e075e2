"""What the SMS services have in common: a number, a text, one request and its reply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, Field

from relance.channels.contract import Capabilities, NotAccepted, Outcome
from relance.channels.http import Reply, Request
from relance.channels.http_outcomes import outcome_of
from relance.channels.http_settings import HttpSettings
from relance.channels.sms_numbers import Country, Sender, e164
from relance.notices.message import Message
from relance.notices.sms import segments
from relance.policy.secrets import SecretError, resolve

ONCE = Capabilities(media=("sms",), idempotent=False, attachments=False)
"""What a service can do that does not know a message again: a lost reply is in doubt."""


class SmsSettings(HttpSettings):
    """Settings of every SMS channel."""

    country: Country = Field(
        description="Country of the numbers that are written without a country's code."
    )


class NamedSmsSettings(SmsSettings):
    """Settings of an SMS channel whose messages come from somebody."""

    sender: Sender = Field(
        alias="from", description="Name (11 characters at most), short code or number with +."
    )


@dataclass(frozen=True, slots=True)
class Text:
    """A message as a service wants it: `number` in E.164, `words`, and the key of the notice."""

    number: str
    words: str
    key: str

    @property
    def is_plain(self) -> bool:
        """Whether it fits the 7-bit alphabet, which is the cheaper."""
        return segments(self.words).encoding == "GSM-7"


class SmsChannel:
    """Sends each message in one request; a subclass writes it and reads the reply."""

    settings: ClassVar[type[BaseModel]]
    capabilities: Capabilities = ONCE

    def __init__(self, name: str, settings: BaseModel, root: Path) -> None:
        self.name = name
        assert isinstance(settings, SmsSettings)
        self._settings = settings
        self._root = root
        self._client = settings.client(root)

    def send(self, message: Message, key: str, transmitting: Callable[[], None]) -> Outcome:
        """Send the message; the reply, or where it was lost, decides the outcome."""
        if message.medium != "sms":
            return NotAccepted("permanent", "recipient", f"an SMS is no {message.medium}")
        number = e164(message.recipient, self._settings.country)
        if number is None:
            return NotAccepted("permanent", "recipient", "not the number of a mobile telephone")
        text = Text(number, message.content.decode(), key)
        if not text.words.strip():
            return NotAccepted("permanent", "recipient", "there is nothing in the message")
        try:
            request = self._request(text)
        except SecretError as error:
            return NotAccepted("permanent", "channel", str(error))
        answer = self._client.send(request, transmitting)
        return self._outcome(answer, text) if isinstance(answer, Reply) else answer

    def close(self) -> None:
        """Nothing is held: each request has a connection of its own."""

    def _outcome(self, reply: Reply, text: Text) -> Outcome:  # noqa: ARG002 - for who looks it up
        """Return what the reply means for `text`."""
        return outcome_of(reply, self._reference)

    def _request(self, text: Text) -> Request:
        """Return what is asked of the service. Raises SecretError."""
        raise NotImplementedError

    def _reference(self, reply: Reply) -> str | None:
        """Return the id that the service has for the message; None if it gave none."""
        raise NotImplementedError

    def _secret(self, reference: str) -> str:
        return resolve(reference, self._root)

    def _trouble(self, ask: Callable[[], Request]) -> str:
        """Return what keeps us from the service, told by a request that sends nothing."""
        try:
            answer = self._client.ask(ask())
        except SecretError as error:
            return str(error)
        if isinstance(answer, NotAccepted):
            return answer.detail
        return "" if 200 <= answer.status < 300 else answer.said
