"""SMS by OVHcloud. Tried only against our own server, after OVH's published API."""

from __future__ import annotations

import hashlib
from typing import ClassVar
from urllib.parse import quote

from pydantic import BaseModel, Field

from relance.channels.contract import NotAccepted, Outcome, Unknown
from relance.channels.hosts import Url
from relance.channels.http import Reply, Request, as_id
from relance.channels.http_settings import Reference
from relance.channels.http_templates import compact
from relance.channels.sms import NamedSmsSettings, SmsChannel, Text
from relance.clock import now

_ABOUT_US = ("INVALID_SIGNATURE", "QUERY_TIME_OUT", "INVALID_CREDENTIAL", "NOT_CREDENTIAL")


class OvhSettings(NamedSmsSettings):
    """Settings of an SMS channel by OVHcloud."""

    service: str = Field(
        pattern="^[A-Za-z0-9._-]+$", description="Name of the SMS account: sms-ab12345-1."
    )
    application_key: Reference = Field(description="A reference: env:NAME or file:PATH.")
    application_secret: Reference = Field(description="A reference: env:NAME or file:PATH.")
    consumer_key: Reference = Field(description="A reference: env:NAME or file:PATH.")
    endpoint: Url = Field(
        default="https://eu.api.ovh.com/1.0", description="Address of the service."
    )


class SmsOvh(SmsChannel):
    """Sends SMS by OVHcloud. Tried only against our own server."""

    settings: ClassVar[type[BaseModel]] = OvhSettings
    _settings: OvhSettings

    def probe(self) -> str:
        """Return what keeps us from the service; "" when it knows us. It sends nothing."""
        return self._trouble(lambda: self._signed("GET", "", b""))

    def _request(self, text: Text) -> Request:
        job = {
            "charset": "UTF-8",
            "class": "phoneDisplay",
            "coding": "7bit" if text.is_plain else "8bit",
            "message": text.words,
            "noStopClause": True,
            "priority": "high",
            "receivers": [text.number],
            "sender": self._settings.sender,
            "senderForResponse": False,
            "validityPeriod": 2880,
        }
        return self._signed("POST", "/jobs", compact(job))

    def _signed(self, method: str, path: str, content: bytes) -> Request:
        given = self._settings
        url = f"{given.endpoint.rstrip('/')}/sms/{quote(given.service, safe='')}{path}"
        application = self._secret(given.application_key)
        secret, consumer = self._secret(given.application_secret), self._secret(given.consumer_key)
        moment = str(int(now().timestamp()))
        parts = (secret, consumer, method, url, content.decode(), moment)
        signature = hashlib.sha1("+".join(parts).encode(), usedforsecurity=False).hexdigest()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-Ovh-Application": application,
            "X-Ovh-Consumer": consumer,
            "X-Ovh-Timestamp": moment,
            "X-Ovh-Signature": f"$1${signature}",
        }
        return Request(method, url, headers, content, (application, secret, consumer, signature))

    def _outcome(self, reply: Reply, text: Text) -> Outcome:
        """Return what the reply means; OVH names refused numbers in replies that say 200."""
        if reply.status == 400 and reply.text("errorCode") in _ABOUT_US:
            return NotAccepted("permanent", "channel", reply.said)
        if 200 <= reply.status < 300 and reply.find("invalidReceivers"):
            if reply.find("ids"):
                return Unknown(f"both sent and refused: {reply.said}")
            return NotAccepted("permanent", "recipient", f"invalid receiver: {reply.said}")
        return super()._outcome(reply, text)

    def _reference(self, reply: Reply) -> str | None:
        return as_id(reply.find("ids", 0))
