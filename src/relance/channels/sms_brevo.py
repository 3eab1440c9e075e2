"""SMS by Brevo. Tried only against our own server, after Brevo's published API."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel, Field

from relance.channels.hosts import Url
from relance.channels.http import Reply, Request
from relance.channels.http_settings import Reference
from relance.channels.http_templates import compact
from relance.channels.sms import NamedSmsSettings, SmsChannel, Text


class BrevoSettings(NamedSmsSettings):
    """Settings of an SMS channel by Brevo."""

    api_key: Reference = Field(description="A reference: env:NAME or file:PATH.")
    endpoint: Url = Field(default="https://api.brevo.com/v3", description="Address of the service.")


class SmsBrevo(SmsChannel):
    """Sends SMS by Brevo. Tried only against our own server."""

    settings: ClassVar[type[BaseModel]] = BrevoSettings
    _settings: BrevoSettings

    def probe(self) -> str:
        """Return what keeps us from the service; "" when it knows us. It sends nothing."""
        return self._trouble(lambda: self._asking("GET", "/account", b""))

    def _request(self, text: Text) -> Request:
        message = {
            "sender": self._settings.sender,
            "recipient": text.number.removeprefix("+"),
            "content": text.words,
            "type": "transactional",
            "tag": "relance",
            "unicodeEnabled": not text.is_plain,
        }
        return self._asking("POST", "/transactionalSMS/send", compact(message))

    def _asking(self, method: str, path: str, content: bytes) -> Request:
        key = self._secret(self._settings.api_key)
        headers = {"api-key": key, "Content-Type": "application/json"}
        url = self._settings.endpoint.rstrip("/") + path
        return Request(method, url, headers, content, (key,))

    def _reference(self, reply: Reply) -> str | None:
        return reply.text("messageId") or reply.text("reference")
