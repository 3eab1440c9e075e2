"""The SMS services and the webhook as tests open them: settings, a good reply, what arrived."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from relance.channels.contract import Channel
from relance.channels.registry import open_channel
from relance.policy.model import ChannelConfig

from .http_server import HttpServer, Seen, Step, status

SECRET = "kanari-7Gs/x+Q="
ACCOUNT = "AC" + "0" * 32


@dataclass(frozen=True)
class Service:
    """A kind of channel over HTTP.

    Attributes:
        path: where messages are posted.
        good: the reply to a message that was taken.
        text: gives what arrived of a request.
        in_doubt: whether a failure of the service (5xx) is a doubt, not a reason to repeat.
    """

    kind: str
    path: str
    good: Step
    text: Callable[[Seen], bytes]
    settings: dict[str, Any] = field(default_factory=dict)
    in_doubt: bool = True
    medium: str = "sms"

    def open(self, server: HttpServer, root: Path, **more: object) -> Channel:
        """Return the channel; its secrets are in the environment as SMS_SECRET."""
        filled = {
            name: value.replace("@URL@", server.url) if isinstance(value, str) else value
            for name, value in self.settings.items()
        }
        given = {"kind": self.kind, "timeout": 2} | filled | more
        return open_channel("under test", ChannelConfig.model_validate(given), root)


def _json(name: str) -> Callable[[Seen], bytes]:
    return lambda seen: seen.json()[name].encode()


def _event(seen: Seen) -> bytes:
    event = seen.json()
    content: bytes = event["content"].encode()
    return base64.b64decode(content) if event["encoding"] == "base64" else content


COMMON = {"country": "FR", "from": "LENOIR"}
OVH = Service(
    "sms-ovh",
    "/1.0/sms/sms-ab1-1/jobs",
    status(200, {"totalCreditsRemoved": 1, "invalidReceivers": [], "ids": [4711]}),
    _json("message"),
    COMMON
    | {
        "service": "sms-ab1-1",
        "application_key": "env:SMS_SECRET",
        "application_secret": "env:SMS_SECRET",
        "consumer_key": "env:SMS_SECRET",
        "endpoint": "@URL@/1.0",
    },
)
BREVO = Service(
    "sms-brevo",
    "/v3/transactionalSMS/send",
    status(201, {"reference": "r-1", "messageId": 4711, "smsCount": 1, "usedCredits": 4.5}),
    _json("content"),
    COMMON | {"api_key": "env:SMS_SECRET", "endpoint": "@URL@/v3"},
)
TWILIO = Service(
    "sms-twilio",
    f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json",
    status(201, {"sid": "4711", "status": "queued"}),
    lambda seen: parse_qs(seen.body.decode())["Body"][0].encode(),
    COMMON | {"account": ACCOUNT, "auth_token": "env:SMS_SECRET", "endpoint": "@URL@"},
)
GENERIC = Service(
    "sms-http",
    "/send",
    status(200, {"messages": [{"id": 4711}]}),
    _json("body"),
    COMMON
    | {
        "url": "@URL@/send?from={sender}",
        "headers": {"Authorization": "Bearer {token}"},
        "body": '{"to": "{digits}", "body": "{text}"}',
        "secrets": {"token": "env:SMS_SECRET"},
        "id": "messages.0.id",
    },
)
WEBHOOK = Service(
    "webhook",
    "/events",
    status(204),
    _event,
    {"url": "@URL@/events", "secret": "env:SMS_SECRET"},
    in_doubt=False,
    medium="email",
)
SERVICES = (OVH, BREVO, TWILIO, GENERIC, WEBHOOK)
