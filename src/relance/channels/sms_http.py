"""SMS by any service that takes them over HTTP, as the policy describes it."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, Field, model_validator

from relance.channels.contract import Capabilities, Outcome
from relance.channels.http import Reply, Request
from relance.channels.http_service import Service, ServiceSettings
from relance.channels.http_templates import TYPES, Form, check_body, check_names, in_body, names_in
from relance.channels.sms import ONCE, SmsChannel, SmsSettings, Text
from relance.channels.sms_numbers import Sender

_VALUES = ("recipient", "digits", "text", "key", "sender")


class SmsHttpSettings(SmsSettings, ServiceSettings):
    """Settings of an SMS channel by a service of your own choice.

    In `url`, `headers` and `body` stand {recipient} (+336…), {digits} (336…), {text}, {key} (of the
    notice), {sender} and the names of `secrets`.
    """

    format: Form = Field(default="json", description="What `body` is; values are escaped for it.")
    body: str = Field(default="", description="What is sent; in JSON, {names} stand inside quotes.")
    sender: Sender | None = Field(
        default=None, alias="from", description="Name, short code or number with +."
    )

    @model_validator(mode="after")
    def _coherent(self) -> SmsHttpSettings:
        self.check(_VALUES, ("text",), self._names())
        check_names(self.body, {*_VALUES, *self.secrets})
        if self.body:
            check_body(self.body, self.format)
        if self.sender is None and "sender" in self._names():
            raise ValueError("{sender} is used: give from")
        if "text" not in self._names() or not {"recipient", "digits"} & self._names():
            raise ValueError("{text} and {recipient} (or {digits}) must stand somewhere")
        return self

    def _names(self) -> set[str]:
        templates = (self.url, self.body, *self.headers.values())
        return {name for template in templates for name in names_in(template)}


class SmsHttp(SmsChannel):
    """Sends SMS by a service that the policy describes. Tried only against our own server."""

    settings: ClassVar[type[BaseModel]] = SmsHttpSettings
    _settings: SmsHttpSettings

    def __init__(self, name: str, settings: BaseModel, root: Path) -> None:
        super().__init__(name, settings, root)
        self.capabilities = self.able(settings)
        self._service = Service(self._settings, root, self._client)

    @classmethod
    def able(cls, settings: BaseModel) -> Capabilities:
        """Return what the service can do: one that knows a key again may be asked twice."""
        assert isinstance(settings, SmsHttpSettings)
        return settings.able(ONCE)

    def _request(self, text: Text) -> Request:
        given, values = self._settings, self._values(text)
        headers = {"Content-Type": TYPES[given.format]} if given.body else {}
        content = in_body(given.body, given.format, values | self._service.secrets())
        return self._service.request(values, content, headers)

    def _outcome(self, reply: Reply, text: Text) -> Outcome:
        return self._service.outcome(reply, self._values(text))

    def _values(self, text: Text) -> dict[str, str]:
        return {
            "recipient": text.number,
            "digits": text.number.removeprefix("+"),
            "text": text.words,
            "key": text.key,
            "sender": self._settings.sender or "",
        }
