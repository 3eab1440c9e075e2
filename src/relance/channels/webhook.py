"""Events for a program of the firm: a signed POST, repeated under the same id until it is taken.

Tried only against our own server.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import BaseModel, Field

from relance.channels.contract import Accepted, Capabilities, NotAccepted, Outcome
from relance.channels.hosts import Url
from relance.channels.http import Reply, Request
from relance.channels.http_outcomes import outcome_of, repeatable
from relance.channels.http_settings import HttpSettings, Reference
from relance.channels.http_templates import compact
from relance.clock import now
from relance.notices.message import Message
from relance.policy.secrets import SecretError, resolve

_TYPES = {
    "email": "message/rfc822",
    "letter": "application/pdf",
    "sms": "text/plain",
    "task": "application/json",
}


class WebhookSettings(HttpSettings):
    """Settings of a webhook."""

    url: Url = Field(description="Address that events are posted to.")
    secret: Reference = Field(
        description="A reference (env:NAME, file:PATH) to the secret that signs events."
    )
    medium: Literal["email", "sms", "letter"] | None = Field(
        default=None,
        description="As what notices are written, where the channel's name is no medium.",
    )


class Webhook:
    """Posts each message as a signed event to a program of yours."""

    settings: ClassVar[type[BaseModel]] = WebhookSettings
    capabilities: ClassVar[Capabilities] = Capabilities(
        media=("email", "sms", "letter", "task"), idempotent=True, attachments=True
    )

    def __init__(self, name: str, settings: BaseModel, root: Path) -> None:
        self.name = name
        assert isinstance(settings, WebhookSettings)
        self._settings = settings
        self._root = root
        self._client = settings.client(root)

    def send(self, message: Message, key: str, transmitting: Callable[[], None]) -> Outcome:
        """Post the event; without an answer it is in doubt, and posted again under the same id."""
        if message.medium not in _TYPES:
            return NotAccepted("permanent", "recipient", f"no event for {message.medium}")
        try:
            secret = resolve(self._settings.secret, self._root)
        except SecretError as error:
            return NotAccepted("permanent", "channel", str(error))
        request = self._request(compact(event(message, key)), key, secret)
        answer = self._client.send(request, transmitting)
        if not isinstance(answer, Reply):
            return answer
        return repeatable(outcome_of(answer, _reference, lambda: Accepted("known already")))

    def close(self) -> None:
        """Nothing is held: each event has a connection of its own."""

    def _request(self, content: bytes, key: str, secret: str) -> Request:
        moment = str(int(now().timestamp()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Relance-Event": key,
            "Relance-Timestamp": moment,
            "Relance-Signature": signature(secret, moment, content),
        }
        return Request("POST", self._settings.url, headers, content, (secret,))


def event(message: Message, key: str) -> dict[str, str]:
    """Return `message` as an event; the same message gives the same event, whenever it is posted.

    `content` is text where `encoding` is "text" (SMS, tasks), else base64 (MIME, PDF).
    """
    as_text = message.medium in ("sms", "task")
    content = message.content.decode() if as_text else base64.b64encode(message.content).decode()
    return {
        "id": key,
        "type": "task" if message.medium == "task" else "notice",
        "medium": message.medium,
        "recipient": message.recipient,
        "subject": message.subject,
        "filename": message.filename,
        "content_type": _TYPES[message.medium],
        "encoding": "text" if as_text else "base64",
        "content": content,
        "sha256": message.sha256,
    }


def signature(secret: str, moment: str, content: bytes) -> str:
    """Return the signature of an event: v1= and HMAC-SHA256 (hex) of moment, a full stop, body."""
    signed = moment.encode() + b"." + content
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _reference(reply: Reply) -> str:
    """Return the id that the program gave; "" if none: any 2xx says that it took the event."""
    return reply.text("id") or ""
