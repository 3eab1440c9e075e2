"""Carries one request over HTTP and tells what became of it.

Each request has a connection of its own. A connection that is kept may be closed by the server just
when the next request is written, and whether that request was read cannot be told: for the price of
a handshake, that doubt never arises.

No proxy is used, whatever the environment says, and no redirect is followed.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from relance import __version__
from relance.channels.blot import blotted, on_one_line
from relance.channels.contract import NotAccepted, Unknown
from relance.channels.hosts import trusted_url

if TYPE_CHECKING:
    from relance.channels.http_stream import Exchange

CONNECT_TIMEOUT = 10.0
DEADLINE = 60.0
LARGEST = 4 * 1024 * 1024
"""Bytes of a reply, headers included, after which it is not read any further."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a service.

    Attributes:
        headers: by name; Host, Content-Length, User-Agent and the like are added.
        secrets: what must never be shown; it is blotted out of whatever the service answers.
    """

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: bytes = field(default=b"", repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply. `headers` are by name in lower case; secrets are blotted out of all of it."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)

    def json(self) -> Any:
        """Return the content as JSON; None if it is none."""
        import json

        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            return None

    def find(self, *steps: str | int) -> Any:
        """Return what stands in the JSON under `steps` (names, places in lists); None if nothing."""
        found = self.json()
        for step in steps:
            if isinstance(found, dict):
                found = found.get(step)
            elif isinstance(found, list) and isinstance(step, int) and step < len(found):
                found = found[step]
            else:
                return None
        return found

    def text(self, *steps: str | int) -> str | None:
        """Return the text or number under `steps` as an id; None if there is none that is sane."""
        return as_id(self.find(*steps))

    @property
    def said(self) -> str:
        """The reply in a line for people."""
        words = on_one_line(self.content[:2000].decode("utf-8", "replace"))
        return f"{self.status} {words}".rstrip()


def as_id(found: object) -> str | None:
    """Return `found` as the id of a message: a text or whole number of 1 to 200 printable signs."""
    if isinstance(found, bool) or not isinstance(found, str | int):
        return None
    text = str(found).strip()
    return text if 0 < len(text) <= 200 and text.isprintable() else None


class Client:
    """Sends requests, each within `deadline` seconds in all, to servers that can be trusted.

    `ca_file` names a private certificate authority to trust besides those of the system, as a path
    relative to `root`.
    """

    def __init__(
        self,
        root: Path,
        *,
        deadline: float = DEADLINE,
        ca_file: Path | None = None,
        largest: int = LARGEST,
    ) -> None:
        self._root = root
        self._deadline = deadline
        self._ca_file = ca_file
        self._largest = largest
        self._trust: ssl.SSLContext | None = None

    def send(
        self, request: Request, transmitting: Callable[[], None]
    ) -> Reply | NotAccepted | Unknown:
        """Return the whole reply; else what became of a request that got none.

        `transmitting` is called once: when the connection stands and is trusted, before the first
        byte of the request. What fails before it was not accepted, what fails after it is unknown.
        """
        from relance.channels.http_stream import Exchange

        try:
            trusted_url(request.url)
            _check_headers(request.headers)
            trust = self._context()
        except (ValueError, OSError) as error:
            return NotAccepted("permanent", "channel", _why(error, request))
        exchange = Exchange(self._deadline, self._largest, transmitting)
        return self._exchange(request, exchange, trust)

    def ask(self, request: Request) -> Reply | NotAccepted:
        """Return the whole reply to a request that sends nothing to anybody: a token, a look-up.

        Without one, the channel cannot be reached for now.
        """
        answer = self.send(request, lambda: None)
        if isinstance(answer, Unknown):
            return NotAccepted("transient", "channel", answer.detail)
        return answer

    def _exchange(
        self, request: Request, exchange: Exchange, trust: ssl.SSLContext
    ) -> Reply | NotAccepted | Unknown:
        import httpcore

        try:
            return _replied(request, exchange, trust)
        except (
            httpcore.TimeoutException,
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.UnsupportedProtocol,
        ) as error:
            if exchange.begun:
                return Unknown(f"no whole reply: {_why(error, request)}")
            untrusted = isinstance(error.__cause__, ssl.SSLCertVerificationError)
            why = _why(error, request)
            return NotAccepted("permanent" if untrusted else "transient", "channel", why)

    def _context(self) -> ssl.SSLContext:
        if self._trust is None:
            context = ssl.create_default_context()
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            if self._ca_file:
                try:
                    context.load_verify_locations(self._root / self._ca_file)
                except OSError as error:
                    why = error.strerror or "not a certificate"
                    raise ValueError(f"ca_file {self._ca_file}: {why}") from None
            self._trust = context
        return self._trust


def _replied(request: Request, exchange: Exchange, trust: ssl.SSLContext) -> Reply:
    """Return the whole reply, over a connection that is closed afterwards."""
    import httpcore

    from relance.channels.http_stream import Backend

    url = httpcore.URL(request.url)
    backend = Backend(exchange, CONNECT_TIMEOUT)
    headers = _ours(request) | dict(request.headers)
    with (
        httpcore.HTTPConnection(url.origin, trust, network_backend=backend) as connection,
        connection.stream(
            request.method, url, headers=list(headers.items()), content=request.content
        ) as response,
    ):
        content = b"".join(response.iter_stream())
        return Reply(
            response.status,
            {
                name.decode("latin-1").lower(): blotted(value.decode("latin-1"), request.secrets)
                for name, value in response.headers
            },
            blotted(content.decode("utf-8", "surrogateescape"), request.secrets).encode(
                "utf-8", "surrogateescape"
            ),
        )


def _ours(request: Request) -> dict[str, str]:
    ours = {
        "Host": urlsplit(request.url).netloc,
        "User-Agent": f"relance/{__version__}",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    given = {name.lower() for name in request.headers}
    return {name: value for name, value in ours.items() if name.lower() not in given}


def _check_headers(headers: Mapping[str, str]) -> None:
    """Refuse what would break out of its header; the value may be a secret and is not shown."""
    for name, value in headers.items():
        if not (value.isascii() and value.isprintable() and value == value.strip()):
            raise ValueError(f"the header {name} holds characters that no header may hold")


def _why(error: BaseException, request: Request) -> str:
    """Return the reason in a line for people, with the host that it is about."""
    import httpcore

    # A protocol error shows what it stumbled over, which may be a header of ours.
    shown = type(error).__name__ if isinstance(error, httpcore.LocalProtocolError) else str(error)
    host = on_one_line(urlsplit(request.url).netloc.rpartition("@")[2])
    return f"{host}: {on_one_line(blotted(shown or type(error).__name__, request.secrets))}"
