"""The carriers of letters as tests open them: settings, a script that works, what arrived."""

from __future__ import annotations

import base64
import email.policy
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from email.parser import BytesParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from relance.channels.ar24 import Sealed
from relance.channels.contract import Channel
from relance.channels.registry import open_channel
from relance.policy.model import ChannelConfig

from .http_server import HttpServer, Planned, Script, Seen, status

SECRET = "kanari-9Qw/z+T="
SENDER = {
    "name": "Menuiserie Lenoir", "address": ["4 quai des Brumes"], "postcode": "44000",
    "city": "Nantes", "email": "compta@lenoir.example",
}  # fmt: skip


@dataclass(frozen=True)
class Carrier:
    """A kind of channel that posts letters over HTTP.

    Attributes:
        script: the steps of a service that works; "@URL@" stands for its address.
        last: the request that makes the letter leave, as a key of the script.
        pages: gives the PDF that left, of all requests so far and the last one.
        to: the medium whose address letters go to.
    """

    kind: str
    script: Callable[[str], Script]
    last: str
    pages: Callable[[list[Seen], Seen], bytes]
    settings: dict[str, Any] = field(default_factory=dict)
    to: str = "letter"

    def open(self, server: HttpServer, root: Path, **more: object) -> Channel:
        """Return the channel; its secrets are in the environment as POST_SECRET."""
        filled = {
            name: value.replace("@URL@", server.url) if isinstance(value, str) else value
            for name, value in (self.settings | more).items()
        }
        given = {"kind": self.kind, "timeout": 2} | filled
        return open_channel("under test", ChannelConfig.model_validate(given), root)

    def left(self, server: HttpServer) -> list[bytes]:
        """Return the letters that left, in order."""
        left = []
        for place, seen in enumerate(server.seen):
            if seen in server.taken and self.is_last(seen):
                left.append(self.pages(server.seen[:place], seen))
        return left

    def is_last(self, seen: Seen) -> bool:
        method, path = self.last.split()
        return seen.method == method and seen.path.partition("?")[0] == path

    @property
    def early(self) -> list[str]:
        """The requests of the script before the last one."""
        return [key for key in self.script("https://x.example") if key != self.last]


def form_of(seen: Seen) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(seen.body.decode()).items()}


def parts_of(seen: Seen) -> dict[str, Any]:
    """Return the parts of a multipart body by name: texts, and files as bytes."""
    head = f"Content-Type: {seen.headers['content-type']}\r\n\r\n".encode()
    whole = BytesParser(policy=email.policy.HTTP).parsebytes(head + seen.body)
    assert whole.is_multipart()
    parts = {}
    for part in whole.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        parts[str(name)] = content if part.get_filename() else content.decode()
    return parts


def _last_of(seen: list[Seen], wanted: Callable[[Seen], bool]) -> Seen:
    return next(each for each in reversed(seen) if wanted(each))


# Merci Facteur


def _token_of_a_day(seen: Seen) -> Any:
    return status(200, {"success": True, "token": "t0ken-of-a-day", "expire": 4102444800})


MERCI_FACTEUR = Carrier(
    "merci-facteur",
    lambda _: {
        "GET /service/getToken": _token_of_a_day,
        "POST /service/sendCourrier": status(200, {"success": True, "envoi_id": 4711}),
    },
    "POST /service/sendCourrier",
    lambda _, seen: base64.b64decode(
        json.loads(form_of(seen)["content"])["letter"]["base64files"][0]
    ),
    {
        "service_id": "svc-1", "secret": "env:POST_SECRET", "user": 7, "mode": "lrar",
        "sender": SENDER, "endpoint": "@URL@/service",
    },
)  # fmt: skip


# AR24


def sealed(value: object) -> Planned:
    """Return the step that answers as AR24 does: encrypted by the date of the request."""

    def step(seen: Seen) -> Any:
        given = parts_of(seen) if "multipart" in seen.headers["content-type"] else form_of(seen)
        return status(200, Sealed(given["date"], SECRET, SECRET).closed(value))

    return step


AR24 = Carrier(
    "ar24",
    lambda _: {
        "POST /api/attachment/": sealed({"status": "SUCCESS", "result": {"file_id": "f-1"}}),
        "POST /api/mail/": sealed({"status": "SUCCESS", "result": {"id": 4711}}),
    },
    "POST /api/mail/",
    lambda before, _: parts_of(_last_of(before, lambda s: "attachment" in s.path))["file"],
    {
        "token": "env:POST_SECRET", "private_key": "env:POST_SECRET", "user": "42",
        "endpoint": "@URL@/api",
    },
    to="email",
)  # fmt: skip


# Maileva

TOKEN = status(200, {"access_token": "t0ken-of-an-hour", "expires_in": 3600})
MAILEVA = Carrier(
    "maileva",
    lambda _: {
        "POST /login": TOKEN,
        "POST /registered_mail/v4/sendings": status(201, {"id": "4711"}),
        "POST /registered_mail/v4/sendings/4711/documents": status(201, {"id": "d-1"}),
        "POST /registered_mail/v4/sendings/4711/recipients": status(201, {"id": "r-1"}),
        "POST /registered_mail/v4/sendings/4711/submit": status(200),
    },
    "POST /registered_mail/v4/sendings/4711/submit",
    lambda before, _: parts_of(_last_of(before, lambda s: s.path.endswith("documents")))[
        "document"
    ],
    {
        "product": "registered", "client_id": "env:POST_CLIENT", "client_secret": "env:POST_SECRET",
        "sender": SENDER, "endpoint": "@URL@", "login": "@URL@/login",
    },
)  # fmt: skip


# Pingen

_LETTERS = "/organisations/org-1/letters"


def _letter(state: str) -> dict[str, object]:
    return {"data": {"id": "4711", "type": "letters", "attributes": {"status": state}}}


PINGEN = Carrier(
    "pingen",
    lambda url: {
        "POST /login": TOKEN,
        "GET /file-upload": status(
            200, {"data": {"attributes": {"url": f"{url}/files/9", "url_signature": "sig"}}}
        ),
        "PUT /files/9": status(200),
        f"POST {_LETTERS}": status(201, _letter("validating")),
        f"GET {_LETTERS}/4711": [status(200, _letter("validating")), status(200, _letter("valid"))],
        f"PATCH {_LETTERS}/4711/send": status(200, _letter("submitted")),
    },
    f"PATCH {_LETTERS}/4711/send",
    lambda before, _: _last_of(before, lambda s: s.method == "PUT").body,
    {
        "organisation": "org-1", "product": "registered", "client_id": "env:POST_CLIENT",
        "client_secret": "env:POST_SECRET", "endpoint": "@URL@", "login": "@URL@/login",
    },
)  # fmt: skip


# Any service

GENERIC = Carrier(
    "post-http",
    lambda _: {"POST /letters": status(201, {"letter": {"id": 4711}})},
    "POST /letters",
    lambda _, seen: parts_of(seen)["document"],
    {
        "url": "@URL@/letters",
        "fields": {"to": "{name}, {line_2}, {postcode} {city}", "reference": "{key}"},
        "file": "document",
        "headers": {"Authorization": "Bearer {token}"},
        "secrets": {"token": "env:POST_SECRET"},
        "signing": {"secret": "env:POST_SECRET", "prefix": "sha256="},
        "id": "letter.id",
    },
)
CARRIERS = (MERCI_FACTEUR, AR24, MAILEVA, PINGEN, GENERIC)
