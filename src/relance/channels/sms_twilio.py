"""SMS by Twilio. Tried only against our own server, after Twilio's published API."""

from __future__ import annotations

import base64
from typing import ClassVar
from urllib.parse import urlencode

from pydantic import BaseModel, Field, model_validator

from relance.channels.hosts import Url
from relance.channels.http import Reply, Request
from relance.channels.http_settings import Reference
from relance.channels.sms import SmsChannel, SmsSettings, Text
from relance.channels.sms_numbers import Sender


class TwilioSettings(SmsSettings):
    """Settings of an SMS channel by Twilio."""

    sender: Sender | None = Field(
        default=None, alias="from", description="Name, short code or number; or give a service."
    )
    messaging_service: str | None = Field(
        default=None, pattern="^MG[0-9a-fA-F]{32}$", description="Sid of a messaging service."
    )
    account: str = Field(pattern="^AC[0-9a-fA-F]{32}$", description="Sid of the account.")
    auth_token: Reference = Field(description="A reference: env:NAME or file:PATH.")
    endpoint: Url = Field(default="https://api.twilio.com", description="Address of the service.")

    @model_validator(mode="after")
    def _from_somebody(self) -> TwilioSettings:
        if (self.sender is None) == (self.messaging_service is None):
            raise ValueError("give from or messaging_service, one of them")
        return self


class SmsTwilio(SmsChannel):
    """Sends SMS by Twilio. Tried only against our own server."""

    settings: ClassVar[type[BaseModel]] = TwilioSettings
    _settings: TwilioSettings

    def probe(self) -> str:
        """Return what keeps us from the service; "" when it knows us. It sends nothing."""
        return self._trouble(lambda: self._asking("GET", ".json", b""))

    def _request(self, text: Text) -> Request:
        given = self._settings
        sender = {"From": given.sender} if given.sender else {}
        if given.messaging_service:
            sender = {"MessagingServiceSid": given.messaging_service}
        form = {"To": text.number, **sender, "Body": text.words}
        return self._asking("POST", "/Messages.json", urlencode(form).encode())

    def _asking(self, method: str, path: str, content: bytes) -> Request:
        given, token = self._settings, self._secret(self._settings.auth_token)
        credentials = base64.b64encode(f"{given.account}:{token}".encode()).decode()
        headers = {
            "Authorization": f"Basic {credentials}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        url = f"{given.endpoint.rstrip('/')}/2010-04-01/Accounts/{given.account}{path}"
        return Request(method, url, headers, content, (token, credentials))

    def _reference(self, reply: Reply) -> str | None:
        return reply.text("sid")
